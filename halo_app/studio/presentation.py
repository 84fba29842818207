"""A presentation of at most twelve slides: short points to show, and the sentences to speak beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import choose, themes
from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.laying import cited
from halo_app.domain.remarking import cautions, key_figures
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

MOST_SLIDES, THEMES, POINTS, POINT_CHARS = 12, 6, 4, 190


class Presentation:
    """A slide has at most four points; what is too long to be read on a slide goes to the notes."""

    name = "presentation"
    title = "Presentation"
    german = "Präsentation"
    group = Group.SHARE
    shape = Layout.SLIDE
    purpose = "Up to twelve slides with short points, and notes to speak from."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield a slide for what matters, one per theme, the figures and the limits."""
        opening = choose(corpus, _short(corpus.whole), 3) or choose(corpus, corpus.whole, 2) or list(corpus.said[:3])
        if not opening:
            return
        told = [*opening]
        slides = [self._slide(corpus, corpus.our("In brief", "Das Wichtigste"), opening, told)]
        for theme in themes(corpus, corpus.wishes.count(THEMES, least=2, most=MOST_SLIDES - 3)):
            points = choose(corpus, _short(theme.said), POINTS, told=told) or choose(corpus, theme.said, 1, told=told)
            if points:
                told += points
                slides.append(self._slide(corpus, theme.title, points, told, theme.said))
        if figures := key_figures(corpus, POINTS, told):
            told += figures
            slides.append(self._slide(corpus, corpus.our("Figures", "Zahlen"), figures, told))
        if limits := cautions(corpus, 3, told):
            told += limits
            slides.append(self._slide(corpus, corpus.our("Limits and open points", "Grenzen und offene Punkte"), limits, told))
        yield from slides[:MOST_SLIDES]

    def _slide(self, corpus: Corpus, title: str, points: Sequence[Said], told: list[Said], more: Sequence[Said] = ()) -> Section:
        notes = choose(corpus, more, 2, told=told)
        told += notes
        items = [Item(sentences=cited(points))]
        if notes:
            items.append(Item(corpus.our("Notes", "Notizen"), cited(notes)))
        return Section(title, layout=Layout.SLIDE, items=tuple(items))


def _short(said: Sequence[Said]) -> list[Said]:
    return [one for one in said if len(one.text) <= POINT_CHARS]


TEMPLATE = Presentation()
