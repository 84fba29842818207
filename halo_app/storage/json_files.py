"""Records as JSON files, one each: atomic, locked, private to their owner; an unreadable one is set aside and reported."""

from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from halo_app.errors import Damaged, NotFound, StoreUnavailable
from halo_app.ports import Damage
from halo_app.storage.atomic import make_folder, sweep, sync_folder, worded, write_all, write_atomic
from halo_app.storage.codecs import Codec
from halo_app.storage.locks import PATIENCE_SECONDS, write_lock

Record = TypeVar("Record")
OPAQUE = re.compile(r"[0-9a-f]{32}")
NAMED = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
DAMAGED = "damaged"
LISTING_SECONDS = 1.0                  # so long a list is good while its folder is unchanged: an edit in place is seen after that
QUIET_SECONDS = 2.0                    # a folder that changed just now may change again within the same tick of its clock
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Record]):
    """A record as last read, good while its file's stamp is the same."""

    stamp: tuple[int, ...]
    record: Record
    extras: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Listing(Generic[Record]):
    """All records as listed at a moment, good while the folder's stamp is the same; `sorted` holds each user's, newest first."""

    stamp: tuple[int, ...]
    at: float                                        # time.monotonic()
    records: list[Record]
    sorted: dict[str, list[Record]] = field(default_factory=dict)


class JsonRecords(Generic[Record]):
    """One kind of record in one folder, `<id>.json` each. Any other file there is not ours and is left alone."""

    def __init__(self, folder: Path, codec: Codec[Record], *, locks: Path | None = None, ids: re.Pattern[str] = OPAQUE,
                 patience: float = PATIENCE_SECONDS) -> None:
        self.folder = folder
        self.codec = codec
        self._locks = locks or folder.parent / ".locks"
        self._ids = ids
        self._patience = patience
        self._kept: dict[str, _Kept[Record]] = {}
        self._listing: _Listing[Record] | None = None
        self._guard = Lock()

    def get(self, record_id: str) -> Record:
        """Return the record. Raises NotFound, Damaged when it was set aside, StoreUnavailable when it cannot be read now."""
        return self._read(record_id).record

    def all(self, user_id: str) -> list[Record]:
        """Return the user's records, newest first. One that cannot be understood is set aside and listed in `damaged`."""
        listing = self._listed()
        if user_id not in listing.sorted:
            mine = [record for record in listing.records if getattr(record, "user_id", user_id) == user_id]
            listing.sorted[user_id] = sorted(mine, key=_newest, reverse=True)
        return list(listing.sorted[user_id])

    def everyone(self) -> list[Record]:
        """Return the records of all users, in no order."""
        return list(self._listed().records)

    def put(self, record: Record) -> None:
        """Write the record, durable when this returns. Raises StoreUnavailable, and then nothing has changed."""
        with self.locked():
            self._write(record)

    def put_all(self, records: Sequence[Record]) -> None:
        """Write several records of different ids, durable when this returns; waits for the disk less often than `put`.

        Raises StoreUnavailable or Damaged; then none, or on a failing disk only some of them, are written.
        """
        with self.locked():
            self._write_all(records)

    def change(self, record_id: str, change: Callable[[Record], Record]) -> Record:
        """Read, change and write under the store's lock, and return the new record.

        Raises NotFound when the file is gone: nothing comes back from the dead.
        """
        with self.locked():
            changed = change(self._read(record_id).record)
            self._write(changed)
            return changed

    def change_all(self, record_ids: Sequence[str], change: Callable[[Record], Record]) -> list[Record]:
        """Read, change and write several records under the store's lock, and return the new ones; those that are gone are left out.

        Raises StoreUnavailable or Damaged; then none, or on a failing disk only some of them, are written.
        """
        changed = []
        with self.locked():
            for record_id in dict.fromkeys(record_ids):
                with suppress(NotFound):
                    changed.append(change(self._read(record_id).record))
            self._write_all(changed)
        return changed

    def remove(self, record_id: str) -> bool:
        """Remove the record for good, with what was written from it under its id; False when there was none."""
        path = self.path(record_id)
        with self.locked():
            try:
                path.unlink()
                for written in self.folder.glob(f"{escape(record_id)}.*"):
                    written.unlink()
                sync_folder(self.folder)
            except FileNotFoundError:
                return False
            except OSError as error:
                raise worded(error, f"the {self.codec.name}", self.folder) from error
            finally:
                with self._guard:
                    self._kept.pop(record_id, None)
        return True

    def damaged(self) -> list[Damage]:
        """Return the records that were set aside, now or before, and those that a newer version wrote."""
        newer = [Damage(name, "", "written by a newer version of HALO") for name in self._newer()]
        aside = [Damage(path.name, str(path), _why(path)) for path in sorted((self.folder / DAMAGED).glob("*.json.*"))
                 if path.suffix != ".why"]
        return aside + newer

    def forget(self) -> None:
        """Let go of what was read before."""
        with self._guard:
            self._kept.clear()
            self._listing = None

    def sweep(self) -> int:
        """Remove what killed writers left behind and return how many files; the folder is made when missing."""
        make_folder(self.folder)
        with self.locked():
            return sweep(self.folder)

    def locked(self) -> AbstractContextManager[None]:
        """Hold the store's lock against every thread and process; not re-entrant."""
        return write_lock(self._locks, self.folder.name, self._patience)

    def is_id(self, name: str) -> bool:
        """Tell whether a record may be called so."""
        return self._ids.fullmatch(name) is not None

    def path(self, record_id: str) -> Path:
        """Return where the record lies, or would lie. Raises NotFound for what cannot be an id."""
        if not self._ids.fullmatch(record_id):
            raise NotFound(f"there is no {self.codec.name} {record_id!r}", fix="choose one from the list")
        return self.folder / f"{record_id}.json"

    def _listed(self) -> _Listing[Record]:
        listing, now = self._listing, time.monotonic()
        stamp = self._folder_stamp()
        if listing is not None and listing.stamp == stamp and now - listing.at < LISTING_SECONDS:
            return listing
        found = []
        for record_id, stamped in self._present():
            kept = self._kept.get(record_id)
            if kept is not None and kept.stamp == stamped:
                found.append(kept.record)
                continue
            with suppress(NotFound, Damaged):
                found.append(self._read(record_id).record)
        listing = _Listing(stamp, now, found)
        is_quiet = stamp and time.time_ns() - max(stamp) > QUIET_SECONDS * 1e9
        self._listing = listing if is_quiet else None
        return listing

    def _folder_stamp(self) -> tuple[int, ...]:
        """Return when the folder last changed, in nanoseconds; () when there is none."""
        try:
            status = self.folder.stat()
        except OSError:
            return ()
        return (status.st_mtime_ns, status.st_ctime_ns)

    def _present(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Yield the id and the stamp of each record that lies in the folder."""
        try:
            with os.scandir(self.folder) as entries:
                for entry in entries:
                    record_id, suffix = entry.name[:-5], entry.name[-5:]
                    if suffix == ".json" and self._ids.fullmatch(record_id):
                        with suppress(FileNotFoundError):
                            yield record_id, _stamp(entry)
        except FileNotFoundError:
            return
        except OSError as error:
            raise worded(error, f"the folder of each {self.codec.name}", self.folder) from error

    def _read(self, record_id: str) -> _Kept[Record]:
        path = self.path(record_id)
        try:
            stamp = _stamp(path)
            kept = self._kept.get(record_id)
            if kept is not None and kept.stamp == stamp:
                return kept
            content = path.read_bytes()
        except FileNotFoundError:
            raise self._gone(record_id) from None
        except OSError as error:
            raise worded(error, f"the {self.codec.name}", path) from error
        kept = _Kept(stamp, *self._understood(path, content))
        with self._guard:
            self._kept[record_id] = kept
        return kept

    def _understood(self, path: Path, content: bytes) -> tuple[Record, dict[str, Any]]:
        try:
            tree = json.loads(content)
            if _schema(tree) > self.codec.schema:
                raise Damaged(f"the {self.codec.name} {path.name} was written by a newer version of HALO",
                              fix="open it with that version, or update this one")
            record = self.codec.decode(tree)
            if getattr(record, "id", path.stem) != path.stem:
                raise ValueError(f"it holds the id {getattr(record, 'id', '')!r}")
            return record, self.codec.extras(tree)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise self._set_aside(path, content, f"{type(error).__name__}: {error}") from error

    def _set_aside(self, path: Path, content: bytes, reason: str) -> Damaged:
        aside = self.folder / DAMAGED
        target = aside / f"{path.name}.{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        try:
            make_folder(aside)
            if path.read_bytes() == content:             # another process may have mended or moved it meanwhile
                path.rename(target)
                write_atomic(target.with_name(f"{target.name}.why"), reason.encode("utf-8", "replace"))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise worded(error, f"the damaged {self.codec.name}", path) from error
        _log.error("%s could not be understood (%s) and was set aside as %s", path, reason, target)
        return self._damage(path.name, target)

    def _damage(self, name: str, target: Path) -> Damaged:
        return Damaged(f"the {self.codec.name} {name} is damaged and was set aside as {target}",
                       fix="restore it from a backup, or remove it there")

    def _gone(self, record_id: str) -> NotFound | Damaged:
        aside = [path for path in sorted((self.folder / DAMAGED).glob(f"{record_id}.json.*")) if path.suffix != ".why"]
        if aside:
            return self._damage(f"{record_id}.json", aside[-1])
        return NotFound(f"there is no {self.codec.name} {record_id!r}: it was deleted", fix="choose one from the list")

    def _write(self, record: Record) -> None:
        modified = self.codec.modified(record) if self.codec.modified else None
        write_atomic(self.path(_id(record)), self._content(record), modified=modified)

    def _write_all(self, records: Sequence[Record]) -> None:
        names = {self.path(_id(record)).name: record for record in records}
        when = self.codec.modified
        contents = {name: self._content(record) for name, record in names.items()}
        write_all(self.folder, contents, modified={name: when(record) for name, record in names.items()} if when else None)

    def _content(self, record: Record) -> bytes:
        tree = self.codec.encode(record)
        try:
            tree |= self._read(_id(record)).extras
        except NotFound:
            pass
        except Damaged:
            if self.path(_id(record)).exists():              # a newer version's record is not written over
                raise
        return json.dumps(tree, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")

    def _newer(self) -> Iterator[str]:
        for record_id, _ in self._present():
            try:
                self._read(record_id)
            except Damaged:
                if self.path(record_id).exists():
                    yield f"{record_id}.json"
            except (NotFound, StoreUnavailable):
                continue


def _id(record: Any) -> str:
    return str(getattr(record, "id", ""))


def _schema(tree: Any) -> int:
    if not isinstance(tree, dict):
        raise TypeError("it is not a JSON object")
    schema = tree.get("schema", 1)
    return schema if isinstance(schema, int) else 1


def _stamp(path: Path | os.DirEntry[str]) -> tuple[int, ...]:
    status = path.stat()
    return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _newest(record: Any) -> tuple[datetime, str]:
    return _when(record), _id(record)


def _when(record: Any) -> datetime:
    when: datetime = getattr(record, "updated_at", None) or getattr(record, "created_at", None) or datetime.min.replace(tzinfo=UTC)
    return when


def _why(path: Path) -> str:
    try:
        return path.with_name(f"{path.name}.why").read_text(encoding="utf-8")
    except OSError:
        return "it could not be understood"
