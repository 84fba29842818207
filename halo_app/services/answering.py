"""Answer from the sources without a language model: their own best sentences, or that they do not say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from halo_app.domain.abstaining import confidence
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Answer, Citation, Sentence
from halo_app.domain.events import Delta, Step
from halo_app.domain.extracting import Ranked, choose
from halo_app.domain.followup import Turn
from halo_app.domain.phrases import language_of, lead, nothing, say, unknown
from halo_app.domain.verifying import Claim, check
from halo_app.domain.verifying import Evidence as Said
from halo_app.services.evidence import Evidence, EvidenceService

FOUND_PASSAGES = 10
SHOWN_SENTENCES = 3
NEAREST = 3
SURE = 0.8                     # below, the lead line says that these are only the closest sentences
SURE_IN_OTHER_WORDS = 0.98     # the same when the sources never use a word of the question


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was put, and as it is understood after the turns before it.

    Of a follow-up, `own` is the part of `resolved` that is asked now; "" when that is all of it. `resolved` is without
    the names of sources. `session_id` is "" when the chat is not kept.
    """

    question: str
    resolved: str
    scope: Scope
    turns: tuple[Turn, ...] = ()
    own: str = ""
    named: tuple[str, ...] = ()    # the sources that the question names; the scope holds only them
    session_id: str = ""
    pinned: tuple[Turn, ...] = ()  # answers that the reader keeps at hand, older than `turns`


class Answerer(Protocol):
    """One way of answering: steps and text as they come, the whole answer last."""

    def answer(self, asked: Asked) -> Iterator[Step | Delta | Answer]: ...


class Overview(Answerer, Protocol):
    """A way of answering that takes only some questions."""

    def takes(self, asked: Asked) -> bool: ...


@dataclass(frozen=True)
class ExtractiveAnswers:
    """Quotes the sentences that answer; each is a verbatim sentence of a source."""

    evidence: EvidenceService

    def answer(self, asked: Asked) -> Iterator[Step | Delta | Answer]:
        """Yield what is being done, then the answer. Nothing outside the scope is read."""
        yield Step("Searching the sources")
        found = self.gather(asked)
        answer = self.conclude(asked, found)
        yield Delta(answer.text)
        yield answer

    def gather(self, asked: Asked) -> Evidence:
        """Return the evidence for the question as understood; what the turn before showed steps back in a follow-up."""
        told = {asked.turns[-1].answer} if asked.turns and asked.resolved != asked.question else set()
        return self.evidence.gather(asked.resolved, asked.scope, FOUND_PASSAGES, own=asked.own, told=told)

    def conclude(self, asked: Asked, found: Evidence) -> Answer:
        """Return the extractive answer that this evidence gives: three sentences at most, or an abstention."""
        sure = confidence(found.signals) if found.passages else 0.0
        trace = {
            "mode": "extractive", "passages": len(found.passages), "considered": len(found.passages), "compared": len(found.ranked),
            "confidence": round(sure, 3),
            "sources": len({passage.chunk.source_id for passage in found.passages}),
            **({"question": asked.resolved} if asked.resolved != asked.question else {}),
            **({"unreadable": list(found.unreadable)} if found.unreadable else {})}
        language = language_of(asked.question)
        remark = [say("left out", language, ", ".join(found.unreadable))] if found.unreadable else []
        if sure < 0.5 or not found.ranked:
            missing = unknown(found.unknown, language)
            text = "\n\n".join([" ".join(filter(None, [nothing(bool(found.passages), language, asked.named), missing])), *remark])
            return Answer(text, True, nearest=self._nearest(found, ()), trace={**trace, "mode": "nothing"})
        chosen = choose(found.ranked, limit=SHOWN_SENTENCES)
        sentences = tuple(self._quoted(found, one) for one in chosen)
        missing = unknown(found.unknown, language) if sure < SURE_IN_OTHER_WORDS else ""
        line = lead(sentences, language, columns=chosen[0].candidate.column_names, is_sure=sure >= SURE and not missing)
        text = "\n\n".join([" ".join(filter(None, [missing, line])), *(sentence.text for sentence in sentences), *remark])
        return Answer(text, False, sentences, self._nearest(found, chosen), trace)

    def _quoted(self, found: Evidence, one: Ranked) -> Sentence:
        """Return the sentence, judged like anyone's."""
        citation = self._citation(found, one)
        said = Said(citation.source_id, citation.source, citation.quote, citation.start, lambda start, end: citation.locator)
        [judged] = check([Claim(citation.quote, frozenset({0}))], [said])
        return Sentence(citation.quote, judged.verdict, (citation,), judged.reason)

    def _citation(self, found: Evidence, one: Ranked) -> Citation:
        return self.evidence.cite(found.passages[one.candidate.passage], one.candidate.start, one.candidate.end)

    def _nearest(self, found: Evidence, chosen: Sequence[Ranked]) -> tuple[Citation, ...]:
        """Return the best sentence of each of the three best passages that the answer does not quote.

        Beside an answer only what has to do with the question; when there is none, whatever is nearest.
        """
        used = {one.candidate.passage for one in chosen}
        best: dict[int, Citation] = {}
        for one in found.ranked:
            if one.candidate.passage not in used and one.candidate.passage not in best and (not chosen or _has_to_do(one)):
                best[one.candidate.passage] = self._citation(found, one)
        return tuple(best[number] for number in sorted(best)[:NEAREST])


def _has_to_do(one: Ranked) -> bool:
    return one.coverage_in_context >= 0.25 or one.candidate.similarity >= 0.35
