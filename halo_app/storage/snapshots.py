"""A whole data directory as it is at one moment, and another one put in its place: safe to kill at any point.

Files are replaced, never changed, so a second name for each is a copy of that moment, made in no time while the writers
wait; the few that grow in place are copied, and SQLite copies its databases itself.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from halo_app.errors import Damaged, StoreUnavailable
from halo_app.storage.atomic import make_folder, sync_folder, worded, write_atomic

DATABASES = "databases"
_STAY = (".locks", ".work", "ballast", "launch-token", "README.md", "erasure.todo", "receipts.jsonl")    # of this place
_SIGNS = "keys/receipts.key"                # of this place, too, when there is one
_GROW = ("ledger.jsonl", "keys/")           # changed in place
_TODO = "todo.json"


@dataclass(frozen=True)
class HouseFiles:
    """The data directory. `locks` are held while its files are looked at or moved; `databases` are SQLite files by name."""

    folder: Path
    work: Path
    locks: Sequence[Callable[[], AbstractContextManager[object]]]
    databases: Callable[[], Mapping[str, Path]]

    @contextmanager
    def snapshot(self) -> Iterator[list[tuple[str, Path]]]:
        """Give (name, copy) of every file as they are together at this moment; the copies go when the block ends."""
        place = self.work / f"backup-{os.getpid()}"
        shutil.rmtree(place, ignore_errors=True)
        make_folder(place)
        try:
            try:
                with self._held():
                    names = [name for name in self._names() if self._copy(name, place / name)]
                    for name, path in self._existing().items():
                        names.append(f"{DATABASES}/{name}")
                        _copy_database(path, place / DATABASES / name)
            except OSError as error:
                raise worded(error, "the copy", place) from error
            yield [(name, place / name) for name in sorted(names)]
        finally:
            shutil.rmtree(place, ignore_errors=True)

    @property
    def staging(self) -> Path:
        """Return the empty folder where what is to be put in place is unpacked first."""
        shutil.rmtree(self._restore, ignore_errors=True)
        make_folder(self._restore / "new")
        return self._restore / "new"

    def replace(self) -> None:
        """Put what was staged in place of what is here, which is kept aside until all of it is in."""
        new = self._restore / "new"
        if (self.folder / _SIGNS).exists():
            make_folder((new / _SIGNS).parent)
            shutil.copyfile(self.folder / _SIGNS, new / _SIGNS)
        made_of = sorted(path.name for path in new.iterdir() if path.name != DATABASES)
        with self._held():
            now = sorted(path.name for path in self.folder.iterdir() if self._goes(path.name))
            for name, path in self._existing().items():
                _copy_database(path, self._restore / "old" / DATABASES / name)
            write_atomic(self._restore / _TODO, json.dumps({"old": now, "new": made_of}).encode())
            self._put_in_place()

    def is_unfinished(self) -> bool:
        return (self._restore / _TODO).exists()

    def finish(self) -> bool:
        """Finish what was killed while it was put in place; False when there was nothing."""
        if not self.is_unfinished():
            return False
        with self._held():
            self._put_in_place()
        return True

    @property
    def _restore(self) -> Path:
        return self.work / "restore"

    def _put_in_place(self) -> None:
        """Each step may be repeated: what lies aside already is not moved again."""
        try:
            todo = json.loads((self._restore / _TODO).read_bytes())
            was, comes = [str(name) for name in todo["old"]], [str(name) for name in todo["new"]]
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(f"{self._restore / _TODO} cannot be read", fix=f"what was here lies in {self._restore / 'old'}") from error
        old, new = self._restore / "old", self._restore / "new"
        try:
            make_folder(old)
            for name in was:
                if not (old / name).exists() and (self.folder / name).exists():
                    (self.folder / name).rename(old / name)
            for name in comes:
                if (new / name).exists():
                    self._make_room(name)
                    (new / name).rename(self.folder / name)
            known = dict(self.databases())
            for copy in sorted((new / DATABASES).glob("*")):
                _copy_database(copy, known.get(copy.name, self.folder / copy.name))
            sync_folder(self.folder)
            (self._restore / _TODO).unlink()
            sync_folder(self._restore)
        except OSError as error:
            raise worded(error, "what is restored", self.folder) from error
        shutil.rmtree(self._restore, ignore_errors=True)

    def _make_room(self, name: str) -> None:
        """Put aside what a process made here meanwhile."""
        path = self.folder / name
        if path.exists():
            meanwhile = self._restore / "old" / f"{name}.meanwhile"
            shutil.rmtree(meanwhile, ignore_errors=True)
            path.rename(meanwhile)

    def _names(self) -> list[str]:
        """Return the files that are copied, the keys first: the audit log's head may lag behind its database, never lead."""
        found = [path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*") if path.is_file()]
        mine = [name for name in found if self._goes(name.partition("/")[0]) and not name.endswith((".tmp", ".why.tmp"))]
        return sorted(mine, key=lambda name: (not name.startswith("keys/"), name))

    def _goes(self, top: str) -> bool:
        """Tell whether something at the top of the data directory belongs to what is copied and replaced."""
        files = {path.name for path in self.databases().values() if path.parent == self.folder}
        kin = {f"{name}{ending}" for name in files for ending in ("", "-wal", "-shm", "-journal")}
        return top not in _STAY and top not in kin and not top.startswith("halo.log") and not top.startswith(".halo-")

    def _copy(self, name: str, target: Path) -> bool:
        make_folder(target.parent)
        source = self.folder / name
        try:
            if any(name.startswith(grows) for grows in _GROW):
                shutil.copyfile(source, target)
            else:
                _second_name(source, target)
        except FileNotFoundError:                 # gone since it was listed
            return False
        return True

    def _existing(self) -> dict[str, Path]:
        return {name: path for name, path in self.databases().items() if path.is_file()}

    @contextmanager
    def _held(self) -> Iterator[None]:
        with ExitStack() as held:
            for lock in self.locks:
                held.enter_context(lock())
            yield


def _second_name(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:                               # a file system without second names
        shutil.copyfile(source, target)


def _copy_database(source: Path, target: Path) -> None:
    """Let SQLite copy a database into another, in one transaction: processes that have it open see the new content."""
    make_folder(target.parent)
    fresh = not target.exists()
    try:
        with closing(sqlite3.connect(source, timeout=20)) as reading, closing(sqlite3.connect(target, timeout=20)) as writing:
            reading.backup(writing)
            with suppress(sqlite3.OperationalError):
                writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreUnavailable(f"the database {source} cannot be copied: {error}", fix="check the file and its disk") from error
    if fresh:
        target.chmod(0o600)
