"""Write the visible text of an HTML tree: headings, paragraphs, lists, tables; a walk that web pages, books and mails share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml import etree

from halo_app.domain.locator import Locator
from halo_app.errors import UnreadableFile
from halo_app.parsing.encodings import decode
from halo_app.parsing.manuscript import LEVEL, RAISED, Headings, Manuscript, flowing, in_body, kept_layout, one_line
from halo_app.parsing.xml_tree import Element, all_text, children, is_layout, local

_UNSEEN = frozenset({
    "script", "style", "template", "noscript", "head", "svg", "iframe", "object", "embed", "canvas", "select", "datalist",
    "textarea", "audio", "video", "input", "rt", "rp", "annotation", "annotation-xml", "title", "meta", "link",
})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li", "main",
    "menu", "nav", "ol", "p", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    "frameset", "noframes", "option", "h1", "h2", "h3", "h4", "h5", "h6", "pre",
})
_LINES = frozenset({"li", "dt", "dd", "option", "tr", "figcaption"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.IGNORECASE
)
_NEVER_CLOSED = (
    (re.compile(r"</?(?:b|i|u|s|em|strong|font|span|a|center|big|small|tt|sub|sup|blink|nobr)\b[^<>]*>", re.IGNORECASE), ""),
    (re.compile(r"</?(?:div|section|article|blockquote|ul|ol|dl|form|table|tbody|tr|td)\b[^<>]*>", re.IGNORECASE), "<p>"),
)
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class HtmlWriter:
    """Walks one HTML tree into a manuscript.

    `place` says where text stands now (by default the heading path, or the paragraph's number); `passing` is told
    the ids that `before` asks for, after the text before them is written; `skipped` leaves out whole elements;
    headings are listed in the outline when `outlined`.
    """

    def __init__(
        self, written: Manuscript, *, headings: Headings | None = None, place: Callable[[], Locator] | None = None,
        passing: Callable[[str], None] | None = None, before: Callable[[str], bool] | None = None,
        skipped: Callable[[Element], bool] | None = None, outlined: bool = True,
    ) -> None:
        self._written = written
        self._headings = headings or Headings()
        self._place = place or self._own_place
        self._passing = passing
        self._before = before or (lambda key: True)
        self._skipped = skipped or (lambda element: False)
        self._outlined = outlined
        self._buffer: list[str] = []
        self._number = 0
        self._last_was_line = False

    def write(self, root: Element) -> None:
        """Write everything visible below `root`."""
        self._visit(root)
        self._flush()

    def _own_place(self) -> Locator:
        return self._headings.locator() or in_body(max(self._number, 1))

    def _visit(self, element: Element) -> None:
        name = local(element).lower()
        if name and not (name in _UNSEEN or is_hidden(element) or self._skipped(element)):
            self._announce(element)
            self._enter(element, name)
        if element.tail:
            self._buffer.append(_spaced(element.tail))

    def _enter(self, element: Element, name: str) -> None:
        if name in _HEADINGS:
            self._heading(element, _HEADINGS[name])
        elif name == "table":
            self._table(element)
        elif name in ("pre", "listing", "xmp"):
            self._flush()
            self._put(kept_layout(all_text(element)))
        elif name == "br":
            self._buffer.append("\n")
        elif name == "sup":
            self._buffer.append(RAISED)
            self._walk(element)
            self._buffer.append(LEVEL)
        elif name == "img":
            self._picture(element)
        elif name in _BLOCKS:
            self._flush()
            self._walk(element)
            self._flush(line=name in _LINES)
        else:                                      # unknown elements are inline, as in browsers
            self._walk(element)

    def _announce(self, element: Element, *, in_cell: bool = False) -> None:
        if self._passing is None:
            return
        for key in (element.get("id"), element.get("name") if local(element) == "a" else None):
            if key and self._before(key):
                if not in_cell:
                    self._flush()
                    self._last_was_line = False
                self._passing(key)

    def _walk(self, element: Element) -> None:
        if element.text:
            self._buffer.append(_spaced(element.text))
        for below in element:
            self._visit(below)

    def _heading(self, element: Element, level: int) -> None:
        self._flush()
        self._walk(element)
        text = one_line("".join(self._buffer))
        self._buffer.clear()
        if text:
            self._headings.enter(level, text)
            self._number += 1
            if self._outlined:
                self._written.entry(text, level, self._place())
            else:
                self._written.block(text, self._place())
            self._last_was_line = False

    def _flush(self, *, line: bool = False) -> None:
        text = re.sub(r"\n{3,}", "\n\n", flowing("".join(self._buffer)))
        self._buffer.clear()
        if text:
            self._put(text, line=line)

    def _put(self, text: str, *, line: bool = False) -> None:
        if not text.strip():
            return
        self._number += 1
        (self._written.line if line and self._last_was_line else self._written.block)(text, self._place())
        self._last_was_line = line

    def _picture(self, element: Element) -> None:
        text = one_line(element.get("alt") or "")
        if len(text.split()) > 2:
            self._buffer.append(f" {text} ")

    def _table(self, table: Element) -> None:
        self._flush()
        rows = [list(children(row, "td", "th", "TD", "TH")) for row in _rows(table)]
        if is_layout(rows, "table"):
            self._walk(table)
            self._flush()
            return
        for caption in children(table, "caption"):
            self._walk(caption)
            self._flush()
        self._number += 1
        self._last_was_line = False
        self._written.table(([self._cell(cell) for cell in row] for row in rows), self._place())

    def _cell(self, cell: Element) -> str:
        outer, self._buffer = self._buffer, []
        if not is_hidden(cell):
            self._announce(cell, in_cell=True)
            self._gather(cell)
        text = one_line("".join(self._buffer))
        self._buffer = outer
        return text

    def _gather(self, element: Element) -> None:
        """Collect a cell's text as one run, with spaces where blocks meet."""
        self._buffer.append(_spaced(element.text or ""))
        for below in element:
            name = local(below).lower()
            if name == "img":
                self._picture(below)
            elif name and name not in _UNSEEN and not is_hidden(below):
                self._announce(below, in_cell=True)
                block = name in _BLOCKS or name == "br"
                self._buffer.append(" " if block else RAISED if name == "sup" else "")
                self._gather(below)
                self._buffer.append(" " if block else LEVEL if name == "sup" else "")
            self._buffer.append(_spaced(below.tail or ""))


def read_html(data: bytes, name: str, *, charset: str = "") -> Element:
    """Return the root of an HTML page whatever its encoding; raises UnreadableFile when there is no markup or text in it."""
    text = decoded(data, charset).replace("\x00", "")
    root, too_deep = _tree(text)
    for never_closed, instead in _NEVER_CLOSED:           # tags left open by the thousand nest deeper than any parser goes
        if too_deep:
            text = never_closed.sub(instead, text)
            root, too_deep = _tree(text)
    if root is None:
        raise UnreadableFile(f"“{name}” holds no readable page", fix="check what kind of file it is")
    return root


def _tree(text: str) -> tuple[Element | None, bool]:
    """Return the root, and whether parts were lost because they lie too deep."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root: Element | None = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return root, any("depth" in entry.message for entry in parser.error_log)


def decoded(data: bytes, charset: str = "") -> str:
    """Return bytes as text: by byte order mark, the given or declared charset, UTF-8, or the likeliest other one."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    found = _DECLARED.search(data[:4096])
    declared = (found[1] or found[2]).decode("ascii", "ignore") if found else ""
    for encoding in (charset, "utf-8", declared):
        if encoding and (text := _strictly(data, encoding)) is not None:
            return text
    if declared and not declared.lower().startswith("utf"):
        return data.decode(_web(declared), "replace") if _known(declared) else data.decode("cp1252", "replace")
    return decode(data.replace(b"\x00", b""), "page")[0]


def is_hidden(element: Element) -> bool:
    """True for elements that their own attributes hide."""
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def visible_text(element: Element) -> str:
    """Return what can be seen of an element, as one line."""
    parts: list[str] = []
    _gather_visible(element, parts)
    return one_line("".join(parts))


def _gather_visible(element: Element, parts: list[str]) -> None:
    name = local(element).lower()
    if not name or name in _UNSEEN or is_hidden(element):
        return
    parts.append(element.text or "")
    for below in element:
        _gather_visible(below, parts)
        parts.append((" " if local(below).lower() in _BLOCKS else "") + (below.tail or ""))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(_web(encoding))
    except (LookupError, ValueError):
        return None


def _known(encoding: str) -> bool:
    try:
        "".encode(_web(encoding))
    except LookupError:
        return False
    return True


def _web(encoding: str) -> str:
    """Browsers read these labels as the larger Windows code pages."""
    return {"iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252", "iso-8859-9": "cp1254",
            "gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932",
            "x-sjis": "cp932", "tis-620": "cp874"}.get(encoding.lower(), encoding)


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text)


def _rows(table: Element) -> Iterator[Element]:
    for below in children(table):
        name = local(below).lower()
        if name == "tr":
            yield below
        elif name in ("thead", "tbody", "tfoot"):
            yield from _rows(below)
