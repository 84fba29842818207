"""A quiz: sentences with a gap, and what may fill it, all of it from the sources."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import choose
from halo_app.domain.clozing import Gap, choices, gaps
from halo_app.domain.corpus import Corpus
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

QUESTIONS = 10


class Quiz:
    """The wrong answers are of the same kind as the right one, and stand elsewhere in the sources."""

    name = "quiz"
    title = "Quiz"
    german = "Quiz"
    group = Group.LEARN
    shape = Layout.QUIZ
    purpose = "Fill the gap: figures, dates, names and terms, with wrong answers from the same sources."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the questions, in the order of the sources; when too little can be asked for, say so."""
        found = {one: gaps(corpus, one) for one in corpus.whole}
        everything = [gap for own in found.values() for gap in own]
        askable: dict[object, tuple[Gap, list[Gap]]] = {}
        for one, own in found.items():
            for gap in own:
                if offered := choices(gap, everything):
                    askable[one] = (gap, offered)
                    break
        items = []
        for one in choose(corpus, [one for one in found if one in askable], corpus.wishes.count(QUESTIONS)):
            gap, offered = askable[one]
            items.append(Item(sentences=(one.sentence(),), gap=(gap.start, gap.end),
                              choices=tuple(other.sentence() for other in offered)))
        if items:
            yield Section(corpus.our("Fill the gap", "Fülle die Lücke"), layout=Layout.QUIZ, items=tuple(items))
        elif corpus.said:
            yield corpus.missing(corpus.our("Fill the gap", "Fülle die Lücke"), "Too few figures, dates, names or terms to ask for.",
                                 "Zu wenige Zahlen, Daten, Namen oder Begriffe, um danach zu fragen.", "important facts")


TEMPLATE = Quiz()
