"""Let a language model write the answer from the evidence, and judge every sentence of it before it counts."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from halo_app.domain.conversation import Answer, Citation, Sentence, Verdict
from halo_app.domain.events import Delta, Step
from halo_app.domain.ledger import Sending, SentSpan
from halo_app.domain.prompting import NOT_HELD, Written, as_text, read_answer, says_not_held, spoken
from halo_app.domain.verifying import Claim, Evidence, check
from halo_app.errors import EmbedderUnavailable, ModelUnavailable
from halo_app.plugins import Prompt, Provider
from halo_app.ports import Clock, Embedder, Ledger, Vectors
from halo_app.services.answering import NEAREST, Asked, ExtractiveAnswers
from halo_app.services.context import Context, ContextService

TOO_SMALL = "no passage fits what the model may be given: raise MAX_CONTEXT_TOKENS"
NOT_SAID = "The model found no answer to this in the selected sources. The nearest passages are shown below."


@dataclass(frozen=True)
class WrittenAnswers:
    """Answers in a model's words. When the model fails, its failure is told and the extractive answer is given."""

    extractive: ExtractiveAnswers
    context: ContextService
    provider: Provider
    ledger: Ledger
    embedder: Embedder
    clock: Clock

    def answer(self, asked: Asked) -> Iterator[Step | Delta | Answer]:
        """Yield the words as the model writes them, then the judged answer; closing stops the model.

        Without any evidence the model is not asked. What goes to a model outside this machine is noted before it is
        sent, so that nothing leaves unnoted. Raises StoreUnavailable when it cannot be noted.
        """
        yield Step("Searching the sources")
        found = self.extractive.gather(asked)
        offered = self.extractive.conclude(asked, found)
        if not found.passages:
            yield Delta(offered.text)
            yield offered
            return
        context = self.context.build(asked, found.passages)
        if not context.passages:
            yield self._failed(offered, context, TOO_SMALL)
            return
        self._note(asked, context)
        words: list[str] = []
        try:
            with closing(self._write(context.prompt, words)) as writing:
                yield from writing
            yield Step("Checking every sentence")
            yield self._judged(asked, "".join(words), context, offered)
        except ModelUnavailable as error:
            yield self._failed(offered, context, f"{error.message}: {error.fix}" if error.fix else error.message)

    def _write(self, prompt: Prompt, words: list[str]) -> Generator[Step | Delta]:
        """Yield the words as they come and keep them; a step while there are none, so that the reader can stop."""
        waiting = Step(f"{self.provider.name} is reading the passages")
        yield waiting
        shown = False
        with closing(reading(self.provider.stream(prompt))) as stream:
            for piece in spoken(stream):
                words.append(piece)
                text = piece if shown else "".join(words)
                if not shown and (not piece or NOT_HELD.startswith(text.strip().upper())):      # said in our own words
                    yield waiting
                    continue
                yield Delta(text)
                shown = True

    def _judged(self, asked: Asked, text: str, context: Context, offered: Answer) -> Answer:
        written = read_answer(text, len(context.passages))
        if not written:
            raise ModelUnavailable(f"the model {self.provider.name} gave an empty answer", fix="ask again, or use another model")
        trace = {**offered.trace, **context.trace, "mode": "model", "model": self.provider.name, "local": self.provider.is_local}
        if says_not_held(written):
            return Answer(NOT_SAID, True, nearest=_nearest(offered), trace=trace)
        judged = self._verdicts(written, context.passages)
        return Answer(as_text(written), False, _best_first(judged), _others(offered, judged), trace)

    def _verdicts(self, written: Sequence[Written], passages: Sequence[Evidence]) -> tuple[Sentence, ...]:
        claims = [Claim(one.text, frozenset(number - 1 for number in one.cites) or None) for one in written]
        try:
            sentences = check(claims, passages, similarity=Likeness(self.embedder))
        except EmbedderUnavailable:
            sentences = check(claims, passages)
        return tuple(_marked(one, sentence) for one, sentence in zip(written, sentences, strict=True))

    def _failed(self, offered: Answer, context: Context, why: str) -> Answer:
        words = f"{why[:1].upper()}{why[1:]}."
        if not offered.abstained:
            words += " These sentences of your sources answer instead."
        trace = {**offered.trace, "model": self.provider.name, "dropped": context.trace["dropped"]}
        return replace(offered, failure=words, trace=trace)

    def _note(self, asked: Asked, context: Context) -> None:
        if self.provider.is_local:
            return
        spans = tuple(SentSpan(one.source_id, one.start, one.start + len(one.text)) for one in context.passages)
        self.ledger.note(Sending(self.clock(), asked.scope.user_id, self.provider.place, self.provider.name, asked.session_id, spans,
                                 int(context.trace["turns"]) + int(context.trace.get("pinned", 0))))


class Likeness:
    """Cosines of a sentence to others, each text embedded once."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def __call__(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return one cosine per other text. Raises EmbedderUnavailable."""
        missing = [one for one in dict.fromkeys([text, *others]) if one not in self._known]
        if missing:
            self._known.update(zip(missing, self._embedder.embed(missing), strict=True))
        mine = self._known[text]
        return [float(mine @ self._known[other]) for other in others]


def _marked(written: Written, sentence: Sentence) -> Sentence:
    """Lower a sentence whose only markers name passages that were never given."""
    if not written.wrong or written.cites or sentence.verdict is not Verdict.VERIFIED:
        return sentence
    return replace(sentence, verdict=Verdict.PARTIAL,
                   reason=f"it names passage {written.wrong[0]}, which was not given; another one says this")


def _best_first(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
    """Put the first verified sentence first when the model's own first one is not."""
    best = min(range(len(sentences)), key=lambda place: (sentences[place].verdict is not Verdict.VERIFIED, place))
    return (sentences[best], *sentences[:best], *sentences[best + 1:])


def _nearest(offered: Answer) -> tuple[Citation, ...]:
    """Return the three passages closest to the question, as the extractive answer found them."""
    quoted = [citation for sentence in offered.sentences for citation in sentence.citations]
    return tuple([*quoted, *offered.nearest][:NEAREST])


def _others(offered: Answer, judged: Sequence[Sentence]) -> tuple[Citation, ...]:
    """Return what else is close and not cited."""
    cited = {(citation.source_id, citation.start) for sentence in judged for citation in sentence.citations}
    return tuple(citation for citation in _nearest(offered) if (citation.source_id, citation.start) not in cited)


def reading(stream: Iterator[str]) -> Generator[str]:
    """Give any iterator a `close` that reaches it."""
    yield from stream
