"""Read XML with entities bounded and the network off, and look at elements by their local names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.entities import name2codepoint
from typing import Any, Protocol, overload

from lxml import etree

from halo_app.errors import TooLarge, UnreadableFile
from halo_app.parsing.encodings import decode

_LONG_CELL = 600
_NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]+);")
_BARE_AMPERSAND = re.compile(rb"&(?!#\d+;|#x[0-9a-fA-F]+;|[A-Za-z][\w.-]*;)")


class Element(Protocol):
    """What is used of an lxml element."""

    tag: Any
    text: str | None
    tail: str | None

    @property
    def attrib(self) -> Mapping[str, str]: ...

    @overload
    def get(self, key: str) -> str | None: ...

    @overload
    def get(self, key: str, default: str) -> str: ...

    def iter(self) -> Iterator[Element]: ...

    def itertext(self) -> Iterator[str]: ...

    def set(self, key: str, value: str) -> None: ...

    def remove(self, element: Any) -> None: ...

    def getparent(self) -> Element | None: ...

    def __iter__(self) -> Iterator[Element]: ...

    def __len__(self) -> int: ...


def parse_xml(data: bytes, what: str, *, lenient: bool = True) -> Element:
    """Return the root element. Internal entities are resolved within libxml2's bounds, external ones never.

    `lenient` reads on after damage, as browsers and office programs do. Raises TooLarge for an entity bomb,
    UnreadableFile naming `what` when nothing can be read.
    """
    try:
        root: Element = etree.fromstring(data, _parser(recover=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        return _after_failure(data, what, error, lenient)
    return root


def _after_failure(data: bytes, what: str, error: Exception, lenient: bool) -> Element:
    words = str(error).lower()
    if "amplification" in words or "entity reference loop" in words:
        raise TooLarge(f"{what} expands without end (an entity bomb)", fix="do not trust this file") from None
    root = _recovered(data) if lenient else None
    if root is None:
        raise UnreadableFile(f"{what} is not valid XML: {error}", fix="check the original and add it again") from None
    return root


def _parser(*, recover: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False if recover else "internal", no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, recover=recover, remove_comments=True, remove_pis=True,
    )


def _recovered(data: bytes) -> Element | None:
    try:
        root: Element | None = etree.fromstring(_mended(data), _parser(recover=True))
    except (etree.XMLSyntaxError, ValueError):
        return None
    return root if root is not None and isinstance(root.tag, str) else None


def _mended(data: bytes) -> bytes:
    """Mend what is most often wrong: an encoding that is not said, characters named as in HTML, a bare `&`."""
    data = data.strip()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    if b"encoding" not in data[:200]:
        data = decode(data.replace(b"\x00", b""), "XML")[0].encode("utf-8", "replace")
    return _BARE_AMPERSAND.sub(b"&amp;", with_known_entities(data))


def with_known_entities(data: bytes) -> bytes:
    """Return markup with HTML's named characters, such as `&nbsp;`, as numbers, which every XML parser knows."""
    return _NAMED_ENTITY.sub(_as_number, data)


def _as_number(match: re.Match[bytes]) -> bytes:
    name = match[1].decode()
    if name in ("amp", "lt", "gt", "quot", "apos") or name not in name2codepoint:
        return match[0]
    return f"&#{name2codepoint[name]};".encode()


def local(element: Element) -> str:
    """Return the element's name without its namespace; "" for entities and other things that are no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str, default: str = "") -> str:
    """Return the attribute of that local name, whatever its namespace."""
    value = element.get(name)
    if value is not None:
        return str(value)
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return default


def child(element: Element | None, *path: str) -> Element | None:
    """Return the first descendant along local names, or None."""
    for name in path:
        if element is None:
            return None
        element = next((below for below in element if local(below) == name), None)
    return element


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield the direct children with one of these local names (all elements without names)."""
    for below in element if element is not None else ():
        name = local(below)
        if name and (not names or name in names):
            yield below


def descendants(element: Element | None, *names: str) -> Iterator[Element]:
    """Yield everything below (and the element itself) with one of these local names, in document order."""
    for below in element.iter() if element is not None else ():
        if local(below) in names:
            yield below


def all_text(element: Element | None) -> str:
    """Return the characters of an element and everything below it."""
    return "".join(str(part) for part in element.itertext()) if element is not None else ""


def is_layout(rows: list[list[Element]], table: str) -> bool:
    """Tell whether a table only places text: it has one cell, tables (elements named `table`) in it, or a cell as long as a text."""
    cells = [cell for row in rows for cell in row]
    if len(cells) <= 1 or any(next(descendants(cell, table), None) is not None for cell in cells):
        return True
    return any(len(all_text(cell)) > _LONG_CELL for cell in cells)
