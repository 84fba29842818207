"""Look into the records of an old Excel workbook for what calamine leaves out: number formats, hidden sheets, comments.

Layouts are those of Microsoft's published [MS-XLS] specification (BIFF8).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from halo_app.parsing.excel_numbers import format_kind
from halo_app.parsing.sheet_text import Comment

_BOF, _EOF, _CONTINUE, _BOUNDSHEET, _FORMAT, _XF, _DATEMODE, _FILEPASS = 0x0809, 0x000A, 0x003C, 0x0085, 0x041E, 0x00E0, 0x0022, 0x002F
_NUMBER, _RK, _MULRK, _FORMULA, _NOTE, _OBJ, _TXO = 0x0203, 0x027E, 0x00BD, 0x0006, 0x001C, 0x005D, 0x01B6
_MOST_FORMATTED = 2_000_000


@dataclass
class SheetRecords:
    """What the records of one sheet say: (row, column) -> format kind where it is not plain, comments, text boxes."""

    name: str = ""
    hidden: bool = False
    kinds: dict[tuple[int, int], str] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)


@dataclass
class Records:
    """What the records of a workbook say; `sheets` in file order."""

    sheets: list[SheetRecords] = field(default_factory=list)
    epoch_1904: bool = False
    encrypted: bool = False


def read_records(stream: bytes) -> Records:
    """Return what could be read; damage ends the reading without an error, for calamine reads the cells themselves."""
    found = Records()
    try:
        _Reader(stream, found).read()
    except (struct.error, IndexError):
        return found
    return found


class _Reader:
    def __init__(self, stream: bytes, found: Records) -> None:
        self._stream = stream
        self._found = found
        self._codes: dict[int, str] = {}
        self._kinds: list[str] = []
        self._offsets: dict[int, SheetRecords] = {}
        self._sheet: SheetRecords | None = None
        self._object = 0
        self._texts: dict[int, str] = {}
        self._notes: list[tuple[int, int, int, str]] = []

    def read(self) -> None:
        at = 0
        while at + 4 <= len(self._stream):
            kind, size = unpack_from("<HH", self._stream, at)
            data = self._stream[at + 4:at + 4 + size]
            if kind == _BOF:
                self._sheet = self._offsets.get(at)
                self._texts, self._notes = {}, []
            elif kind == _EOF:
                self._end_sheet()
            elif kind == _FILEPASS:
                self._found.encrypted = True
                return
            elif kind == _TXO:
                self._text_of_object(data, at + 4 + size)
            elif self._sheet is None:
                self._of_workbook(kind, data)
            else:
                self._of_sheet(kind, data)
            at += 4 + size

    def _of_workbook(self, kind: int, data: bytes) -> None:
        if kind == _BOUNDSHEET:
            offset, state = unpack_from("<IB", data, 0)
            sheet = SheetRecords(_short_text(data[6:]), state & 3 != 0)
            self._found.sheets.append(sheet)
            self._offsets[offset] = sheet
        elif kind == _FORMAT:
            self._codes[unpack_from("<H", data, 0)[0]] = _long_text(data[2:])
        elif kind == _XF:
            number = unpack_from("<H", data, 2)[0]
            self._kinds.append(format_kind(number, self._codes.get(number, "")))
        elif kind == _DATEMODE:
            self._found.epoch_1904 = unpack_from("<H", data, 0)[0] == 1

    def _of_sheet(self, kind: int, data: bytes) -> None:
        if kind in (_NUMBER, _RK, _FORMULA):
            row, column, style = unpack_from("<HHH", data, 0)
            self._format(row, column, style)
        elif kind == _MULRK:
            row, first = unpack_from("<HH", data, 0)
            for index in range((len(data) - 6) // 6):
                self._format(row, first + index, unpack_from("<H", data, 4 + 6 * index)[0])
        elif kind == _OBJ and len(data) >= 8:
            self._object = unpack_from("<H", data, 6)[0]
        elif kind == _NOTE and len(data) >= 8:
            row, column, _, number = unpack_from("<HHHH", data, 0)
            self._notes.append((row, column, number, _long_text(data[8:])))

    def _format(self, row: int, column: int, style: int) -> None:
        assert self._sheet is not None
        if style < len(self._kinds) and self._kinds[style] and len(self._sheet.kinds) < _MOST_FORMATTED:
            self._sheet.kinds[row, column] = self._kinds[style]

    def _text_of_object(self, data: bytes, after: int) -> None:
        length = unpack_from("<H", data, 10)[0]
        text = "".join(_continued(self._stream, after, length))
        if text:
            self._texts[self._object] = text

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            for row, column, number, author in self._notes:
                if text := self._texts.pop(number, ""):
                    self._sheet.comments.append(Comment(row, column, text, author))
            self._sheet.boxes += self._texts.values()
        self._sheet, self._texts, self._notes = None, {}, []


def _continued(stream: bytes, at: int, length: int) -> Iterator[str]:
    """The characters of a text object, which stand in the records that continue it."""
    while length > 0 and at + 5 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind != _CONTINUE or not size:
            return
        data = stream[at + 4:at + 4 + size]
        text = data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")[:length]
        yield text
        length -= len(text)
        at += 4 + size


def _short_text(data: bytes) -> str:
    """A text with a one-byte length."""
    return data[2:].decode("utf-16-le" if data[1] & 1 else "latin-1", "replace")[:data[0]]


def _long_text(data: bytes) -> str:
    """A text with a two-byte length."""
    if len(data) < 3:
        return ""
    length, wide = unpack_from("<HB", data, 0)
    return data[3:].decode("utf-16-le" if wide & 1 else "latin-1", "replace")[:length]
