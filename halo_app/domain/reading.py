"""Read the stored text around a passage sentence by sentence: what each says, and what it leans on."""

from __future__ import annotations

import re
from dataclasses import dataclass

from halo_app.domain.chunk import Chunk
from halo_app.domain.chunking import title
from halo_app.domain.sentences import LIMIT, Span, is_item, sentences
from halo_app.domain.source import Parsed

LOOK_BACK_CHARS = 1200         # how far a paragraph's beginning is sought before its passage
TABLE_CHARS = 200_000          # how far a table's first row is sought before its passage
_BARE_NUMBER = re.compile(r"[-+−]?[\d.,\s]+%?|\d{4}-\d\d-\d\d.*")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a passage, with what stands before it: the sentence before, or what an object in data is called.

    `columns` is the first row of the table that the line is a row of.
    """

    span: Span
    text: str
    before: str = ""
    is_heading: bool = False
    names_columns: bool = False
    columns: str = ""

    @property
    def meaning(self) -> str:
        """The line as one would say it: a row with its columns' names ("Month: March; Cost (EUR): 294"), else its text."""
        named = named_cells(self.text, self.columns) if self.columns else ()
        return "; ".join(f"{name}: {cell}" if name else cell for name, cell in named) or self.text


def read(parsed: Parsed, chunk: Chunk) -> list[Line]:
    """Return the sentences around a chunk, each with what it leans on."""
    heads, name = {heading.start for heading in parsed.outline}, title(parsed)
    lines: list[Line] = []
    spans = with_their_items(parsed.text, around(parsed, chunk))
    texts = [parsed.text[span.start:span.end] for span in spans]
    columns = ""
    for at, (span, text) in enumerate(zip(spans, texts, strict=True)):
        heading = span.start in heads or text.startswith("#") or text == name or opens_data(text)
        follows = bool(lines) and "\n\n" not in parsed.text[lines[-1].span.end:span.start]
        if not is_row(text):
            lines.append(Line(span, text, _before(lines), heading))
        elif follows and is_row(lines[-1].text):
            lines.append(Line(span, text, columns, columns=columns))
        else:
            first = text if lines else first_row(parsed.text, span.start) or text
            heads_table = at + 1 < len(texts) and is_row(texts[at + 1])
            columns = first if names_columns(first) and (first != text or heads_table) else ""
            is_first = columns == text
            lines.append(Line(span, text, "" if is_first else columns, names_columns=is_first, columns="" if is_first else columns))
    return lines


def _before(lines: list[Line]) -> str:
    if not lines or is_row(lines[-1].text) or (lines[-1].is_heading and not opens_data(lines[-1].text)):
        return ""
    return lines[-1].text


def is_row(text: str) -> bool:
    return " | " in text or "\t" in text


def opens_data(text: str) -> bool:
    """True for `"limits": {`: the name of what follows in a data file."""
    return text.endswith(("{", "[")) and text.startswith(('"', "'"))


def cells(row: str) -> list[str]:
    """Return the cells of a row of a table."""
    parts = row.split("\t") if "\t" in row else row.strip().removeprefix("|").removesuffix("|").split(" | ")
    return [part.strip() for part in parts]


def names_columns(row: str) -> bool:
    """True when a table's first row can be the names of its columns: none is a number, years apart."""
    found = [cell for cell in cells(row) if cell]
    return len(found) >= 2 and not any(_BARE_NUMBER.fullmatch(cell) and not (number and _YEAR.fullmatch(cell))
                                       for number, cell in enumerate(found))


def named_cells(row: str, columns: str) -> tuple[tuple[str, str], ...]:
    """Return (column name, cell) for each filled cell of a row; nothing when the two do not fit together."""
    names, values = cells(columns), cells(row)
    return tuple((name, cell) for name, cell in zip(names, values, strict=True) if cell) if len(names) == len(values) else ()


def first_row(text: str, start: int) -> str:
    """Return the first row of the table that has a row at `start`, "" when that row begins too far before."""
    at = text.rfind("\n\n", max(0, start - TABLE_CHARS), start)
    lines = text[0 if at < 0 else at + 2:start].split("\n") if at >= 0 or start <= TABLE_CHARS else []
    return next((line.strip() for line in lines if is_row(line)), "")


def with_their_items(text: str, spans: list[Span]) -> list[Span]:
    """Return the spans with a sentence that ends in a colon and the items of its list as one, where that is short enough.

    "Do not take it: - with asthma - with fever" is one sentence; items that are whole sentences stay apart.
    """
    found: list[Span] = []
    at = 0
    while at < len(spans):
        end = at + 1
        if text[spans[at].start:spans[at].end].endswith(":"):
            while end < len(spans) and is_item(text[spans[end].start:spans[end].end]):
                end += 1
            inner = [text[span.start:span.end] for span in spans[at + 1:end - 1]]
            if spans[end - 1].end - spans[at].start > LIMIT or any(item.endswith((".", "!", "?")) for item in inner):
                end = at + 1
        found.append(Span(spans[at].start, spans[end - 1].end))
        at = end
    return found


def around(parsed: Parsed, chunk: Chunk) -> list[Span]:
    """Return the sentences from the beginning of the chunk's paragraph to the end of the sentence that the chunk ends in."""
    text = parsed.text
    start = text.rfind("\n\n", max(0, chunk.start - LOOK_BACK_CHARS), chunk.start)
    start = start + 2 if start >= 0 else (0 if chunk.start <= LOOK_BACK_CHARS else chunk.start)
    end = text.find("\n\n", chunk.end, chunk.end + LOOK_BACK_CHARS)
    end = end if end >= 0 else min(len(text), chunk.end + LOOK_BACK_CHARS)
    breaks = [edge for heading in parsed.outline if start <= heading.start < end for edge in _edges(text, heading.start)]
    return [span for span in sentences(text, start, end, breaks=breaks) if span.start < chunk.end]


def _edges(text: str, start: int) -> tuple[int, int]:
    stop = text.find("\n", start)
    return start, len(text) if stop < 0 else stop
