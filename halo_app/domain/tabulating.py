"""Say what the tables of a text hold: their columns, how many rows, and from where to where the figures go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from halo_app.domain.reading import cells, is_row, names_columns

SHARE = 0.6                    # of the text's characters must stand in tables for it to be told by them
SHOWN_TABLES, SHOWN_COLUMNS = 4, 12
_FIGURE = re.compile(r"[-+−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[-+−]?\d+(?:\.\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the names of the columns, with the line above the table, "" when there is none."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_of(text: str) -> list[Table]:
    """Return the tables whose first row names their columns, in order."""
    found = []
    above = ""
    for block in re.split(r"\n\s*\n", text):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        rows = [line for line in lines if is_row(line)]
        plain = [line for line in lines if not is_row(line)]
        above = plain[-1] if plain else above
        if len(rows) > 1 and names_columns(rows[0]):
            found.append(Table(above, tuple(cells(rows[0])), tuple(tuple(cells(row)) for row in rows[1:])))
            above = ""
    return found


def is_tabular(text: str) -> bool:
    """True when most of the text stands in tables."""
    return sum(len(line) for line in text.split("\n") if is_row(line)) >= SHARE * max(len(text.strip()), 1)


def told(text: str, language: str = "en") -> str:
    """Return one sentence per table of a text that is mostly tables, "" for any other text."""
    if not is_tabular(text):
        return ""
    found = tables_of(text)
    rows, to, more = ("Zeilen", "bis", "und {} weitere Tabellen.") if language == "de" else ("rows", "to", "and {} more tables.")
    said = []
    for table in found[:SHOWN_TABLES]:
        columns = [f"{name} ({reach})" if reach else name for name, reach in _reaches(table, to) if name]
        left = [f"… ({len(columns) - SHOWN_COLUMNS})"] if len(columns) > SHOWN_COLUMNS else []
        name = f"{table.name}: " if table.name and len(table.name) <= 80 else ""
        said.append(f"{name}{len(table.rows)} {rows}; {', '.join([*columns[:SHOWN_COLUMNS], *left])}.")
    if len(found) > SHOWN_TABLES:
        said.append(more.format(len(found) - SHOWN_TABLES))
    return " ".join(said)


def _reaches(table: Table, to: str) -> Iterator[tuple[str, str]]:
    for place, name in enumerate(table.columns):
        yield name, _reach([row[place] for row in table.rows if place < len(row) and row[place]], to)


def _reach(values: Sequence[str], to: str) -> str:
    """Return "410 to 1240" for figures and for dates, "" for anything else."""
    if len(set(values)) > 1 and all(_DATE.fullmatch(value) for value in values):
        return f"{min(values)} {to} {max(values)}"
    if len(set(values)) > 1 and all(_FIGURE.fullmatch(value) for value in values):
        ordered = sorted(values, key=lambda value: float(value.replace(",", "").replace("−", "-")))
        return f"{ordered[0]} {to} {ordered[-1]}"
    return ""
