"""Read the passages found for a question sentence by sentence: what an answer quotes, and what it is judged by."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from typing import Protocol

import numpy as np

from halo_app.domain.abstaining import Signals
from halo_app.domain.chunk import Chunk, Passage, Scope
from halo_app.domain.chunking import context_of, title
from halo_app.domain.conversation import Citation
from halo_app.domain.extracting import Candidate, Ranked, rank
from halo_app.domain.sentences import Span, sentences
from halo_app.domain.source import Parsed
from halo_app.errors import Damaged, EmbedderUnavailable, NotFound
from halo_app.ports import Analyzer, Cache, Embedder, Texts, Vectors

log = logging.getLogger(__name__)

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
    unreadable: tuple[str, ...] = ()       # names of sources whose stored text is gone or damaged; they are left out


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
        return Evidence(tuple(passages), tuple(ranked), _signals(ranked, by_words), unreadable)

    def cite(self, passage: Passage, start: int, end: int) -> Citation:
        """Return the citation of these characters of the passage's source, its quote taken from the stored text."""
        parsed = self.texts.get(passage.chunk.source_id)
        place = parsed.locate(start, end)
        return Citation(passage.chunk.source_id, passage.source, place.label if place else "", parsed.text[start:end], start, end)

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
            for line in read(parsed, chunk):
                if line.span.end > chunk.start and (chunk.source_id, line.span.start) not in seen and not line.is_heading:
                    seen.add((chunk.source_id, line.span.start))
                    context = "\n".join(part for part in (context_of(parsed, line.span.start), line.before) if part)
                    terms = self.analyzer.terms(line.text, chunk.language)
                    yield Candidate(
                        chunk.source_id, line.span.start, line.span.end, line.text, terms, number, passage.score,
                        passage.similarity, context=context, before=self.analyzer.terms(context, chunk.language),
                        language=chunk.language, told=line.text in told, names_columns=line.names_columns)

    def _compared(self, question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Fill in each candidate's cosine with the question."""
        if not candidates:
            return []
        asked = self.embedder.embed([question], query=True)[0]
        compared: list[Candidate] = []
        for _, group in groupby(candidates, key=lambda one: one.passage):
            same_passage = list(group)
            alone = self._vectors([one.text for one in same_passage]) @ asked
            together = self._vectors([f"{one.context}\n{one.text}" if one.context else one.text for one in same_passage]) @ asked
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


def _signals(ranked: Sequence[Ranked], by_words: bool) -> Signals:
    if not ranked:
        return Signals(0.0, 0.0, 0.0, 0.0, by_words)
    best = ranked[0]
    return Signals(best.candidate.similarity, best.candidate.in_context, best.coverage, best.coverage_in_context, by_words)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a passage and what stands before it: the sentence before, or the first row of its table."""

    span: Span
    text: str
    before: str = ""
    is_heading: bool = False
    names_columns: bool = False


def read(parsed: Parsed, chunk: Chunk) -> list[Line]:
    """Return the sentences around a chunk, each with what it leans on."""
    heads, name = {heading.start for heading in parsed.outline}, title(parsed)
    lines: list[Line] = []
    columns = ""
    spans = around(parsed, chunk)
    texts = [parsed.text[span.start:span.end] for span in spans]
    for at, (span, text) in enumerate(zip(spans, texts, strict=True)):
        heading = span.start in heads or text.startswith("#") or text == name
        follows = bool(lines) and "\n\n" not in parsed.text[lines[-1].span.end:span.start]
        if not is_row(text):
            before = "" if not lines or lines[-1].is_heading or is_row(lines[-1].text) else lines[-1].text
            lines.append(Line(span, text, before, heading))
        elif follows and is_row(lines[-1].text):
            lines.append(Line(span, text, columns))
        else:
            columns = text if at + 1 < len(texts) and is_row(texts[at + 1]) else ""
            lines.append(Line(span, text, names_columns=bool(columns) and not re.search(r"\d", columns)))
    return lines


def is_row(text: str) -> bool:
    return " | " in text or "\t" in text


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
