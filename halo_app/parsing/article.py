"""Turn articles, books and patents in XML (JATS, DocBook, TEI, FictionBook, USPTO) into pages of sections and tables."""

from __future__ import annotations

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
    "p": "p", "para": "p", "simpara": "p", "paragraph": "p", "PARA": "p", "v": "p", "heading": "h2", "bold": "b", "italic": "i",
    "emphasis": "i", "sup": "sup", "superscript": "sup", "sub": "sub", "subscript": "sub", "hi": "i", "break": "br", "lb": "br",
    "list": "ul", "itemizedlist": "ul", "orderedlist": "ol", "list-item": "li", "listitem": "li", "item": "li",
    "table": "table", "thead": "thead", "tbody": "tbody", "tfoot": "tfoot", "tr": "tr", "row": "tr", "td": "td", "th": "th",
    "entry": "td", "cell": "td", "tgroup": "tbody", "preformat": "pre", "programlisting": "pre", "screen": "pre", "code": "code",
    "literallayout": "pre", "disp-quote": "blockquote", "blockquote": "blockquote", "claim-text": "div", "caption": "div",
    "fig": "div", "table-wrap": "div", "disp-formula": "div", "label": "p", "boxed-text": "div", "mixed-citation": "p",
    "text": "p", "style": "style", "script": "script", "note": "div", "footnote": "div", "fn": "div", "formula": "p",
}
_JOINED = frozenset({"aff", "element-citation", "name", "pub-date", "date", "persName", "author", "math", "maths", "address"})
_DATA = frozenset({"binary", "binaryData", "graphic", "inline-graphic", "imagedata", "colspec", "tex-math", "object-id"})


def as_page(root: Element) -> str | None:
    """Change the tree of an article into that of a page, in place, and return its title; None when it is no article."""
    if local(root) not in _ROOTS or next(descendants(root, *_PARAGRAPHS), None) is None:
        return None
    found = next((element for name in _TITLES for element in descendants(root, name)), None)
    title = one_line(all_text(found))
    _change(root, found, depth=1)
    root.tag = "div"
    return title


def _change(element: Element, title: Element | None, depth: int) -> None:
    prose = _is_prose(element)
    for below in list(children(element)):
        name = local(below)
        if below is title or (name in _SECTION_TITLES and local(element) in ("div", "section")):
            _say(below, one_line(all_text(below)), block=True)
            below.tag = "h1" if below is title else f"h{min(depth, 6)}"
        elif name in _DATA:
            _silence(below)
        elif name == "contrib-group":
            _say(below, ", ".join(filter(None, map(_person, children(below, "contrib")))), block=True)
        elif name in _JOINED:
            _say(below, _person(below) if name == "name" else _joined(below), block=not prose)
        elif name in _NAMES:
            _change(below, title, depth)
            below.tag = _NAMES[name]
        elif name in _SECTIONS:
            below.tag = "section"
            _change(below, title, depth + 1)
        else:
            below.tag = "span" if prose else "div" if len(below) and not _is_prose(below) else "p"
            _change(below, title, depth)


def _is_prose(element: Element) -> bool:
    """True when text stands directly in the element, not only in its children."""
    return bool((element.text or "").strip()) or any((below.tail or "").strip() for below in element)


def _person(holder: Element) -> str:
    """A person's name in the order it is spoken."""
    parts = [next(descendants(holder, name), None) for name in ("given-names", "given-name", "first-name", "surname", "last-name")]
    return one_line(" ".join(all_text(part) for part in parts if part is not None)) or one_line(all_text(
        next(descendants(holder, "collab", "string-name"), None)))


def _joined(element: Element) -> str:
    return one_line(" ".join(str(part) for part in element.itertext()))


def _say(element: Element, text: str, *, block: bool) -> None:
    _silence(element)
    element.tag, element.text = "p" if block else "span", text


def _silence(element: Element) -> None:
    """Empty an element of text and children; what follows it stays."""
    for below in list(element):
        element.remove(below)
    element.text, element.tag = "", "span"
