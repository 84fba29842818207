"""Show a source for reading: how it is laid out, any part of its text, its tables, its pages, and where words occur in it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Protocol

from halo_app.domain.grids import Cell, Grid, grids
from halo_app.domain.locator import Place
from halo_app.domain.source import Heading, Parsed, Source
from halo_app.domain.viewing import Beside, Found, beside, find, outline, pieces
from halo_app.errors import BadInput
from halo_app.ports import Boxes, PagePictures

MOST_HITS = 5_000
MOST_ROWS = 400
_KEPT_LAYOUTS = 4
_KEPT_PICTURE_BYTES = 40_000_000
_PICTURED = frozenset({"pdf", "png", "jpeg", "webp", "tiff", "gif", "bmp"})
_PLAYED = frozenset({"mp3", "wav", "m4a", "ogg", "flac"})


class Shelf(Protocol):
    """What is needed of the service of sources."""

    def get(self, source_id: str) -> Source: ...

    def parsed(self, source_id: str) -> Parsed: ...

    def original(self, source_id: str) -> Path: ...


@dataclass(frozen=True, slots=True)
class Layout:
    """A source as it is laid out: where the pieces of its text begin, its outline, what stands beside it, and its tables."""

    source: Source
    characters: int
    pieces: Sequence[int]
    outline: Sequence[Heading]
    beside: Sequence[Beside]
    grids: Sequence[Grid]

    @property
    def views(self) -> list[str]:
        """The ways to look at it, the best first: `pages`, `table`, `text`; pages need the original."""
        pages = ["pages"] if self.source.type in _PICTURED and not self.source.missing else []
        return [*pages, *(["table"] if self.grids else []), "text"]

    @property
    def is_played(self) -> bool:
        """Whether there is a recording to play."""
        return self.source.type in _PLAYED and not self.source.missing


@dataclass
class ViewingService:
    """Lays sources out; the last few layouts and page pictures are remembered. Safe for several threads."""

    sources: Shelf
    pictures: PagePictures
    _layouts: OrderedDict[str, Layout] = field(default_factory=OrderedDict, repr=False)
    _drawn: OrderedDict[tuple[str, int, int], bytes] = field(default_factory=OrderedDict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def layout(self, source_id: str) -> Layout:
        """Raises NotFound or Damaged when the source or its text cannot be read."""
        source = self.sources.get(source_id)
        parsed = self.sources.parsed(source_id)
        key = f"{source.id}/{source.text_sha256}"
        with self._lock:
            known = self._layouts.pop(key, None)
        made = replace(known, source=source) if known else _laid_out(source, parsed)
        with self._lock:
            self._layouts[key] = made
            while len(self._layouts) > _KEPT_LAYOUTS:
                self._layouts.popitem(last=False)
        return made

    def text(self, source_id: str, first: int, last: int) -> list[str]:
        """Return the pieces `first` to `last` (from 0, inclusive) of the text. Raises as `layout` does."""
        starts, whole = self.layout(source_id).pieces, self.sources.parsed(source_id).text
        ends = [*starts[1:], len(whole)]
        return [whole[starts[number]:ends[number]] for number in range(max(first, 0), min(last + 1, len(starts)))]

    def found(self, source_id: str, words: str) -> Found:
        """Return where the words occur in the text. Raises as `layout` does."""
        return find(self.sources.parsed(source_id).text, words, MOST_HITS)

    def rows(self, source_id: str, sheet: int, first: int, last: int) -> list[tuple[Cell, str]]:
        """Return the filled cells of the rows `first` to `last` of a sheet (numbered from 0). Raises BadInput for no such sheet."""
        grid, text = self._grid(source_id, sheet), self.sources.parsed(source_id).text
        return [(cell, text[cell.start:cell.end]) for cell in grid.between(first, min(last, first + MOST_ROWS))]

    def cells(self, source_id: str, start: int, end: int) -> tuple[int, tuple[Cell, ...]]:
        """Return the sheet and the cells that the characters touch; sheet -1 when they touch none. Raises as `layout` does."""
        for number, grid in enumerate(self.layout(source_id).grids):
            if touched := grid.touched(start, max(end, start + 1)):
                return number, touched
        return -1, ()

    def sizes(self, source_id: str) -> list[tuple[float, float]]:
        """Return the size of every page. Raises NotFound or RefusedFile."""
        return self.pictures.sizes(self.sources.original(source_id))

    def page(self, source_id: str, number: int, width_px: int) -> bytes:
        """Return the page, numbered from 1, as PNG. Raises NotFound or RefusedFile."""
        key = (self.sources.get(source_id).sha256, number, width_px)
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return self._drawn[key]
        picture = self.pictures.plain(self.sources.original(source_id), number, width_px=width_px)
        with self._lock:
            self._drawn[key] = picture
            while len(self._drawn) > 1 and sum(map(len, self._drawn.values())) > _KEPT_PICTURE_BYTES:
                self._drawn.popitem(last=False)
        return picture

    def boxes(self, source_id: str, number: int, start: int, end: int) -> Boxes:
        """Return where these characters of the text stand on the page. Raises NotFound or RefusedFile."""
        quote = _on_page(self.sources.parsed(source_id), number, max(start, 0), max(end, 0))
        return self.pictures.boxes(self.sources.original(source_id), number, quote) if quote.strip() else Boxes(())

    def forget(self) -> None:
        """Let go of what was laid out and drawn before."""
        with self._lock:
            self._layouts.clear()
            self._drawn.clear()

    def _grid(self, source_id: str, sheet: int) -> Grid:
        made = self.layout(source_id).grids
        if not 0 <= sheet < len(made):
            raise BadInput("the source has no such sheet", fix="open the source again")
        return made[sheet]


def _on_page(parsed: Parsed, number: int, start: int, end: int) -> str:
    """Return what of the passage stands on this page; all of it when the text knows no pages."""
    pages = [region for region in parsed.regions if region.locator.kind is Place.PAGE]
    here = [region for region in pages if region.locator.value == str(number) and region.start < end and region.end > start]
    if not pages or not here:
        return "" if pages else parsed.text[start:end]
    return parsed.text[max(start, here[0].start):min(end, here[-1].end)]


def _laid_out(source: Source, parsed: Parsed) -> Layout:
    return Layout(source, len(parsed.text), pieces(parsed.text), outline(parsed, source.type), beside(parsed), grids(parsed))
