"""Keep chunks and vectors in memory and compare with every one: for tests, and exact."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.chunking import chunks_hash
from halo_app.domain.ranking import bm25, top
from halo_app.ports import Entry, Held, Hit, Vectors

Row = tuple[Chunk, Vectors | None]
Shelf = dict[str, list[Row]]


class BruteForceIndex:
    """A VectorIndex that lives as long as the process. Safe for several threads."""

    def __init__(self) -> None:
        self._rows: Shelf = {}
        self._model_id = ""
        self._aside: dict[str, Shelf] = {}
        self._version = 0
        self._lock = threading.RLock()

    def put(self, source_id: str, chunks: Sequence[Chunk], vectors: Vectors | None, *, model_id: str = "") -> None:
        self.put_all([Entry(source_id, chunks, vectors)], model_id=model_id)

    def put_all(self, entries: Sequence[Entry], *, model_id: str = "") -> None:
        with self._lock:
            self._version += 1
            has_vectors = any(entry.vectors is not None and len(entry.chunks) for entry in entries)
            self._model_id = self._model_id or (model_id if has_vectors else "")
            serves = not has_vectors or model_id == self._model_id
            if not serves:
                self.fill(entries, model_id=model_id)
            self._rows.update({entry.source_id: _rows(entry, serves) for entry in entries})

    def fill(self, entries: Sequence[Entry], *, model_id: str) -> None:
        with self._lock:
            self._version += 1
            shelf = self._rows if model_id == self._model_id else self._aside.setdefault(model_id, {})
            shelf.update({entry.source_id: _rows(entry, True) for entry in entries})

    def switch(self, model_id: str) -> None:
        with self._lock:
            if model_id in self._aside:
                self._version += 1
                self._rows, self._model_id = self._aside.pop(model_id), model_id
                self._aside.clear()

    def remove(self, source_id: str) -> None:
        self.remove_all([source_id])

    def remove_all(self, source_ids: Sequence[str]) -> None:
        with self._lock:
            self._version += 1
            for shelf in (self._rows, *self._aside.values()):
                for source_id in source_ids:
                    shelf.pop(source_id, None)

    def model_id(self) -> str:
        return self._model_id

    def held(self, model_id: str = "") -> dict[str, Held]:
        with self._lock:
            shelf = self._rows if model_id in ("", self._model_id) else self._aside.get(model_id, {})
            return {
                source: Held(len(rows), sum(vector is not None for _, vector in rows)) for source, rows in shelf.items() if rows
            }

    def version(self) -> int:
        return self._version

    def count(self, where: Scope) -> int:
        return len(self._inside(where))

    def rows(self, where: Scope, *, limit: int | None = None) -> tuple[list[Chunk], Vectors | None]:
        return _apart(self._inside(where)[:limit])

    def some(self, ids: Sequence[str], *, where: Scope) -> tuple[list[Chunk], Vectors | None]:
        wanted = set(ids)
        return _apart([row for row in self._inside(where) if row[0].id in wanted])

    def nearest(self, vector: Vectors, *, where: Scope, limit: int) -> list[Hit]:
        rows = [(chunk, own) for chunk, own in self._inside(where) if own is not None and len(own) == len(vector)]
        scores = np.array([float(own @ vector) for _, own in rows])
        return [Hit(rows[at][0], float(scores[at])) for at in top(scores, limit)]

    def matching(self, terms: Sequence[str], *, where: Scope, limit: int) -> list[Hit]:
        chunks = [chunk for chunk, _ in self._inside(where)]
        scores = bm25([chunk.terms for chunk in chunks], terms)
        return [Hit(chunks[at], float(scores[at])) for at in top(scores, limit, scores > 0)]

    def proposed(
        self, terms: Sequence[str], vector: Vectors | None, *, where: Scope, limit: int
    ) -> tuple[list[Chunk], Vectors | None]:
        near = [] if vector is None else self.nearest(vector, where=where, limit=limit)
        hits = [*near, *self.matching(terms, where=where, limit=limit)]
        return self.some(list(dict.fromkeys(hit.chunk.id for hit in hits)), where=where)

    def verify(self, source_id: str) -> str:
        with self._lock:
            return chunks_hash(chunk for chunk, _ in self._rows.get(source_id, []))

    def purge(self) -> None:
        """Nothing is kept of what was removed."""

    def reset(self) -> None:
        with self._lock:
            self._version += 1
            self._rows, self._aside, self._model_id = {}, {}, ""

    def close(self) -> None:
        """Nothing is open."""

    def _inside(self, where: Scope) -> list[Row]:
        with self._lock:
            rows = [row for source in sorted(self._rows) for row in self._rows[source]]
        return [row for row in rows if where.holds(row[0])]


def _rows(entry: Entry, with_vectors: bool) -> list[Row]:
    if entry.vectors is None or not with_vectors:
        return [(chunk, None) for chunk in entry.chunks]
    return list(zip(entry.chunks, entry.vectors, strict=True))


def _apart(rows: Sequence[Row]) -> tuple[list[Chunk], Vectors | None]:
    chunks = [chunk for chunk, _ in rows]
    width = next((len(vector) for _, vector in rows if vector is not None), 0)
    if not width:
        return chunks, None
    blank = np.zeros(width, np.float32)
    return chunks, np.stack([blank if vector is None else vector for _, vector in rows]).astype(np.float32)
