"""Say where in a document a span of its text stands: true, or absent."""

from __future__ import annotations

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
    PROPERTY = "property"  # "Title", "EXIF Artist"
    IMAGE = "image"        # "text in picture", "text in picture 2"


HARD = frozenset({Place.PAGE, Place.SLIDE, Place.CHAPTER, Place.PART, Place.PROPERTY, Place.IMAGE})

_SHOWN = {
    Place.PAGE: ("p. {}", "pp. {}–{}"),
    Place.SLIDE: ("slide {}", "slides {}–{}"),
    Place.LINE: ("line {}", "lines {}–{}"),
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
    sheet, _, start = first.value.rpartition("!")
    other, _, stop = last.value.rpartition("!")
    if sheet != other:
        return first
    start, stop = start.partition(":")[0], stop.rpartition(":")[2]
    return Locator(Place.CELLS, f"{sheet}!{start}:{stop}" if start != stop else first.value)
