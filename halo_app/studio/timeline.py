"""A timeline: every statement with a date that has a year, in order, the dates written one way."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain import chronicling
from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import choose
from halo_app.domain.chronicling import Event
from halo_app.domain.corpus import Corpus
from halo_app.domain.gridding import grids
from halo_app.domain.quantities import quantities
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

EVENTS, ROWS, UNDATED = 40, 60, 6


class Timeline:
    """What has a date without a year stands apart: no year is guessed."""

    name = "timeline"
    title = "Timeline"
    german = "Zeitleiste"
    group = Group.FIND
    shape = Layout.TIMELINE
    purpose = "Everything your sources date, in order of time, with the sentence that says it."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the dated statements, the dated rows of tables, and what is dated without a year."""
        found = _most_telling(corpus, chronicling.distinct(chronicling.events(corpus.said)), corpus.wishes.count(EVENTS))
        if found:
            yield Section(corpus.our("In order of time", "Nach der Zeit geordnet"), layout=Layout.TIMELINE,
                          items=chronicling.items(found, corpus))
        rows = _rows(corpus)[:corpus.wishes.count(ROWS)]
        if rows:
            yield Section(corpus.our("From tables", "Aus Tabellen"), layout=Layout.TIMELINE, items=tuple(item for _, item in rows))
        told = {event.said for event in found}
        loose = [one for one in corpus.whole if one not in told
                 and any(figure.days and figure.days[0][0] is None for figure in one.figures)]
        if loose:
            items = tuple(Item(next(figure.text for figure in one.figures if figure.days), (one.sentence(),))
                          for one in choose(corpus, loose, corpus.wishes.count(UNDATED)))
            yield Section(corpus.our("Without a year", "Ohne Jahr"), layout=Layout.TIMELINE, items=items)
        if not found and not rows and not loose and corpus.said:
            yield corpus.missing(corpus.our("In order of time", "Nach der Zeit geordnet"), "These sources name no dates.",
                                 "Diese Quellen nennen keine Daten.", "date, year, month, when it happened")


def _most_telling(corpus: Corpus, found: list[Event], count: int) -> list[Event]:
    """Return so many of the events in order of time; with too many, those that carry the sources best."""
    if len(found) <= count:
        return found
    kept = set(choose(corpus, [event.said for event in found], count))
    return [event for event in found if event.said in kept]


def _rows(corpus: Corpus) -> list[tuple[tuple[int, int, int], Item]]:
    """Return the rows of tables with a date, earliest first: the whole row is quoted."""
    found = []
    for text in corpus.texts if not corpus.wishes.focus else ():
        for grid in grids(text):
            for row in grid.rows:
                dated = [(day, cell) for cell in row for figure in quantities(cell.text, text.speech) for day in figure.days[:1]
                         if day[0] is not None and len(figure.text) >= len(cell.text) - 1]
                if dated:
                    (year, month, of_month), cell = dated[0]
                    event = (year or 0, month or 0, of_month or 0)
                    found.append((event, Item(cell.text, (text.quote(row[0].start, row[-1].end),))))
    return sorted(found, key=lambda pair: pair[0])


TEMPLATE = Timeline()
