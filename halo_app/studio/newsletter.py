"""A newsletter: one lead, a few short stories, a figure to remember and dates to know."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.choosing import choose, themes
from halo_app.domain.chronicling import dated_section
from halo_app.domain.corpus import Corpus
from halo_app.domain.laying import bullets, prose
from halo_app.domain.remarking import advice, key_figures
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

LEAD, STORIES, EACH = 2, 4, 3


class Newsletter:
    """Each story has a heading and up to three sentences; none is told twice."""

    name = "newsletter"
    title = "Newsletter"
    german = "Rundbrief"
    group = Group.SHARE
    shape = Layout.PROSE
    purpose = "A lead, short stories with headings, figures, dates and what to do next."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the parts that the sources have something for."""
        count = corpus.wishes.count
        told = choose(corpus, corpus.whole, LEAD) or list(corpus.said[:LEAD])
        if not told:
            return
        yield prose(corpus.our("First of all", "Zuerst"), told)
        for theme in themes(corpus, count(STORIES, least=2)):
            if own := choose(corpus, theme.said, EACH, told=told):
                told += own
                yield prose(theme.title, own)
        if figures := key_figures(corpus, 3, told):
            told += figures
            yield bullets(corpus.our("By the numbers", "In Zahlen"), figures)
        if not corpus.wishes.dates and (dates := dated_section(corpus)):
            yield dates
        if steps := advice(corpus, 3, told):
            yield bullets(corpus.our("What to do", "Was zu tun ist"), steps)


TEMPLATE = Newsletter()
