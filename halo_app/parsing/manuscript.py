"""Write a document's text down piece by piece, and note the true place of every piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from halo_app.domain.locator import Locator, Place, Region
from halo_app.domain.source import Heading, Parsed
from halo_app.errors import EmptyFile, TooLarge

CELL_GAP = " | "
_SEPARATOR = " › "
_LONGEST_TITLE = 160
# Not printable, or invisible: controls, soft hyphens, zero-width spaces and joints, byte order marks, lone surrogates.
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


class Manuscript:
    """Stored text and regions under construction; blocks are parted by blank lines, lines by a line break."""

    def __init__(self, limit_chars: int) -> None:
        self._pieces: list[str] = []
        self._regions: list[Region] = []
        self._outline: list[Heading] = []
        self._limit = limit_chars
        self.length = 0

    def block(self, text: str, locator: Locator | None) -> int:
        """Append a paragraph after a blank line; return the offset where it starts. Empty text changes nothing."""
        return self._append(text, locator, "\n\n")

    def line(self, text: str, locator: Locator | None) -> int:
        """Append one line directly under the last one; return the offset where it starts."""
        return self._append(text, locator, "\n")

    def row(self, cells: Iterable[tuple[str, Locator | None]], *, first: bool) -> None:
        """Append a table row as one line, cells parted by ` | `; `first` begins the table after a blank line."""
        gap = "\n\n" if first else "\n"
        for text, locator in cells:
            if text:
                self._append(one_line(text), locator, gap)
                gap = CELL_GAP

    def heading(self, text: str, level: int, locator: Locator | None, *, listed: bool = True) -> int:
        """Append a heading as a block of its own and enter it in the outline."""
        start = self.block(text, locator)
        if text and listed:
            self._outline.append(Heading(start, level, shortened(one_line(text))))
        return start

    def include(self, inner: Parsed, wrap: Locator) -> None:
        """Append a whole document that came inside this one; its places become details of `wrap`."""
        start = self.block(inner.text, None)
        at = 0
        for region in inner.regions:
            self._mark(start + at, start + region.start, wrap)
            nested = Locator(wrap.kind, wrap.value, region.locator.label)
            self._mark(start + region.start, start + region.end, nested)
            at = region.end
        self._mark(start + at, start + len(inner.text), wrap)

    def parsed(
        self, name: str, *, title: str = "", pages: int | None = None, blank_pages: Sequence[int] = (), remarks: Sequence[str] = ()
    ) -> Parsed:
        """Return what was written; raises EmptyFile when there is nothing."""
        text = "".join(self._pieces)
        if not text.strip():
            raise EmptyFile(f"{name!r} holds no text", fix="add a file with text in it")
        return Parsed(
            text, tuple(self._regions), tuple(self._outline), one_line(title), pages, tuple(blank_pages), tuple(remarks)
        )

    def _append(self, text: str, locator: Locator | None, gap: str) -> int:
        text = text.strip("\n")
        if not text.strip():
            return self.length
        gap = gap if self._pieces else ""
        start = self.length + len(gap)
        self.length = start + len(text)
        if self.length > self._limit:
            raise TooLarge(f"the document holds more than {self._limit:,} characters", fix="split it into smaller files")
        self._pieces += [gap, text]
        self._mark(start, self.length, locator)
        return start

    def _mark(self, start: int, end: int, locator: Locator | None) -> None:
        if locator is None or start >= end:
            return
        last = self._regions[-1] if self._regions else None
        if last and last.locator == locator and self._is_gap(last.end, start):
            self._regions[-1] = Region(last.start, end, locator)
        else:
            self._regions.append(Region(start, end, locator))

    @staticmethod
    def _is_gap(end: int, start: int) -> bool:
        return start - end <= len(CELL_GAP)


class Headings:
    """The path of headings above the text being read; a heading closes those of its own and deeper levels."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def enter(self, level: int, title: str) -> None:
        """Go under the heading `title`, level from 1."""
        title = shortened(one_line(title))
        self._open = [(above, name) for above, name in self._open if above < level]
        if title:
            self._open.append((level, title))

    @property
    def path(self) -> str:
        """The headings above, outermost first, e.g. "Design › Scope"; "" before the first one."""
        return _SEPARATOR.join(name for _, name in self._open)

    def locator(self, otherwise: Locator | None = None) -> Locator | None:
        """The place of text here, or `otherwise` when no heading stands above it."""
        return Locator(Place.HEADING, self.path) if self._open else otherwise


def flowing(text: str) -> str:
    """Return text with single spaces and clean line ends, as it reads on paper; line breaks stay."""
    text = _BREAKS.sub("\n", _DROPPED.sub("", text))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    """Return text as one line with single spaces."""
    return " ".join(flowing(text).split("\n")).strip()


def kept_layout(text: str) -> str:
    """Return preformatted text: characters that cannot be shown are gone, indents and line breaks stay."""
    text = _BREAKS.sub("\n", _DROPPED.sub("", text)).replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def shortened(title: str) -> str:
    """Return a title short enough to be shown as a place."""
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"


def in_body(number: int, what: str = "paragraph") -> Locator:
    """The place of the `number`-th paragraph (or table) of a document without a heading above it."""
    return Locator(Place.PART, "body", f"{what} {number}")
