"""A glossary: the terms that the sources define, then those they use much and nowhere define."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import best_of, is_measure
from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.defining import Definition, definitions
from halo_app.domain.laying import pair
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

DEFINED, USED = 40, 8


class Glossary:
    """Several sources may define one term: each definition stands there."""

    name = "glossary"
    title = "Glossary"
    german = "Glossar"
    group = Group.LEARN
    shape = Layout.PAIRS
    purpose = "Every term your sources define, from A to Z, and key terms they use without defining them."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield what is defined, in alphabetical order, then what is only used."""
        found = sorted(definitions(corpus.said), key=lambda one: -one.strength)[:corpus.wishes.count(DEFINED)]
        by_term: dict[str, list[Definition]] = {}
        for one in sorted(found, key=lambda one: one.key):
            by_term.setdefault(one.key, []).append(one)
        if by_term:
            items = tuple(pair(same[0].term, [one.said for one in same]) for same in by_term.values())
            yield Section(corpus.our("Defined in the sources", "In den Quellen erklärt"), layout=Layout.PAIRS, items=items)
        if used := self._used(corpus, by_term, [one.said for one in found]):
            remark = corpus.our("No sentence says what these mean; each stands with the sentence that tells most about it.",
                                "Kein Satz sagt, was sie bedeuten; bei jedem steht der Satz, der am meisten darüber sagt.")
            yield Section(corpus.our("Used, not defined", "Gebraucht, nicht erklärt"), layout=Layout.PAIRS, items=tuple(used),
                          remark=remark)
        if not by_term and not used and corpus.said:
            yield corpus.missing(corpus.our("Terms", "Begriffe"), "These sources define no terms.",
                                 "Diese Quellen erklären keine Begriffe.",
                                 "is defined as, means")

    def _used(self, corpus: Corpus, by_term: dict[str, list[Definition]], told: list[Said]) -> list[Item]:
        items: list[Item] = []
        for term, stems in corpus.terms:
            if len(items) == corpus.wishes.count(USED):
                break
            if is_measure(term) or any(term.casefold() in known or known in term.casefold() for known in by_term):
                continue
            if best := best_of(corpus, [one for one in corpus.whole if stems <= one.words], told):
                told.append(best)
                items.append(pair(term, [best]))
        return sorted(items, key=lambda item: item.label.casefold())


TEMPLATE = Glossary()
