"""Search among more memories than are compared one by one: the index proposes, the store says what counts, one ranking orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np

from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.memory import Kind, Memory, Sought
from halo_app.domain.ranking import Postings, Statistics
from halo_app.memory_ports import MemoryStore
from halo_app.ports import VectorIndex, Vectors
from halo_app.services.memory_columns import Codes
from halo_app.services.memory_pieces import WINDOWS, Cutting
from halo_app.services.memory_ranking import Found, Wanted, rank_pieces
from halo_app.services.memory_shelf import MemoryShelf

SAMPLE = 20_000             # rows that tell how rare words are
PROPOSED = 60               # by each side, or 3 times the limit
STEPS = (1, 5, 25)          # times as much: more is proposed when filters leave too little
RECENT = 2000               # memories written since the sample that are looked at even before they are embedded

Rows = dict[str, tuple[Chunk, Vectors | None]]
Shown = Callable[[Sought], list[Memory]]        # what the store lets be seen of what is sought


@dataclass
class FarShelf:
    """What is kept of a user with very many memories: a sample of their words, and where it was taken."""

    user_id: str
    model_id: str
    version: int
    words: Postings
    languages: Codes
    recent: dict[str, Memory] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def rarity(self, terms: Sequence[str]) -> Statistics:
        """Return how rare each term is among the sampled pieces."""
        return self.words.statistics(terms)


@dataclass(frozen=True)
class FarSearch:
    """Proposals by meaning and by words, each from the whole memory of the user within the viewpoint that is asked for."""

    store: MemoryStore
    index: VectorIndex
    cutting: Cutting

    def sample(self, user_id: str) -> FarShelf:
        """Return the words of some of the user's pieces."""
        version, model_id = self.store.version(user_id), self.index.model_id()
        rows, _ = self.index.rows(Scope(user_id), limit=SAMPLE)
        languages = Codes()
        for row in rows:
            languages.of(row.language)
        return FarShelf(user_id, model_id, version, Postings.of([row.terms for row in rows]), languages)

    def ranked(self, far: FarShelf, wanted: Wanted, shown: Shown) -> tuple[list[Found], dict[str, Memory]]:
        """Return the best of what is proposed, and the memories it is of, as `shown` gives them."""
        rows: Rows = {}
        memories: dict[str, Memory] = {}
        for step in STEPS:
            before = len(rows)
            rows |= self._proposed(far, wanted, step * max(PROPOSED, 3 * wanted.limit))
            sources = dict.fromkeys([chunk.source_id for chunk, _ in rows.values()] + list(self._written_since(far)))
            if wanted.among is not None:
                sources = {one: None for one in sources if one in wanted.among}
            memories = {memory.public_id: memory for memory in shown(replace(wanted.where, ids=tuple(sources)))}
            if len(memories) >= wanted.limit or len(rows) == before:
                break
        return self._ordered(far, wanted, rows, memories), memories

    def _ordered(self, far: FarShelf, wanted: Wanted, proposed: Rows, memories: Mapping[str, Memory]) -> list[Found]:
        rows = {name: row for name, row in proposed.items() if row[0].source_id in memories}
        ids = {beside for chunk, _ in rows.values() for beside in _neighbours(chunk, memories[chunk.source_id])}
        rows |= _rows(*self.index.some(sorted(ids - rows.keys()), where=Scope(far.user_id)))
        held: dict[str, list[Chunk]] = {}
        for chunk, _ in rows.values():
            held.setdefault(chunk.source_id, []).append(chunk)
        width = max((len(vector) for _, vector in rows.values() if vector is not None), default=0)
        shelf = MemoryShelf(far.user_id, width, far.model_id)
        shelf.take(list(memories.values()), self.cutting, held)
        if width:
            blank = np.zeros(width, np.float32)
            shelf.give([chunk for chunk, _ in rows.values()],
                       np.stack([blank if vector is None else vector for _, vector in rows.values()]))
        return rank_pieces(shelf, replace(wanted, rarity=far.rarity))

    def _proposed(self, far: FarShelf, wanted: Wanted, limit: int) -> Rows:
        """Return what meaning and words propose, by id."""
        terms = sorted({term for language in far.languages.names for term in wanted.terms(language)})
        vector = wanted.vector if self.index.model_id() else None
        rows: Rows = {}
        for scope in _scopes(far.user_id, wanted.where):
            rows |= _rows(*self.index.proposed(terms, vector, where=scope, limit=limit))
        return rows

    def _written_since(self, far: FarShelf) -> Sequence[str]:
        """Return the memories that were written after the sample was taken: they may not be embedded yet."""
        with far.lock:
            if self.store.version(far.user_id) != far.version:
                far.version, written = self.store.written_since(far.user_id, far.version)
                far.recent |= {memory.public_id: memory for memory in written}
                far.recent = dict(list(far.recent.items())[-RECENT:])
            return list(far.recent)


def _scopes(user_id: str, where: Sought) -> list[Scope]:
    if where.model is None:
        return [Scope(user_id)]
    return [Scope(user_id, model) for model in dict.fromkeys(("", where.model))]


def _rows(chunks: Sequence[Chunk], vectors: Vectors | None) -> Rows:
    return {chunk.id: (chunk, None if vectors is None else vectors[at]) for at, chunk in enumerate(chunks)}


def _neighbours(chunk: Chunk, memory: Memory) -> list[str]:
    """Return the ids of the messages around a row, if it is one of several."""
    if memory.kind not in (Kind.CONVERSATION, Kind.TRANSCRIPTION):
        return []
    around = (chunk.position - WINDOWS, chunk.position + WINDOWS)
    return [f"{chunk.source_id}-{position}" for position in around if position >= 0]
