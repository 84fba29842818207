"""Read the records of an Excel 97 to 2003 workbook: cells with their number formats, hidden sheets, comments, text boxes.

Layouts are those of Microsoft's published [MS-XLS] specification (BIFF8).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from halo_app.errors import PasswordProtected, TooLarge
from halo_app.parsing.excel_numbers import format_kind, shown
from halo_app.parsing.manuscript import one_line
from halo_app.parsing.sheet_text import Cell, Comment

_BOF, _EOF, _CONTINUE, _BOUNDSHEET, _FORMAT, _XF, _DATEMODE = 0x0809, 0x000A, 0x003C, 0x0085, 0x041E, 0x00E0, 0x0022
_FILEPASS, _SHARED, _NOTE, _OBJ, _TXO = 0x002F, 0x00FC, 0x001C, 0x005D, 0x01B6
_NUMBER, _RK, _MULRK, _FORMULA, _STRING, _BOOLERR = 0x0203, 0x027E, 0x00BD, 0x0006, 0x0207, 0x0205
_LABEL, _RICH, _LABEL_SHARED = 0x0204, 0x00D6, 0x00FD
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_MOST_CELLS = 3_000_000

Record = tuple[int, list[bytes]]          # kind, and the data in the pieces that records continue it in


@dataclass
class SheetRecords:
    """What the records of one sheet say."""

    name: str = ""
    hidden: bool = False
    cells: list[Cell] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)


def is_biff8(stream: bytes) -> bool:
    """Say whether a workbook stream is of Excel 97 or later."""
    return len(stream) >= 8 and unpack_from("<HHH", stream, 0)[::2] == (_BOF, 0x0600)


def read_sheets(stream: bytes, name: str) -> tuple[list[SheetRecords], bool]:
    """Return the sheets in order, and whether the stream broke off before its end. Raises PasswordProtected or TooLarge."""
    workbook = _Workbook(name)
    try:
        for at, kind, pieces in _records(stream):
            workbook.take(at, kind, pieces)
    except (struct.error, IndexError):
        workbook.end_sheet()
        return workbook.sheets, True
    return workbook.sheets, False


def _records(stream: bytes) -> Iterator[tuple[int, int, list[bytes]]]:
    """Yield (offset, kind, data), each with the records that continue it."""
    at = 0
    while at + 4 <= len(stream):
        start, (kind, size) = at, unpack_from("<HH", stream, at)
        pieces = [stream[at + 4:at + 4 + size]]
        at += 4 + size
        while kind in (_SHARED, _STRING, _TXO) and at + 4 <= len(stream) and unpack_from("<H", stream, at)[0] == _CONTINUE:
            size = unpack_from("<H", stream, at + 2)[0]
            pieces.append(stream[at + 4:at + 4 + size])
            at += 4 + size
        yield start, kind, pieces


class _Workbook:
    """Takes records one after the other; formats and shared strings come before the sheets that use them."""

    def __init__(self, name: str) -> None:
        self.sheets: list[SheetRecords] = []
        self._name = name
        self._codes: dict[int, str] = {}
        self._kinds: list[str] = []
        self._strings: list[str] = []
        self._epoch_1904 = False
        self._offsets: dict[int, SheetRecords] = {}
        self._sheet: SheetRecords | None = None
        self._object = 0
        self._awaiting: tuple[int, int] | None = None          # the cell of a formula whose text comes next
        self._texts: dict[int, str] = {}
        self._notes: list[tuple[int, int, int, str]] = []
        self._cell_readers: dict[int, Callable[[bytes], Iterator[Cell]]] = {
            _NUMBER: self._number, _RK: self._rk, _MULRK: self._many_rk, _FORMULA: self._formula, _BOOLERR: self._truth,
            _LABEL: self._label, _RICH: self._label, _LABEL_SHARED: self._shared,
        }

    def take(self, at: int, kind: int, pieces: list[bytes]) -> None:
        data = pieces[0]
        if kind == _FILEPASS:
            raise PasswordProtected(f"“{self._name}” is protected by a password", fix="remove the password and add the file again")
        if kind == _BOF:
            self._sheet = self._offsets.get(at, self._sheet)
        elif kind == _EOF:
            self.end_sheet()
        elif self._sheet is None:
            self._of_workbook(kind, data, pieces)
        elif kind in self._cell_readers:
            self._sheet.cells += (cell for cell in self._cell_readers[kind](data) if cell[2])
            if len(self._sheet.cells) > _MOST_CELLS:
                raise TooLarge(f"“{self._name}” has more than {_MOST_CELLS:,} filled cells in one sheet", fix="split the sheet")
        else:
            self._of_sheet(self._sheet, kind, data, pieces)

    def end_sheet(self) -> None:
        """Give the sheet that ends its comments: remarks whose texts stood in objects of their own."""
        if self._sheet is not None:
            for row, column, number, author in self._notes:
                if text := self._texts.pop(number, ""):
                    self._sheet.comments.append(Comment(row, column, text, author))
            self._sheet.boxes += self._texts.values()
        self._sheet, self._awaiting, self._texts, self._notes = None, None, {}, []

    def _of_workbook(self, kind: int, data: bytes, pieces: list[bytes]) -> None:
        if kind == _BOUNDSHEET:
            offset, state = unpack_from("<IB", data, 0)
            sheet = SheetRecords(_text(data[7:], data[6]), state & 3 != 0)
            self.sheets.append(sheet)
            self._offsets[offset] = sheet
        elif kind == _FORMAT:
            self._codes[unpack_from("<H", data, 0)[0]] = _text(data[4:], unpack_from("<H", data, 2)[0])
        elif kind == _XF:
            number = unpack_from("<H", data, 2)[0]
            self._kinds.append(format_kind(number, self._codes.get(number, "")))
        elif kind == _DATEMODE:
            self._epoch_1904 = unpack_from("<H", data, 0)[0] == 1
        elif kind == _SHARED:
            self._strings = list(_shared_strings(pieces))

    def _of_sheet(self, sheet: SheetRecords, kind: int, data: bytes, pieces: list[bytes]) -> None:
        if kind == _STRING and self._awaiting:
            source = _Pieces(pieces)
            text = one_line(source.text(source.number(2)))
            if text:
                sheet.cells.append((*self._awaiting, text))
            self._awaiting = None
        elif kind == _OBJ and len(data) >= 8:
            self._object = unpack_from("<H", data, 6)[0]
        elif kind == _TXO and len(pieces) > 1:
            source = _Pieces(pieces[1:])
            self._texts[self._object] = source.text(unpack_from("<H", data, 10)[0])
        elif kind == _NOTE and len(data) >= 11:
            row, column, _, number = unpack_from("<HHHH", data, 0)
            self._notes.append((row, column, number, _text(data[10:], unpack_from("<H", data, 8)[0])))

    def _shown(self, value: float, style: int) -> str:
        return shown(repr(value), self._kinds[style] if style < len(self._kinds) else "", epoch_1904=self._epoch_1904)

    def _number(self, data: bytes) -> Iterator[Cell]:
        row, column, style, value = unpack_from("<HHHd", data, 0)
        yield row, column, self._shown(value, style)

    def _rk(self, data: bytes) -> Iterator[Cell]:
        row, column, style, packed = unpack_from("<HHHI", data, 0)
        yield row, column, self._shown(_unpacked(packed), style)

    def _many_rk(self, data: bytes) -> Iterator[Cell]:
        row, first = unpack_from("<HH", data, 0)
        for index in range((len(data) - 6) // 6):
            style, packed = unpack_from("<HI", data, 4 + 6 * index)
            yield row, first + index, self._shown(_unpacked(packed), style)

    def _formula(self, data: bytes) -> Iterator[Cell]:
        row, column, style = unpack_from("<HHH", data, 0)
        kind, value, mark = data[6], data[8], unpack_from("<H", data, 12)[0]
        if mark != 0xFFFF:
            yield row, column, self._shown(unpack_from("<d", data, 6)[0], style)
        elif kind == 0:
            self._awaiting = (row, column)
        elif kind == 1:
            yield row, column, "TRUE" if value else "FALSE"
        elif kind == 2:
            yield row, column, _ERRORS.get(value, "")

    def _truth(self, data: bytes) -> Iterator[Cell]:
        row, column, _, value, is_error = unpack_from("<HHHBB", data, 0)
        yield row, column, _ERRORS.get(value, "") if is_error else "TRUE" if value else "FALSE"

    def _label(self, data: bytes) -> Iterator[Cell]:
        row, column, _, length = unpack_from("<HHHH", data, 0)
        yield row, column, one_line(_text(data[8:], length))

    def _shared(self, data: bytes) -> Iterator[Cell]:
        row, column, _, index = unpack_from("<HHHI", data, 0)
        yield row, column, self._strings[index] if index < len(self._strings) else ""


class _Pieces:
    """Reads on over the borders of records; text that runs over one begins anew with its width."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces
        self._index = self._at = 0

    def number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "little")

    def skip(self, size: int) -> None:
        while size > 0 and self._index < len(self._pieces):
            step = min(size, len(self._pieces[self._index]) - self._at)
            self._at, size = self._at + step, size - step
            if size:
                self._next()

    def text(self, length: int, flags: int | None = None) -> str:
        flags = self.number(1) if flags is None else flags
        parts: list[str] = []
        while length > 0 and self._index < len(self._pieces):
            width = 2 if flags & 1 else 1
            count = min(length, (len(self._pieces[self._index]) - self._at) // width)
            if not count:
                self._next()
                flags = self.number(1) if self._index < len(self._pieces) else 0
                continue
            data = self._pieces[self._index][self._at:self._at + count * width]
            parts.append(data.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            self._at, length = self._at + count * width, length - count
        return "".join(parts)

    def _take(self, size: int) -> bytes:
        while self._index < len(self._pieces) and self._at >= len(self._pieces[self._index]):
            self._next()
        if self._index >= len(self._pieces):
            raise IndexError("the records end too early")
        data = self._pieces[self._index][self._at:self._at + size]
        self._at += size
        return data

    def _next(self) -> None:
        self._index, self._at = self._index + 1, 0


def _shared_strings(pieces: list[bytes]) -> Iterator[str]:
    source = _Pieces(pieces)
    source.skip(4)
    for _ in range(min(source.number(4), _MOST_CELLS)):
        try:
            length, flags = source.number(2), source.number(1)
            runs = source.number(2) if flags & 8 else 0
            extra = source.number(4) if flags & 4 else 0
        except IndexError:
            return
        yield one_line(source.text(length, flags))
        source.skip(4 * runs + extra)


def _unpacked(packed: int) -> float:
    """A number in 30 bits: a whole one or the top of a double, perhaps in hundredths."""
    if packed & 2:
        whole = packed >> 2
        value: float = whole - (1 << 30) if whole & 1 << 29 else whole
    else:
        value = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return value / 100 if packed & 1 else value


def _text(data: bytes, length: int) -> str:
    """Text after a byte that tells its width."""
    if not data:
        return ""
    return data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")[:length]
