"""Unpack the compressed RTF that Outlook keeps message bodies in, as Microsoft's published [MS-OXRTFCP] describes it."""

from __future__ import annotations

import struct

_WINDOW = 4096
_MOST_BYTES = 50_000_000
_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbol"
    b"ArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def decompress(data: bytes) -> bytes:
    """Return the RTF in a compressed stream, b"" when it is none; a cut stream gives what stands before the cut."""
    if len(data) < 16:
        return b""
    size, raw_size, kind = struct.unpack_from("<II4s", data, 0)
    if kind == b"MELA":
        return data[16:16 + raw_size]
    if kind != b"LZFu":
        return b""
    return _unpacked(data[16:size + 4], min(raw_size, _MOST_BYTES))


def _unpacked(data: bytes, raw_size: int) -> bytes:
    window = bytearray(_START.ljust(_WINDOW, b"\x00"))
    write, at = len(_START), 0
    out = bytearray()
    while at < len(data) and len(out) < raw_size:
        control = data[at]
        at += 1
        for bit in range(8):
            if at >= len(data):
                break
            if not control >> bit & 1:
                piece = data[at:at + 1]
                at += 1
            else:
                if at + 2 > len(data):
                    return bytes(out)
                reference = data[at] << 8 | data[at + 1]
                at += 2
                offset, length = reference >> 4, (reference & 0xF) + 2
                if offset == write % _WINDOW:
                    return bytes(out[:raw_size])
                piece = None
            for step in range(1 if piece is not None else length):
                value = piece[0] if piece is not None else window[(offset + step) % _WINDOW]
                out.append(value)
                window[write % _WINDOW] = value
                write += 1
    return bytes(out[:raw_size])
