"""Read OpenDocument spreadsheets: every filled cell as it is displayed, with its address; comments, shapes, properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from halo_app.domain.source import Parsed
from halo_app.errors import TooLarge
from halo_app.parsing.excel_numbers import shown
from halo_app.parsing.manuscript import Manuscript
from halo_app.parsing.opendocument import (
    OpenDocument,
    cell_text,
    described,
    object_lines,
    open_document,
    paragraph_text,
    properties,
    remarks,
    table_rows,
)
from halo_app.parsing.sheet_text import Cell, Comment, Sheet, hidden_remark, write_comments, write_sheet
from halo_app.parsing.xml_tree import Element, attribute, child, children, descendants, local
from halo_app.plugins import Limits

_MOST_CELLS = 3_000_000
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_VALUES = ("date-value", "time-value", "boolean-value", "string-value")


class SpreadsheetParser:
    """ODS files, templates, and flat XML ones."""

    types: Mapping[str, str] = {"ods": "ods", "ots": "ods", "fods": "ods"}
    about: str = "OpenDocument spreadsheets: sheet and cell"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the sheets in order, comments after them."""
        document = open_document(path, name, limits, "spreadsheet")
        hidden = _hidden_styles(document)
        sheets = [_sheet(table, document, hidden, name) for table in children(document.body, "table")]
        written = Manuscript(name, limits)
        for sheet in sheets:
            write_sheet(sheet, written)
        write_comments(sheets, written)
        return written.build(title=written.properties(properties(document)), remarks=hidden_remark(sheets))


def _sheet(table: Element, document: OpenDocument, hidden: frozenset[str], name: str) -> Sheet:
    cells: list[Cell] = []
    comments: list[Comment] = []
    for row, column, cell, text in _filled(table):
        if text:
            cells.append((row, column, text))
        comments += [Comment(row, column, remark.text, remark.author) for remark in remarks(cell)]
        if len(cells) > _MOST_CELLS:
            raise TooLarge(f"“{name}” has more than {_MOST_CELLS:,} filled cells in one sheet", fix="split the sheet")
    drawn = list(_drawn(table, document))
    return Sheet(attribute(table, "name"), cells, comments, drawn, attribute(table, "style-name") in hidden)


def _filled(table: Element) -> Iterator[tuple[int, int, Element, str]]:
    """Cells with text or a comment: (row, column, element, text); repeated ones at each of their addresses."""
    at_row = 0
    for row in table_rows(table):
        rows = _repeats(row, "number-rows-repeated", _MOST_ROWS)
        found = list(_filled_in_row(row))
        for offset in range(rows if any(text for _, _, text in found) else min(len(found), 1)):
            for column, cell, text in found:
                yield at_row + offset, column, cell, text
        at_row += rows


def _filled_in_row(row: Element) -> Iterator[tuple[int, Element, str]]:
    column = 0
    for cell in children(row, "table-cell", "covered-table-cell"):
        columns = _repeats(cell, "number-columns-repeated", _MOST_COLUMNS)
        text = _shown_text(cell)
        if text or child(cell, "annotation") is not None:
            for offset in range(columns if text else 1):
                yield column + offset, cell, text
        column += columns


def _repeats(element: Element, name: str, most: int) -> int:
    value = attribute(element, name, "1")
    return min(max(int(value), 1), most) if value.isdecimal() and len(value) < 12 else 1


def _shown_text(cell: Element) -> str:
    """The text the program displayed; for files written without it, the stored value."""
    text = cell_text(cell)
    if text:
        return text
    for name in _VALUES:
        if value := attribute(cell, name):
            return value.replace("T", " ") if name == "date-value" else value.upper() if name == "boolean-value" else value
    value = attribute(cell, "value")
    return shown(value, "percent:0" if attribute(cell, "value-type") == "percentage" else "") if value else ""


def _drawn(table: Element, document: OpenDocument) -> Iterator[list[str]]:
    for shape in descendants(table, "frame", "custom-shape", "rect"):
        if local(shape.getparent() or shape) in ("text-box", "frame"):
            continue
        lines = [paragraph_text(paragraph) for paragraph in descendants(shape, "p")]
        yield [line for line in (*lines, described(shape), *object_lines(shape, document.package)) if line]


def _hidden_styles(document: OpenDocument) -> frozenset[str]:
    """Names of the table styles that are not displayed."""
    return frozenset(
        attribute(style, "name") for style in descendants(document.content, "style")
        if any(attribute(settings, "display") == "false" for settings in children(style, "table-properties"))
    )


PARSER = SpreadsheetParser()
