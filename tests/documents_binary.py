"""Makes documents of older Office programs and Outlook messages record by record, and knows where their phrases stand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from struct import pack

from tests.compound_file import write_compound
from tests.documents_office import Made

_TEXT_AT = 2048


def doc(folder: Path) -> Made:
    """A Word 97 document: headings, a field, a deletion, a table, a list, a footnote, a comment, margins."""
    plain, first, second, cell, row, item = (0, b""), (1, b""), (2, b""), (0, _set(0x2416, 1)), (0, _set(0x2416, 1) + _set(0x2417, 1)), (
        0, pack("<HH", 0x460B, 1))
    body = [("Before any heading.\r", plain), ("Design\r", first), ("The pier is \x13 HYPERLINK nowhere \x14made\x15 of oak.\x02\r", plain),
            ("It costs GONEeighty crowns.\r", plain), ("Scope\r", second), ("Wood\x07", cell), ("Price\x07", cell), ("\x07", row),
            ("Oak\x07", cell), ("1250\x07", cell), ("\x07", row), ("Planks\r", item), ("Piles\r", item), ("Мост\x05 stands.\r", plain)]
    notes = [("\x02From the north.\r", plain)]
    stories = ["", "", "", "", "", "", "", "Harbour office\r", "", "Recycled paper\r", "", ""]
    margins = [("".join(stories) + "\r", plain)]
    comments = [("\x05Which oak?\r", plain), ("\r", plain)]
    path = folder / "old.doc"
    write_compound(path, _word(body, notes, margins, comments, stories))
    return Made(path, {
        "Before any heading.": "paragraph 1", "The pier is made of oak.": "“Design”", "It costs eighty crowns.": "“Design”",
        "Oak | 1250": "“Design › Scope”", "Piles": "“Design › Scope”", "Мост stands.": "“Design › Scope”",
        "From the north.": "footnote", "Which oak?": "comment by Ben Oki", "Harbour office": "header",
        "Recycled paper": "footer", "Harbour papers": "property Title", "Ana Lopes": "property Author",
    }, absent=("nowhere", "GONE"), title="Harbour papers", outline=("Design", "Scope"), lines=("Wood | Price", "Planks", "Piles"))


def _set(code: int, value: int) -> bytes:
    return pack("<HB", code, value)


Marked = Sequence[tuple[str, tuple[int, bytes]]]


def _word(body: Marked, notes: Marked, margins: Marked, comments: Marked, stories: list[str]) -> dict[str, bytes]:
    parts = [*body, *notes, *margins, *comments]
    text = "".join(words for words, _ in parts)
    encoded = text.encode("utf-16-le")
    pages_at = -(-(_TEXT_AT + len(encoded)) // 512)
    gone = _TEXT_AT + 2 * text.index("GONE")
    pieces = pack("<II", 0, len(text)) + pack("<HIH", 0, _TEXT_AT, 0)
    lengths = [sum(len(words) for words, _ in part) for part in (body, notes, margins, comments)]
    places = [0]
    for story in stories:
        places.append(places[-1] + len(story))
    first = len(comments[0][0])
    tables = {
        4: pack("<II", text.index("\x05"), lengths[0]) + bytes(20) + pack("<H", 1) + bytes(8),
        5: pack("<III", 0, first, first + 1),
        11: b"".join(pack("<I", place) for place in [*places, places[-1] + 1]),
        12: pack("<III", _TEXT_AT, _TEXT_AT + len(encoded), pages_at + 1),
        13: pack("<III", _TEXT_AT, _TEXT_AT + len(encoded), pages_at),
        33: b"\x02" + pack("<I", len(pieces)) + pieces,
        36: b"".join(pack("<H", len(owner)) + owner.encode("utf-16-le") for owner in ("Someone", "Ben Oki")),
    }
    table, header = b"", bytearray(_TEXT_AT)
    header[:12] = pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0, 0, 0x0200)
    header[76:104] = pack("<IIIIIII", lengths[0], lengths[1], lengths[2], 0, lengths[3], 0, 0)
    for index, blob in tables.items():
        header[154 + 8 * index:162 + 8 * index] = pack("<II", len(table), len(blob))
        table += blob
    stream = (bytes(header) + encoded).ljust(pages_at * 512, b"\x00") + _paragraph_page(parts) + _character_page(gone, _TEXT_AT + len(encoded))
    return {"WordDocument": stream, "1Table": table.ljust(4096, b"\x00"), "\x05SummaryInformation": summary("Harbour papers", "Ana Lopes")}


def _paragraph_page(parts: Marked) -> bytes:
    ends, at = [_TEXT_AT], _TEXT_AT
    for words, _ in parts:
        at += 2 * len(words)
        ends.append(at)
    page = bytearray(512)
    page[511] = len(parts)
    page[:4 * len(ends)] = b"".join(pack("<I", end) for end in ends)
    offset = 510
    for index, (_, (style, settings)) in enumerate(parts):
        data = pack("<H", style) + settings
        data = bytes([(len(data) + 1) // 2]) + data if len(data) % 2 else bytes([0, len(data) // 2]) + data
        offset = (offset - len(data)) // 2 * 2
        page[offset:offset + len(data)] = data
        page[4 * len(ends) + 13 * index] = offset // 2
    return bytes(page)


def _character_page(gone: int, end: int) -> bytes:
    page = bytearray(512)
    page[511] = 3
    page[:16] = pack("<IIII", _TEXT_AT, gone, gone + 8, end)
    page[16:19] = bytes([0, 200, 0])
    page[400:404] = bytes([3]) + _set(0x0800, 1)
    return bytes(page)


def summary(title: str, author: str) -> bytes:
    """A SummaryInformation stream with a title and an author."""
    values = [(1, pack("<IHH", 2, 1252, 0))]
    for key, text in ((2, title), (4, author)):
        data = text.encode("cp1252") + b"\x00"
        values.append((key, pack("<II", 30, len(data)) + data + bytes(-len(data) % 4)))
    offset, index, blob = 8 + 8 * len(values), b"", b""
    for key, data in values:
        index += pack("<II", key, offset + len(blob))
        blob += data
    section = pack("<II", offset + len(blob), len(values)) + index + blob
    format_id = bytes.fromhex("e0859ff2f94f6810ab9108002b27b3d9")
    return pack("<HHI", 0xFFFE, 0, 0x00020006) + bytes(16) + pack("<I", 1) + format_id + pack("<I", 48) + section


def xls(folder: Path) -> Made:
    """An Excel 97 workbook: shared text, numbers, a date, a share, a truth value, a formula, a comment, a hidden sheet."""
    formats = [0, 0, 14, 10]                       # the number format of each cell style
    cells = (_label(0, 0, 0) + _label(0, 1, 1) + _number(1, 0, 1250.0, 1) + _number(1, 1, 45352.0, 2) + _number(1, 2, 0.125, 3)
             + _record(0x0205, pack("<HHHBB", 2, 0, 1, 1, 0)) + _record(0x0006, pack("<HHHdHIH", 2, 1, 1, 0.1 + 0.2, 0, 0, 0))
             + _record(0x00BD, pack("<HHHIHIH", 3, 0, 1, 7 << 2 | 2, 1, 8 << 2 | 2, 1)))
    comment = (_record(0x005D, pack("<HHHH", 0x15, 18, 0x19, 1) + bytes(18)) + _record(0x01B6, pack("<HHHHHH", 0, 0, 0, 0, 0, 13) + bytes(6))
               + _record(0x003C, b"\x00Counted twice") + _record(0x003C, bytes(16))
               + _record(0x001C, pack("<HHHHHB", 0, 1, 0, 1, 7, 0) + b"Ben Oki\x00"))
    sheets = [("Year", 0, cells + comment), ("Ana's list", 1, _label(2, 3, 2))]
    path = folder / "old.xls"
    stream = _workbook(sheets, formats, ["Month", "Ships", "Out of sight"])
    write_compound(path, {"Workbook": stream.ljust(4096, b"\x00"), "\x05SummaryInformation": summary("Harbour figures", "Ana Lopes")})
    return Made(path, {
        "Month": "Year!A1", "1250": "Year!A2", "2024-03-01": "Year!B2", "12.50%": "Year!C2", "TRUE": "Year!A3",
        "0.3": "Year!B3", "7 | 8": "Year!A4:B4", "Counted twice": "Year!B1, comment", "Out of sight": "'Ana''s list'!D3",
        "Ana Lopes": "property Author",
    }, title="Harbour figures", outline=("Year", "Ana's list"), lines=("Month | Ships", "Ben Oki: Counted twice"))


def _record(kind: int, data: bytes) -> bytes:
    return pack("<HH", kind, len(data)) + data


def _label(row: int, column: int, text: int) -> bytes:
    return _record(0x00FD, pack("<HHHI", row, column, 0, text))


def _number(row: int, column: int, value: float, style: int) -> bytes:
    return _record(0x0203, pack("<HHHd", row, column, style, value))


def _workbook(sheets: list[tuple[str, int, bytes]], formats: list[int], texts: list[str]) -> bytes:
    start = _record(0x0809, pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    styles = b"".join(_record(0x00E0, pack("<HH", 0, number) + bytes(16)) for number in formats)
    shared = _record(0x00FC, pack("<II", len(texts), len(texts)) + b"".join(pack("<HB", len(text), 0) + text.encode("latin-1") for text in texts))
    end = _record(0x000A, b"")
    listed = sum(4 + 8 + len(name) for name, _, _ in sheets)
    at = len(start) + len(styles) + listed + len(shared) + len(end)
    bounds, bodies = b"", b""
    for name, state, cells in sheets:
        bounds += _record(0x0085, pack("<IBBBB", at + len(bodies), state, 0, len(name), 0) + name.encode("latin-1"))
        bodies += _record(0x0809, pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6)) + cells + end
    return start + styles + bounds + shared + end + bodies


def msg(folder: Path) -> Made:
    """An Outlook message whose body is kept as compressed RTF, with a text and a message attached."""
    from halo_app.parsing.compressed_rtf import decompress

    rtf = rb"{\rtf1\ansi Dear Ben,\par the pier is done.\par}"
    stored = pack("<II4sI", len(rtf) + 12, len(rtf), b"MELA", 0) + rtf
    assert decompress(stored) == rtf
    streams = {
        "__properties_version1.0": bytes(32) + pack("<HHIQ", 0x40, 0x0039, 6, 133537554000000000),
        **_texts("", {0x0037: "Brücke und Pier", 0x0C1A: "Ana Lopes", 0x5D01: "ana@example.org", 0x0E04: "Ben Oki"}),
        "__substg1.0_10090102": stored,
        "__attach_version1.0_#00000000/__properties_version1.0": bytes(8),
        **_texts("__attach_version1.0_#00000000/", {0x3707: "plan.txt", 0x3704: "PLAN~1.TXT"}),
        "__attach_version1.0_#00000000/__substg1.0_37010102": b"First line\nThe plan has nine piles.\n",
        "__attach_version1.0_#00000001/__properties_version1.0": bytes(8),
        "__attach_version1.0_#00000001/__substg1.0_3701000D/__properties_version1.0": bytes(24),
        **_texts("__attach_version1.0_#00000001/__substg1.0_3701000D/", {0x0037: "Old offer", 0x1000: "We offer ninety crowns."}),
    }
    path = folder / "mail.msg"
    write_compound(path, streams)
    return Made(path, {
        "Brücke und Pier": "header, Subject", "Ana Lopes <ana@example.org>": "header, From", "To: Ben Oki": "header, To",
        "2024-03-01 08:30 UTC": "header, Date", "the pier is done.": "body", "nine piles": "attachment plan.txt, line 2",
        "We offer ninety crowns.": "attachment Old offer.msg, body",
    }, title="Brücke und Pier", lines=("Dear Ben,",))


def _texts(folder: str, texts: dict[int, str]) -> dict[str, bytes]:
    return {f"{folder}__substg1.0_{key:04X}001F": text.encode("utf-16-le") for key, text in texts.items()}


MAKERS = (doc, xls, msg)
