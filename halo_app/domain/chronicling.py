"""Find what happened when: statements with a day, month or year, the days written one way and put in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.quantities import Day, Quantity

SHOWN = 8
_MONTHS = {"en": "January February March April May June July August September October November December".split(),
           "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()}
_YEAR_BEFORE = re.compile(r"(?:\b(?:in|since|by|from|until|till|to|before|after|during|around|about|of|early|late|mid|between|and|"
                          r"year|summer|winter|"
                          r"spring|autumn|fall|seit|bis|vor|nach|ab|um|von|jahre?|ende|anfang|mitte|sommer|winter|frühjahr|herbst|und)"
                          r"|(?<!\d)[(–-])\s*$", re.IGNORECASE)
_CITED = re.compile(r"\([^()]*[^\W\d_][^()]*\b(?:19|20)\d\d[a-z]?\b[^()]*\)|\[[^\[\]]*\]"
                    r"|(?<=[A-Z][a-z])[\w'’-]*(?: et al\.?,?)? \((?:19|20)\d\d[a-z]?\)")


@dataclass(frozen=True)
class Event:
    """A statement with its first date; `day` is (year, month, day), 0 where it is not said."""

    day: tuple[int, int, int]
    written: str                   # the date as it stands in the statement
    said: Said
    is_ambiguous: bool = False     # day and month could be swapped

    def label(self, language: str) -> str:
        """Return the date in one way of writing: `4 March 1871`, `4. März 1871`, `March 1871`, `1871`."""
        year, month, day = self.day
        name = _MONTHS[language][month - 1] if month else ""
        first = f"{day}. " if day and language == "de" else f"{day} " if day else ""
        return f"{first}{name} {year}".strip()


def events(said: Iterable[Said]) -> list[Event]:
    """Return the statements with a date that has a year, earliest first; one that names several stands under its first.

    A year alone counts after a word of time ("in 1931"), not in a reference such as (Smith, 2019). Nothing is guessed.
    """
    found = [event for one in said if (event := _event(one))]
    order = {id(event): place for place, event in enumerate(found)}
    return sorted(found, key=lambda event: (event.day, order[id(event)]))


def dated_section(corpus: Corpus) -> Section | None:
    """Return the most telling dates of the sources as a section, None when there are none."""
    found = distinct(events(corpus.said))[:corpus.wishes.count(SHOWN)]
    return Section(corpus.our("Dates", "Daten"), layout=Layout.TIMELINE, items=items(found, corpus)) if found else None


def distinct(found: Iterable[Event]) -> list[Event]:
    """Return the events without those that say the same of the same date as an earlier one."""
    kept: list[Event] = []
    for event in found:
        if not any(event.day == other.day and len(event.said.words & other.said.words) > 0.6 * len(event.said.words | other.said.words)
                   for other in kept):
            kept.append(event)
    return kept


def items(found: Iterable[Event], corpus: Corpus) -> tuple[Item, ...]:
    """Return an entry per event, labelled with its date."""
    swapped = corpus.our("day and month could be swapped", "Tag und Monat könnten vertauscht sein")
    return tuple(Item(event.written if event.is_ambiguous else event.label(corpus.language), (event.said.sentence(),),
                      swapped if event.is_ambiguous else "") for event in found)


def _event(said: Said) -> Event | None:
    references = [found.span() for found in _CITED.finditer(said.text)]
    for figure in said.figures:
        if any(start <= figure.start < end for start, end in references):
            continue
        if figure.days and figure.days[0][0] is not None:
            return Event(_whole(figure.days[0]), figure.text, said, len(figure.days) > 1)
        if figure.is_year and _is_of_time(said.text, figure):
            return Event((int(figure.values[0]), 0, 0), figure.text, said)
    return None


def _whole(day: Day) -> tuple[int, int, int]:
    year, month, of_month = day
    return year or 0, month or 0, of_month or 0


def _is_of_time(text: str, figure: Quantity) -> bool:
    year = int(figure.values[0])
    after = text[figure.end:figure.end + 1]
    return 1400 <= year <= 2100 and bool(_YEAR_BEFORE.search(text[:figure.start])) and not (after and after in "%°€$£")
