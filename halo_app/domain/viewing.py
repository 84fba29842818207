"""Lay a stored text out for reading: its pieces, its outline, what stands beside it, and where words occur in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from halo_app.domain.locator import Locator, Place, Region
from halo_app.domain.source import Heading, Parsed

PIECE_CHARS = 1_600
_LONGEST_PIECE = 3 * PIECE_CHARS
_OUTLINE_LINES = 3_000
_LEAST_STATIONS = 2            # a single page or part is no outline
_BESIDE = frozenset({Place.PAGE, Place.SLIDE, Place.CHAPTER, Place.PART, Place.TIME, Place.PROPERTY, Place.IMAGE})
_STATIONS = {Place.PAGE: "Page {}", Place.SLIDE: "Slide {}", Place.CHAPTER: "{}", Place.PART: "{}"}
_MAILS = frozenset({"eml", "msg"})


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a text from the character `start` on: `p. 14`, `slide 3`, `00:01:05`."""

    start: int
    label: str
    page: int = 0                  # the number of the page or slide, 0 when it is neither


@dataclass(frozen=True, slots=True)
class Found:
    """Where words occur: at most so many places as asked for, of `total`; `apart` when only single words of them do."""

    spans: tuple[tuple[int, int], ...]
    total: int
    apart: bool = False


def pieces(text: str) -> list[int]:
    """Return where each piece of the text begins: paragraphs that are drawn together, tables kept whole where possible."""
    starts, at = [0], 0
    while len(text) - at > PIECE_CHARS:
        at = _cut(text, at)
        if at >= len(text):
            break
        starts.append(at)
    return starts


def _cut(text: str, start: int) -> int:
    least, most = start + PIECE_CHARS, start + _LONGEST_PIECE
    gap = text.find("\n\n", least, most)
    if gap >= 0:
        return gap + 2
    for mark in ("\n", " "):
        gap = text.rfind(mark, start + 1, most)
        if gap >= 0:
            return gap + 1
    return min(most, len(text))


def outline(parsed: Parsed, kind: str) -> list[Heading]:
    """Return the lines of the outline in reading order: headings, and the slides, chapters, pages or parts that have none."""
    headings = list(parsed.outline)
    slides = any(region.locator.kind is Place.SLIDE for region in parsed.regions)
    if headings and not slides and kind not in _MAILS:
        return headings[:_OUTLINE_LINES]
    stations = list(_stations(parsed.regions))
    if len(stations) < _LEAST_STATIONS:
        return headings
    if kind in _MAILS:
        headings = [Heading(line.start, line.level + 1, line.title) for line in headings]
    known = {line.start for line in headings}
    both = [*headings, *(station for station in stations if station.start not in known)]
    return sorted(both, key=lambda line: (line.start, line.level))[:_OUTLINE_LINES]


def _stations(regions: Sequence[Region]) -> Iterator[Heading]:
    """Yield each page, slide, chapter or part once, where its first words stand."""
    seen: set[tuple[Place, str]] = set()
    for region in regions:
        kind, value = region.locator.kind, region.locator.value
        if kind in _STATIONS and (kind, value) not in seen:
            seen.add((kind, value))
            title = _STATIONS[kind].format(value)
            yield Heading(region.start, 1, title[:1].upper() + title[1:])


def beside(parsed: Parsed) -> list[Beside]:
    """Return what stands beside the text, once where each place begins; places as fine as a cell or a line are left out."""
    found: list[Beside] = []
    headings = {line.start for line in parsed.outline}
    for region in parsed.regions:
        place = region.locator
        if place.kind not in _BESIDE or (place.kind is Place.CHAPTER and region.start in headings):     # its heading says it
            continue
        label = _label(place, found[-1].page if found else 0)
        page = _page(place)
        if not found or (found[-1].label, found[-1].page) != (label, page):
            found.append(Beside(region.start, label, page))
    return found


def _page(place: Locator) -> int:
    return int(place.value) if place.kind in (Place.PAGE, Place.SLIDE) and place.value.isdigit() else 0


def _label(place: Locator, page: int) -> str:
    """Return the place in short: what a page or slide adds to itself stands alone while the number stays the same."""
    if place.kind is Place.PROPERTY:
        return "properties"                # each line begins with the name of its own
    if place.detail and page and page == _page(place):
        return place.detail
    return place.value if place.kind is Place.PART else place.label


def find(text: str, wanted: str, most: int) -> Found:
    """Return where the words occur, letter case and line breaks aside; the words one by one when they never stand together."""
    words = [re.escape(word) for word in wanted.split()]
    if not words:
        return Found((), 0)
    found = _found(re.compile(r"\s+".join(words), re.IGNORECASE), text, most)
    if found.total or len(words) == 1:
        return found
    alone = _found(re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words, key=len, reverse=True))})", re.IGNORECASE), text, most)
    return Found(alone.spans, alone.total, apart=True)


def _found(pattern: re.Pattern[str], text: str, most: int) -> Found:
    spans = [hit.span() for hit in pattern.finditer(text)]
    return Found(tuple(spans[:most]), len(spans))
