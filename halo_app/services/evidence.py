"""Read the passages found for a question sentence by sentence: what an answer quotes, and what it is judged by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol

import numpy as np

from halo_app.domain.abstaining import Signals
from halo_app.domain.chunk import Chunk, Passage, Scope
from halo_app.domain.conversation import Citation
from halo_app.domain.extracting import Candidate, Ranked, covered, rank
from halo_app.domain.sentences import Span, sentences
from halo_app.domain.source import Parsed
from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Analyzer, Cache, Embedder, Texts, Vectors

READ_PASSAGES = 6              # whose sentences are ranked; more found no further answers
LOOK_BACK_CHARS = 1200         # how far a paragraph's beginning is sought before its passage


class Finder(Protocol):
    """What is needed of the retrieval service."""

    def find(self, question: str, scope: Scope, limit: int = 10) -> list[Passage]: ...

    def rarity(self, terms: Iterable[str], scope: Scope) -> Mapping[str, float]:
        """Return each term's idf in the scope; the most for a term that never occurs."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Passages and their sentences, best first, with the signals that tell whether they answer."""

    passages: tuple[Passage, ...]
    ranked: tuple[Ranked, ...]
    signals: Signals


@dataclass(frozen=True)
class EvidenceService:
    """Finds passages and ranks their sentences."""

    finder: Finder
    texts: Texts
    embedder: Embedder
    analyzer: Analyzer
    cache: Cache

    def gather(self, question: str, scope: Scope, limit: int = 10) -> Evidence:
        """Return the best passages for the question inside the scope, and the sentences of the first of them, ranked."""
        passages = self.finder.find(question, scope, limit)
        asked = {language: self.analyzer.terms(question, language) for language in {found.chunk.language for found in passages}}
        rarity = self.finder.rarity({term for terms in asked.values() for term in terms}, scope)
        wanted = {language: {term: rarity[term] for term in terms} for language, terms in asked.items()}
        candidates = list(self._candidates(passages[:READ_PASSAGES]))
        by_words = False
        try:
            candidates = self._compared(question, candidates)
        except EmbedderUnavailable:
            by_words = True
        ranked = rank(question, wanted, candidates)
        signals = Signals(
            passage_similarity=max((passage.similarity for passage in passages), default=0.0),
            sentence_similarity=max((one.similarity for one in candidates), default=0.0),
            passage_coverage=max((self._coverage(wanted, passage.chunk) for passage in passages[:READ_PASSAGES]), default=0.0),
            sentence_coverage=max((one.coverage for one in ranked), default=0.0),
            by_words_only=by_words)
        return Evidence(tuple(passages), tuple(ranked), signals)

    def _coverage(self, wanted: Mapping[str, Mapping[str, float]], chunk: Chunk) -> float:
        return covered(wanted[chunk.language], self.analyzer.terms(chunk.text, chunk.language))

    def cite(self, passage: Passage, start: int, end: int) -> Citation:
        """Return the citation of these characters of the passage's source, its quote taken from the stored text."""
        parsed = self.texts.get(passage.chunk.source_id)
        place = parsed.locate(start, end)
        return Citation(passage.chunk.source_id, passage.source, place.label if place else "", parsed.text[start:end], start, end)

    def _candidates(self, passages: Sequence[Passage]) -> Iterator[Candidate]:
        seen: set[tuple[str, int]] = set()
        parsed: dict[str, Parsed] = {}
        for number, passage in enumerate(passages):
            chunk = passage.chunk
            if chunk.source_id not in parsed:
                parsed[chunk.source_id] = self.texts.get(chunk.source_id)
            before: tuple[str, ...] = ()
            for span in around(parsed[chunk.source_id], chunk):
                text = parsed[chunk.source_id].text[span.start:span.end]
                terms = self.analyzer.terms(text, chunk.language)
                if span.end > chunk.start and (chunk.source_id, span.start) not in seen:
                    seen.add((chunk.source_id, span.start))
                    yield Candidate(chunk.source_id, span.start, span.end, text, terms, number, passage.score,
                                    before=before, language=chunk.language)
                before = terms

    def _compared(self, question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Fill in each candidate's cosine with the question."""
        if not candidates:
            return []
        asked = self.embedder.embed([question], query=True)[0]
        vectors = self._vectors([one.text for one in candidates])
        return [replace(one, similarity=float(cosine)) for one, cosine in zip(candidates, vectors @ asked, strict=True)]

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        keys = [f"sentence/{self.embedder.model_id}/{sha256(text.encode()).hexdigest()}" for text in texts]
        known: dict[str, Vectors] = {key: found for key in keys if (found := self.cache.get(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            for key, vector in zip(missing, self.embedder.embed(list(missing.values())), strict=True):
                known[key] = vector
                self.cache.put(key, vector)
        return np.stack([known[key] for key in keys])


def around(parsed: Parsed, chunk: Chunk) -> list[Span]:
    """Return the sentences from the beginning of the chunk's paragraph to the end of the sentence that the chunk ends in."""
    text = parsed.text
    start = text.rfind("\n\n", max(0, chunk.start - LOOK_BACK_CHARS), chunk.start)
    start = start + 2 if start >= 0 else (0 if chunk.start <= LOOK_BACK_CHARS else chunk.start)
    end = text.find("\n\n", chunk.end, chunk.end + LOOK_BACK_CHARS)
    end = end if end >= 0 else min(len(text), chunk.end + LOOK_BACK_CHARS)
    breaks = [edge for heading in parsed.outline if start <= heading.start < end for edge in _edges(text, heading.start)]
    return [span for span in sentences(text, start, end, breaks=breaks) if span.start < chunk.end]


def _edges(text: str, start: int) -> tuple[int, int]:
    stop = text.find("\n", start)
    return start, len(text) if stop < 0 else stop
