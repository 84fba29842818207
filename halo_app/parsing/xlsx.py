"""Read Excel workbooks: every filled cell with its address, cell comments and threads, text boxes, charts, properties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from halo_app.domain.source import Parsed
from halo_app.parsing.drawings import linked_texts, paragraphs
from halo_app.parsing.embedded_pictures import EmbeddedPictures
from halo_app.parsing.excel_numbers import format_kind, shown
from halo_app.parsing.manuscript import Manuscript, one_line
from halo_app.parsing.ooxml import main_part, open_office, properties, related, relations, text_runs
from halo_app.parsing.sheet_text import Cell, Comment, Sheet, hidden_remark, write_comments, write_sheet
from halo_app.parsing.xml_tree import Element, all_text, attribute, child, children, descendants
from halo_app.parsing.zipped import Package
from halo_app.plugins import Limits

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_THREADED = "[Threaded comment]"


class WorkbookParser:
    """XLSX and its siblings: with macros, as templates; transitional and strict."""

    types: Mapping[str, str] = {"xlsx": "xlsx", "xlsm": "xlsx", "xltx": "xlsx", "xltm": "xlsx"}
    about: str = "Excel workbooks: sheet and cell"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the sheets in order, comments after them; formulas stand with the values stored last."""
        package = open_office(path, name, limits)
        member = main_part(package, "xl/workbook.xml")
        pictures = EmbeddedPictures(package, limits)
        book = _Book(package, member, pictures)
        sheets = list(book.sheets())
        written = Manuscript(name, limits)
        for sheet in sheets:
            write_sheet(sheet, written)
        write_comments(sheets, written)
        title = written.properties(properties(package))
        return written.build(title=title, remarks=(*hidden_remark(sheets), *pictures.remarks))


class _Book:
    """What all sheets of a workbook share: strings, formats, people."""

    def __init__(self, package: Package, member: str, pictures: EmbeddedPictures) -> None:
        self._package = package
        self._pictures = pictures
        self._member = member
        self._root = package.xml(member)
        settings = child(self._root, "workbookPr")
        self._epoch_1904 = settings is not None and attribute(settings, "date1904") in ("1", "true")
        self._strings = [one_line(_unescaped(text_runs(item))) for part in related(package, member, "sharedStrings")
                         for item in children(package.xml_or_none(part), "si")]
        self._kinds = [kind for part in related(package, member, "styles") for kind in _kinds(package.xml_or_none(part))]
        self._people = {person.get("id", ""): person.get("displayName", "") for part in related(package, member, "person")
                        for person in children(package.xml_or_none(part), "person")}

    def sheets(self) -> Iterator[Sheet]:
        targets = {link.id: link.target for link in relations(self._package, self._member)}
        for entry in children(child(self._root, "sheets"), "sheet"):
            member = targets.get(attribute(entry, "id"), "")
            if self._package.find(member) is None:
                continue
            name = entry.get("name", "")
            hidden = entry.get("state", "visible") != "visible"
            root = self._package.xml_or_none(member)
            yield Sheet(name, list(self._cells(root)), self._comments(member), list(self._drawn(member)), hidden)

    def _cells(self, root: Element | None) -> Iterator[Cell]:
        row_index = -1
        for row in children(child(root, "sheetData"), "row"):
            number = row.get("r", "")
            row_index = int(number) - 1 if number.isdecimal() else row_index + 1
            column = -1
            for cell in children(row, "c"):
                place = _address(cell.get("r", ""))
                column = place[1] if place else column + 1
                text = self._text(cell)
                if text:
                    yield row_index, column, text

    def _text(self, cell: Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return one_line(_unescaped(text_runs(child(cell, "is"))))
        value = all_text(child(cell, "v"))
        if not value.strip():
            return ""
        if kind == "s":
            return self._strings[int(value)] if value.strip().isdecimal() and int(value) < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value.strip() in ("1", "true") else "FALSE"
        if kind == "d":
            return value.replace("T", " ").removesuffix(" 00:00:00")
        if kind == "n":
            style = cell.get("s", "0")
            index = int(style) if style.isdecimal() else 0
            return shown(value.strip(), self._kinds[index] if index < len(self._kinds) else "", epoch_1904=self._epoch_1904)
        return one_line(_unescaped(value))

    def _comments(self, member: str) -> list[Comment]:
        found = [comment for part in related(self._package, member, "comments") for comment in self._notes(part)]
        for part in related(self._package, member, "threadedComment"):
            for thread in children(self._package.xml_or_none(part), "threadedComment"):
                place = _address(thread.get("ref", ""))
                text = all_text(child(thread, "text"))
                if place and text.strip():
                    found.append(Comment(*place, text, self._people.get(thread.get("personId", ""), "")))
        return found

    def _notes(self, part: str) -> Iterator[Comment]:
        root = self._package.xml_or_none(part)
        authors = [all_text(author) for author in children(child(root, "authors"), "author")]
        for note in children(child(root, "commentList"), "comment"):
            place = _address(note.get("ref", ""))
            text = _unescaped(text_runs(child(note, "text")))
            index = note.get("authorId", "")
            author = authors[int(index)] if index.isdecimal() and int(index) < len(authors) else ""
            if place and text.strip() and not text.startswith(_THREADED):     # the thread itself follows in its own part
                yield Comment(*place, text, "" if author.startswith("tc={") else author)

    def _drawn(self, member: str) -> Iterator[list[str]]:
        for part in related(self._package, member, "drawing"):
            root = self._package.xml_or_none(part)
            targets = {link.id: link.target for link in relations(self._package, part) if not link.external}
            for shape in descendants(root, "sp", "pic", "graphicFrame"):
                lines = paragraphs(child(shape, "txBody"))
                described = next(descendants(shape, "cNvPr"), None)
                text = one_line(described.get("descr", "")) if described is not None else ""
                yield [*lines, text] if text else lines
                yield self._pictures.text_of(shape, targets).split("\n")
                yield from linked_texts(shape, self._package, part)


def _kinds(root: Element | None) -> list[str]:
    """The format kind of each cell style, by index."""
    codes = {format_.get("numFmtId", ""): format_.get("formatCode", "") for format_ in children(child(root, "numFmts"), "numFmt")}
    kinds = []
    for style in children(child(root, "cellXfs"), "xf"):
        number = style.get("numFmtId", "0")
        kinds.append(format_kind(int(number) if number.isdecimal() else 0, codes.get(number, "")))
    return kinds


def _address(reference: str) -> tuple[int, int] | None:
    """`B7` as row 6, column 1."""
    match = _ADDRESS.match(reference.partition(":")[0])
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _unescaped(text: str) -> str:
    """Excel writes control characters as `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


PARSER = WorkbookParser()
