"""Read the tables of a stored text cell by cell, each with its exact place, so that a value can be cited."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from halo_app.domain.corpus import Text
from halo_app.domain.reading import is_row, names_columns

_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"[\s|:+=-]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """Characters `start` to `end` of the stored text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Grid:
    """A table whose first row names its columns. Rows may be shorter than `columns`."""

    of: Text
    columns: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    name: str = ""


def grids(text: Text) -> list[Grid]:
    """Return the tables of a text in order; a table without names for its columns is left out."""
    found: list[Grid] = []
    rows: list[tuple[Cell, ...]] = []
    above, end = "", 0
    for start, line in _lines(text.parsed.text):
        if is_row(line) and (not rows or "\n\n" not in text.parsed.text[end:start]):
            if not _RULE.fullmatch(line):
                rows.append(tuple(_cells(line, start)))
        else:
            found += _grid(text, rows, above)
            rows = [tuple(_cells(line, start))] if is_row(line) else []
            above = "" if is_row(line) else line.strip()
        end = start + len(line)
    return found + _grid(text, rows, above)


def _grid(text: Text, rows: list[tuple[Cell, ...]], above: str) -> list[Grid]:
    if len(rows) < 2 or not names_columns(" | ".join(cell.text for cell in rows[0])):
        return []
    return [Grid(text, rows[0], tuple(rows[1:]), above if len(above) <= 80 else "")]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for found in _LINE.finditer(text):
        yield found.start(), found[0]


def _cells(line: str, start: int) -> Iterator[Cell]:
    """Yield the cells of a row: between tabs, or between bars; the outer bars of Markdown are no cells."""
    left = len(line) - len(line.lstrip(" |")) if "\t" not in line else 0
    right = len(line.rstrip(" |")) if "\t" not in line else len(line)
    mark = "\t" if "\t" in line else " | "
    at = left
    for part in line[left:right].split(mark):
        begin = at + len(part) - len(part.lstrip())
        yield Cell(start + begin, start + begin + len(part.strip()), part.strip())
        at += len(part) + len(mark)
