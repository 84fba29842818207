"""Walk the body of a Word document in reading order: paragraphs, tables, text boxes, picture descriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from halo_app.domain.locator import Locator
from halo_app.parsing.docx_styles import Styles
from halo_app.parsing.drawings import linked_texts
from halo_app.parsing.embedded_pictures import DETAIL, EmbeddedPictures
from halo_app.parsing.manuscript import LEVEL, RAISED, Headings, Manuscript, flowing, in_body, one_line
from halo_app.parsing.ooxml import choice, relations
from halo_app.parsing.xml_tree import Element, attribute, child, children, descendants, is_layout, local
from halo_app.parsing.zipped import Package

_SKIPPED = frozenset({"del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "sdtPr", "rt", "rubyPr", "tbl"})
_DRAWN = frozenset({"drawing", "pict", "object", "txbxContent"})
_FORMULAS = frozenset({"f", "rad", "sSup", "sSub", "sSubSup"})
_MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


class Body:
    """Writes blocks one after the other; each gets the heading path above it, or its number where there is none."""

    def __init__(self, written: Manuscript, package: Package, member: str, styles: Styles, pictures: EmbeddedPictures) -> None:
        self._written = written
        self._package = package
        self._member = member
        self._styles = styles
        self._pictures = pictures
        self._targets = {link.id: link.target for link in relations(package, member) if not link.external}
        self._headings = Headings()
        self._paragraphs = 0
        self._in_list = False

    def write(self, holder: Element) -> None:
        """Write every block below `holder`."""
        for block in _blocks(holder):
            name = local(block)
            if name == "p":
                self._write_paragraph(block)
            elif name == "tbl":
                self._write_table(block)
            elif name == "oMathPara":
                self._written.block(paragraph_text(block), self._place())

    def _write_paragraph(self, paragraph: Element) -> None:
        text = paragraph_text(paragraph)
        level = self._styles.level(paragraph)
        if text and level is not None:
            self._headings.enter(max(level, 1), text)
            self._paragraphs += 1
            self._written.entry(text, max(level, 1), self._place())
            self._in_list = False
        elif text:
            self._paragraphs += 1
            listed = self._styles.is_list_item(paragraph)
            write = self._written.line if listed and self._in_list else self._written.block
            write(text, self._place())
            self._in_list = listed
        self._write_drawings(paragraph)

    def _write_drawings(self, paragraph: Element) -> None:
        for drawing in _drawings(paragraph):
            for box in _outermost(drawing, "txbxContent"):
                self.write(box)
            for described in descendants(drawing, "docPr"):
                self._describe(described)
            for lines in linked_texts(drawing, self._package, self._member):
                self._written.lines(lines, self._detailed("chart"))
            self._written.block(self._pictures.text_of(drawing, self._targets), self._detailed(DETAIL))

    def _describe(self, described: Element) -> None:
        text = flowing(described.get("descr", "")) or flowing(described.get("title", ""))
        if text:
            self._written.block(text, self._detailed("picture description"))

    def _write_table(self, table: Element) -> None:
        self._in_list = False
        rows = [list(_cells(row)) for row in _rows(table)]
        if is_layout(rows, "tbl"):
            for cell in (cell for row in rows for cell in row):
                self.write(cell)
            return
        self._paragraphs += 1
        self._written.table(([cell_text(cell) for cell in row] for row in rows), self._place())
        for cell in (cell for row in rows for cell in row):
            for paragraph in descendants(cell, "p"):
                self._write_drawings(paragraph)

    def _place(self) -> Locator | None:
        return self._headings.locator(in_body(self._paragraphs))

    def _detailed(self, detail: str) -> Locator:
        place = self._headings.locator() or in_body(max(self._paragraphs, 1))
        return replace(place, detail=detail)


def paragraph_text(paragraph: Element) -> str:
    """Return what a reader sees of a paragraph: insertions in, deletions and field codes out."""
    return flowing("".join(_runs(paragraph)))


def cell_text(cell: Element) -> str:
    """Return a table cell's paragraphs as one line."""
    return one_line("\n".join(paragraph_text(paragraph) for paragraph in descendants(cell, "p") if not _in_box(paragraph, cell)))


def _runs(element: Element) -> Iterator[str]:
    for below in element:
        name = local(below)
        if name in ("t", "m") and not len(below):
            yield below.text or ""
        elif name in _MARKS:
            yield _MARKS[name]
        elif name == "sym":
            yield _symbol(below)
        elif name == "AlternateContent":
            taken = choice(below)
            if taken is not None:
                yield from _runs(taken)
        elif name in _FORMULAS and "math" in below.tag:
            yield _formula(below)
        elif name and name not in _SKIPPED and name not in _DRAWN:
            raised = name == "r" and _is_raised(below)
            yield RAISED if raised else ""
            yield from _runs(below)
            yield LEVEL if raised else ""


def _is_raised(run: Element) -> bool:
    aligned = child(run, "rPr", "vertAlign")
    return aligned is not None and attribute(aligned, "val") == "superscript"


def _formula(element: Element) -> str:
    """A fraction, power, index or root in one line, so that what stands apart does not run together."""
    parts = {local(part): "".join(_runs(part)).strip() for part in children(element)}
    base = _grouped(parts.get("e", ""))
    if local(element) == "f":
        return f"{_grouped(parts.get('num', ''))}/{_grouped(parts.get('den', ''))}"
    if local(element) == "rad":
        return f"{parts.get('deg', '')}√{base}"
    below = f"_{_grouped(parts['sub'])}" if parts.get("sub") else ""
    above = f"^{_grouped(parts['sup'])}" if parts.get("sup") else ""
    return f"{base}{below}{above}"


def _grouped(text: str) -> str:
    return text if text.isalnum() or len(text) < 2 else f"({text})"


def _symbol(element: Element) -> str:
    """A character of a symbol font; those in the private range have no meaning outside their font."""
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    return chr(code) if 0x20 <= code < 0xD800 else ""


def _blocks(holder: Element) -> Iterator[Element]:
    for block in holder:
        name = local(block)
        if name in ("p", "tbl", "oMathPara"):
            yield block
        elif name == "AlternateContent":
            taken = choice(block)
            if taken is not None:
                yield from _blocks(taken)
        elif name and name not in ("del", "moveFrom", "sdtPr", "sectPr", "tcPr"):
            yield from _blocks(block)


def _rows(table: Element) -> Iterator[Element]:
    for row in children(table):
        if local(row) == "tr":
            if child(row, "trPr", "del") is None:
                yield row
        elif local(row) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _rows(row)


def _cells(row: Element) -> Iterator[Element]:
    for cell in children(row):
        if local(cell) == "tc":
            yield cell
        elif local(cell) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _cells(cell)


def _drawings(paragraph: Element) -> Iterator[Element]:
    """The drawings anchored in a paragraph, one branch of each alternative, none inside another."""
    for below in paragraph:
        name = local(below)
        if name == "AlternateContent":
            taken = choice(below)
            if taken is not None:
                yield from _drawings(taken)
        elif name in _DRAWN:
            yield below
        elif name and name not in ("del", "moveFrom", "pPr", "rPr"):
            yield from _drawings(below)


def _outermost(element: Element, name: str) -> Iterator[Element]:
    for below in children(element):
        if local(below) == name:
            yield below
        elif local(below) == "AlternateContent":
            taken = choice(below)
            if taken is not None:
                yield from _outermost(taken, name)
        else:
            yield from _outermost(below, name)


def _in_box(paragraph: Element, cell: Element) -> bool:
    above = paragraph.getparent()
    while above is not None and above is not cell:
        if local(above) == "txbxContent":
            return True
        above = above.getparent()
    return False
