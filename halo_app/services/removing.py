"""Delete sources, one or many, with a way back for as long as this process remembers it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

import numpy as np

from halo_app.domain.audit import Act
from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.source import Intake, Parsed, Source, parsed_of, plain_of
from halo_app.errors import HaloError, NotFound
from halo_app.ports import Attendance, Entry, Originals, Records, Texts, VectorIndex, Vectors
from halo_app.services.acting import Acts, telling, unheard

MOST_KEPT_BYTES = 500_000_000      # of originals; what is larger goes at once
AT_ONCE = 64
_PIECE = 1 << 20
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Removed:
    """What was deleted, and how to bring it back; `restore` is None when it is too large to be held."""

    sources: tuple[Source, ...]
    restore: Callable[[], int] | None


@dataclass(frozen=True, slots=True)
class _Held:
    """One deleted source: where its text and its original lie in the nameless file, and its passages."""

    source: Source
    text: tuple[int, int]
    original: tuple[int, int] | None
    chunks: tuple[Chunk, ...] = ()
    vectors: Vectors | None = None


@dataclass(frozen=True)
class _WayBack:
    """Brings sources back when it is called; what it needs for that goes with it."""

    service: RemovingService
    held: Sequence[_Held]
    file: BinaryIO
    model_id: str

    def __call__(self) -> int:
        return self.service.bring_back(self.held, self.file, self.model_id)

    def __del__(self) -> None:
        self.file.close()


@dataclass(frozen=True)
class RemovingService:
    """Deletes at once. What can bring it back lies in this process and in a file without a name: both end with the process.

    `nameless` opens such a file, `is_notebook` tells whether a notebook is still there.
    """

    records: Records[Source]
    intakes: Records[Intake]
    originals: Originals
    texts: Texts
    index: VectorIndex
    attendance: Attendance
    nameless: Callable[[], BinaryIO]
    is_notebook: Callable[[str], bool]
    user_id: str
    acts: Acts = unheard
    most_bytes: int = MOST_KEPT_BYTES

    def remove(self, source_ids: Sequence[str], *, for_good: bool = False) -> Removed:
        """Delete the user's sources with their passages, texts and originals; those already gone are left out.

        The records go first: from then on the sources are gone, and the next start finishes what a killed process left.
        """
        sources = self._mine(source_ids)
        if not sources:
            return Removed((), None)
        with telling(self.acts, self._act("source.delete", sources)), self.attendance.working():
            held = None if for_good or sum(source.size_bytes for source in sources) > self.most_bytes else self._hold(sources)
            for source in sources:
                self.records.remove(source.id)
            self.index.remove_all([source.id for source in sources])
            for source in sources:
                self.texts.remove(source.id)
            self._drop({source.sha256 for source in sources})
        return Removed(tuple(sources), _WayBack(self, *held) if held else None)

    def _mine(self, source_ids: Sequence[str]) -> list[Source]:
        wanted = set(source_ids)
        return [source for source in self.records.all(self.user_id) if source.id in wanted]

    def _drop(self, hashes: set[str]) -> None:
        if self.attendance.others() or self.records.damaged():        # it may be taking the same bytes in
            return
        used = {source.sha256 for source in self.records.everyone()} | {intake.sha256 for intake in self.intakes.everyone()}
        for sha256 in sorted(hashes - used):
            self.originals.remove(sha256)

    def _hold(self, sources: Sequence[Source]) -> tuple[list[_Held], BinaryIO, str]:
        file = self.nameless()
        passages = self._passages(sources)
        held = []
        for source in sources:
            text = _added(file, io.BytesIO(_packed(self.texts, source)))
            held.append(_Held(source, text, self._original(file, source), *passages.get(source.id, ((), None))))
        return held, file, self.index.model_id()

    def _original(self, file: BinaryIO, source: Source) -> tuple[int, int] | None:
        try:
            path = self.originals.path(source.sha256)
        except NotFound:
            return None
        with path.open("rb") as stream:
            return _added(file, stream)

    def _passages(self, sources: Sequence[Source]) -> dict[str, tuple[tuple[Chunk, ...], Vectors | None]]:
        found: dict[str, tuple[tuple[Chunk, ...], Vectors | None]] = {}
        for group in _groups(sources):
            chunks, vectors = self.index.rows(Scope(self.user_id, None, frozenset(source.id for source in group)))
            found |= by_source(chunks, vectors)
        return found

    def bring_back(self, held: Sequence[_Held], file: BinaryIO, model_id: str) -> int:
        """Bring back what is not there again already, and return how many. Raises NotFound when its notebook is gone."""
        left = [one for one in held if self._is_gone(one.source)]
        with telling(self.acts, self._act("source.restore", [one.source for one in left])), self.attendance.working():
            for group in _groups(left):
                self._bring_back(group, file, model_id)
        return len(left)

    def _is_gone(self, source: Source) -> bool:
        if not self.is_notebook(source.notebook_id):
            raise NotFound("the notebook of these sources was deleted", fix="add the files to another notebook")
        try:
            self.records.get(source.id)
        except NotFound:
            return True
        return False

    def _bring_back(self, group: Sequence[_Held], file: BinaryIO, model_id: str) -> None:
        for one in group:
            if one.original is not None:
                self.originals.keep(_Part(file, *one.original), limit_bytes=one.original[1])
        self.texts.put_all({one.source.id: _parsed(file, *one.text) for one in group})
        put_by_model(self.index, [Entry(one.source.id, one.chunks, one.vectors) for one in group], model_id)
        self.records.put_all([one.source for one in group])

    def _act(self, action: str, sources: Sequence[Source]) -> Act:
        only = sources[0].id if len(sources) == 1 else ""
        return Act(self.user_id, action, self.user_id, count=len(sources), subject=only)


def by_source(chunks: Sequence[Chunk], vectors: Vectors | None) -> dict[str, tuple[tuple[Chunk, ...], Vectors | None]]:
    """Return source id -> its passages in order, with their vectors when each has one."""
    rows: dict[str, list[int]] = {}
    for row, chunk in enumerate(chunks):
        rows.setdefault(chunk.source_id, []).append(row)
    found: dict[str, tuple[tuple[Chunk, ...], Vectors | None]] = {}
    for source_id, theirs in rows.items():
        own = None if vectors is None else vectors[theirs]
        whole = own is not None and bool(np.all(np.any(own != 0, axis=1)))
        found[source_id] = tuple(chunks[row] for row in theirs), own if whole else None
    return found


def put_by_model(index: VectorIndex, entries: Sequence[Entry], model_id: str) -> None:
    """Put entries with vectors under their model, the others to be found by words."""
    for has_vectors in (True, False):
        group = [entry for entry in entries if (entry.vectors is not None) is has_vectors]
        if group:
            index.put_all(group, model_id=model_id if has_vectors else "")


def _groups(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start:start + AT_ONCE]


def _packed(texts: Texts, source: Source) -> bytes:
    try:
        return json.dumps(plain_of(texts.get(source.id)), ensure_ascii=False).encode("utf-8", "surrogatepass")
    except HaloError:                    # damaged or gone: it comes back without its text, as it was
        return b""


def _parsed(file: BinaryIO, start: int, size: int) -> Parsed:
    file.seek(start)
    return parsed_of(json.loads(file.read(size).decode("utf-8", "surrogatepass"))) if size else Parsed("")


def _added(file: BinaryIO, stream: BinaryIO) -> tuple[int, int]:
    start = file.seek(0, io.SEEK_END)
    shutil.copyfileobj(stream, file, _PIECE)
    return start, file.tell() - start


class _Part(io.BufferedIOBase, BinaryIO):
    """A part of a file, read like a file of its own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._at, self._end = file, start, start + size

    def read(self, size: int | None = -1, /) -> bytes:
        left = self._end - self._at
        self._file.seek(self._at)
        piece = self._file.read(left if size is None or size < 0 else min(size, left))
        self._at += len(piece)
        return piece
