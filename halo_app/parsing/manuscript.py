"""Write paragraphs, lists and tables down as people read them, each piece with its true place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.building import TextBuilder

CELL_GAP = " | "
_SEPARATOR = " › "
_LONGEST_TITLE = 160
# Not printable, or invisible: controls, soft hyphens, zero-width spaces and joints, byte order marks, lone surrogates.
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


# Readers put raised text between these two: behind a digit it would else change a number, as 10⁶ into 106.
RAISED, LEVEL = "\x0e", "\x0f"
_EXPONENT = re.compile(f"(?<=\\d){RAISED}([+−-]?\\d{{1,3}}){LEVEL}")
_SUPERSCRIPTS = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


class Manuscript(TextBuilder):
    """A text of paragraphs, lines and table rows; blocks are parted by blank lines, lines by a line break."""

    def block(self, text: str, locator: Locator | None) -> tuple[int, int]:
        """Append a paragraph after a blank line; return its (start, end)."""
        return self.add(text, locator, gap="\n\n")

    def line(self, text: str, locator: Locator | None) -> tuple[int, int]:
        """Append one line directly under the last one; return its (start, end)."""
        return self.add(text, locator)

    def lines(self, texts: Iterable[str], locator: Locator | None) -> None:
        """Append lines that belong together, as one block."""
        self.block("\n".join(text for text in texts if text), locator)

    def row(self, cells: Iterable[tuple[str, Locator | None]], *, first: bool) -> None:
        """Append a table row as one line, cells parted by ` | `; `first` begins the table after a blank line."""
        gap = "\n\n" if first else "\n"
        for text, locator in cells:
            if text:
                self.add(one_line(text), locator, gap=gap)
                gap = CELL_GAP

    def entry(self, title: str, level: int, locator: Locator | None) -> tuple[int, int]:
        """Append a heading as a block of its own, its name in the outline short enough to be shown."""
        start, end = self.block(title, locator)
        if end > start:
            self.mark(shortened(one_line(title)), level, start)
        return start, end

    def mark_next(self, title: str, level: int) -> None:
        """List a title in the outline at the block that comes next."""
        self.mark(title, level, self.length + 2 if self.length else 0)

    def table(self, rows: Iterable[Sequence[str]], place: Locator | None) -> None:
        """Append a table whose cells all have one place; rows without text are left out."""
        first = True
        for row in rows:
            if any(row):
                self.row([(text, place) for text in row], first=first)
                first = False

    def properties(self, found: Iterable[tuple[str, str]]) -> str:
        """Append one line for each (name, value), set off by a blank line, each with a place of its own; return the Title, or ""."""
        title = ""
        for position, (name, value) in enumerate(found):
            self.add(f"{name}: {value}", Locator(Place.PROPERTY, name), gap="\n" if position else "\n\n")
            title = title or (value if name == "Title" else "")
        return title

    def include(self, inner: Parsed, wrap: Locator) -> None:
        """Append a whole document that came inside this one; its places become details of `wrap`."""
        start, at = self.block(inner.text, None)[0], 0
        for region in inner.regions:
            if region.start > at:
                self._place(start + at, start + region.start, wrap)
            self._place(start + region.start, start + region.end, Locator(wrap.kind, wrap.value, region.locator.label))
            at = region.end
        if at < len(inner.text):
            self._place(start + at, start + len(inner.text), wrap)


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

    def write(self, builder: TextBuilder, level: int, title: str) -> None:
        """Go under a heading, append it and list it in the outline."""
        self.enter(level, title)
        if title := " ".join(title.split()):
            builder.heading(title, level, self.locator())

    @property
    def path(self) -> str:
        """The headings above, outermost first, e.g. "Design › Scope"; "" before the first one."""
        return _SEPARATOR.join(name for _, name in self._open)

    def locator(self, otherwise: Locator | None = None) -> Locator | None:
        """The place of text here, or `otherwise` when no heading stands above it."""
        return Locator(Place.HEADING, self.path) if self._open else otherwise


def flowing(text: str) -> str:
    """Return text with single spaces and clean line ends, as it reads on paper; line breaks stay."""
    if RAISED in text:
        text = _EXPONENT.sub(lambda match: match[1].translate(_SUPERSCRIPTS), text)
    text = _BREAKS.sub("\n", _DROPPED.sub("", text))
    return "\n".join(_SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def one_line(text: str) -> str:
    """Return text as one line with single spaces."""
    return " ".join(part for part in flowing(text).split("\n") if part)


def kept_layout(text: str) -> str:
    """Return preformatted text: characters that cannot be shown are gone, indents and line breaks stay."""
    text = _BREAKS.sub("\n", _DROPPED.sub("", text)).replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def shortened(title: str) -> str:
    """Return a title short enough to be shown as a place."""
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"


def in_body(number: int) -> Locator:
    """The place of a document's `number`-th paragraph (a table counts as one) that has no heading above it."""
    return Locator(Place.PARAGRAPH, str(number))
