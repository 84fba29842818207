"""Read the passages found for a question sentence by sentence: what an answer quotes, and what it is judged by."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from typing import Protocol

import numpy as np

from halo_app.domain.abstaining import Signals
from halo_app.domain.chunk import Passage, Scope
from halo_app.domain.chunking import context_of
from halo_app.domain.conversation import Citation
from halo_app.domain.extracting import Candidate, Ranked, only_names, rank
from halo_app.domain.phrases import language_of, subjects
from halo_app.domain.reading import Line, cells, read
from halo_app.errors import Damaged, EmbedderUnavailable, NotFound
from halo_app.ports import Analyzer, Cache, Embedder, Texts, Vectors

log = logging.getLogger(__name__)

_NEVER = "\0"                   # a word that no text has
READ_PASSAGES = 6              # whose sentences are ranked; more found no further answers


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
    unreadable: tuple[str, ...] = ()       # names of sources whose stored text is gone or damaged; they are left out
    unknown: tuple[str, ...] = ()          # words of the question that the searched passages never use in any form


@dataclass(frozen=True)
class EvidenceService:
    """Finds passages and ranks their sentences."""

    finder: Finder
    texts: Texts
    embedder: Embedder
    analyzer: Analyzer
    cache: Cache

    def gather(self, question: str, scope: Scope, limit: int = 10, *, own: str = "", told: Collection[str] = ()) -> Evidence:
        """Return the best passages for the question inside the scope, and the sentences of the first of them, ranked.

        Of a follow-up, `own` is what was really asked now: the words that came from earlier turns count half, and the
        sentences in `told`, shown before, step back.
        """
        passages, unreadable = self._readable(self.finder.find(question, scope, limit))
        asked = {language: self.analyzer.terms(question, language) for language in {found.chunk.language for found in passages}}
        rarity = self.finder.rarity({term for terms in asked.values() for term in terms}, scope)
        wanted = {language: {term: rarity[term] for term in terms} for language, terms in asked.items()}
        wanted = {language: self._weighed(terms, own, language) for language, terms in wanted.items()} if own else wanted
        candidates = list(self._candidates(passages[:READ_PASSAGES], told))
        by_words = False
        try:
            candidates = self._compared(question, candidates)
        except EmbedderUnavailable:
            by_words = True
        ranked = rank(own or question, wanted, candidates)
        return Evidence(tuple(passages), tuple(ranked), _signals(ranked, by_words), unreadable,
                        self._unknown(own or question, scope, asked.keys()))

    def cite(self, passage: Passage, start: int, end: int) -> Citation:
        """Return the citation of these characters of the passage's source, its quote taken from the stored text."""
        parsed = self.texts.get(passage.chunk.source_id)
        place = parsed.locate(start, end)
        return Citation(passage.chunk.source_id, passage.source, place.label if place else "", parsed.text[start:end], start, end)

    def _unknown(self, question: str, scope: Scope, languages: Iterable[str]) -> tuple[str, ...]:
        """Return the words of the question that nothing in the scope uses, in whichever of the languages."""
        spoken = language_of(question)
        words = [word for word in dict.fromkeys(subjects(question)) if self.analyzer.terms(word, spoken)]
        terms = {word: {term for language in (spoken, *languages) for term in self.analyzer.terms(word, language)} for word in words}
        rarity = self.finder.rarity({_NEVER, *(term for found in terms.values() for term in found)}, scope)
        return tuple(word for word, found in terms.items() if found and all(rarity[term] >= rarity[_NEVER] for term in found))

    def _readable(self, found: Sequence[Passage]) -> tuple[list[Passage], tuple[str, ...]]:
        readable: dict[str, bool] = {}
        for passage in found:
            if passage.chunk.source_id not in readable:
                try:
                    self.texts.get(passage.chunk.source_id)
                    readable[passage.chunk.source_id] = True
                except (NotFound, Damaged) as error:
                    log.warning("a source was left out of an answer: %s", type(error).__name__)
                    readable[passage.chunk.source_id] = False
        lost = dict.fromkeys(passage.source for passage in found if not readable[passage.chunk.source_id])
        return [passage for passage in found if readable[passage.chunk.source_id]], tuple(lost)

    def _weighed(self, terms: Mapping[str, float], own: str, language: str) -> dict[str, float]:
        said_now = set(self.analyzer.terms(own, language))
        return {term: rarity if term in said_now or not said_now else rarity / 2 for term, rarity in terms.items()}

    def _candidates(self, passages: Sequence[Passage], told: Collection[str]) -> Iterator[Candidate]:
        seen: set[tuple[str, int]] = set()
        for number, passage in enumerate(passages):
            chunk = passage.chunk
            parsed = self.texts.get(chunk.source_id)
            knows_headings = bool(parsed.outline) and parsed.pages is None         # those of a page layout are guessed
            for line in read(parsed, chunk):
                if line.span.end > chunk.start and (chunk.source_id, line.span.start) not in seen and _can_be_shown(line):
                    seen.add((chunk.source_id, line.span.start))
                    context = "\n".join(part for part in (context_of(parsed, line.span.start), line.before) if part)
                    terms = self.analyzer.terms(line.text, chunk.language)
                    yield Candidate(
                        chunk.source_id, line.span.start, line.span.end, line.text, terms, number, passage.score,
                        passage.similarity, context=context, before=self.analyzer.terms(context, chunk.language),
                        language=chunk.language, told=line.text in told,
                        asks=line.names_columns or only_names(line.text, knows_headings=knows_headings),
                        meaning=line.meaning, column_names=", ".join(filter(None, cells(line.columns))),
                        columns=self.analyzer.terms(line.columns, chunk.language) if line.columns else ())

    def _compared(self, question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Fill in each candidate's cosine with the question."""
        if not candidates:
            return []
        asked = self.embedder.embed([question], query=True)[0]
        compared: list[Candidate] = []
        for _, group in groupby(candidates, key=lambda one: one.passage):
            same_passage = list(group)
            alone = self._vectors([one.text for one in same_passage]) @ asked
            if any(one.columns for one in same_passage):
                alone = np.maximum(alone, self._vectors([one.meaning for one in same_passage]) @ asked)
            together = self._vectors([f"{one.context}\n{one.meaning or one.text}" if one.context else one.meaning or one.text
                                      for one in same_passage]) @ asked
            compared += [replace(one, similarity=float(cosine), in_context=float(other))
                         for one, cosine, other in zip(same_passage, alone, together, strict=True)]
        return compared

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        """Return one row per text, remembered together: a passage's sentences are asked for again and again."""
        digest = sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
        key = f"sentences/{self.embedder.model_id}/{digest}"
        known = self.cache.get(key)
        if isinstance(known, np.ndarray) and known.shape == (len(texts), self.embedder.dimension):
            return known
        vectors = self.embedder.embed(texts)
        self.cache.put(key, vectors)
        return vectors


def _can_be_shown(line: Line) -> bool:
    return not line.is_heading and any(sign.isalnum() for sign in line.text)


def _signals(ranked: Sequence[Ranked], by_words: bool) -> Signals:
    if not ranked:
        return Signals(0.0, 0.0, 0.0, 0.0, by_words)
    best = ranked[0]
    return Signals(best.candidate.similarity, best.candidate.in_context, best.coverage, best.coverage_in_context, by_words)
