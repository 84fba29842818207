"""Put a document's text together piece by piece, each piece with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable

from halo_app.domain.locator import Locator, Place, Region
from halo_app.domain.source import Heading, Parsed
from halo_app.errors import EmptyFile, TooLarge
from halo_app.plugins import Limits

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ufeff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text with line ends as `\\n` and without control characters; lone surrogates become U+FFFD."""
    text = _UNWRITABLE.sub("", _LINE_ENDS.sub("\n", text))
    return _SURROGATES.sub("\ufffd", text)


class TextBuilder:
    """The stored text so far, with its regions and outline.

    `add` puts one piece after another, each on a new line (or after `gap`), so offsets are exact by construction.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limit = limits.text_chars
        self._pieces: list[str] = []
        self._regions: list[Region] = []
        self._outline: list[Heading] = []
        self.length = 0

    def add(self, text: str, locator: Locator | None = None, *, gap: str = "\n") -> tuple[int, int]:
        """Append cleaned text and return its (start, end); text of white space only is left out, (n, n) then.

        Neighbouring pieces with equal locators become one region. Raises TooLarge over the limit of characters.
        """
        text = clean(text).strip("\n")
        if not text.strip():
            return self.length, self.length
        if self.length:
            self._write(gap)
        start = self.length
        self._write(text)
        if locator is not None:
            self._place(start, self.length, locator)
        return start, self.length

    def heading(self, title: str, level: int, locator: Locator | None = None, *, gap: str = "\n\n") -> tuple[int, int]:
        """Append a heading and list it in the outline; `level` counts from 1."""
        start, end = self.add(title, locator, gap=gap)
        if end > start:
            self.mark(title, level, start)
        return start, end

    def property(self, name: str, value: str) -> tuple[int, int]:
        """Append one line of metadata, `Author: Ana Lopes`, with the place `property Author`."""
        value = " ".join(clean(value).split())
        return self.add(f"{name}: {value}" if value else "", Locator(Place.PROPERTY, name))

    def mark(self, title: str, level: int, start: int | None = None) -> None:
        """List a title in the outline, at `start` or where the next piece will begin, without adding text."""
        self._outline.append(Heading(self.length if start is None else start, max(level, 1), " ".join(clean(title).split())))

    def build(
        self,
        *,
        title: str = "",
        pages: int | None = None,
        blank_pages: Iterable[int] = (),
        remarks: Iterable[str] = (),
        may_be_empty: bool = False,
    ) -> Parsed:
        """Return the document. Raises EmptyFile when it holds no text, unless it `may_be_empty` (pictures, recordings)."""
        if not self.length and not may_be_empty:
            raise EmptyFile(f"“{self._name}” holds no text", fix="choose a file with text in it")
        return Parsed(
            text="".join(self._pieces),
            regions=tuple(self._regions),
            outline=tuple(sorted(self._outline, key=lambda heading: heading.start)),
            title=" ".join(clean(title).split()),
            pages=pages,
            blank_pages=tuple(blank_pages),
            remarks=tuple(remarks),
        )

    def _write(self, text: str) -> None:
        self.length += len(text)
        if self.length > self._limit:
            raise TooLarge(f"“{self._name}” holds more than {self._limit:,} characters", fix="split the file into parts")
        self._pieces.append(text)

    def _place(self, start: int, end: int, locator: Locator) -> None:
        if self._regions and self._regions[-1].locator == locator:
            start = self._regions.pop().start
        self._regions.append(Region(start, end, locator))
