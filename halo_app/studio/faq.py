"""Questions and answers: those that the sources ask themselves, then those that their sentences answer."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.corpus import Corpus
from halo_app.domain.inquiring import about_terms, inquiries
from halo_app.domain.laying import pair
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

QUESTIONS, LEAST = 10, 4


class Faq:
    """No question twice; each answer is the sources' own."""

    name = "faq"
    title = "FAQ"
    german = "Fragen und Antworten"
    group = Group.SHARE
    shape = Layout.PAIRS
    purpose = "The questions your sources answer, each with its answer in their own words."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the sources' own questions, then those that HALO asks of their sentences."""
        found = inquiries(corpus)
        own = [one for one in found if one.own][:corpus.wishes.count(QUESTIONS)]
        others = [one for one in found if not one.own][:max(corpus.wishes.count(QUESTIONS) - len(own), 2)]
        if len(own) + len(others) < LEAST:
            told = {said for one in (*own, *others) for said in one.answer}
            others += [one for one in about_terms(corpus, LEAST) if not told & set(one.answer)]
        for title, asked in ((corpus.our("Asked in the sources", "In den Quellen gefragt"), own),
                             (corpus.our("What the sources answer", "Was die Quellen beantworten"), others)):
            if asked:
                yield Section(title, layout=Layout.PAIRS, items=tuple(pair(one.question, one.answer) for one in asked))
        if not own and not others and corpus.said:
            yield corpus.missing(corpus.our("Questions", "Fragen"), "No sentence here answers a question by itself.",
                                 "Kein Satz beantwortet hier für sich eine Frage.", "what who when how why")


TEMPLATE = Faq()
