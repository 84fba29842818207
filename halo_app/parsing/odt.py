"""Read OpenDocument texts: body, tables, notes, comments, margins, properties; deleted text is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.embedded_pictures import DETAIL, EmbeddedPictures
from halo_app.parsing.manuscript import Headings, Manuscript, in_body
from halo_app.parsing.opendocument import (
    OpenDocument,
    cell_text,
    described,
    object_lines,
    open_document,
    paragraph_text,
    picture_members,
    properties,
    remarks,
    table_rows,
)
from halo_app.parsing.xml_tree import Element, attribute, child, children, descendants, is_layout, local
from halo_app.plugins import Limits

_MARGINS = {"header": "header", "header-left": "header", "header-first": "header",
            "footer": "footer", "footer-left": "footer", "footer-first": "footer"}


class TextParser:
    """ODT files, templates, and flat XML ones."""

    types: Mapping[str, str] = {"odt": "odt", "ott": "odt", "fodt": "odt"}
    about: str = "OpenDocument texts: heading or paragraph; comments, notes, headers and footers"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the text with heading paths as places; notes, comments and margins stand after the body."""
        document = open_document(path, name, limits, "text")
        written = Manuscript(name, limits)
        pictures = EmbeddedPictures(document.package, limits)
        _Body(written, document, pictures).write(document.body)
        _write_notes(document, written)
        for remark in remarks(document.body):
            written.block(remark.shown, Locator(Place.PART, remark.place))
        _write_margins(document, written)
        return written.build(title=written.properties(properties(document)), remarks=pictures.remarks)


class _Body:
    """Writes block after block under the headings it meets."""

    def __init__(self, written: Manuscript, document: OpenDocument, pictures: EmbeddedPictures) -> None:
        self._written = written
        self._pictures = pictures
        self._package = document.package
        self._levels = _levels(document)
        self._headings = Headings()
        self._paragraphs = 0

    def write(self, holder: Element) -> None:
        for block in children(holder):
            name = local(block)
            if name in ("p", "h"):
                self._write_paragraph(block)
            elif name == "list":
                self._write_list(block, first=True)
            elif name == "table":
                self._write_table(block)
            elif name in ("frame", "custom-shape", "g", "rect"):
                self._write_shape(block)
            elif name not in ("tracked-changes", "sequence-decls", "forms", "variable-decls", "user-field-decls", "annotation"):
                self.write(block)

    def _write_paragraph(self, paragraph: Element, *, line: bool = False) -> bool:
        text = paragraph_text(paragraph)
        if text:
            self._paragraphs += 1
            level = self._level(paragraph)
            if level is not None:
                self._headings.enter(level, text)
                self._written.entry(text, level, self._place())
            else:
                (self._written.line if line else self._written.block)(text, self._place())
        for shape in _shapes(paragraph):
            self._write_shape(shape)
        return bool(text)

    def _level(self, paragraph: Element) -> int | None:
        if local(paragraph) == "h":
            level = attribute(paragraph, "outline-level", "1")
            return int(level) if level.isdecimal() and int(level) > 0 else 1
        return self._levels.get(attribute(paragraph, "style-name"))

    def _write_list(self, listing: Element, *, first: bool) -> bool:
        for item in children(listing, "list-item", "list-header"):
            for block in children(item):
                if local(block) == "list":
                    first = self._write_list(block, first=first)
                elif local(block) in ("p", "h"):
                    first = not self._write_paragraph(block, line=not first) and first
        return first

    def _write_table(self, table: Element) -> None:
        rows = [list(children(row, "table-cell")) for row in table_rows(table)]
        if is_layout(rows, "table"):
            for cell in (cell for row in rows for cell in row):
                self.write(cell)
            return
        self._paragraphs += 1
        self._written.table(([cell_text(cell) for cell in row] for row in rows), self._place())

    def _write_shape(self, shape: Element) -> None:
        for box in _boxes(shape):
            self.write(box)
        for frame in descendants(shape, "frame", "custom-shape"):
            self._written.block(described(frame), self._detailed("picture description"))
            self._written.lines(object_lines(frame, self._package), self._detailed("chart"))
            for member in picture_members(frame):
                self._written.block(self._pictures.text(member), self._detailed(DETAIL))

    def _place(self) -> Locator | None:
        return self._headings.locator(in_body(self._paragraphs))

    def _detailed(self, detail: str) -> Locator:
        return replace(self._headings.locator() or in_body(max(self._paragraphs, 1)), detail=detail)


def _shapes(paragraph: Element) -> Iterator[Element]:
    for below in children(paragraph):
        if local(below) in ("frame", "custom-shape", "g", "rect"):
            yield below
        elif local(below) not in ("note", "annotation"):
            yield from _shapes(below)


def _boxes(shape: Element) -> Iterator[Element]:
    """What holds a shape's paragraphs: its text boxes, or the shape itself."""
    if local(shape) in ("text-box", "custom-shape", "rect"):
        yield shape
    else:
        for below in children(shape, "text-box", "frame", "g", "custom-shape", "rect"):
            yield from _boxes(below)


def _levels(document: OpenDocument) -> dict[str, int]:
    """Style name -> heading level, for paragraphs that are headings by their style only; the title style counts as 1."""
    styles = {attribute(style, "name"): style for root in (document.styles, document.content) for style in descendants(root, "style")}
    found = {}
    for name in styles:
        level = _level(name, styles)
        if level is not None:
            found[name] = level
    return found


def _level(name: str, styles: dict[str, Element]) -> int | None:
    for _ in range(20):
        if name == "Title":
            return 1
        style = styles.get(name)
        if style is None:
            return None
        level = attribute(style, "default-outline-level")
        if level.isdecimal():
            return int(level) or None
        name = attribute(style, "parent-style-name")
    return None


def _write_notes(document: OpenDocument, written: Manuscript) -> None:
    for kind in ("footnote", "endnote"):
        for note in descendants(document.body, "note"):
            if attribute(note, "note-class", "footnote") == kind:
                texts = [paragraph_text(paragraph) for paragraph in descendants(child(note, "note-body"), "p", "h")]
                written.lines(texts, Locator(Place.PART, kind))


def _write_margins(document: OpenDocument, written: Manuscript) -> None:
    seen: set[tuple[str, str]] = set()
    for master in descendants(document.styles, "master-page"):
        for margin in children(master, *_MARGINS):
            kind = _MARGINS[local(margin)]
            text = "\n".join(filter(None, (paragraph_text(paragraph) for paragraph in descendants(margin, "p", "h"))))
            if text and (kind, text) not in seen:
                seen.add((kind, text))
                written.block(text, Locator(Place.PART, kind))


PARSER = TextParser()
