"""Read OpenDocument presentations slide by slide: shapes, tables, charts, notes and comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.embedded_pictures import DETAIL, EmbeddedPictures
from halo_app.parsing.manuscript import Manuscript, one_line
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
from halo_app.parsing.xml_tree import Element, attribute, child, children, descendants, local
from halo_app.plugins import Limits

_FURNITURE = frozenset({"page-number", "date-time", "header", "footer"})
_SHAPES = frozenset({
    "frame", "custom-shape", "rect", "ellipse", "circle", "line", "connector", "polygon", "polyline", "path", "caption",
    "regular-polygon", "measure",
})


class SlidesParser:
    """ODP files, templates, and flat XML ones."""

    types: Mapping[str, str] = {"odp": "odp", "otp": "odp", "fodp": "odp"}
    about: str = "OpenDocument presentations: slide, with its notes and comments"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the slides in order, each followed by its notes and comments."""
        document = open_document(path, name, limits, "presentation")
        written = Manuscript(name, limits)
        pictures = EmbeddedPictures(document.package, limits)
        pages = list(children(document.body, "page"))
        blank = [number for number, page in enumerate(pages, 1) if not _write_slide(page, number, document, pictures, written)]
        title = written.properties(properties(document))
        return written.build(title=title, pages=len(pages), blank_pages=blank, remarks=pictures.remarks)


def _write_slide(page: Element, number: int, document: OpenDocument, pictures: EmbeddedPictures, written: Manuscript) -> bool:
    before = written.length
    place = Locator(Place.SLIDE, str(number))
    shapes = sorted(_shapes(page), key=lambda shape: attribute(shape, "class") != "title")
    for shape in shapes:
        _write_shape(shape, place, document, written)
        for member in picture_members(shape):
            written.block(pictures.text(member), Locator(place.kind, place.value, DETAIL))
    has_text = written.length > before
    for notes in children(page, "notes"):
        for shape in _shapes(notes):
            if attribute(shape, "class") == "notes" or not attribute(shape, "class"):
                written.lines(list(_texts(shape)), Locator(Place.SLIDE, str(number), "notes"))
    for holder in (below for below in children(page) if local(below) != "notes"):
        for remark in remarks(holder):
            written.block(remark.shown, Locator(Place.SLIDE, str(number), remark.place))
    return has_text


def _shapes(holder: Element) -> Iterator[Element]:
    for below in children(holder):
        if local(below) in _SHAPES:
            yield below
        elif local(below) in ("g", "a"):
            yield from _shapes(below)


def _write_shape(shape: Element, place: Locator, document: OpenDocument, written: Manuscript) -> None:
    kind = attribute(shape, "class")
    if kind in _FURNITURE or attribute(shape, "placeholder") == "true":
        return
    texts = list(_texts(shape))
    if kind == "title" and texts:
        written.entry(" ".join(map(one_line, texts)), 1, place)
    else:
        written.lines(texts, place)
    for table in children(shape, "table"):
        written.table(([cell_text(cell) for cell in children(row, "table-cell")] for row in table_rows(table)), place)
    written.lines(object_lines(shape, document.package), place)
    written.block(described(shape), Locator(Place.SLIDE, place.value, "picture description"))


def _texts(shape: Element) -> Iterator[str]:
    """The paragraphs of a shape or its text box, list items included."""
    box = child(shape, "text-box")
    for block in children(box if box is not None else shape, "p", "h", "list"):
        for paragraph in descendants(block, "p", "h"):
            text = paragraph_text(paragraph)
            if text:
                yield text


PARSER = SlidesParser()
