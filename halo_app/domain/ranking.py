"""Rank passages by meaning and words together: z-scores of cosine and BM25 over one set of candidates, summed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]
Item = TypeVar("Item")

CANDIDATES = 200            # proposed by each side before the fusion
K1, B = 1.2, 0.75           # BM25 for documents; dialogue turns want 0.9 and 0.4
SAME = 0.9                  # share of words in common from which two passages say the same


@dataclass(frozen=True, slots=True)
class Statistics:
    """What BM25 must know of the collection that is searched."""

    documents: int
    mean_length: float
    frequency: dict[str, int]          # in how many documents a term stands; terms not in it stand in none

    def idf(self, term: str) -> float:
        """Return the weight of a term, > 0: ln(1 + (N - n + 0.5) / (n + 0.5))."""
        n = self.frequency.get(term, 0)
        return float(np.log1p((self.documents - n + 0.5) / (n + 0.5)))


@dataclass(frozen=True, slots=True)
class Postings:
    """Which document holds which term how often, as columns: the postings of term t are `starts[t]` to `starts[t + 1]`."""

    vocabulary: dict[str, int]
    starts: Integers
    documents: Integers
    counts: Integers
    lengths: Integers

    @classmethod
    def of(cls, texts: Sequence[Sequence[str]]) -> Postings:
        """Count the terms of each text; positions in `texts` are the document numbers."""
        numbering: defaultdict[str, int] = defaultdict()
        numbering.default_factory = numbering.__len__          # a new term gets the next number, with no step in Python
        codes = np.fromiter(map(numbering.__getitem__, chain.from_iterable(texts)), np.int64)
        vocabulary = dict(numbering)
        lengths = np.fromiter((len(text) for text in texts), np.int64, len(texts))
        pairs = codes * max(len(texts), 1) + np.repeat(np.arange(len(texts)), lengths)
        unique, counts = np.unique(pairs, return_counts=True)
        terms, documents = np.divmod(unique, max(len(texts), 1))
        starts = np.searchsorted(terms, np.arange(len(vocabulary) + 1))
        return cls(vocabulary, starts, documents.astype(np.int32), counts.astype(np.int32), lengths)

    def statistics(self, terms: Sequence[str], inside: Mask | None = None) -> Statistics:
        """Return the statistics of the given terms over the documents that are `inside`, or over all."""
        lengths = self.lengths if inside is None else self.lengths[inside]
        frequency = {}
        for term in set(terms):
            found = self._of(term)[0]
            frequency[term] = int(len(found) if inside is None else np.count_nonzero(inside[found]))
        return Statistics(len(lengths), float(lengths.mean()) if len(lengths) else 0.0, frequency)

    def bm25(
        self, terms: Sequence[str], inside: Mask | None = None, *, known: Statistics | None = None, k1: float = K1, b: float = B
    ) -> Floats:
        """Return one score >= 0 per document; 0 where no term stands, and outside of `inside`.

        The statistics are those of the documents inside, so what lies outside changes nothing, unless `known` gives those
        of a larger collection.
        Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
        """
        scores = np.zeros(len(self.lengths))
        known = known or self.statistics(terms, inside)
        for term, times in _counted(terms).items():
            documents, counts = self._of(term)
            if len(documents):
                weight = times * known.idf(term)
                scores[documents] += weight * _saturated(counts, self.lengths[documents], known.mean_length, k1, b)
        if inside is not None:
            scores[~inside] = 0.0
        return scores

    def holding(self, term: str) -> Integers:
        """Return the documents that hold a term."""
        return self._of(term)[0]

    def _of(self, term: str) -> tuple[Integers, Integers]:
        code = self.vocabulary.get(term)
        if code is None:
            return self.documents[:0], self.counts[:0]
        span = slice(int(self.starts[code]), int(self.starts[code + 1]))
        return self.documents[span], self.counts[span]


def bm25(texts: Sequence[Sequence[str]], terms: Sequence[str], *, k1: float = K1, b: float = B) -> Floats:
    """Return one score >= 0 per text (a list of terms), with the term statistics of just these texts."""
    return Postings.of(texts).bm25(terms, k1=k1, b=b)


def share(scores: Floats, terms: Sequence[str], known: Statistics, *, k1: float = K1) -> Floats:
    """Return BM25 scores as a share, 0 to 1, of the most that the terms could score: how much of the question is there."""
    most = sum(times * known.idf(term) for term, times in _counted(terms).items()) * (k1 + 1)
    return np.clip(scores / most, 0.0, 1.0) if most > 0 else np.zeros(len(scores))


def products(vectors: Floats, vector: Floats) -> Floats:
    """Return the scalar product of each row with the vector, in this thread alone.

    A matrix product spreads over all processors and waits for the slowest: 0.1 ms for 10,000 rows on a quiet machine and
    8 ms on a busy one, where this takes 0.2 ms on both.
    """
    found: Floats = np.vecdot(vectors, np.asarray(vector, vectors.dtype))       # a wider vector would widen every row
    return found


def z_scores(values: Sequence[float] | Floats) -> Floats:
    """Return (value - mean) / standard deviation; all 0 when the values do not differ."""
    array = np.asarray(values, np.float64)
    spread = float(array.std()) if len(array) else 0.0
    differ = len(array) > 1 and spread > 1e-9 * max(1.0, float(np.abs(array).max()))
    return (array - array.mean()) / spread if differ else np.zeros_like(array)


def fused(similarities: Floats, bm25_scores: Floats) -> Floats:
    """Return the sum of both z-scores per candidate. Every candidate brings both true values (BM25 0 when no word matches)."""
    return z_scores(similarities) + z_scores(bm25_scores)


def top(scores: Floats, limit: int, among: Mask | None = None) -> Integers:
    """Return the positions of the `limit` largest scores, largest first; ties in order of position."""
    positions = np.arange(len(scores)) if among is None else np.flatnonzero(among)
    values = np.asarray(scores, np.float64)[positions]
    if 0 < limit < len(values):
        edge = np.partition(values, len(values) - limit)[len(values) - limit]
        kept = values >= edge
        positions, values = positions[kept], values[kept]
    return positions[np.lexsort((positions, -values))][:limit]


def candidates(similarities: Floats | None, bm25_scores: Floats, inside: Mask, *, each: int = CANDIDATES) -> Integers:
    """Return the positions that either side proposes, ascending; words propose only where a word matches."""
    worded = top(bm25_scores, each, inside & (bm25_scores > 0))
    if similarities is None:
        return np.sort(worded)
    return np.union1d(worded, top(similarities, each, inside))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate with what was measured; `position` is its place among the candidates given."""

    position: int
    similarity: float
    bm25: float
    score: float
    relevance: float


def rank(similarities: Floats | None, bm25_scores: Floats, shares: Floats, keys: Sequence[str]) -> list[Ranked]:
    """Return the candidates best first; all arguments run parallel.

    `keys` break ties, so the order of the candidates changes nothing. Without similarities the words alone decide.
    """
    cosines = np.zeros(len(keys)) if similarities is None else np.asarray(similarities, np.float64)
    scores = fused(cosines, bm25_scores)
    belief = relevance(None if similarities is None else cosines, shares)
    order = sorted(range(len(keys)), key=lambda at: (-round(float(scores[at]), 9), keys[at]))
    levels = falling([float(belief[at]) for at in order])
    return [Ranked(at, float(cosines[at]), float(bm25_scores[at]), float(scores[at]), level)
            for at, level in zip(order, levels, strict=True)]


def relevance(similarities: Floats | None, shares: Floats) -> Floats:
    """Return how likely each passage answers, 0 to 1: a logistic curve over cosine and the share of the question's words.

    Its weights were set by hand, not fitted (docs/adr/005-ranking.md): it rises with both, but is no measured probability.
    """
    evidence = 8.0 * shares - 2.5 if similarities is None else 6.0 * similarities + 5.0 * shares - 4.5
    belief: Floats = 1 / (1 + np.exp(-evidence))
    return belief


def falling(values: Sequence[float]) -> list[float]:
    """Return values that never rise, each step the mean of what it joins (pool adjacent violators)."""
    pools: list[tuple[float, int]] = []
    for given in values:
        value, size = given, 1
        while pools and pools[-1][0] < value:
            above, count = pools.pop()
            value, size = (value * size + above * count) / (size + count), size + count
        pools.append((value, size))
    return [value for value, size in pools for _ in range(size)]


def distinct(items: Iterable[Item], words: Callable[[Item], frozenset[str]]) -> Iterator[Item]:
    """Yield the items, leaving out each whose words are nearly those of one yielded before."""
    seen: list[frozenset[str]] = []
    for item in items:
        mine = words(item)
        if not any(_same(mine, theirs) for theirs in seen):
            seen.append(mine)
            yield item


def _same(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    small, large = sorted((len(mine), len(theirs)))
    if not small or small < SAME * large:
        return False
    return len(mine & theirs) >= SAME * len(mine | theirs)


def _counted(terms: Sequence[str]) -> dict[str, int]:
    """Return how often the question says each term, in order, so that sums come out the same every time."""
    counted: dict[str, int] = {}
    for term in sorted(terms):
        counted[term] = counted.get(term, 0) + 1
    return counted


def _saturated(counts: Integers, lengths: Integers, mean: float, k1: float, b: float) -> Floats:
    norm = k1 * (1 - b + b * lengths / mean) if mean else np.full(len(counts), k1)
    return counts * (k1 + 1) / (counts + norm)
