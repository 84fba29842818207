"""Take RTF apart into paragraphs and table rows, each in the stream it belongs to: body, notes, comments, margins, properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from halo_app.parsing.manuscript import flowing, one_line

BODY = "body"
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(\r\n|[^a-zA-Z])|([{}])|[\r\n\x00]+|([^\\{}\r\n\x00]+)", re.DOTALL
)
_SYMBOLS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ", "zwj": "", "zwnj": "\u200c",
    "nestcell": " ", "nestrow": "\n", "column": "\n",
}
_ESCAPES = {b"~": " ", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t", b"\n": "\n", b"\r": "\n", b"\r\n": "\n"}
_STREAMS = {
    "footnote": "footnote", "annotation": "comment", "header": "header", "headerl": "header", "headerr": "header",
    "headerf": "header", "footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer", "title": "Title",
    "subject": "Subject", "author": "Author", "keywords": "Keywords", "doccomm": "Description", "company": "Company",
    "manager": "Manager", "category": "Category", "operator": "Last modified by",
}
PROPERTIES = ("Title", "Subject", "Author", "Keywords", "Description", "Company", "Manager", "Category", "Last modified by")
_OPENED = frozenset({"fldrslt", "shptxt", "shpinst", "field", "shp", "shpgrp", "rtf", "result", "ud"})    # read even after \*
_SILENT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "nonshppict", "fldinst", "listtext", "pntext", "pntxta", "pntxtb",
    "xe", "tc", "tcn", "rxe", "bxe", "objdata", "upr", "shprslt", "shppict", "sp", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc",
    "template", "filetbl", "revtbl", "do", "atnid", "atnref", "atndate", "atntime", "atrfstart", "atrfend", "atnicn",
    "objclass", "objname", "datafield", "htmltag", "mhtmltag",
})
_CODE_PAGES = {
    0: 1252, 77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258, 177: 1255, 178: 1256,
    186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a table row when it has cells. `level` is that of a heading; `author` that of a comment."""

    stream: str
    text: str = ""
    cells: tuple[str, ...] = ()
    level: int | None = None
    listed: bool = False
    author: str = ""


@dataclass(slots=True)
class _Group:
    """What a brace restores: where text goes ("" for nowhere), and how it is to be read."""

    stream: str = BODY
    font: int = -1
    skip: int = 1
    deleted: bool = False
    destination: str = ""
    outer: str = BODY                 # where text goes again inside a part that is read after all
    level: int | None = None          # the rest is of the paragraph
    style: int = 0
    listed: bool = False
    in_table: bool = False

    def plain_paragraph(self) -> None:
        self.level, self.style, self.listed, self.in_table = None, 0, False, False


@dataclass(slots=True)
class RtfReader:
    """Reads one document; `blocks()` yields its pieces in the order they end."""

    data: bytes
    code_page: int = 1252
    _fonts: dict[int, int] = field(default_factory=dict)
    _levels: dict[int, int] = field(default_factory=dict)
    _texts: dict[str, list[str]] = field(default_factory=dict)
    _cells: dict[str, list[str]] = field(default_factory=dict)
    _bytes: bytearray = field(default_factory=bytearray)
    _group: _Group = field(default_factory=_Group)
    _stack: list[_Group] = field(default_factory=list)
    _pending: list[Block] = field(default_factory=list)
    _starred: bool = False
    _to_skip: int = 0
    _author: str = ""
    _shape_name: str = ""

    def blocks(self) -> Iterator[Block]:
        """Yield paragraphs and rows; damage at the end of a file loses nothing before it."""
        position = 0
        while position < len(self.data):
            match = _TOKEN.match(self.data, position)
            if match is None:
                position += 1
                continue
            position = match.end()
            if match[1] == b"bin":
                position += max(int(match[2] or 0), 0)
            else:
                self._take(match)
            if self._pending:
                yield from self._pending
                self._pending.clear()
        self._end_paragraph()
        yield from self._pending

    def _take(self, match: re.Match[bytes]) -> None:
        word, number, hexed, escaped, brace, text = match.groups()
        if text is not None:
            self._raw(text)
        elif hexed is not None:
            self._raw(bytes.fromhex(hexed.decode()))
        elif brace is not None:
            self._flush()
            self._open() if brace == b"{" else self._close()
        elif word is not None:
            self._flush()
            self._word(word.decode(), int(number) if number else None)
        elif escaped == b"*":
            self._starred = True
        elif escaped in (b"\n", b"\r", b"\r\n"):
            self._flush()
            self._end_paragraph()
        elif escaped is not None:
            self._flush()
            self._write(_ESCAPES.get(escaped, ""))

    def _raw(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        if self._group.stream and not self._group.deleted:
            self._bytes += data[skipped:]

    def _flush(self) -> None:
        if self._bytes:
            data, page = bytes(self._bytes), self._fonts.get(self._group.font, self.code_page)
            self._bytes.clear()
            self._write(_decoded(data, page))

    def _write(self, text: str) -> None:
        if self._to_skip and text:
            self._to_skip -= 1
        elif self._group.stream and not self._group.deleted:
            self._texts.setdefault(self._group.stream, []).append(text)

    def _open(self) -> None:
        self._to_skip = 0
        self._stack.append(self._group)
        self._group = replace(self._group, destination="")

    def _close(self) -> None:
        self._to_skip = 0
        closed = self._group
        if closed.destination:
            self._leave(closed)
        elif closed.stream == "stylesheet":
            self._learn_style(closed)
        if self._stack:
            self._group = self._stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word in _SYMBOLS:
            self._write(_SYMBOLS[word])
        elif word == "u" and number is not None:
            self._write(chr(number & 0xFFFF))
            self._to_skip = self._group.skip
        elif word in ("par", "sect", "page"):
            self._end_paragraph()
        elif word in ("cell", "row"):
            self._end_cell(word)
        elif not self._set(word, number):
            self._enter(word, starred)

    def _set(self, word: str, number: int | None) -> bool:
        """Apply a control word that sets something; return whether it is one."""
        group = self._group
        if word == "f":
            group.font = number or 0
        elif word == "uc":
            group.skip = max(number or 0, 0)
        elif word == "ansicpg":
            self.code_page = number or 1252
        elif word == "mac":
            self.code_page = 10000
        elif word == "fcharset":
            self._fonts[group.font] = _CODE_PAGES.get(number or 0, self.code_page)
        elif word == "deleted":
            group.deleted = number != 0
        elif word == "pard":
            group.plain_paragraph()
        elif word == "intbl":
            group.in_table = True
        elif word == "outlinelevel":
            group.level = (number or 0) + 1 if (number or 0) < 9 else None
        elif word == "s":
            group.style = number or 0
        elif word in ("ls", "pn", "pnlvlblt"):
            group.listed = True
        else:
            return False
        return True

    def _enter(self, word: str, starred: bool) -> None:
        """Go into a destination, or ignore a word that changes only how things look."""
        group = self._group
        if word in ("stylesheet", "fonttbl"):
            group.stream, group.destination = word, word
        elif word in ("listtext", "pntext"):
            if self._stack:
                self._stack[-1].listed = True
            group.stream = ""
        elif word in ("atnauthor", "sn", "sv"):
            group.stream = group.destination = word
        elif word in _STREAMS and (word not in ("title", "subject", "author", "category", "manager") or not group.stream):
            group.stream, group.destination = _STREAMS[word], word
        elif word in ("shptxt", "ud"):
            group.stream = group.outer
            group.destination = word
        elif word in _SILENT or (starred and word not in _OPENED) or word == "shpinst":
            group.outer = group.stream or group.outer
            group.stream = ""

    def _leave(self, closed: _Group) -> None:
        """End a destination: what was gathered becomes a block, or is remembered."""
        if closed.destination == "stylesheet":
            self._texts.pop("stylesheet", None)
        elif closed.destination == "atnauthor":
            self._author = one_line(self._taken("atnauthor"))
        elif closed.destination == "sn":
            self._shape_name = one_line(self._taken("sn"))
        elif closed.destination == "sv":
            text = flowing(self._taken("sv"))
            if text and self._shape_name == "wzDescription":
                self._pending.append(Block("picture description", text))
        elif closed.destination == "fonttbl":
            self._texts.pop("fonttbl", None)
        else:
            self._end_paragraph()

    def _learn_style(self, closed: _Group) -> None:
        """Remember which styles are headings, by outline level or by name."""
        match = _HEADING.match(self._taken("stylesheet").strip())
        level = closed.level or (int(match[1]) if match else None)
        if level:
            self._levels[closed.style] = level

    def _taken(self, stream: str) -> str:
        return "".join(self._texts.pop(stream, ()))

    def _end_paragraph(self) -> None:
        stream = self._group.stream
        if not stream:
            return
        if self._group.in_table and stream == BODY:
            self._texts.setdefault(stream, []).append("\n")
            return
        text = flowing(_joined_surrogates(self._taken(stream)))
        if stream == BODY and self._cells.get(stream):
            self._end_row(stream)
        if text:
            group = self._group
            level = (group.level or self._levels.get(group.style)) if stream == BODY else None
            self._pending.append(Block(stream, text, (), level, group.listed, self._author if stream == "comment" else ""))

    def _end_cell(self, word: str) -> None:
        stream = self._group.stream
        if not stream:
            return
        if word == "cell":
            self._cells.setdefault(stream, []).append(one_line(_joined_surrogates(self._taken(stream))))
        else:
            self._end_row(stream)

    def _end_row(self, stream: str) -> None:
        cells = self._cells.pop(stream, [])
        if any(cells):
            self._pending.append(Block(stream, "", tuple(cells)))


def _decoded(data: bytes, page: int) -> str:
    names = {10000: "mac_roman", 65001: "utf-8", 1361: "johab"}
    try:
        return data.decode(names.get(page, f"cp{page}"), "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def _joined_surrogates(text: str) -> str:
    """Characters beyond the first plane come as two halves."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
