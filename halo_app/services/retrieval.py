"""Find the passages of the chosen sources that are most useful for a question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice

from halo_app.domain.chunk import Chunk, Passage, Scope
from halo_app.domain.locator import Region, locate
from halo_app.domain.ranking import CANDIDATES, Ranked, candidates, distinct, rank
from halo_app.domain.source import Source
from halo_app.errors import Damaged, NotFound
from halo_app.ports import Analyzer, Cache, Embedder, Records, Texts, VectorIndex, Vectors
from halo_app.services.asking import Asking
from halo_app.services.shelf import Shelf, Shelves, Terms

EXACT = 50_000              # passages of a notebook that are compared one by one, in memory; beyond, the index proposes
REMEMBERED = 150_000        # passages kept in memory over all notebooks
HOLDING = 2_000             # passages that are looked at for one word of a filter, where the index proposes
PLACES = 2_000              # documents whose places are kept in memory

Lookup = Callable[[str, str], tuple[Region, ...]]

@dataclass(frozen=True, slots=True)
class Found:
    """A passage before it is shown: the chunk and what was measured."""

    chunk: Chunk
    measured: Ranked


@dataclass(frozen=True)
class RetrievalService:
    """When `embedder` gives None, or EmbedderUnavailable is raised, the words decide."""

    index: VectorIndex
    analyzer: Analyzer
    embedder: Callable[[], Embedder | None]
    sources: Records[Source]
    texts: Texts
    cache: Cache
    exact: int = EXACT

    def find(self, question: str, scope: Scope, limit: int = 10) -> list[Passage]:
        """Return the passages most useful for the question, best first, at most `limit`.

        Only the scope is searched, and only its words are counted. A passage that repeats a better one is left out, and so
        is one whose source is not stored (yet, or any more). Raises Damaged when the index lost all that it should search.
        """
        stored: dict[str, Source] = {}
        different = distinct(self._stored(self.ranked(question, scope), stored), _words)
        passages = [self._passage(found, stored[found.chunk.source_id]) for found in islice(different, limit)]
        if not passages:
            self._check_held(scope)
        return passages

    def _check_held(self, scope: Scope) -> None:
        """Raise Damaged when the index lost what it should search: that is no empty result."""
        if scope.source_ids is not None and not scope.source_ids:
            return
        inside = [source for source in self.sources.all(scope.user_id) if source.chunks
                  and scope.notebook_id in (None, source.notebook_id) and (scope.source_ids is None or source.id in scope.source_ids)]
        if inside and not self.index.count(scope):
            raise Damaged("the search index is missing or incomplete", fix="run halo reindex; it is built again from the stored texts")

    def ranked(self, question: str, scope: Scope) -> list[Found]:
        """Return every candidate, best first, before repeats are left out and places looked up."""
        if not question.strip() or (scope.source_ids is not None and not scope.source_ids):
            return []
        vector, model_id = self._asking.vector(question)
        asked = self._asking.without_stop_words(question)
        terms = lru_cache(maxsize=None)(lambda language: self.analyzer.terms(asked, language))
        shelf, counted = self._shelves.of(scope.user_id, scope.notebook_id), None
        if shelf.is_sample:
            shelf, counted = self._proposed(vector, terms, shelf, scope), shelf
        return _ranked(shelf, vector if shelf.model_id == model_id else None, terms, scope, counted)

    def holding(self, words: str, scope: Scope) -> frozenset[str]:
        """Return the sources of the scope whose text holds all of the words, in any form of them; none when there is no word."""
        shelf = self._shelves.of(scope.user_id, scope.notebook_id)
        terms = lru_cache(maxsize=None)(lambda language: self.analyzer.terms(words, language))
        if not shelf.is_sample:
            return shelf.holding(terms)
        found: set[str] = set()
        for language in shelf.languages:          # a very large notebook: the index looks for each word
            each = [{hit.chunk.source_id for hit in self.index.matching([term], where=scope, limit=HOLDING)}
                    for term in terms(language)]
            found |= set.intersection(*each) if each else set()
        return frozenset(found)

    def rarity(self, terms: Iterable[str], scope: Scope) -> dict[str, float]:
        """Return how rare each term is among the passages of the scope: its idf, the most for one that never occurs."""
        shelf = self._shelves.of(scope.user_id, scope.notebook_id)
        known = shelf.postings.statistics(list(terms), shelf.inside(scope))
        return {term: known.idf(term) for term in known.frequency}

    def forget(self) -> None:
        """Let go of everything kept in memory."""
        self._shelves.clear()

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.embedder, self.analyzer, self.cache)

    @cached_property
    def _shelves(self) -> Shelves:
        return Shelves(self.index, exact=self.exact, rows=REMEMBERED)

    @cached_property
    def _places(self) -> Lookup:
        return lru_cache(maxsize=PLACES)(lambda source_id, _text_sha256: self.texts.get(source_id).regions)

    def _proposed(self, vector: Vectors | None, terms: Terms, counted: Shelf, scope: Scope) -> Shelf:
        """Return a shelf of what the index proposes from more passages than are compared one by one."""
        words = sorted({term for language in counted.languages for term in terms(language)})
        hits = self.index.matching(words, where=scope, limit=CANDIDATES)
        if vector is not None and self.index.model_id():
            hits += self.index.nearest(vector, where=scope, limit=CANDIDATES)
        chunks, vectors = self.index.some(sorted({hit.chunk.id for hit in hits}), where=scope)
        return Shelf.of(chunks, vectors, model_id=self.index.model_id())

    def _stored(self, ranked: Iterable[Found], stored: dict[str, Source]) -> Iterator[Found]:
        """Yield what belongs to a source that exists, and collect those sources in `stored`."""
        gone: set[str] = set()
        for found in ranked:
            source_id = found.chunk.source_id
            if source_id not in stored and source_id not in gone:
                try:
                    stored[source_id] = self.sources.get(source_id)
                except (NotFound, Damaged):
                    gone.add(source_id)
            if source_id in stored:
                yield found

    def _passage(self, found: Found, source: Source) -> Passage:
        chunk, measured = found.chunk, found.measured
        locator = locate(self._regions(source), chunk.start, chunk.end)
        return Passage(chunk, source.name, locator, measured.similarity, measured.bm25, measured.score, measured.relevance)

    def _regions(self, source: Source) -> Sequence[Region]:
        try:
            return self._places(source.id, source.text_sha256)
        except (NotFound, Damaged):        # a place is true or absent
            return ()


def _ranked(shelf: Shelf, vector: Vectors | None, terms: Terms, scope: Scope, counted: Shelf | None) -> list[Found]:
    inside = shelf.inside(scope)
    cosines = shelf.similarities(vector)
    scores, shares = shelf.bm25(terms, inside, counted)
    chosen = candidates(cosines, scores, inside)
    near = None if cosines is None else cosines[chosen]
    found = rank(near, scores[chosen], shares[chosen], [shelf.chunks[at].id for at in chosen])
    return [Found(shelf.chunks[chosen[item.position]], item) for item in found]


def _words(found: Found) -> frozenset[str]:
    return frozenset(found.chunk.text.casefold().split())
