"""Say where in a document a span of its text stands: true, or absent."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Place(StrEnum):
    """What kind of place a locator names; `value` is written as shown."""

    PAGE = "page"          # "14"
    SLIDE = "slide"        # "3"
    CELLS = "cells"        # "Year!B7" or "Year!A1:C9"
    HEADING = "heading"    # "Design › Scope"
    CHAPTER = "chapter"    # "Loomings"
    PART = "part"          # "body", "attachment plan.txt", "header", "comment by Ana"
    TIME = "time"          # "00:01:05"
    LINE = "line"          # "12"
    PARAGRAPH = "paragraph"  # "7"; counts the blocks of a text that has no headings, a table as one
    PROPERTY = "property"  # "Title", "EXIF Artist"
    IMAGE = "image"        # "text in picture", "text in picture 2"
    PATH = "path"          # "users[2].name", "cell 3"; unlike a part it is often shorter than a sentence


HARD = frozenset({Place.PAGE, Place.SLIDE, Place.CHAPTER, Place.PART, Place.PROPERTY, Place.IMAGE})

_CELL = re.compile(r"([A-Z]+)([0-9]+)")
_SHOWN = {
    Place.PAGE: ("p. {}", "pp. {}–{}"),
    Place.SLIDE: ("slide {}", "slides {}–{}"),
    Place.LINE: ("line {}", "lines {}–{}"),
    Place.PARAGRAPH: ("paragraph {}", "paragraphs {}–{}"),
    Place.HEADING: ("“{}”", "“{}” – “{}”"),
    Place.CHAPTER: ("ch. “{}”", "ch. “{}” – “{}”"),
    Place.PROPERTY: ("property {}", "properties {}–{}"),
}


@dataclass(frozen=True, slots=True)
class Locator:
    """One true place, e.g. `Locator(Place.PAGE, "14")`, shown as `p. 14`.

    `detail` narrows it (`notes`, `comment by Ana`); `last` is the other end when a span covers several places.
    """

    kind: Place
    value: str
    detail: str = ""
    last: str = ""

    @property
    def label(self) -> str:
        """The place as people read it: `p. 14`, `pp. 3–4`, `slide 3, notes`, `Year!B7`, `“Design › Scope”`."""
        one, many = _SHOWN.get(self.kind, ("{}", "{}–{}"))
        place = many.format(self.value, self.last) if self.last else one.format(self.value)
        return f"{place}, {self.detail}" if self.detail else place


@dataclass(frozen=True, slots=True)
class Region:
    """Characters `start` to `end` (exclusive) of a stored text, and where they stand in the original."""

    start: int
    end: int
    locator: Locator


def locate(regions: Sequence[Region], start: int, end: int) -> Locator | None:
    """Return where the span stands: the one place it lies in, or the range from its first to its last place.

    `regions` are sorted and disjoint. A span that touches no region has no locator.
    """
    first = bisect_right(regions, start, key=lambda region: region.start) - 1
    touched = []
    for region in regions[max(first, 0):]:
        if region.start >= end:
            break
        if region.end > start:
            touched.append(region.locator)
    if touched and touched[0].kind is Place.CELLS:
        return _around_cells(touched)
    return join(touched[0], touched[-1]) if touched else None


def join(first: Locator, last: Locator) -> Locator:
    """Return the range from one place to another; the first alone when no range can be told truly."""
    if first == last or first.kind != last.kind:
        return first
    if first.kind is Place.CELLS:
        return _join_cells(first, last)
    detail = first.detail if first.detail == last.detail else ""
    until = last.last or last.value
    return Locator(first.kind, first.value, detail, "" if until == first.value else until)


def _join_cells(first: Locator, last: Locator) -> Locator:
    return _around_cells((first, last))


def _around_cells(touched: Sequence[Locator]) -> Locator:
    """The smallest range that holds every touched cell of the first one's sheet; its detail when all share it."""
    first = touched[0]
    sheet = first.value.rpartition("!")[0]
    of_sheet = [place for place in touched if place.kind is Place.CELLS and place.value.rpartition("!")[0] == sheet]
    corners = [_CELL.fullmatch(corner) for place in of_sheet for corner in place.value.rpartition("!")[2].split(":")]
    if len(set(of_sheet)) == 1 or None in corners:
        return first
    columns = sorted((corner[1] for corner in corners if corner), key=lambda letters: (len(letters), letters))
    rows = sorted(int(corner[2]) for corner in corners if corner)
    on_sheet = f"{sheet}!" if sheet else ""          # a CSV file has no sheets
    start, stop = f"{columns[0]}{rows[0]}", f"{columns[-1]}{rows[-1]}"
    detail = first.detail if all(place.detail == first.detail for place in of_sheet) else ""
    return Locator(Place.CELLS, f"{on_sheet}{start}:{stop}" if start != stop else f"{on_sheet}{start}", detail)
