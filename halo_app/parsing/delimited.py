"""CSV and TSV: rows of cells, with the encoding and the delimiter found out; cells such as `B7` are places."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import UnreadableFile
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.encodings import decode
from halo_app.parsing.excel_numbers import column_name
from halo_app.parsing.manuscript import CELL_GAP
from halo_app.plugins import Limits

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 50
_CELLS_ONE_BY_ONE = 200_000      # beyond, a whole row is one place
_FIELD_CHARS = 10_000_000


@dataclass(frozen=True)
class Delimited:
    """Tables as text: cells are places."""

    types: Mapping[str, str] = field(default_factory=lambda: {"csv": "csv", "tsv": "tsv", "tab": "tsv"})
    about: str = "rows and cells; encoding and delimiter are found out; places are cells such as B7"
    libraries: tuple[str, ...] = ("charset_normalizer",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        text, _ = decode(path.read_bytes(), name)
        csv.field_size_limit(_FIELD_CHARS)
        delimiter = sniff_delimiter(text, preferred="\t" if self.types.get(name.rpartition(".")[2].lower()) == "tsv" else ",")
        first, text = _without_separator_line(text)
        builder = TextBuilder(name, limits)
        written = 0
        try:
            for number, row in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), start=first):
                written += len(row)
                _add_row(builder, row, number, one_by_one=written <= _CELLS_ONE_BY_ONE)
        except csv.Error as error:
            raise UnreadableFile(f"“{name}” cannot be read as a table: {error}", fix="save it again as CSV") from error
        return builder.build()


def sniff_delimiter(text: str, *, preferred: str) -> str:
    """Return the delimiter (comma, semicolon, tab or bar) that cuts the first rows most evenly into the most columns.

    A delimiter that cuts nothing is never chosen unless all do; then it is the `preferred` one.
    """
    if text[:4].lower() == "sep=" and text[4:5]:
        return text[4]
    lines = text[:200_000].split("\n")[: _SAMPLE_ROWS * 4]

    def evenness(delimiter: str) -> tuple[float, int, bool]:
        rows = [row for row, _ in zip(csv.reader(lines, delimiter=delimiter), range(_SAMPLE_ROWS), strict=False) if any(row)]
        width, times = Counter(len(row) for row in rows).most_common(1)[0] if rows else (1, 0)
        return (times / len(rows) if width > 1 else 0.0), width, delimiter == preferred

    return max(sorted(_DELIMITERS, key=preferred.__ne__), key=evenness)


def _without_separator_line(text: str) -> tuple[int, str]:
    return (2, text.partition("\n")[2]) if text[:4].lower() == "sep=" else (1, text)


def _add_row(builder: TextBuilder, row: list[str], number: int, *, one_by_one: bool) -> None:
    cells = [" ".join(cell.split()) for cell in row]
    if not one_by_one:
        last = f"{column_name(len(cells) - 1)}{number}" if cells else ""
        builder.add(CELL_GAP.join(filter(None, cells)), Locator(Place.CELLS, f"A{number}:{last}" if len(cells) > 1 else f"A{number}"))
        return
    gap = "\n"
    for column, cell in enumerate(cells):
        if cell:
            builder.add(cell, Locator(Place.CELLS, f"{column_name(column)}{number}"), gap=gap)
            gap = CELL_GAP


PARSER = Delimited()
