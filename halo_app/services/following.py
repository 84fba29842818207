"""Find questions to go on with after an answer: from what stood close to it and was not used, each one checked to be answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from halo_app.domain.abstaining import holds_answer
from halo_app.domain.chunk import Passage, Scope
from halo_app.domain.conversation import Message
from halo_app.domain.reading import around
from halo_app.domain.source import Parsed
from halo_app.domain.suggesting import suggestions
from halo_app.domain.summarising import key_terms
from halo_app.ports import Analyzer, Texts
from halo_app.services.evidence import Evidence, EvidenceService

SHOWN = 3
TRIED = 8
READ_PASSAGES = 6
_EMPTY = "What do the sources say about? Was sagen die Quellen über?"


@dataclass(frozen=True)
class FollowUps:
    """Suggests without a language model; nothing outside the scope is read."""

    evidence: EvidenceService
    texts: Texts
    analyzer: Analyzer

    def after(self, question: str, answer: Message, asked: Collection[str], scope: Scope) -> tuple[str, ...]:
        """Return up to three questions that the scope answers with something new; none when nothing close was left over.

        `asked` are the questions of the chat, which are not suggested again. Raises what reading the sources raises.
        """
        shown = {citation.quote for sentence in answer.sentences for citation in sentence.citations}
        near = self.evidence.gather(str(answer.trace.get("question") or question), scope)
        known = [self._meant(one) for one in asked]
        found: list[str] = []
        for wording in islice(self._candidates(near, shown), TRIED):
            meant = self._meant(wording)
            if len(found) == SHOWN or any(meant <= other for other in known):
                continue
            known.append(meant)
            if self._says_something_new(wording, scope, shown):
                found.append(wording)
        return tuple(found)

    def _candidates(self, near: Evidence, shown: Collection[str]) -> Iterator[str]:
        passages = near.passages[:READ_PASSAGES]
        if not passages:
            return
        language = passages[0].chunk.language
        said = [one.candidate.text for one in near.ranked if one.candidate.text not in shown and not one.candidate.asks]
        text = "\n\n".join(self._read(passage) for passage in passages)
        terms = key_terms(Parsed(text), language, self.analyzer.terms)
        yield from suggestions(said, (), terms, language, text)

    def _says_something_new(self, question: str, scope: Scope, shown: Collection[str]) -> bool:
        found = self.evidence.gather(question, scope)
        return bool(found.ranked) and holds_answer(found.signals) and found.ranked[0].candidate.text not in shown

    def _read(self, passage: Passage) -> str:
        parsed = self.texts.get(passage.chunk.source_id)
        spans = around(parsed, passage.chunk)
        return parsed.text[spans[0].start:spans[-1].end] if spans else parsed.text[passage.chunk.start:passage.chunk.end]

    def _meant(self, question: str) -> frozenset[str]:
        """Return what a question is about, so that the same one in other words, or a wider one, is known again."""
        language = self.analyzer.language(question)
        return frozenset(self.analyzer.terms(question, language)) - frozenset(self.analyzer.terms(_EMPTY, language))
