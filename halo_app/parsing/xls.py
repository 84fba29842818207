"""Read older and binary Excel workbooks: every filled cell with its address, comments, text boxes, properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from halo_app.domain.source import Parsed
from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.biff import Records, SheetRecords, read_records
from halo_app.parsing.drawings import plain_number
from halo_app.parsing.excel_numbers import clock, shown, span
from halo_app.parsing.manuscript import Manuscript, flowing, one_line
from halo_app.parsing.ole import CompoundFile
from halo_app.parsing.ooxml import properties
from halo_app.parsing.sheet_text import Cell, Sheet, hidden_remark, write_comments, write_sheet
from halo_app.parsing.zipped import open_package
from halo_app.ports import Limits


class OldWorkbookParser:
    """XLS files of Excel 5 to 2003, and the binary XLSB."""

    types: Mapping[str, str] = {"xls": "xls", "xlt": "xls", "xlsb": "xlsx"}
    about: str = "Older Excel workbooks: sheet and cell"
    libraries: tuple[str, ...] = ("olefile", "python_calamine")

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the sheets in order, comments after them; formulas stand with the values stored last."""
        with path.open("rb") as stream:
            zipped = stream.read(2) == b"PK"
        found, records = _from_package(path, name, limits) if zipped else _from_compound(path, name)
        sheets = list(_sheets(path, name, records))
        written = Manuscript(name, limits)
        for sheet in sheets:
            write_sheet(sheet, written)
        write_comments(sheets, written)
        written.properties(found)
        title = next((value for label, value in found if label == "Title"), "")
        return written.build(title=title, remarks=hidden_remark(sheets))


def _from_package(path: Path, name: str, limits: Limits) -> tuple[list[tuple[str, str]], Records]:
    return properties(open_package(path, name, limits)), Records()


def _from_compound(path: Path, name: str) -> tuple[list[tuple[str, str]], Records]:
    file = CompoundFile(path, name)
    records = read_records(file.read("Workbook"))
    if records.encrypted:
        raise _protected(name)
    return file.properties(), records


def _sheets(path: Path, name: str, records: Records) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook
    known = {sheet.name: sheet for sheet in records.sheets}
    try:
        book = CalamineWorkbook.from_path(str(path))
        for title in book.sheet_names:
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            sheet = known.get(title, SheetRecords())
            drawn = [[one_line(line) for line in flowing(box).split("\n")] for box in sheet.boxes]
            yield Sheet(title, list(_cells(rows, sheet, records)), sheet.comments, drawn, sheet.hidden)
    except (CalamineError, OSError, ValueError) as error:
        if "password" in str(error).lower():
            raise _protected(name) from error
        raise UnreadableFile(f"“{name}” is cut short or damaged", fix="check the original and add it again") from error


def _protected(name: str) -> PasswordProtected:
    return PasswordProtected(f"“{name}” is protected by a password", fix="remove the password and add the file again")


def _cells(rows: list[list[Any]], sheet: SheetRecords, records: Records) -> Iterator[Cell]:
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            text = _shown(value, sheet.kinds.get((row, column), ""), records)
            if text:
                yield row, column, text


def _shown(value: Any, kind: str, records: Records) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return shown(repr(value), kind, epoch_1904=records.epoch_1904) if kind.startswith("percent") else plain_number(repr(value))
    if isinstance(value, datetime):
        return clock(value, "time" if kind == "time" else "moment")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S" if value.second else "%H:%M")
    if isinstance(value, timedelta):
        return span(value)
    return one_line(str(value))


PARSER = OldWorkbookParser()
