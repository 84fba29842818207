"""What was read from each source: its text with its true places, checked against its own hash whenever it is read."""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from halo_app.domain.source import Parsed, parsed_of, plain_of
from halo_app.errors import Damaged, NotFound
from halo_app.storage.atomic import make_folder, sweep, sync_folder, worded, write_all

SCHEMA = 1
_ID = re.compile(r"[0-9a-f]{32}")
_REMEMBERED_CHARS = 20_000_000


class TextFiles:
    """`<source id>.text` each: a header line `{"schema", "sha256"}`, then the document as compact JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._remembered: OrderedDict[str, tuple[tuple[int, ...], Parsed]] = OrderedDict()
        self._guard = Lock()

    def put(self, source_id: str, parsed: Parsed) -> None:
        """Store the text, durable when this returns. Raises StoreUnavailable."""
        self.put_all({source_id: parsed})

    def put_all(self, texts: Mapping[str, Parsed]) -> None:
        """Store several texts by source id, durable when this returns. Raises StoreUnavailable."""
        write_all(self.folder, {self._path(source_id).name: _packed(parsed) for source_id, parsed in texts.items()})

    def get(self, source_id: str) -> Parsed:
        """Return the stored text. Raises NotFound, or Damaged when a single bit of it has changed."""
        path = self._path(source_id)
        try:
            status = path.stat()
            stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
            remembered = self._remembered.get(source_id)
            if remembered and remembered[0] == stamp:
                return remembered[1]
            content = path.read_bytes()
        except FileNotFoundError:
            raise NotFound("the stored text of this source is gone", fix="remove the source and add its file again") from None
        except OSError as error:
            raise worded(error, "the stored text", path) from error
        parsed = _understood(content, path)
        self._remember(source_id, stamp, parsed)
        return parsed

    def remove(self, source_id: str) -> None:
        """Remove the text and the guide made from it; one already gone is no error."""
        try:
            self._path(source_id).unlink(missing_ok=True)
            self._path(source_id).with_suffix(".guide").unlink(missing_ok=True)
            if self.folder.is_dir():
                sync_folder(self.folder)
        except OSError as error:
            raise worded(error, "the stored text", self.folder) from error
        with self._guard:
            self._remembered.pop(source_id, None)

    def all(self) -> list[str]:
        """Return the ids of all sources that have a text."""
        return sorted(path.stem for path in self.folder.glob("*.text") if _ID.fullmatch(path.stem))

    def forget(self) -> None:
        """Let go of the texts that were read before."""
        with self._guard:
            self._remembered.clear()

    def sweep(self) -> int:
        """Remove what killed writers left behind; the folder is made when missing."""
        make_folder(self.folder)
        return sweep(self.folder)

    def _path(self, source_id: str) -> Path:
        if not _ID.fullmatch(source_id):
            raise NotFound(f"there is no source {source_id!r}", fix="choose one from the list")
        return self.folder / f"{source_id}.text"

    def _remember(self, source_id: str, stamp: tuple[int, ...], parsed: Parsed) -> None:
        with self._guard:
            self._remembered[source_id] = (stamp, parsed)
            self._remembered.move_to_end(source_id)
            total = sum(len(kept.text) for _, kept in self._remembered.values())
            while total > _REMEMBERED_CHARS and len(self._remembered) > 1:
                _, (_, dropped) = self._remembered.popitem(last=False)
                total -= len(dropped.text)


def _packed(parsed: Parsed) -> bytes:
    body = json.dumps(plain_of(parsed), ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    header = json.dumps({"schema": SCHEMA, "sha256": hashlib.sha256(body).hexdigest()}).encode()
    return header + b"\n" + body


def _understood(content: bytes, path: Path) -> Parsed:
    head, _, body = content.partition(b"\n")
    try:
        header = json.loads(head)
        if header["schema"] > SCHEMA:
            raise Damaged(f"{path.name} was written by a newer version of HALO", fix="update this one")
        if header["sha256"] != hashlib.sha256(body).hexdigest():
            raise ValueError("its hash does not agree")
        tree = json.loads(body.decode("utf-8", "surrogatepass"))
        return parsed_of(tree)
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"the stored text {path.name} is damaged ({error})",
                      fix="remove the source and add its file again; the original is still there to download") from error
