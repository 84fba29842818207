"""Lay the cells of a spreadsheet out again as tables, from the true addresses that its text carries."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from halo_app.domain.locator import Place, Region
from halo_app.domain.source import Parsed

_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)(?::[A-Z]+[0-9]+)?")
_NARROWEST, _WIDEST = 4, 36
_MEASURED_CELLS = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell: row and column from 1, and its characters in the stored text."""

    row: int
    column: int
    start: int
    end: int
    remark: str = ""               # a comment at the cell


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: its cells by row and column. `widths` are in characters, one for each column."""

    name: str
    cells: tuple[Cell, ...]
    rows: int
    columns: int
    widths: tuple[int, ...]

    def between(self, first: int, last: int) -> Sequence[Cell]:
        """Return the cells of the rows `first` to `last`."""
        start = bisect_left(self.cells, first, key=lambda cell: cell.row)
        return self.cells[start:bisect_right(self.cells, last, key=lambda cell: cell.row)]

    def touched(self, start: int, end: int) -> tuple[Cell, ...]:
        """Return the cells whose text has a part in the characters `start` to `end`."""
        return tuple(cell for cell in self.cells if cell.start < end and cell.end > start)


def grids(parsed: Parsed) -> tuple[Grid, ...]:
    """Return the sheets in their order; none when the text has no cells. A file without sheets is one grid without a name."""
    names = {line.start for line in parsed.outline}
    sheets: dict[str, list[Cell]] = {}
    remarks: dict[tuple[str, int, int], str] = {}
    for region in parsed.regions:
        place = region.locator
        sheet, _, address = place.value.rpartition("!")
        found = _ADDRESS.fullmatch(address) if place.kind is Place.CELLS else None
        if not found:
            continue
        start = _after_name(parsed.text, region) if sheet and region.start in names else region.start
        if start >= region.end:
            continue
        row, column = int(found[2]), column_number(found[1])
        if place.detail:
            remarks[sheet, row, column] = parsed.text[region.start:region.end]
        else:
            sheets.setdefault(sheet, []).append(Cell(row, column, start, region.end))
    return tuple(_grid(sheet, cells, remarks, parsed.text) for sheet, cells in sheets.items())


def _after_name(text: str, region: Region) -> int:
    """A sheet's name stands for all its cells; when there is only one, that follows in the same region."""
    gap = text.find("\n\n", region.start, region.end)
    return gap + 2 if gap >= 0 else region.end


def _grid(sheet: str, cells: list[Cell], remarks: dict[tuple[str, int, int], str], text: str) -> Grid:
    cells.sort(key=lambda cell: (cell.row, cell.column))
    said = tuple(Cell(cell.row, cell.column, cell.start, cell.end, remarks.get((sheet, cell.row, cell.column), "")) for cell in cells)
    columns = max(cell.column for cell in said)
    widths = [_NARROWEST] * columns
    for cell in said[:_MEASURED_CELLS]:
        longest = max(map(len, text[cell.start:cell.end].split("\n")))
        widths[cell.column - 1] = max(widths[cell.column - 1], min(longest, _WIDEST))
    name = sheet[1:-1].replace("''", "'") if sheet.startswith("'") and sheet.endswith("'") else sheet
    return Grid(name, said, said[-1].row, columns, tuple(widths))


def column_number(letters: str) -> int:
    """Return 1 for `A`, 27 for `AA`."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
