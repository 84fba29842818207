"""Read older and binary Excel workbooks: every filled cell with its address, comments, text boxes, properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from halo_app.domain.source import Parsed
from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.biff import SheetRecords, is_biff8, read_sheets
from halo_app.parsing.drawings import plain_number
from halo_app.parsing.excel_numbers import clock, span
from halo_app.parsing.manuscript import Manuscript, flowing, one_line
from halo_app.parsing.ole import CompoundFile
from halo_app.parsing.ooxml import properties
from halo_app.parsing.sheet_text import Cell, Sheet, hidden_remark, write_comments, write_sheet
from halo_app.parsing.zipped import open_package
from halo_app.plugins import Limits

_AGAIN = "check the original and add it again"
_CUT = "the file is cut short; what stands before the cut was read"


class OldWorkbookParser:
    """XLS files of Excel 97 to 2003; through calamine those of Excel 5 and 95, and the binary XLSB."""

    types: Mapping[str, str] = {"xls": "xls", "xlt": "xls", "xlsb": "xlsx"}
    about: str = "Older Excel workbooks: sheet and cell"
    libraries: tuple[str, ...] = ("olefile", "python_calamine")

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the sheets in order, comments after them; formulas stand with the values stored last."""
        with path.open("rb") as stream:
            zipped = stream.read(2) == b"PK"
        found, sheets, cut = _from_package(path, name, limits) if zipped else _from_compound(path, name)
        written = Manuscript(name, limits)
        for sheet in sheets:
            write_sheet(sheet, written)
        write_comments(sheets, written)
        title = written.properties(found)
        return written.build(title=title, remarks=(*hidden_remark(sheets), *((_CUT,) if cut else ())))


Read = tuple[list[tuple[str, str]], list[Sheet], bool]        # properties, sheets, whether the file breaks off


def _from_package(path: Path, name: str, limits: Limits) -> Read:
    return properties(open_package(path, name, limits)), list(_by_calamine(path, name)), False


def _from_compound(path: Path, name: str) -> Read:
    file = CompoundFile(path, name)
    stream = file.read("Workbook")
    if file.read("Book"):                      # its chains are sound: calamine trusts them without end
        return file.properties(), list(_by_calamine(path, name)), False
    if not is_biff8(stream):
        raise UnreadableFile(f"“{name}” holds no workbook that can be read", fix=_AGAIN)
    records, cut = read_sheets(stream, name)
    return file.properties(), [_sheet(sheet) for sheet in records], cut


def _sheet(sheet: SheetRecords) -> Sheet:
    drawn = [[one_line(line) for line in flowing(box).split("\n")] for box in sheet.boxes]
    return Sheet(sheet.name, sheet.cells, sheet.comments, drawn, sheet.hidden)


def _by_calamine(path: Path, name: str) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook
    try:
        book = CalamineWorkbook.from_path(str(path))
        for title in book.sheet_names:
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            yield Sheet(title, list(_cells(rows)))
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise PasswordProtected(f"“{name}” is protected by a password", fix="remove it and add the file again") from error
        raise UnreadableFile(f"“{name}” is cut short or damaged", fix=_AGAIN) from error


def _cells(rows: list[list[Any]]) -> Iterator[Cell]:
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            text = _shown(value)
            if text:
                yield row, column, text


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return plain_number(repr(value))
    if isinstance(value, datetime):
        return clock(value, "moment")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if isinstance(value, timedelta):
        return span(value)
    return one_line(str(value))


PARSER = OldWorkbookParser()
