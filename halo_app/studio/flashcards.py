"""Flashcards: a term and its meaning, a question and its answer, a gap and what fills it."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import choose
from halo_app.domain.clozing import gaps
from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.defining import definitions
from halo_app.domain.inquiring import inquiries
from halo_app.domain.laying import pair
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

TERMS, QUESTIONS, GAPS = 10, 8, 10


class Flashcards:
    """No sentence is the back of two cards."""

    name = "flashcards"
    title = "Flashcards"
    german = "Lernkarten"
    group = Group.LEARN
    shape = Layout.CARDS
    purpose = "Cards to turn: terms, questions and gaps, each with its proof on the back."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the cards by kind; when nothing can be asked for, say so."""
        count, told = corpus.wishes.count, set[Said]()
        terms = sorted(definitions(corpus.said), key=lambda one: -one.strength)[:count(TERMS)]
        told.update(one.said for one in terms)
        asked = [one for one in inquiries(corpus) if not told & set(one.answer)][:count(QUESTIONS)]
        told.update(said for one in asked for said in one.answer)
        left = {one: found for one in corpus.whole if one not in told and (found := gaps(corpus, one))}
        cloze = [Item(sentences=(one.sentence(),), gap=(left[one][0].start, left[one][0].end))
                 for one in choose(corpus, list(left), count(GAPS), told=sorted(told, key=lambda one: one.start))]
        parts = ((corpus.our("Terms", "Begriffe"), [pair(one.term, [one.said]) for one in terms]),
                 (corpus.our("Questions", "Fragen"), [pair(one.question, one.answer) for one in asked]),
                 (corpus.our("Gaps", "Lücken"), cloze))
        for title, items in parts:
            if items:
                yield Section(title, layout=Layout.CARDS, items=tuple(items))
        if not any(items for _, items in parts) and corpus.said:
            yield corpus.missing(corpus.our("Cards", "Karten"), "Nothing here can be asked for.", "Hier lässt sich nichts abfragen.",
                                 "important facts")


TEMPLATE = Flashcards()
