"""Keep a notebook's passages in memory as matrix and word counts, as long as nobody writes to the index."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.ranking import Floats, Integers, Mask, Postings, products, share
from halo_app.ports import VectorIndex, Vectors

Terms = Callable[[str], tuple[str, ...]]        # language -> the question's terms in it


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything that BM25 and cosine need of some passages; the chunks carry no terms, the postings have them."""

    version: int
    model_id: str
    chunks: tuple[Chunk, ...]
    vectors: Vectors | None
    postings: Postings
    sources: dict[str, int]            # source id -> code
    source: Integers                   # code per chunk
    languages: tuple[str, ...]
    language: Integers                 # position in `languages` per chunk
    is_sample: bool = False            # without vectors, and only to tell how rare words are

    @classmethod
    def of(
        cls, chunks: Sequence[Chunk], vectors: Vectors | None, *, version: int = 0, model_id: str = "", is_sample: bool = False
    ) -> Shelf:
        sources: dict[str, int] = {}
        languages: dict[str, int] = {}
        return cls(
            version,
            model_id,
            tuple(replace(chunk, terms=()) for chunk in chunks),
            vectors,
            Postings.of([chunk.terms for chunk in chunks]),
            sources,
            np.array([sources.setdefault(chunk.source_id, len(sources)) for chunk in chunks], np.int32),
            tuple(dict.fromkeys(chunk.language for chunk in chunks)),
            np.array([languages.setdefault(chunk.language, len(languages)) for chunk in chunks], np.int32),
            is_sample,
        )

    def inside(self, where: Scope) -> Mask:
        """Return which passages the scope lets read."""
        if where.source_ids is None:
            return np.ones(len(self.chunks), np.bool_)
        codes = [code for source, code in self.sources.items() if source in where.source_ids]
        return np.isin(self.source, codes)

    def holding(self, terms: Terms) -> frozenset[str]:
        """Return the sources that hold every term of some language in passages of that language; none when there is no term."""
        names, found = list(self.sources), set[str]()
        for code, language in enumerate(self.languages):
            words = set(terms(language))
            each = [self._spoken(word, code) for word in words]
            found |= {names[source] for source in set.intersection(*each)} if each else set()
        return frozenset(found)

    def _spoken(self, term: str, language: int) -> set[int]:
        passages = self.postings.holding(term)
        return {int(source) for source in np.unique(self.source[passages[self.language[passages] == language]])}

    def similarities(self, vector: Vectors | None) -> Floats | None:
        """Return the cosine of every passage; 0 where it has no vector. None when nothing can be compared."""
        if vector is None or self.vectors is None or self.vectors.shape[1] != len(vector):
            return None
        return products(self.vectors, vector)

    def bm25(self, terms: Terms, inside: Mask, counted: Shelf | None = None) -> tuple[Floats, Floats]:
        """Return BM25 and its share of the most possible, per passage, each counted with the question's terms in its language.

        `counted` is the shelf whose passages tell how rare a term is, when this one is only a part of what is searched.
        """
        known = (counted or self).postings
        among = inside if counted is None else None
        scores, shares = np.zeros(len(self.chunks)), np.zeros(len(self.chunks))
        done: dict[tuple[str, ...], tuple[Floats, Floats]] = {}
        for code, language in enumerate(self.languages):
            spoken = inside & (self.language == code)
            if not spoken.any():
                continue
            words = terms(language)
            if words not in done:
                statistics = known.statistics(words, among)
                found = self.postings.bm25(words, inside, known=statistics)
                done[words] = found, share(found, words, statistics)
            scores[spoken], shares[spoken] = done[words][0][spoken], done[words][1][spoken]
        return scores, shares


class Shelves:
    """The shelves used last, each made again when the index has changed. Safe for several threads."""

    def __init__(self, index: VectorIndex, *, exact: int, rows: int) -> None:
        """Of a notebook with more than `exact` passages only that many are read; at most `rows` in all are kept."""
        self._index = index
        self._exact = exact
        self._rows = rows
        self._kept: OrderedDict[tuple[str, str | None], Shelf] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, user_id: str, notebook_id: str | None) -> Shelf:
        """Return the shelf of a user's notebook as it is now; a sample when it has more passages than are compared."""
        key = (user_id, notebook_id)
        with self._lock:
            version = self._index.version()
            shelf = self._kept.pop(key, None)
            if shelf is None or shelf.version != version:
                shelf = self._read(Scope(user_id, notebook_id), version)
            self._kept[key] = shelf
            while len(self._kept) > 1 and sum(len(kept.chunks) for kept in self._kept.values()) > self._rows:
                self._kept.popitem(last=False)
            return shelf

    def _read(self, where: Scope, version: int) -> Shelf:
        model_id = self._index.model_id()
        is_sample = self._index.count(where) > self._exact
        chunks, vectors = self._index.rows(where, limit=self._exact if is_sample else None)
        return Shelf.of(chunks, None if is_sample else vectors, version=version, model_id=model_id, is_sample=is_sample)

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._kept.clear()
