"""Write a spreadsheet's filled cells as text: a line per row, and each cell's true address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from halo_app.domain.locator import Locator, Place
from halo_app.parsing.excel_numbers import column_name, quoted_sheet
from halo_app.parsing.manuscript import Manuscript, flowing, one_line

Cell = tuple[int, int, str]           # row and column from 0, text as shown


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark at a cell (row and column from 0)."""

    row: int
    column: int
    text: str
    author: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its filled cells in row order, its comments, and lines that float over the cells."""

    name: str
    cells: Sequence[Cell]
    comments: Sequence[Comment] = ()
    drawn: Sequence[Sequence[str]] = field(default_factory=tuple)
    hidden: bool = False


def write_sheet(sheet: Sheet, written: Manuscript) -> None:
    """Append the sheet's name, its rows, and what floats over it."""
    place = quoted_sheet(sheet.name)
    rows = _by_row(sheet.cells)
    if rows:
        written.entry(one_line(sheet.name), 1, Locator(Place.CELLS, f"{place}!{_extent(sheet.cells)}"))
    last = None
    for row, cells in rows.items():
        marked = [(text, Locator(Place.CELLS, f"{place}!{column_name(column)}{row + 1}")) for column, text in cells]
        written.row(marked, first=last is None or row > last + 1)
        last = row
    for lines in sheet.drawn:
        written.lines(lines, Locator(Place.PART, f"drawing in {place}"))


def write_comments(sheets: Iterable[Sheet], written: Manuscript) -> None:
    """Append every cell comment, with the address of its cell."""
    for sheet in sheets:
        for comment in sheet.comments:
            text = flowing(comment.text)
            author = one_line(comment.author)
            if author and not text.startswith(f"{author}:"):
                text = f"{author}: {text}"
            address = f"{quoted_sheet(sheet.name)}!{column_name(comment.column)}{comment.row + 1}"
            written.block(text, Locator(Place.CELLS, address, "comment"))


def hidden_remark(sheets: Iterable[Sheet]) -> tuple[str, ...]:
    """Return one remark that names the hidden sheets, or none."""
    names = [sheet.name for sheet in sheets if sheet.hidden]
    return (f"hidden sheets were read too: {', '.join(names)}",) if names else ()


def _by_row(cells: Iterable[Cell]) -> Mapping[int, list[tuple[int, str]]]:
    rows: dict[int, list[tuple[int, str]]] = {}
    for row, column, text in cells:
        rows.setdefault(row, []).append((column, text))
    return {row: sorted(rows[row]) for row in sorted(rows)}


def _extent(cells: Iterable[Cell]) -> str:
    rows, columns, _ = zip(*cells, strict=True)
    first = f"{column_name(min(columns))}{min(rows) + 1}"
    last = f"{column_name(max(columns))}{max(rows) + 1}"
    return f"{first}:{last}" if first != last else first
