"""Read PowerPoint presentations slide by slide: shapes, tables, charts, notes and comments, each with its slide's number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.drawings import linked_texts, paragraphs
from halo_app.parsing.embedded_pictures import DETAIL, EmbeddedPictures
from halo_app.parsing.manuscript import Manuscript, flowing, one_line
from halo_app.parsing.ooxml import choice, main_part, open_office, properties, related, relations, text_runs
from halo_app.parsing.xml_tree import Element, all_text, attribute, child, children, descendants, local
from halo_app.parsing.zipped import Package
from halo_app.plugins import Limits

_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "hdr"})       # what the master repeats on every slide
_FRAMES = frozenset({"sp", "graphicFrame", "pic", "cxnSp"})


class PresentationParser:
    """PPTX and its siblings: shows, templates, with macros."""

    types: Mapping[str, str] = {
        "pptx": "pptx", "pptm": "pptx", "ppsx": "pptx", "ppsm": "pptx", "potx": "pptx", "potm": "pptx"
    }
    about: str = "PowerPoint presentations: slide, with its notes and comments"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the slides in the order they are shown; numbers count hidden slides, as PowerPoint does."""
        package = open_office(path, name, limits)
        member = main_part(package, "ppt/presentation.xml")
        written = Manuscript(name, limits)
        pictures = EmbeddedPictures(package, limits)
        show = _Show(package, written, pictures, _authors(package, member))
        slides = _slides(package, member)
        blank = [number for number, slide in enumerate(slides, 1) if not show.write_slide(slide, number)]
        title = written.properties(properties(package))
        return written.build(title=title, pages=len(slides), blank_pages=blank, remarks=pictures.remarks)


def _slides(package: Package, member: str) -> list[str]:
    """Members of the slides in the order of the show."""
    targets = {link.id: link.target for link in relations(package, member) if link.kind == "slide"}
    listed = children(child(package.xml(member), "sldIdLst"), "sldId")
    ordered = [targets.get(_relation_id(slide), "") for slide in listed]
    return [slide for slide in ordered if package.find(slide) is not None]


def _relation_id(element: Element) -> str:
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")


@dataclass(frozen=True, slots=True)
class _Show:
    """What writing any slide needs: the package, the text so far, the reader of pictures, author id -> name."""

    package: Package
    written: Manuscript
    pictures: EmbeddedPictures
    authors: Mapping[str, str]

    def write_slide(self, member: str, number: int) -> bool:
        """Write one slide, its notes and comments; return whether the slide itself has text."""
        before = self.written.length
        root = self.package.xml_or_none(member)
        shapes = list(_shapes(child(root, "cSld", "spTree")))
        shapes.sort(key=lambda shape: _placeholder(shape) not in _TITLES)       # stable: the title first, then as drawn
        targets = {link.id: link.target for link in relations(self.package, member) if not link.external}
        for shape in shapes:
            self._write_shape(member, shape, Locator(Place.SLIDE, str(number)), targets)
        has_text = self.written.length > before
        for part in related(self.package, member, "notesSlide"):
            _write_notes(self.package.xml_or_none(part), Locator(Place.SLIDE, str(number), "notes"), self.written)
        for part in related(self.package, member, "comments", "comment"):
            _write_comments(self.package.xml_or_none(part), number, self.authors, self.written)
        return has_text

    def _write_shape(self, member: str, shape: Element, place: Locator, targets: dict[str, str]) -> None:
        kind, written = _placeholder(shape), self.written
        if kind in _FURNITURE:
            return
        lines = paragraphs(child(shape, "txBody"))
        if kind in _TITLES and lines:
            written.entry(" ".join(one_line(line) for line in lines), 1, place)
        else:
            written.lines(lines, place)
        for table in descendants(child(shape, "graphic"), "tbl"):
            _write_table(table, place, written)
        for texts in linked_texts(shape, self.package, member):
            written.lines(texts, place)
        described = next(descendants(shape, "cNvPr"), None)
        text = flowing(described.get("descr", "")) if described is not None else ""
        written.block(text, Locator(place.kind, place.value, "picture description"))
        written.block(self.pictures.text_of(shape, targets), Locator(place.kind, place.value, DETAIL))


def _shapes(tree: Element | None) -> Iterator[Element]:
    for shape in children(tree):
        name = local(shape)
        if name in _FRAMES:
            yield shape
        elif name == "grpSp":
            yield from _shapes(shape)
        elif name == "AlternateContent":
            yield from _shapes(choice(shape))


def _placeholder(shape: Element) -> str:
    found = child(shape, "nvSpPr", "nvPr", "ph")
    return found.get("type", "body") if found is not None else ""


def _write_table(table: Element, place: Locator, written: Manuscript) -> None:
    rows = ([one_line(" ".join(paragraphs(child(cell, "txBody")))) for cell in children(row, "tc")] for row in children(table, "tr"))
    written.table(rows, place)


def _write_notes(root: Element | None, place: Locator, written: Manuscript) -> None:
    for shape in _shapes(child(root, "cSld", "spTree")):
        if _placeholder(shape) not in _FURNITURE | {"sldImg", "ftr"}:
            written.lines(paragraphs(child(shape, "txBody")), place)


def _authors(package: Package, member: str) -> dict[str, str]:
    """Author id -> name, of old comments and of threaded ones."""
    found: dict[str, str] = {}
    for part in related(package, member, "commentAuthors", "authors"):
        for author in children(package.xml_or_none(part)):
            found[author.get("id", "")] = one_line(author.get("name", ""))
    return found


def _write_comments(root: Element | None, number: int, authors: Mapping[str, str], written: Manuscript) -> None:
    """Write old comments (`cm` with `text`) and threaded ones (`cm` and `reply` with `txBody`)."""
    for comment in descendants(root, "cm", "reply"):
        text = flowing(all_text(child(comment, "text"))) or "\n".join(_body_lines(comment))
        author = authors.get(attribute(comment, "authorId"), "")
        detail = f"comment by {author}" if author else "comment"
        if text:
            written.block(f"{author}: {text}" if author else text, Locator(Place.SLIDE, str(number), detail))


def _body_lines(comment: Element) -> list[str]:
    body = child(comment, "txBody")
    return [line for line in (flowing(text_runs(paragraph)) for paragraph in children(body, "p")) if line]


PARSER = PresentationParser()
