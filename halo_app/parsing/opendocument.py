"""What OpenDocument texts, presentations and spreadsheets have in common: parts, styles, paragraphs, remarks, properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.manuscript import CELL_GAP, flowing, one_line
from halo_app.parsing.xml_tree import Element, all_text, attribute, child, children, descendants, local, parse_xml
from halo_app.parsing.zipped import Package, open_package, resolve
from halo_app.plugins import Limits

_NAMES = {"title": "Title", "subject": "Subject", "description": "Description", "keyword": "Keywords",
          "initial-creator": "Author", "creator": "Last modified by", "creation-date": "Created", "date": "Modified",
          "language": "Language"}
_APART = frozenset({"note", "annotation", "annotation-end", "frame", "tracked-changes", "script", "ruby-text", "custom-shape",
                    "g", "rect", "hidden-text", "hidden-paragraph", "change", "notes", "list", "table", "desc", "title"})
_MOST_SPACES = 1000


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """An opened document: `kind` is text, presentation or spreadsheet; flat XML files have no package."""

    body: Element
    content: Element
    styles: Element | None
    meta: Element | None
    package: Package | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the margin."""

    author: str
    text: str

    @property
    def shown(self) -> str:
        return f"{self.author}: {self.text}" if self.author else self.text

    @property
    def place(self) -> str:
        return f"comment by {self.author}" if self.author else "comment"


def open_document(path: Path, name: str, limits: Limits, kind: str) -> OpenDocument:
    """Open a document whose body must be of this kind; raises PasswordProtected or UnreadableFile."""
    with path.open("rb") as stream:
        flat = stream.read(4) != b"PK\x03\x04"
    if flat:
        root = parse_xml(path.read_bytes(), f"“{name}”")
        return OpenDocument(_body(root, name, kind), root, root, child(root, "meta"), None)
    package = open_package(path, name, limits)
    _refuse_encrypted(package)
    root = package.xml("content.xml")
    meta = child(package.xml_or_none("meta.xml"), "meta")
    return OpenDocument(_body(root, name, kind), root, package.xml_or_none("styles.xml"), meta, package)


def _refuse_encrypted(package: Package) -> None:
    manifest = package.xml_or_none("META-INF/manifest.xml")
    if package.find("encrypted-package") or next(descendants(manifest, "encryption-data"), None) is not None:
        raise PasswordProtected(f"“{package.name}” is protected by a password", fix="remove the password and add the file again")


def _body(root: Element, name: str, kind: str) -> Element:
    body = child(root, "body", kind)
    if body is None:
        raise UnreadableFile(f"“{name}” holds no {kind}", fix="give it its true suffix")
    return body


def properties(document: OpenDocument) -> list[tuple[str, str]]:
    """Return (name, value) of the document's properties, its own and those a person made up."""
    found = []
    for entry in children(document.meta):
        value = one_line(all_text(entry))
        name = _NAMES.get(local(entry)) or (attribute(entry, "name") if local(entry) == "user-defined" else "")
        if value and name:
            found.append((one_line(name), value))
    return found


def paragraph_text(paragraph: Element) -> str:
    """Return what a reader sees of a paragraph or heading; notes, comments and frames stand elsewhere."""
    return flowing("".join(_inline(paragraph)))


def _inline(element: Element) -> Iterator[str]:
    yield _collapsed(element.text)
    for below in element:
        name = local(below)
        if name == "s":
            count = attribute(below, "c", "1")
            yield " " * min(int(count) if count.isdecimal() else 1, _MOST_SPACES)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name and name not in _APART:
            yield from _inline(below)
        yield _collapsed(below.tail)


def _collapsed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text or "")


def remarks(holder: Element) -> list[Remark]:
    """Return the comments anywhere below `holder`."""
    found = []
    for annotation in descendants(holder, "annotation"):
        author = one_line(all_text(child(annotation, "creator")))
        text = "\n".join(filter(None, (paragraph_text(paragraph) for paragraph in descendants(annotation, "p"))))
        if text:
            found.append(Remark(author, text))
    return found


def table_rows(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, through header rows and row groups."""
    for below in children(table):
        name = local(below)
        if name == "table-row":
            yield below
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from table_rows(below)


def cell_text(cell: Element) -> str:
    """Return a cell's paragraphs as one line."""
    holders = [below for below in children(cell) if local(below) not in ("annotation", "frame", "custom-shape", "shapes", "g")]
    texts = [paragraph_text(paragraph) for holder in holders for paragraph in descendants(holder, "p", "h")]
    return one_line(" ".join(texts))


def described(shape: Element) -> str:
    """Return a shape's description for those who do not see it."""
    texts = [one_line(all_text(child(shape, name))) for name in ("title", "desc")]
    return " ".join(dict.fromkeys(text for text in texts if text))


def picture_members(frame: Element) -> list[str]:
    """Return the members of the pictures that a frame shows."""
    return [resolve("content.xml", attribute(image, "href")) for image in children(frame, "image")]


def object_lines(frame: Element, package: Package | None) -> list[str]:
    """Return the words and figures of a chart or formula embedded in a frame, one row a line."""
    lines: list[str] = []
    for embedded in children(frame, "object"):
        member = resolve("", attribute(embedded, "href")) + "/content.xml"
        root = package.xml_or_none(member) if package is not None else None
        for part in descendants(root if root is not None else embedded, "chart", "math"):
            if local(part) == "math":
                lines.append(one_line(all_text(part)))
                continue
            lines += [paragraph_text(text) for title in descendants(part, "title", "subtitle") for text in descendants(title, "p")]
            for table in descendants(part, "table"):
                lines += [CELL_GAP.join(filter(None, map(cell_text, children(row, "table-cell")))) for row in table_rows(table)]
    return [line for line in lines if line]
