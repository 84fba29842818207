"""Read XML: feeds item by item, other documents element by element, each value with the path of its element."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import EmptyFile
from halo_app.parsing.article import as_page
from halo_app.parsing.html_text import HtmlWriter, read_html, visible_text
from halo_app.parsing.manuscript import Headings, Manuscript, one_line, shortened
from halo_app.parsing.xml_tree import Element, all_text, attribute, child, children, descendants, local, parse_xml
from halo_app.plugins import Limits

_FEEDS = frozenset({"rss", "feed", "RDF"})
_ITEMS = ("item", "entry")
_BODIES = ("description", "summary", "encoded", "content", "subtitle")
_FACTS = ("creator", "author", "pubDate", "published", "updated", "date", "category", "subject")
_SILENT = frozenset({
    "id", "class", "style", "href", "src", "schemaLocation", "noNamespaceSchemaLocation", "lang", "space", "base", "version",
})
_PROSE = frozenset({
    "p", "para", "simpara", "title", "head", "subtitle", "ab", "l", "text", "body", "description", "summary", "note", "abstract",
})
_MARKUP = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>")
_LONG = 100                                    # a value as long as a sentence reads without its element's name


class XmlParser:
    """XML of any kind; RSS, RDF and Atom feeds as what they are."""

    types: Mapping[str, str] = {
        "xml": "xml", "rss": "rss", "atom": "rss", "rdf": "xml", "nxml": "xml", "opml": "xml",
        "kml": "xml", "gpx": "xml", "tei": "xml", "docbook": "xml", "dbk": "xml", "xbrl": "xml", "fb2": "xml", "svg": "xml",
    }
    about: str = "XML files and feeds: item title, heading of an article, or the path of the element"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the values in document order; markup inside feed items is read as the page it is."""
        data = path.read_bytes()
        if not data.strip():
            raise EmptyFile(f"“{name}” is empty", fix="add a file with text in it")
        root = parse_xml(data, f"“{name}”")
        written = Manuscript(name, limits)
        if local(root) == "html":
            HtmlWriter(written).write(root)
            return written.build(title=one_line(all_text(next(descendants(root, "title"), None))))
        if local(root) in _FEEDS and next(descendants(root, *_ITEMS), None) is not None:
            return written.build(title=_write_feed(root, written))
        page = as_page(root)
        if page is not None:
            headings = Headings()
            HtmlWriter(written, headings=headings, before=page.closing.__contains__,
                       passing=lambda key: headings.enter(page.closing[key], "")).write(root)
            return written.build(title=page.title)
        _write_element(root, [local(root)], written)
        return written.build(title=one_line(all_text(next(children(root, "title"), None))))


def _write_feed(root: Element, written: Manuscript) -> str:
    """Write the channel's own words, then every item; return the feed's title."""
    channel = child(root, "channel") if child(root, "channel") is not None else root
    title = _inline(child(channel, "title"))
    place = Locator(Place.HEADING, shortened(title)) if title else Locator(Place.PART, "feed")
    written.entry(title, 1, place)
    _write_bodies(channel, place, written) if channel is not None else None
    for number, item in enumerate(descendants(root, *_ITEMS), start=1):
        _write_item(item, number, written)
    return title


def _write_item(item: Element, number: int, written: Manuscript) -> None:
    title = _inline(child(item, "title"))
    place = Locator(Place.HEADING, shortened(title)) if title else Locator(Place.PART, "feed", f"item {number}")
    written.entry(title, 2, place)
    facts = [_fact(element) for element in children(item, *_FACTS)]
    written.block(" | ".join(dict.fromkeys(fact for fact in facts if fact)), place)
    _write_bodies(item, place, written)


def _fact(element: Element) -> str:
    named = child(element, "name")
    return one_line(all_text(named if named is not None else element)) or one_line(attribute(element, "term"))


def _write_bodies(holder: Element, place: Locator, written: Manuscript) -> None:
    """Write descriptions and contents; a description that the content repeats is left out."""
    bodies = [(element, _as_page(element)) for element in children(holder, *_BODIES)]
    texts = [_bare(page) for _, page in bodies]
    for position, (_, page) in enumerate(bodies):
        repeated = any(texts[position] in other for index, other in enumerate(texts) if index != position and (
            len(other) > len(texts[position]) or index < position))
        if texts[position] and not repeated:
            HtmlWriter(written, place=lambda: place, outlined=False).write(page)


def _as_page(element: Element) -> Element:
    """Markup inside an item: escaped, in CDATA, or as elements."""
    if len(element):
        return element
    return read_html(f"<div>{element.text or ''}</div>".encode(), "feed", charset="utf-8")


def _bare(element: Element) -> str:
    return re.sub(r"\W+", "", all_text(element))


def _inline(element: Element | None) -> str:
    return one_line(_without_markup(all_text(element)))


def _without_markup(text: str) -> str:
    """Return text whose escaped markup, if it has any, is read as markup."""
    if not _MARKUP.search(text) and "&" not in text:
        return text
    return visible_text(read_html(f"<div>{text}</div>".encode(), "value", charset="utf-8"))


def _is_data(element: Element) -> bool:
    """True for what holds bytes or code, no words."""
    name = local(element)
    return name in ("binary", "binaryData") or (name in ("style", "script") and "svg" in str(element.tag))


def _write_element(element: Element, path: list[str], written: Manuscript) -> None:
    place = Locator(Place.HEADING, " › ".join(path))
    listed = _write_attributes(element, path, written)
    if _is_mixed(element) or not len(element):
        _write_value(element, place, written, listed)
        return
    totals = Counter(map(local, element))
    seen: Counter[str] = Counter()
    started = listed
    for below in children(element):
        name = local(below)
        seen[name] += 1
        if _is_data(below):
            continue
        step = f"{name}[{seen[name]}]" if totals[name] > 1 else name
        if len(below) or below.attrib:
            _write_element(below, [*path, step], written)
            started = False
        else:
            started = _write_value(below, Locator(Place.HEADING, " › ".join([*path, step])), written, started) or started


def _write_attributes(element: Element, path: list[str], written: Manuscript) -> bool:
    """Write what the attributes say, one line each; return whether anything was written."""
    listed = False
    for key, value in element.attrib.items():
        name = str(key).rpartition("}")[2]
        text = one_line(str(value))
        if text and name not in _SILENT and any(letter.isalnum() for letter in text):
            place = Locator(Place.HEADING, " › ".join([*path, f"@{name}"]))
            (written.line if listed else written.block)(f"{name}: {text}", place)
            listed = True
    return listed


def _write_value(element: Element, place: Locator, written: Manuscript, follows: bool) -> bool:
    """Write one value; short ones after the name of their element, as `capital: Paris`."""
    text = one_line(_without_markup(all_text(element)))
    if not text:
        return False
    name = local(element)
    plain = name in _PROSE or len(text) > _LONG or len(element) > 0
    write = written.line if follows and not plain else written.block
    write(text if plain else f"{name}: {text}", place)
    return not plain


def _is_mixed(element: Element) -> bool:
    """True when text stands between the child elements, as in prose."""
    return bool(len(element)) and (bool((element.text or "").strip()) or any((below.tail or "").strip() for below in element))


PARSER = XmlParser()
