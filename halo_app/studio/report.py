"""A report: what matters first, then theme by theme, the figures, what the sources say differently, and what stays open."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.choosing import choose, themes
from halo_app.domain.conflicting import conflicts
from halo_app.domain.corpus import Corpus
from halo_app.domain.laying import bullets, prose, sides
from halo_app.domain.remarking import cautions, key_figures
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

BRIEF, THEMES, EACH, FIGURES, CONFLICTS = 4, 5, 4, 8, 4


class Report:
    """No sentence stands twice: what opens the report is not told again in its themes."""

    name = "report"
    title = "Report"
    german = "Bericht"
    group = Group.READ
    shape = Layout.PROSE
    purpose = "What matters in brief, then theme by theme, with figures, contradictions and limits."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the parts that the sources have something for."""
        wishes = corpus.wishes
        told = choose(corpus, corpus.whole, wishes.count(BRIEF))
        if not told:
            if corpus.said:
                yield bullets(corpus.our("In brief", "Das Wichtigste"), corpus.said[:wishes.count(BRIEF)])
            return
        yield prose(corpus.our("In brief", "Das Wichtigste"), told)
        for theme in themes(corpus, wishes.count(THEMES, least=2)):
            if own := choose(corpus, theme.said, wishes.count(EACH), told=told):
                told += own
                yield prose(theme.title, own)
        if figures := key_figures(corpus, wishes.count(FIGURES), told):
            told += figures
            yield bullets(corpus.our("Figures", "Zahlen"), figures)
        if found := conflicts(corpus)[:wishes.count(CONFLICTS)]:
            yield sides(corpus, corpus.our("What the sources say differently", "Worin sich die Quellen unterscheiden"), found)
        if limits := cautions(corpus, wishes.count(EACH), told):
            yield bullets(corpus.our("Limits and open points", "Grenzen und offene Punkte"), limits)


TEMPLATE = Report()
