"""Read web pages: the text a visitor came for, under its headings, and the page's own description."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from halo_app.domain.source import Parsed
from halo_app.errors import EmptyFile
from halo_app.parsing.html_text import HtmlWriter, decoded, read_html, visible_text
from halo_app.parsing.manuscript import Manuscript, one_line
from halo_app.parsing.xml_tree import Element, all_text, descendants, local
from halo_app.plugins import Limits

_META = {
    "description": "Description", "og:description": "Description", "author": "Author", "article:author": "Author",
    "keywords": "Keywords", "date": "Date", "article:published_time": "Published", "dc.creator": "Author", "dc.date": "Date",
    "dcterms.created": "Created", "og:site_name": "Site", "dc.title": "Title", "dc.description": "Description",
    "dc.subject": "Subject",
}
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "header"})
_FURNITURE_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar"})
_FURNITURE_NAMES = frozenset({
    "nav", "navbar", "navigation", "menu", "sidebar", "breadcrumb", "breadcrumbs", "footer", "site-footer", "site-header",
    "cookie", "cookies", "cookie-banner", "social", "share", "sharing", "share-buttons", "related-posts", "newsletter",
    "skip-link", "toc-mobile",
})
_LEAST_MAIN_CHARS, _LEAST_MAIN_SHARE = 200, 0.15


class PageParser:
    """HTML and XHTML files and pages fetched from the web."""

    types: Mapping[str, str] = {"html": "html", "htm": "html", "xhtml": "html"}
    about: str = "Web pages: heading or paragraph"
    libraries: tuple[str, ...] = ("lxml.etree", "trafilatura")

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the page's text; menus and footers are left out when what is left is clearly the text."""
        data = path.read_bytes()
        if not data.strip():
            raise EmptyFile(f"“{name}” is empty", fix="add a file with text in it")
        root = read_html(data, name)
        written = Manuscript(name, limits)
        HtmlWriter(written, skipped=_furniture(root, data)).write(_shown_part(root))
        if not written.length:
            _write_fallback(root, written)
        found = _described(root)
        return written.build(title=written.properties(found))


def _shown_part(root: Element) -> Element:
    body = next(descendants(root, "body"), None)
    return body if body is not None else root


def _write_fallback(root: Element, written: Manuscript) -> None:
    """A page that shows nothing without scripts still says something to those who have none."""
    for element in descendants(root, "noscript"):
        element.tag = "div"
    HtmlWriter(written).write(_shown_part(root))


def _described(root: Element) -> list[tuple[str, str]]:
    """The page's title and what its meta elements say, each once."""
    title = one_line(all_text(next(descendants(root, "title"), None)))
    found = {"Title": title} if title else {}
    for meta in descendants(root, "meta"):
        key = (meta.get("name") or meta.get("property") or "").lower()
        value = one_line(meta.get("content") or "")
        if key in _META and value:
            found.setdefault(_META[key], value)
    return list(found.items())


def _furniture(root: Element, data: bytes) -> Callable[[Element], bool]:
    """Return a test for menus, footers and the like whose text is no part of what trafilatura calls the main text."""
    main = _words(_main_text(data))
    everything = _words(visible_text(root))
    if len(main) < _LEAST_MAIN_CHARS or len(main) < _LEAST_MAIN_SHARE * len(everything):
        return lambda element: False
    return lambda element: _looks_like_furniture(element) and not _share_inside(element, main) > 0.5


def _main_text(data: bytes) -> str:
    from trafilatura import extract
    return extract(decoded(data), include_comments=True, include_tables=True, favor_recall=True, fast=True) or ""


def _looks_like_furniture(element: Element) -> bool:
    name = local(element).lower()
    if name in ("body", "html", "main", "article"):
        return False
    if name == "header" and next(descendants(element, "h1", "h2"), None) is not None:
        return False
    names = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
    if name == "a" and any(word.startswith("skip") for word in names):
        return True
    return name in _FURNITURE_TAGS or (element.get("role") or "").lower() in _FURNITURE_ROLES or not _FURNITURE_NAMES.isdisjoint(names)


def _share_inside(element: Element, main: str) -> float:
    """The share of an element's longer texts that the main text holds."""
    texts = [words for piece in element.itertext() if len(words := _words(str(piece))) > 15]
    total = sum(map(len, texts))
    return sum(len(words) for words in texts if words in main) / total if total else 0.0


def _words(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


PARSER = PageParser()
