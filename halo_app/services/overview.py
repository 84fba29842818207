"""Answer a question about the sources as a whole from the guide of each source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Answer, Sentence
from halo_app.domain.events import Delta, Step
from halo_app.domain.phrases import language_of, say
from halo_app.domain.questions import about_the_whole, particulars, words_of
from halo_app.domain.source import Source
from halo_app.ports import Records
from halo_app.services.answering import Asked
from halo_app.services.guides import GuideService

SHOWN_SOURCES = 8


@dataclass(frozen=True)
class OverviewAnswers:
    """Tells what the selected sources, or the one that is named, are about."""

    sources: Records[Source]
    guides: GuideService

    def takes(self, asked: Asked) -> bool:
        """True when the question is about the sources as a whole, or about one of them by its name."""
        if about_the_whole(asked.resolved):
            return True
        return about_the_whole(asked.resolved, besides=frozenset(chain.from_iterable(
            words_of(source.name) | words_of(source.title) for source in self.inside(asked.scope)))) and len(self._meant(asked)) == 1

    def answer(self, asked: Asked) -> Iterator[Step | Delta | Answer]:
        """Yield a step per source, then the answer: a few sentences of each source, newest source first."""
        meant = self._meant(asked)
        told: list[Told] = []
        each = 5 if len(meant) == 1 else 2 if len(meant) <= 4 else 1
        for source in meant[:SHOWN_SOURCES]:
            yield Step(f"Reading {source.name}")
            guide = self.guides.guide(source)
            if guide.summary:
                told.append(Told(source.name, guide.summary[:each], guide.tables))
        answer = _told(told, len(meant), language_of(asked.question))
        yield Delta(answer.text)
        yield answer

    def inside(self, scope: Scope) -> list[Source]:
        """Return the sources of the scope."""
        return [source for source in self.sources.all(scope.user_id)
                if scope.notebook_id in (None, source.notebook_id) and (scope.source_ids is None or source.id in scope.source_ids)]

    def _meant(self, asked: Asked) -> list[Source]:
        """Return the sources whose name holds every particular word of the question; all of them when it has none."""
        named = particulars(asked.resolved)
        return [source for source in self.inside(asked.scope) if named <= words_of(source.name) | words_of(source.title)]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one source: some of its sentences, and what its tables hold when it is mostly tables."""

    name: str
    summary: tuple[Sentence, ...]
    tables: str = ""

    @property
    def text(self) -> str:
        return ("\n" if self.tables else " ").join(sentence.text for sentence in self.summary)


def _told(told: list[Told], meant: int, language: str) -> Answer:
    trace = {"mode": "guide", "sources": len(told), "passages": sum(len(one.summary) for one in told)}
    if not told:
        text = say("no text" if meant else "no source", language)
        return Answer(text, True, trace={**trace, "mode": "nothing"})
    left = meant - len(told)        # beyond the first ones, or without any text
    if meant == 1:
        parts = [f"{told[0].name}: {told[0].tables}" if told[0].tables else say("own words", language, told[0].name), told[0].text]
    else:
        parts = [say("some words", language, len(told), meant) if left else say("all words", language, len(told))]
        for one in told:
            parts += [f"{one.name}: {one.tables}" if one.tables else one.name, one.text]
    return Answer("\n\n".join(parts), False, tuple(chain.from_iterable(one.summary for one in told)), trace=trace)
