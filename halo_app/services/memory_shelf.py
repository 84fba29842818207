"""Keep one user's memories in memory as columns, vectors and counted words, and follow the store write by write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from halo_app.domain.chunk import Chunk
from halo_app.domain.conversation import Role
from halo_app.domain.dialogue import K1, B, Talk, told_and_asked
from halo_app.domain.memory import Indexed, Memory, Piece, Sought, pieces_of
from halo_app.domain.ranking import Floats, Integers, Mask, Postings, Statistics, products, share
from halo_app.ports import Vectors
from halo_app.services.memory_columns import MEMORY, Codes, Columns, columns_of, meant
from halo_app.services.memory_pieces import Cutting, place_of

Terms = Callable[[str], tuple[str, ...]]        # language -> the question's terms in it
Rarity = Callable[[Sequence[str]], Statistics]

PIECE = {
    "memory": np.int32, "position": np.int64, "start": np.int64, "end": np.int64, "speaker": np.int32, "told": float, "asked": float,
    "language": np.int32, "has": bool, "alive": bool,
}
TAIL = 512                      # pieces whose words are counted anew with every one that is added
COMMON = 500                    # pieces that hold a word from which on it tells nothing about which are close
PARTS = 24                      # counted parts from which on the shelf is read anew


class MemoryShelf:
    """Everything that ranking needs of a user's memories. Not safe for threads: the one who holds it takes turns."""

    def __init__(self, user_id: str, width: int = 0, model_id: str = "") -> None:
        self.user_id, self.model_id = user_id, model_id
        self.version = self.mark = 0
        self.ids: list[str] = []                # public id per memory
        self.rows: dict[str, int] = {}          # public id -> the newest memory row
        self.models, self.sessions, self.speakers, self.languages = Codes(), Codes(), Codes(), Codes()
        self.memories, self.pieces = Columns(MEMORY), Columns(PIECE, width=width)
        self._contents: dict[int, int] = {}     # memory row -> hash of what its pieces were made of
        self._spans: dict[int, range] = {}      # memory row -> its pieces
        self._parts: list[tuple[int, Postings]] = []
        self._tail: list[tuple[str, ...]] = []
        self._order: Integers | None = None

    @property
    def is_worn(self) -> bool:
        """Tell whether so much was changed that reading it anew pays."""
        dead = self.pieces.length - int(np.count_nonzero(self.pieces["alive"]))
        return len(self._parts) > PARTS or dead > max(TAIL, self.pieces.length // 3)

    # filling

    def take(self, memories: Sequence[Memory], cutting: Cutting, held: Mapping[str, Sequence[Chunk]]) -> list[str]:
        """Put memories in, or what changed of them; `held` are rows that an index has. Return who has gained no vector yet."""
        new = []
        for memory in memories:
            known = self.rows.get(memory.public_id)
            content = _hash(memory)
            if known is not None and self._contents[known] == content:
                row = columns_of(memory, self.models, self.sessions)
                for name, value in row.items():
                    self.memories[name][known] = value
            else:
                if known is not None:
                    self.drop([memory.public_id])
                new.append((memory, content))
        self._add(new, cutting, held)
        if memories:
            self._order = None
        self._count_tail()
        return [one.public_id for one in memories if one.indexed is Indexed.READY and not self._has_vectors(one.public_id)]

    def give(self, rows: Sequence[Chunk], vectors: Vectors | None) -> None:
        """Put vectors in for pieces that are there."""
        if vectors is None or vectors.shape[1] != self.pieces["vectors"].shape[1]:
            return
        at, taken = [], []
        for number, chunk in enumerate(rows):
            memory = self.rows.get(chunk.source_id)
            span = self._spans.get(memory) if memory is not None else None
            if span is not None:
                places = self.pieces["position"][span.start : span.stop]
                found = int(np.searchsorted(places, chunk.position))
                if found < len(places) and places[found] == chunk.position:
                    at.append(span.start + found)
                    taken.append(number)
        self.pieces["vectors"][at] = vectors[taken]
        self.pieces["has"][at] = np.any(vectors[taken] != 0, axis=1)

    def drop(self, public_ids: Sequence[str]) -> None:
        """Take memories out; unknown ids are no error."""
        for public_id in public_ids:
            row = self.rows.pop(public_id, None)
            if row is not None:
                span = self._spans.pop(row)
                self.memories["alive"][row] = False
                self.pieces["alive"][span.start : span.stop] = False
                self._order = None

    def _add(self, new: Sequence[tuple[Memory, int]], cutting: Cutting, held: Mapping[str, Sequence[Chunk]]) -> None:
        rows = self.memories.append([columns_of(memory, self.models, self.sessions) for memory, _ in new])
        pieces: list[dict[str, Any]] = []
        for row, (memory, content) in zip(rows, new, strict=True):
            known = held.get(memory.public_id) if memory.indexed is Indexed.READY else None
            chunks = sorted(known or cutting.cut(memory)[0], key=lambda chunk: chunk.position)
            parts = pieces_of(memory.content)
            start = self.pieces.length + len(pieces)
            pieces += [self._piece(row, chunk, parts[min(place_of(chunk.position), len(parts) - 1)]) for chunk in chunks]
            self._spans[row] = range(start, start + len(chunks))
            self._tail.extend(chunk.terms for chunk in chunks)
            self.ids.append(memory.public_id)
            self.rows[memory.public_id] = row
            self._contents[row] = content
        self.pieces.append(pieces)

    def _piece(self, row: int, chunk: Chunk, part: Piece) -> dict[str, Any]:
        told, asked = told_and_asked(part.text[chunk.start : chunk.end])
        speaker = "" if part.speaker in tuple(Role) else part.speaker
        return {"memory": row, "position": chunk.position, "start": chunk.start, "end": chunk.end, "told": told, "asked": asked,
                "speaker": self.speakers.of(speaker), "language": self.languages.of(chunk.language), "has": False, "alive": True}

    def _has_vectors(self, public_id: str) -> bool:
        span = self._spans[self.rows[public_id]]
        return bool(self.pieces["has"][span.start : span.stop].all())

    def _count_tail(self) -> None:
        """Count the words of what was added last; a part that has grown large is closed."""
        start = self.pieces.length - len(self._tail)
        if self._parts and self._parts[-1][0] == start:
            self._parts.pop()
        if self._tail:
            self._parts.append((start, Postings.of(self._tail)))
        if len(self._tail) >= TAIL:
            self._tail = []

    # asking

    def inside(self, where: Sought, now: datetime, among: Mask | None = None) -> Integers:
        """Return the pieces of the memories that are meant, in the order of talk."""
        memories = meant(self.memories, self.models, where, now)
        if among is not None:
            memories &= among
        order = self._in_order()
        found: Integers = order[memories[self.pieces["memory"][order]]]
        return found

    def among(self, public_ids: Sequence[str]) -> Mask:
        """Return which memories have one of these ids."""
        found = np.zeros(self.memories.length, np.bool_)
        found[[self.rows[one] for one in public_ids if one in self.rows]] = True
        return found

    def talk(self, at: Integers) -> Talk:
        """Return what is known of the pieces at these places."""
        sessions = self.memories["session"][self.pieces["memory"][at]]
        return Talk(sessions, self.pieces["speaker"][at], self.pieces["told"][at], self.pieces["asked"][at])

    def speakers_at(self, at: Integers) -> list[str]:
        """Return the names of those who speak at these places, "" for those who do not, by their codes."""
        heard = np.unique(self.pieces["speaker"][at])
        names = [""] * len(self.speakers.names)
        for code in heard:
            names[int(code)] = self.speakers.names[int(code)]
        return names

    def similarities(self, vector: Vectors | None, at: Integers) -> Floats | None:
        """Return the cosine of each piece; the mean of the others where one has no vector yet. None when none has any."""
        vectors = self.pieces["vectors"]
        if vector is None or vectors.shape[1] != len(vector):
            return None
        has = self.pieces["has"][at]
        if not has.any():
            return None
        near = products(vectors, vector)[at] if 4 * len(at) > len(vectors) else products(vectors[at], vector)    # a copy costs more
        if not has.all():
            near[~has] = near[has].mean()
        return near

    def products(self, public_ids: Sequence[str]) -> Floats | None:
        """Return the cosines of the first pieces of these memories (rows) to every piece; None without vectors."""
        vectors = self.pieces["vectors"]
        if not vectors.shape[1] or not public_ids:
            return None
        found: Floats = vectors[[self._spans[self.rows[one]].start for one in public_ids]] @ vectors.T
        return found

    def has_meaning(self, public_id: str) -> bool:
        """Tell whether the first piece of a memory has a vector."""
        return bool(self.pieces["has"][self._spans[self.rows[public_id]].start])

    def sharing(self, terms: Sequence[str], inside: Mask) -> list[int]:
        """Return the pieces inside that share a word with the terms, best first by how rare those are; very common ones do not count.

        The cost grows with the postings of the words that count, not with the shelf.
        """
        weights: dict[int, float] = {}
        for term in set(terms):
            found = [start + documents for start, part in self._parts if len(documents := part.holding(term))]
            held = sum(map(len, found))
            if 0 < held <= COMMON:
                for place in np.concatenate(found).tolist():
                    weights[place] = weights.get(place, 0.0) + float(np.log1p(self.pieces.length / held))
        return sorted((place for place in weights if inside[place]), key=lambda place: (-weights[place], -place))

    def words(self, terms: Terms, at: Integers, rarity: Rarity | None = None) -> tuple[Floats, Floats]:
        """Return BM25 and its share of the most possible for each piece, counted in the piece's language, among these pieces."""
        inside = np.zeros(self.pieces.length, np.bool_)
        inside[at] = True
        spoken = self.pieces["language"]
        scores, shares = np.zeros(self.pieces.length), np.zeros(self.pieces.length)
        done: dict[tuple[str, ...], tuple[Floats, Floats]] = {}
        for code in np.unique(spoken[at]):
            language = self.languages.names[int(code)]
            asked = terms(language)
            if asked not in done:
                statistics = rarity(asked) if rarity else self.statistics(asked, inside)
                found = np.concatenate([part.bm25(asked, known=statistics, k1=K1, b=B) for _, part in self._parts])
                done[asked] = found, share(found, asked, statistics, k1=K1)
            mine = inside & (spoken == code)
            scores[mine], shares[mine] = done[asked][0][mine], done[asked][1][mine]
        return scores[at], shares[at]

    def statistics(self, terms: Sequence[str], inside: Mask) -> Statistics:
        """Return how rare each term is among the pieces inside."""
        documents, length = 0, 0.0
        frequency = dict.fromkeys(terms, 0)
        for start, part in self._parts:
            of_part = part.statistics(terms, inside[start : start + len(part.lengths)])
            documents += of_part.documents
            length += of_part.mean_length * of_part.documents
            for term, number in of_part.frequency.items():
                frequency[term] += number
        return Statistics(documents, length / documents if documents else 0.0, frequency)

    def _in_order(self) -> Integers:
        if self._order is None:
            alive = np.flatnonzero(self.pieces["alive"])
            memory = self.pieces["memory"][alive]
            keys = (self.pieces["position"][alive], self.memories["number"][memory], self.memories["when"][memory],
                    self.memories["session"][memory])
            self._order = alive[np.lexsort(keys)]
        return self._order


def _hash(memory: Memory) -> int:
    """Return a number that changes with whatever the memory's rows are made of."""
    content = memory.content
    return hash((pieces_of(content), memory.text, memory.tags, memory.model, memory.when, getattr(content, "category", "")))
