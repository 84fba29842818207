"""A guide for learning a subject: chapter by chapter what to know, the terms, the dates, and questions to test oneself."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain import chronicling
from halo_app.domain.artifact import Layout, Section
from halo_app.domain.choosing import choose, themes
from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.defining import definitions
from halo_app.domain.inquiring import about_terms, inquiries
from halo_app.domain.laying import bullets, pair
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

CHAPTERS, EACH, TERMS, QUESTIONS, DATES = 5, 4, 10, 8, 6


class StudyGuide:
    """What stands under a chapter is not asked in the same words again."""

    name = "study-guide"
    title = "Study guide"
    german = "Lernleitfaden"
    group = Group.LEARN
    shape = Layout.LIST
    purpose = "Key points by chapter, terms with their meaning, dates, and questions to test yourself."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the parts that the sources have something for."""
        count = corpus.wishes.count
        told: list[Said] = []
        for theme in themes(corpus, count(CHAPTERS, least=2)):
            if own := choose(corpus, theme.said, count(EACH), told=told):
                told += own
                yield bullets(theme.title, own)
        if not told and corpus.said:
            told = choose(corpus, corpus.said, count(EACH))
            yield bullets(corpus.our("What to know", "Was man wissen sollte"), told)
        if terms := sorted(definitions(corpus.said), key=lambda one: -one.strength)[:count(TERMS)]:
            items = tuple(pair(one.term, [one.said]) for one in sorted(terms, key=lambda one: one.key))
            yield Section(corpus.our("Terms", "Begriffe"), layout=Layout.PAIRS, items=items)
        if dates := chronicling.distinct(chronicling.events(corpus.said))[:count(DATES)]:
            yield Section(corpus.our("Dates", "Daten"), layout=Layout.TIMELINE, items=chronicling.items(dates, corpus))
        asked = inquiries(corpus)[:count(QUESTIONS)]
        asked += about_terms(corpus, max(0, count(QUESTIONS) // 2 - len(asked)))
        if asked:
            items = tuple(pair(one.question, one.answer) for one in asked)
            yield Section(corpus.our("Test yourself", "Fragen zur Übung"), layout=Layout.CARDS, items=items)


TEMPLATE = StudyGuide()
