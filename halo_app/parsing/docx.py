"""Read Word documents: body, tables, notes, comments, headers, footers, properties; tracked deletions are left out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.docx_body import Body, paragraph_text
from halo_app.parsing.docx_styles import read_styles
from halo_app.parsing.embedded_pictures import EmbeddedPictures
from halo_app.parsing.manuscript import Manuscript, one_line
from halo_app.parsing.ooxml import main_part, open_office, properties, related
from halo_app.parsing.xml_tree import Element, attribute, child, children, descendants
from halo_app.parsing.zipped import Package
from halo_app.plugins import Limits

_NOTES = (("footnotes", "footnote"), ("endnotes", "endnote"))
_MARGINS = (("header", "header"), ("footer", "footer"))


class WordParser:
    """DOCX and its siblings with macros or as templates, transitional and strict."""

    types: Mapping[str, str] = {"docx": "docx", "docm": "docx", "dotx": "docx", "dotm": "docx"}
    about: str = "Word documents: heading or paragraph; comments, notes, headers and footers"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the text with heading paths as places; notes, comments and margins stand after the body."""
        package = open_office(path, name, limits)
        member = main_part(package, "word/document.xml")
        written = Manuscript(name, limits)
        pictures = EmbeddedPictures(package, limits)
        body = child(package.xml(member), "body")
        if body is not None:
            Body(written, package, member, read_styles(package, member), pictures).write(body)
        _write_notes(package, member, written)
        _write_comments(package, member, written)
        _write_margins(package, member, written)
        title = written.properties(properties(package))
        return written.build(title=title, remarks=pictures.remarks)


def _write_notes(package: Package, member: str, written: Manuscript) -> None:
    for kind, shown in _NOTES:
        for part in related(package, member, kind):
            for note in children(package.xml_or_none(part), shown):
                if attribute(note, "type") in ("", "normal"):
                    written.block(_text(note), Locator(Place.PART, shown))


def _write_comments(package: Package, member: str, written: Manuscript) -> None:
    for part in related(package, member, "comments"):
        for comment in children(package.xml_or_none(part), "comment"):
            author = one_line(attribute(comment, "author")) or one_line(attribute(comment, "initials"))
            text = _text(comment)
            place = f"comment by {author}" if author else "comment"
            if text:
                written.block(f"{author}: {text}" if author else text, Locator(Place.PART, place))


def _write_margins(package: Package, member: str, written: Manuscript) -> None:
    for kind, shown in _MARGINS:
        seen: set[str] = set()
        for part in related(package, member, kind):
            root = package.xml_or_none(part)
            text = _text(root) if root is not None else ""
            if text and text not in seen:
                seen.add(text)
                written.block(text, Locator(Place.PART, shown))


def _text(holder: Element) -> str:
    lines = (paragraph_text(paragraph) for paragraph in descendants(holder, "p"))
    return "\n".join(line for line in lines if line)


PARSER = WordParser()
