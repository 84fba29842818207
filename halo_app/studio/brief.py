"""A brief for somebody with two minutes: the point, the findings, the figures, the risks, what to do."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.choosing import choose
from halo_app.domain.corpus import Corpus
from halo_app.domain.laying import bullets, prose
from halo_app.domain.remarking import advice, cautions, key_figures
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

POINT, FINDINGS, FIGURES, RISKS, STEPS = 2, 5, 4, 3, 3


class Brief:
    """At most a page; no sentence twice."""

    name = "brief"
    title = "Executive brief"
    german = "Kurzbericht"
    group = Group.READ
    shape = Layout.LIST
    purpose = "One page for a decision: the point, findings, figures, risks and next steps."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the parts that the sources have something for."""
        count = corpus.wishes.count
        told = choose(corpus, corpus.whole, count(POINT))
        if not told:
            if corpus.said:
                yield bullets(corpus.our("The point", "Worum es geht"), corpus.said[:FINDINGS])
            return
        yield prose(corpus.our("The point", "Worum es geht"), told)
        figures = key_figures(corpus, count(FIGURES), told)
        risks = cautions(corpus, count(RISKS), [*told, *figures])
        steps = advice(corpus, count(STEPS), [*told, *figures, *risks])
        findings = choose(corpus, corpus.whole, count(FINDINGS), told=[*told, *figures, *risks, *steps])
        named = ((corpus.our("Key findings", "Kernaussagen"), findings),
                 (corpus.our("Figures that matter", "Wichtige Zahlen"), figures),
                 (corpus.our("Risks and limits", "Risiken und Grenzen"), risks), (corpus.our("What to do", "Was zu tun ist"), steps))
        for title, said in named:
            if said:
                yield bullets(title, said)


TEMPLATE = Brief()
