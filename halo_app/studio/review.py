"""A literature review: what each study asks, does, finds and leaves open; then where they meet and where they differ."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import best_of, choose, themes
from halo_app.domain.conflicting import conflicts
from halo_app.domain.conversation import Sentence
from halo_app.domain.corpus import Corpus, Said, Text
from halo_app.domain.laying import bullets, prose, sides
from halo_app.domain.remarking import ROLES, cautions
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

THEMES, EACH, CONFLICTS, GAPS = 4, 4, 5, 5


class Review:
    """A cell is a sentence that does what its column says; where none does, it stays empty."""

    name = "review"
    title = "Literature review"
    german = "Literaturübersicht"
    group = Group.READ
    shape = Layout.TABLE
    purpose = "Aim, method, findings and limits of each study, where they meet, and what is open."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the studies beside each other, the themes of several, contradictions, and what stays open."""
        told: list[Said] = []
        rows = [Item(text.name, cells=cells) for text in corpus.texts if any(cells := self._row(corpus, text, told))]
        if not rows:
            if corpus.said:
                yield corpus.missing(corpus.our("The studies", "Die Arbeiten"),
                                     "No sentence here states an aim, a method, a finding or a limit.",
                                     "Kein Satz nennt hier Ziel, Methode, Befund oder Grenze.",
                                     "study method results show limitations")
            return
        columns = (corpus.our("Aim", "Ziel"), corpus.our("Method", "Methode"), corpus.our("Finding", "Befund"),
                   corpus.our("Limit", "Grenze"))
        yield Section(corpus.our("The studies", "Die Arbeiten"), layout=Layout.TABLE, items=tuple(rows), columns=columns)
        for theme in [theme for theme in themes(corpus, 2 * corpus.wishes.count(THEMES), least=2) if theme.sources > 1][:THEMES]:
            own = choose(corpus, theme.said, corpus.wishes.count(EACH), told=told)
            if len({one.of.source_id for one in own}) > 1:
                told += own
                yield prose(corpus.our(f"Where they meet: {theme.title}", f"Was sie verbindet: {theme.title}"), own)
        if found := conflicts(corpus)[:corpus.wishes.count(CONFLICTS)]:
            yield sides(corpus, corpus.our("Where they differ", "Worin sie sich unterscheiden"), found)
        if left := cautions(corpus, corpus.wishes.count(GAPS), told):
            yield bullets(corpus.our("Open questions", "Offene Fragen"), left)

    def _row(self, corpus: Corpus, text: Text, told: list[Said]) -> tuple[tuple[Sentence, ...], ...]:
        own = [one for one in corpus.whole if one.of is text]
        cells: list[tuple[Sentence, ...]] = []
        for fits in ROLES.values():
            best = best_of(corpus, [one for one in own if fits(one)], told)
            told += [best] if best else []
            cells.append((best.sentence(),) if best else ())
        return tuple(cells)


TEMPLATE = Review()
