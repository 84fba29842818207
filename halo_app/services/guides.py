"""Guide to one source: its summary, its terms, and questions that it answers, found without a language model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from halo_app.domain.abstaining import holds_answer
from halo_app.domain.artifact import Guide, GuideSketch
from halo_app.domain.chunk import Scope
from halo_app.domain.reading import is_row
from halo_app.domain.sentences import Span
from halo_app.domain.source import Parsed, Source
from halo_app.domain.suggesting import suggestions
from halo_app.domain.summarising import Embed, key_terms, lines_of, plain_lines_of, quoted, summarise
from halo_app.domain.tabulating import told
from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Analyzer, Cache, Embedder, KeptGuides, Texts
from halo_app.services.evidence import EvidenceService

SUMMARY_SENTENCES = 5
QUESTIONS = 4
TRIED_QUESTIONS = 14


@dataclass(frozen=True)
class GuideService:
    """Makes guides when they are asked for and keeps them by the hash of the text."""

    texts: Texts
    embedder: Embedder
    analyzer: Analyzer
    cache: Cache
    evidence: EvidenceService
    kept: KeptGuides | None = None

    def guide(self, source: Source) -> Guide:
        """Return the guide. Raises NotFound or Damaged when the source's text cannot be read."""
        key = f"guide/{source.id}/{source.text_sha256}"
        sketch = self.cache.get(key)
        sketch = sketch if isinstance(sketch, GuideSketch) else self.kept.get(source.id, source.text_sha256) if self.kept else None
        parsed = self.texts.get(source.id)
        if sketch is None:
            embed = self._embed()
            sketch = self._made(source, parsed, embed)
            if self.kept and embed:                # by words only it is worse, and the model may come
                self.kept.put(source.id, source.text_sha256, sketch)
        self.cache.put(key, sketch)
        summary = tuple(quoted(Span(*span), source.id, source.name, parsed) for span in sketch.spans)
        return Guide(source.id, summary, sketch.terms, sketch.questions, sketch.tables)

    def _made(self, source: Source, parsed: Parsed, embed: Embed | None) -> GuideSketch:
        language = source.language or self.analyzer.language(parsed.text[:5000])
        tables = told(parsed.text, language)
        lines = [] if tables else lines_of(parsed, language, self.analyzer.terms)
        chosen = summarise(lines, SUMMARY_SENTENCES, embed)
        plain = [] if chosen else plain_lines_of(parsed, language, self.analyzer.terms)
        chosen = chosen or [line for line in plain if is_row(line.text) or not tables][:SUMMARY_SENTENCES]
        terms = key_terms(parsed, language, self.analyzer.terms)
        questions = self._answered(source, suggestions(
            [line.text for line in (*chosen, *lines)], parsed.outline, terms, language, parsed.text))
        return GuideSketch(tuple((line.span.start, line.span.end) for line in chosen), terms, questions, tables)

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
