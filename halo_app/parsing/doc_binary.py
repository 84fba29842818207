"""Take the binary Word format apart: pieces of text, what they belong to, and the little formatting that carries meaning.

Layouts are those of Microsoft's published [MS-DOC] specification.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from struct import iter_unpack, unpack_from

from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.ole import CompoundFile

_COMMENT_MARKS, _COMMENT_TEXTS, _MARGIN_TEXTS = 4, 5, 11               # places in the header's list of tables
_CHARACTERS, _PARAGRAPHS, _PIECES, _OWNERS = 12, 13, 33, 36
_IN_TABLE, _ROW_END, _OUTLINE, _LIST, _DELETED = 0x2416, 0x2417, 0x2640, 0x460B, 0x0800
_OPERAND_BYTES = (1, 1, 2, 4, 2, 2, 0, 3)
_LONG_OPERAND = 0xD608
_FIRST_WORD_97, _HEADER_BYTES = 0xC1, 898
_SHOWN = {"\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\x1f": "", "\t": "\t"}
_MARGIN_STORIES = ("header", "header", "footer", "footer", "header", "footer")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text up to a paragraph mark. `level` is that of a heading; `cell` and `row_end` stand at ends of cells and rows."""

    text: str
    level: int | None = None
    listed: bool = False
    cell: bool = False
    in_table: bool = False
    row_end: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment and who wrote it."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class _Format:
    level: int | None = None
    listed: bool = False
    in_table: bool = False
    row_end: bool = False


@dataclass
class WordBinary:
    """One document. The characters of all its parts form one sequence: body, notes, margins, comments, boxes."""

    _stream: bytes
    _table: bytes
    _characters: str = ""
    _positions: list[int] = field(default_factory=list)     # file offset of each character
    _ends: list[int] = field(default_factory=list)
    _formats: list[_Format] = field(default_factory=list)
    _lengths: tuple[int, ...] = ()                          # body, footnotes, margins, comments, endnotes, boxes, boxes in margins

    def body(self) -> Iterator[Paragraph]:
        """Yield the body's paragraphs in order."""
        yield from self._paragraphs(0, self._lengths[0])

    def notes(self, kind: str) -> Iterator[str]:
        """Yield the paragraphs of a part: `footnote`, `endnote` or `text box`."""
        part = {"footnote": 1, "endnote": 4, "text box": 5}[kind]
        start = sum(self._lengths[:part])
        yield from (paragraph.text for paragraph in self._paragraphs(start, start + self._lengths[part]) if paragraph.text)

    def margins(self) -> Iterator[tuple[str, str]]:
        """Yield ("header" or "footer", text) of every section."""
        start = sum(self._lengths[:2])
        stories = self._positions_of(_MARGIN_TEXTS, 0)
        for index, (begin, end) in enumerate(pairwise(stories)):
            if index >= 6 and end > begin and start + end <= start + self._lengths[2]:
                texts = [paragraph.text for paragraph in self._paragraphs(start + begin, start + end)]
                yield _MARGIN_STORIES[(index - 6) % 6], "\n".join(text for text in texts if text)

    def comments(self) -> Iterator[Comment]:
        """Yield the comments in the order of their marks."""
        start = sum(self._lengths[:3])
        owners = list(self._owner_names())
        marks = self._blob(_COMMENT_MARKS)
        count = (len(marks) - 4) // 34
        for index, (begin, end) in enumerate(pairwise(self._positions_of(_COMMENT_TEXTS, 0))):
            texts = [paragraph.text for paragraph in self._paragraphs(start + begin, start + end)]
            text = "\n".join(text for text in texts if text)
            owner = unpack_from("<H", marks, 4 * (count + 1) + 30 * index + 20)[0] if index < count else len(owners)
            if text and begin < self._lengths[3]:
                yield Comment(owners[owner] if owner < len(owners) else "", text)

    def _owner_names(self) -> Iterator[str]:
        data, at = self._blob(_OWNERS), 0
        while at + 2 <= len(data):
            size = unpack_from("<H", data, at)[0]
            yield data[at + 2:at + 2 + 2 * size].decode("utf-16-le", "replace")
            at += 2 + 2 * size

    def _blob(self, index: int) -> bytes:
        offset, size = unpack_from("<II", self._stream, 154 + 8 * index)
        return self._table[offset:offset + size]

    def _positions_of(self, index: int, item_bytes: int) -> list[int]:
        data = self._blob(index)
        count = max((len(data) - 4) // (4 + item_bytes), 0)
        return [position for (position,) in iter_unpack("<I", data[:4 * (count + 1)])] if data else []

    def _paragraphs(self, start: int, end: int) -> Iterator[Paragraph]:
        at = start
        end = min(end, len(self._characters))
        for position in range(start, end):
            mark = self._characters[position]
            if mark in "\r\x07\x0c":
                yield self._paragraph(at, position, mark)
                at = position + 1
        if at < end:
            yield self._paragraph(at, end - 1, "", self._characters[at:end])

    def _paragraph(self, start: int, end: int, mark: str, text: str | None = None) -> Paragraph:
        found = self._format_at(self._positions[end])
        raw = self._characters[start:end] if text is None else text
        return Paragraph(without_fields(raw), found.level, found.listed, mark == "\x07", found.in_table, found.row_end)

    def _format_at(self, offset: int) -> _Format:
        index = bisect_right(self._ends, offset)
        return self._formats[index] if index < len(self._formats) else _Format()


def read_word(file: CompoundFile) -> WordBinary:
    """Return the document in a compound file; raises UnreadableFile or PasswordProtected."""
    stream = file.read("WordDocument")
    try:
        magic, version, flags = unpack_from("<H", stream, 0)[0], unpack_from("<H", stream, 2)[0], unpack_from("<H", stream, 10)[0]
        if magic not in (0xA5EC, 0xA5DC):
            raise UnreadableFile(f"“{file.name}” is not a Word document", fix="give it its true suffix")
        if flags & 0x0100:
            raise PasswordProtected(f"“{file.name}” is protected by a password", fix="remove the password and add the file again")
        if version < _FIRST_WORD_97:
            return _before_word_97(stream)
        if len(stream) < _HEADER_BYTES:
            raise UnreadableFile(f"“{file.name}” is cut short or damaged", fix="check the original and add it again")
        document = WordBinary(stream, file.read("1Table" if flags & 0x0200 else "0Table"))
        _gather(document)
    except (struct.error, IndexError) as error:
        raise UnreadableFile(f"“{file.name}” is cut short or damaged", fix="check the original and add it again") from error
    return document


def _before_word_97(stream: bytes) -> WordBinary:
    start, end = unpack_from("<II", stream, 0x18)
    text = stream[start:end].decode("cp1252", "replace")
    empty = bytes(154 + 8 * 40)
    return WordBinary(empty, b"", text, list(range(start, start + len(text))), [], [], (len(text), 0, 0, 0, 0, 0, 0))


def _gather(document: WordBinary) -> None:
    """Fill in characters, their offsets, deletions, and paragraph formats."""
    stream = document._stream
    body, notes, margins = unpack_from("<III", stream, 76)
    comments, endnotes, boxes, margin_boxes = unpack_from("<IIII", stream, 92)
    document._lengths = (body, notes, margins, comments, endnotes, boxes, margin_boxes)
    deleted = sorted(_deleted_ranges(document))
    starts = [start for start, _ in deleted]
    texts: list[str] = []
    for text, offset, width in _pieces(document):
        texts.append(text)
        document._positions += range(offset, offset + width * len(text), width)
    characters = list("".join(texts))
    for index, offset in enumerate(document._positions if deleted else ()):
        near = bisect_right(starts, offset) - 1
        if near >= 0 and offset < deleted[near][1] and characters[index] not in "\r\x07\x0c":
            characters[index] = "\x00"
    document._characters = "".join(characters)
    _gather_formats(document)


def _pieces(document: WordBinary) -> Iterator[tuple[str, int, int]]:
    """The pieces of text in order: (characters, file offset, bytes per character)."""
    table, at = document._blob(_PIECES), 0
    while at < len(table) and table[at] == 1:
        at += 3 + unpack_from("<H", table, at + 1)[0]
    plan = table[at + 5:at + 5 + unpack_from("<I", table, at + 1)[0]]
    count = (len(plan) - 4) // 12
    bounds = unpack_from(f"<{count + 1}I", plan, 0)
    for index in range(count):
        length = bounds[index + 1] - bounds[index]
        packed = unpack_from("<I", plan, 4 * (count + 1) + 8 * index + 2)[0]
        narrow, offset = packed & 0x40000000, packed & 0x3FFFFFFF
        if not 0 < length <= len(document._stream):
            continue
        if narrow:
            data = document._stream[offset // 2:offset // 2 + length]
            yield data.decode("cp1252", "replace"), offset // 2, 1
        else:
            data = document._stream[offset:offset + 2 * length]
            yield "".join(chr(unit) for (unit,) in iter_unpack("<H", data[:len(data) // 2 * 2])), offset, 2


def _pages(document: WordBinary, index: int) -> Iterator[bytes]:
    """The 512-byte pages of formatting that a table of page numbers lists."""
    data = document._blob(index)
    count = (len(data) - 4) // 8
    for position in range(max(count, 0)):
        number = unpack_from("<I", data, 4 * (count + 1) + 4 * position)[0] & 0x3FFFFF
        page = document._stream[512 * number:512 * number + 512]
        if len(page) == 512:
            yield page


def _gather_formats(document: WordBinary) -> None:
    found: list[tuple[int, _Format]] = []
    for page in _pages(document, _PARAGRAPHS):
        count = page[511]
        if 4 * (count + 1) + 13 * count > 511:
            continue
        ends = unpack_from(f"<{count + 1}I", page, 0)
        for index in range(count):
            at = 2 * page[4 * (count + 1) + 13 * index]
            found.append((ends[index + 1], _paragraph_format(page, at) if at else _Format()))
    found.sort(key=lambda entry: entry[0])
    document._ends, document._formats = [end for end, _ in found], [format_ for _, format_ in found]


def _paragraph_format(page: bytes, at: int) -> _Format:
    size = page[at]
    start, length = (at + 1, 2 * size - 1) if size else (at + 2, 2 * page[at + 1])
    data = page[start:start + length]
    if len(data) < 2:
        return _Format()
    style = unpack_from("<H", data, 0)[0]
    set_ = dict(_settings(data[2:]))
    level = set_[_OUTLINE] + 1 if set_.get(_OUTLINE, 9) < 9 else style if 1 <= style <= 9 else None
    return _Format(level, bool(set_.get(_LIST)), bool(set_.get(_IN_TABLE)), bool(set_.get(_ROW_END)))


def _settings(data: bytes) -> Iterator[tuple[int, int]]:
    """The (code, value) pairs of a list of property changes; values longer than four bytes count as 1."""
    at = 0
    while at + 3 <= len(data):
        code = unpack_from("<H", data, at)[0]
        size = _OPERAND_BYTES[code >> 13]
        at += 2
        if not size:
            size = unpack_from("<H", data, at)[0] + 1 if code == _LONG_OPERAND and at + 2 <= len(data) else data[at] + 1
            yield code, 1
        else:
            yield code, int.from_bytes(data[at:at + size], "little")
        at += size


def _deleted_ranges(document: WordBinary) -> Iterator[tuple[int, int]]:
    """File offsets of text that tracked changes deleted."""
    for page in _pages(document, _CHARACTERS):
        count = page[511]
        if 4 * (count + 1) + count > 511:
            continue
        bounds = unpack_from(f"<{count + 1}I", page, 0)
        for index in range(count):
            at = 2 * page[4 * (count + 1) + index]
            if at and dict(_settings(page[at + 1:at + 1 + page[at]])).get(_DELETED):
                yield bounds[index], bounds[index + 1]


def without_fields(text: str) -> str:
    """Return text with field codes left out (their results stay), pictures and anchors gone, surrogates joined."""
    shown: list[str] = []
    hiding: list[bool] = []                        # one entry per open field: its code is being passed
    for letter in text:
        if letter == "\x13":
            hiding.append(True)
        elif letter == "\x14" and hiding:
            hiding[-1] = False
        elif letter == "\x15" and hiding:
            hiding.pop()
        elif not any(hiding):
            shown.append(_SHOWN.get(letter, letter if letter >= " " else ""))
    return "".join(shown).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
