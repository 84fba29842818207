"""Let a language model reword a section from its own quotes; only sentences that the quotes carry stay."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from halo_app.domain.artifact import Section
from halo_app.domain.budgeting import Count
from halo_app.domain.conversation import Sentence, Verdict
from halo_app.domain.corpus import Corpus
from halo_app.domain.ledger import Sending, SentSpan
from halo_app.domain.prompting import Excerpt, count_tokens, fit, read_answer, says_not_held, spoken
from halo_app.domain.verifying import Claim, Evidence, check
from halo_app.domain.wishes import Wishes
from halo_app.errors import EmbedderUnavailable
from halo_app.plugins import Prompt, Provider
from halo_app.ports import Clock, Embedder, Ledger
from halo_app.services.writing import Likeness, reading

_TONES = {"neutral": ("", ""), "formal": (" Write formally.", " Schreibe förmlich."),
          "plain": (" Write in plain words.", " Schreibe in einfachen Worten.")}


@dataclass(frozen=True)
class Reworder:
    """Words of a model for quotes of the sources. What goes to a model outside this machine is noted before it is sent."""

    provider: Provider
    ledger: Ledger
    embedder: Embedder
    clock: Clock
    user_id: str
    max_context_tokens: int
    max_tokens: int
    count: Count = count_tokens

    @property
    def name(self) -> str:
        """The model's name."""
        return self.provider.name

    def reword(self, section: Section, corpus: Corpus) -> Section:
        """Return the section with sentences of the model's that its quotes say; a quote that none of them rests on stays as it is.

        In another language than the sources a sentence may be carried in part, and says so. Raises ModelUnavailable.
        """
        passages = [Evidence(one.source_id, one.source, one.quote, one.start, lambda start, end,
                             place=one.locator: place)  # type: ignore[misc]
                    for sentence in section.sentences for one in sentence.citations[:1]]
        fitted = fit(_task(section, corpus), [Excerpt(one.source, "", one.text) for one in passages], budget=self.max_context_tokens,
                     count=self.count)
        given = [passages[place] for place in fitted.given]
        if not given:
            return section
        self._note(given)
        text = self._answer(Prompt(fitted.system, fitted.turns, self.max_tokens))
        written = read_answer(text, len(given))
        if not written or says_not_held(written):
            return section
        judged = self._judged([Claim(one.text, frozenset(number - 1 for number in one.cites) or None) for one in written], given)
        foreign = bool(corpus.wishes.language) and any(text.speech != corpus.wishes.language for text in corpus.texts)
        good = {Verdict.VERIFIED, Verdict.PARTIAL} if foreign else {Verdict.VERIFIED}
        return replace(section, sentences=_woven(section.sentences, [one for one in judged if one.verdict in good and one.citations]))

    def _answer(self, prompt: Prompt) -> str:
        with closing(reading(self.provider.stream(prompt))) as stream:
            return "".join(spoken(stream))

    def _judged(self, claims: Sequence[Claim], given: Sequence[Evidence]) -> tuple[Sentence, ...]:
        try:
            return check(claims, given, similarity=Likeness(self.embedder))
        except EmbedderUnavailable:
            return check(claims, given)

    def _note(self, given: Sequence[Evidence]) -> None:
        if not self.provider.is_local:
            spans = tuple(SentSpan(one.source_id, one.start, one.start + len(one.text)) for one in given)
            self.ledger.note(Sending(self.clock(), self.user_id, self.provider.place, self.provider.name, "", spans))


def _woven(quotes: Sequence[Sentence], worded: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the worded sentences, and the quotes that none of them rests on, each where it stood."""
    places = {(one.source_id, one.start): at for at, quote in enumerate(quotes) for one in quote.citations}

    def rests(sentence: Sentence) -> list[int]:
        return [at for one in sentence.citations for (source, start), at in places.items()
                if source == one.source_id and start <= one.start < start + max(len(quotes[at].text), 1)]

    used = {at for sentence in worded for at in rests(sentence)}
    placed = [(min(rests(sentence), default=len(quotes)), 0, sentence) for sentence in worded]
    placed += [(at, 1, quote) for at, quote in enumerate(quotes) if at not in used]
    return tuple(sentence for _, _, sentence in sorted(placed, key=lambda one: one[:2]))


def _task(section: Section, corpus: Corpus) -> str:
    wishes: Wishes = corpus.wishes
    english, german = _TONES[wishes.tone]
    count = len(section.sentences)
    return corpus.our(f"Write the part “{section.title}” of a text, in at most {count} sentences.{english}",
                      f"Schreibe den Teil „{section.title}“ eines Textes, in höchstens {count} Sätzen.{german}")
