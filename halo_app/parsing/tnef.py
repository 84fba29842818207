"""Unpack winmail.dat, the wrapping in which Outlook sends attachments and formatted text ([MS-OXTNEF])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import unpack_from

from halo_app.parsing.compressed_rtf import decompress
from halo_app.parsing.ole import code_page
from halo_app.parsing.rtf_reader import BODY, RtfReader

_SIGNATURE = 0x223E9F78
_NEW_ATTACHMENT, _TITLE, _DATA, _ATTACHMENT_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_MESSAGE_PROPERTIES, _CODE_PAGE = 0x00069003, 0x00069007
_LONG_NAME, _BODY, _HTML, _RTF = 0x3707, 0x1000, 0x1013, 0x1009
_FIXED_BYTES = {0x02: 4, 0x03: 4, 0x04: 4, 0x0A: 4, 0x0B: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_COUNTED = frozenset({0x1E, 0x1F, 0x102, 0x0D})


@dataclass
class Wrapped:
    """What was inside: the message's text or page, and (name, bytes) of each attachment."""

    plain: str = ""
    page: bytes = b""
    files: list[tuple[str, bytes]] = field(default_factory=list)


def unwrap(data: bytes) -> Wrapped:
    """Return what could be read; damage ends the reading without an error."""
    found = Wrapped()
    if len(data) < 6 or unpack_from("<I", data, 0)[0] != _SIGNATURE:
        return found
    page = "cp1252"
    names: list[str] = []
    contents: list[bytes] = []
    try:
        for kind, value in _attributes(data):
            if kind == _CODE_PAGE and len(value) >= 4:
                page = code_page(unpack_from("<I", value, 0)[0])
            elif kind == _NEW_ATTACHMENT:
                names.append("")
                contents.append(b"")
            elif kind == _TITLE and names:
                names[-1] = names[-1] or value.rstrip(b"\x00").decode(page, "replace")
            elif kind == _ATTACHMENT_PROPERTIES and names:
                names[-1] = dict(_properties(value, page)).get(_LONG_NAME, b"").decode() or names[-1]
            elif kind == _DATA and contents:
                contents[-1] = value
            elif kind == _MESSAGE_PROPERTIES:
                _read_message(dict(_properties(value, page)), found)
    except (struct.error, IndexError):
        pass
    found.files = [(name or "without a name", content) for name, content in zip(names, contents, strict=True) if content]
    return found


def _read_message(properties: dict[int, bytes], found: Wrapped) -> None:
    found.plain = properties.get(_BODY, b"").decode()
    found.page = properties.get(_HTML, b"")
    if not found.plain and not found.page:
        blocks = RtfReader(decompress(properties.get(_RTF, b""))).blocks()
        found.plain = "\n\n".join(block.text or " | ".join(block.cells) for block in blocks if block.stream == BODY)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6
    while at + 9 <= len(data):
        _, kind, size = unpack_from("<BII", data, at)
        yield kind, data[at + 9:at + 9 + size]
        at += 9 + size + 2


def _properties(data: bytes, page: str) -> Iterator[tuple[int, bytes]]:
    """The (id, value) pairs of a list of properties; text comes as UTF-8. What is no text or data is passed over."""
    count, at = unpack_from("<I", data, 0)[0], 4
    for _ in range(count):
        kind, key = unpack_from("<HH", data, at)
        at += 4
        if key >= 0x8000:
            at = _after_name(data, at)
        values = 1
        base = kind & 0x0FFF
        if base in _COUNTED or kind & 0x1000:
            values = unpack_from("<I", data, at)[0]
            at += 4
        for _ in range(min(values, len(data))):
            if base not in _COUNTED:
                at += _FIXED_BYTES[base] if base in _FIXED_BYTES else len(data)
                continue
            size = unpack_from("<I", data, at)[0]
            value = data[at + 4:at + 4 + size]
            at += 4 + -(-size // 4) * 4
            yield key, _as_utf8(value, base, page)


def _after_name(data: bytes, at: int) -> int:
    kind, size = unpack_from("<II", data, at + 16)
    return at + 24 + (-(-int(size) // 4) * 4 if kind else 0)


def _as_utf8(value: bytes, kind: int, page: str) -> bytes:
    if kind == 0x1F:
        return value.decode("utf-16-le", "replace").rstrip("\x00").encode()
    return value.decode(page, "replace").rstrip("\x00").encode() if kind == 0x1E else value
