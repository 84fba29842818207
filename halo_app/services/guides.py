"""Guide to one source: its summary, its terms, and questions that it answers, found without a language model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from halo_app.domain.abstaining import holds_answer
from halo_app.domain.artifact import Guide
from halo_app.domain.chunk import Scope
from halo_app.domain.source import Source
from halo_app.domain.suggesting import suggestions
from halo_app.domain.summarising import Embed, key_terms, lines_of, plain_lines_of, quoted, summarise
from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Analyzer, Cache, Embedder, Texts
from halo_app.services.evidence import EvidenceService

SUMMARY_SENTENCES = 5
QUESTIONS = 4
TRIED_QUESTIONS = 14


@dataclass(frozen=True)
class GuideService:
    """Makes guides when they are asked for and remembers them by the hash of the text."""

    texts: Texts
    embedder: Embedder
    analyzer: Analyzer
    cache: Cache
    evidence: EvidenceService

    def guide(self, source: Source) -> Guide:
        """Return the guide. Raises NotFound or Damaged when the source's text cannot be read."""
        key = f"guide/{source.id}/{source.text_sha256}"
        known = self.cache.get(key)
        if isinstance(known, Guide):
            return known
        parsed = self.texts.get(source.id)
        language = source.language or self.analyzer.language(parsed.text[:5000])
        lines = lines_of(parsed, language, self.analyzer.terms)
        chosen = summarise(lines, SUMMARY_SENTENCES, self._embed())
        chosen = chosen or plain_lines_of(parsed, language, self.analyzer.terms)[:SUMMARY_SENTENCES]
        terms = key_terms(parsed, language, self.analyzer.terms)
        questions = self._answered(source, suggestions([*chosen, *lines], parsed.outline, terms, language))
        guide = Guide(source.id, tuple(quoted(line.span, source.id, source.name, parsed) for line in chosen), terms, questions)
        self.cache.put(key, guide)
        return guide

    def _embed(self) -> Embed | None:
        """Return what compares meanings, or None when the model cannot be used."""
        try:
            self.embedder.embed(["ready"])
        except EmbedderUnavailable:
            return None
        return self.embedder.embed

    def _answered(self, source: Source, questions: Iterable[str]) -> tuple[str, ...]:
        """Return the first questions whose best answer, searched in the whole notebook, stands in this source."""
        kept: list[str] = []
        notebook = Scope(source.user_id, source.notebook_id)
        for question in islice(questions, TRIED_QUESTIONS):
            if len(kept) == QUESTIONS:
                break
            found = self.evidence.gather(question, notebook)
            if found.ranked and found.ranked[0].candidate.source_id == source.id and holds_answer(found.signals):
                kept.append(question)
        return tuple(kept)
