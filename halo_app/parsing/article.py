"""Turn articles, books and patents in XML (JATS, DocBook, TEI, FictionBook, USPTO) into pages of sections and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from halo_app.parsing.manuscript import one_line
from halo_app.parsing.xml_tree import Element, all_text, children, descendants, local

_ROOTS = frozenset({
    "article", "book", "chapter", "section", "part", "TEI", "TEI.2", "FictionBook", "us-patent-application", "us-patent-grant",
    "patent-application-publication", "PATDOC", "topic", "svg",
})
_PARAGRAPHS = frozenset({"p", "para", "simpara", "paragraph", "PARA", "v", "text"})
_SECTIONS = frozenset({
    "sec", "section", "sect1", "sect2", "sect3", "sect4", "chapter", "part", "appendix", "preface", "app", "ack", "abstract",
    "trans-abstract", "ref-list", "div", "topic", "fn-group", "glossary", "bibliography", "book", "body", "boxed-text",
})
_SECTION_TITLES = frozenset({"title", "head"})
_TITLES = ("article-title", "book-title", "invention-title", "title-of-invention", "title")
_NAMES = {
    "p": "p", "para": "p", "simpara": "p", "paragraph": "p", "PARA": "p", "v": "p", "bold": "b", "italic": "i",
    "emphasis": "i", "sup": "sup", "superscript": "sup", "sub": "sub", "subscript": "sub", "hi": "i", "break": "br", "lb": "br",
    "list": "ul", "itemizedlist": "ul", "orderedlist": "ol", "list-item": "li", "listitem": "li", "item": "li",
    "table": "table", "thead": "thead", "tbody": "tbody", "tfoot": "tfoot", "tr": "tr", "row": "tr", "td": "td", "th": "th",
    "entry": "td", "cell": "td", "tgroup": "tbody", "preformat": "pre", "programlisting": "pre", "screen": "pre",
    "codeblock": "pre", "code": "code",
    "literallayout": "pre", "disp-quote": "blockquote", "blockquote": "blockquote", "claim-text": "div", "caption": "div",
    "fig": "div", "table-wrap": "div", "disp-formula": "div", "label": "p", "boxed-text": "div", "mixed-citation": "p",
    "text": "p", "style": "style", "script": "script", "note": "div", "footnote": "div", "fn": "div", "formula": "p",
}
_JOINED = frozenset({
    "aff", "element-citation", "name", "pub-date", "date", "persName", "author", "math", "maths",
    "inline-formula", "address",
})
_SPACE_BEFORE = re.compile(r" (?=[,.;:)])")
_DATA = frozenset({"binary", "binaryData", "graphic", "inline-graphic", "imagedata", "colspec", "tex-math", "object-id"})


@dataclass(frozen=True, slots=True)
class Page:
    """An article's title, and where its sections end: id of an element -> level of the headings closed from there on."""

    title: str
    closing: Mapping[str, int]


def as_page(root: Element) -> Page | None:
    """Change the tree of an article into that of a web page, in place; None, and no change, when it is no article."""
    if local(root) not in _ROOTS or next(descendants(root, *_PARAGRAPHS), None) is None:
        return None
    title = next((element for name in _TITLES for element in descendants(root, name)), None)
    words = one_line(all_text(title))
    change = _Change(title)
    change.below(root, 1)
    root.tag = "div"
    return Page(words, change.closing)


@dataclass
class _Change:
    """Walks the tree once; `depth` is the level of the heading of the section it is in, 1 for the title of all."""

    title: Element | None
    closing: dict[str, int] = field(default_factory=dict)

    def below(self, element: Element, depth: int) -> None:
        prose = _is_prose(element)
        headed = next(children(element, "heading"), None) is not None
        titled = local(element) in ("div", "section")
        for inner in list(children(element)):
            is_title = inner is self.title or (titled and local(inner) in _SECTION_TITLES)
            if is_title:
                _say(inner, one_line(all_text(inner)), block=True)
                inner.tag = "h1" if inner is self.title else f"h{min(max(depth, 2), 6)}"
            else:
                self._one(inner, depth, prose=prose)
            if not (is_title or prose or headed):
                key = f"place-{len(self.closing)}"
                inner.set("id", key)
                self.closing[key] = depth + 1

    def _one(self, element: Element, depth: int, *, prose: bool) -> None:
        name = local(element)
        if name in _DATA:
            _silence(element)
        elif name == "contrib":
            _say(element, _person(element), block=True)
        elif name in _JOINED:
            _say(element, _person(element) if name == "name" else _joined(element), block=not prose)
        elif name == "heading":
            self.below(element, depth)
            element.tag = f"h{min(depth + 1, 6)}"
        elif name in _NAMES:
            self.below(element, depth)
            element.tag = _NAMES[name]
        elif name in _SECTIONS:
            element.tag = "section"
            self.below(element, depth + (name != "body"))
        else:
            element.tag = "span" if prose else "div" if len(element) and not _is_prose(element) else "p"
            self.below(element, depth)


def _is_prose(element: Element) -> bool:
    """True when text stands directly in the element, not only in its children."""
    return bool((element.text or "").strip()) or any((below.tail or "").strip() for below in element)


def _person(holder: Element) -> str:
    """A person's name in the order it is spoken."""
    parts = [next(descendants(holder, name), None) for name in ("given-names", "given-name", "first-name", "surname", "last-name")]
    return one_line(" ".join(all_text(part) for part in parts if part is not None)) or one_line(all_text(
        next(descendants(holder, "collab", "string-name"), None)))


def _joined(element: Element) -> str:
    return _SPACE_BEFORE.sub("", one_line(" ".join(str(part) for part in element.itertext())))


def _say(element: Element, text: str, *, block: bool) -> None:
    _silence(element)
    element.tag, element.text = "p" if block else "span", text


def _silence(element: Element) -> None:
    """Empty an element of text and children; what follows it stays."""
    for below in list(element):
        element.remove(below)
    element.text, element.tag = "", "span"
