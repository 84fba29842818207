"""Tell which paragraph styles of a Word document are headings, titles or list items."""

from __future__ import annotations

import re
from dataclasses import dataclass

from halo_app.parsing.ooxml import related
from halo_app.parsing.xml_tree import Element, attribute, child, children
from halo_app.parsing.zipped import Package

_HEADING = re.compile(r"(?:heading|titre|überschrift|berschrift|título|titolo|kop|rubrik)[ _-]?([1-9])$", re.IGNORECASE)
_TITLE = 0


@dataclass(frozen=True, slots=True)
class Styles:
    """Style id -> outline level (0 for the title style, 1 to 9 for headings), and the ids of list styles."""

    levels: dict[str, int]
    lists: frozenset[str]

    def level(self, paragraph: Element) -> int | None:
        """Return 0 for a title, 1 to 9 for a heading, None for body text."""
        own = child(paragraph, "pPr", "outlineLvl")
        if own is not None:
            return _outline(own)
        style = child(paragraph, "pPr", "pStyle")
        return self.levels.get(attribute(style, "val")) if style is not None else None

    def is_list_item(self, paragraph: Element) -> bool:
        """True for paragraphs that stand in a list."""
        numbering = child(paragraph, "pPr", "numPr")
        if numbering is not None:
            number = child(numbering, "numId")
            return number is None or attribute(number, "val") != "0"
        style = child(paragraph, "pPr", "pStyle")
        return style is not None and attribute(style, "val") in self.lists


def read_styles(package: Package, member: str) -> Styles:
    """Return the styles of a document; without a styles part, what their usual ids say."""
    parts = related(package, member, "styles")
    root = package.xml_or_none(parts[0]) if parts else None
    styles = {attribute(style, "styleId"): style for style in children(root, "style")}
    levels = {f"Heading{level}": level for level in range(1, 10)} | {"Title": _TITLE}
    lists: set[str] = set()
    for style_id, style in styles.items():
        level = _level(style_id, styles)
        if level is None:
            levels.pop(style_id, None)
        else:
            levels[style_id] = level
        if child(style, "pPr", "numPr") is not None or style_id.startswith("List"):
            lists.add(style_id)
    return Styles(levels, frozenset(lists) if styles else frozenset({"ListParagraph", "ListBullet", "ListNumber"}))


def _level(style_id: str, styles: dict[str, Element]) -> int | None:
    """Follow `basedOn` until a style says its level, by outline or by its name."""
    for _ in range(20):
        style = styles.get(style_id)
        if style is None:
            return None
        outline = child(style, "pPr", "outlineLvl")
        if outline is not None:
            return _outline(outline)
        name = child(style, "name")
        shown = attribute(name, "val") if name is not None else style_id
        if match := _HEADING.match(shown):
            return int(match[1])
        if shown.lower() == "title":
            return _TITLE
        base = child(style, "basedOn")
        if base is None:
            return None
        style_id = attribute(base, "val")
    return None


def _outline(element: Element) -> int | None:
    value = attribute(element, "val")
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None
