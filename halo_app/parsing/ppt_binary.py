"""Take the slides out of presentations of older PowerPoint programs ([MS-PPT]): a tree of records in one stream."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEADER = struct.Struct("<HHI")
_DOCUMENT, _SLIDE, _NOTES, _LIST, _PERSIST, _NOTES_ATOM, _DIRECTORY = 1000, 1006, 1008, 4080, 1011, 1009, 6002
_CHARS, _BYTES = 4000, 4008
_SLIDE_LIST, _NOTES_LIST = 0, 2           # the instances of a list; 1 is the masters
_DEEPEST = 40
_PLACEHOLDERS = frozenset({"", "*"})      # a star stands for the slide's number or the date


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its kind, what tells records of a kind apart, and where its body lies."""

    kind: int
    instance: int
    nested: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One slide or notes page of a list: where it is kept, its number for others, and the texts listed with it."""

    persist: int
    identity: int
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Slide:
    """The texts of one slide, paragraphs apart by line breaks, and those of its notes."""

    texts: tuple[str, ...]
    notes: tuple[str, ...]


def read_slides(data: bytes) -> list[Slide]:
    """Return the slides of the stream “PowerPoint Document” in the order of the show; what is cut off is left out."""
    top = list(_records(data, 0, len(data)))
    places = _places(data, top)
    document = next((record for record in reversed(top) if record.kind == _DOCUMENT), None)
    lists = [record for record in _inside(data, document) if record.kind == _LIST]
    notes: dict[int, tuple[str, ...]] = {}
    for entry in _entries(data, lists, _NOTES_LIST):
        page = _record_at(data, places.get(entry.persist, -1), _NOTES)
        about = next((record for record in _inside(data, page) if record.kind == _NOTES_ATOM), None)
        if about is not None and about.end - about.start >= 4:
            notes[struct.unpack_from("<I", data, about.start)[0]] = _unique([*entry.texts, *_texts(data, page)])
    slides = []
    for entry in _entries(data, lists, _SLIDE_LIST):
        drawn = _texts(data, _record_at(data, places.get(entry.persist, -1), _SLIDE))
        slides.append(Slide(_unique([*entry.texts, *drawn]), notes.get(entry.identity, ())))
    return slides


def _records(data: bytes, start: int, end: int) -> Iterator[Record]:
    while start + _HEADER.size <= end:
        head, kind, length = _HEADER.unpack_from(data, start)
        body = start + _HEADER.size
        if body + length > end:
            return
        yield Record(kind, head >> 4, head & 0xF == 0xF, body, body + length)
        start = body + length


def _inside(data: bytes, record: Record | None) -> Iterator[Record]:
    return _records(data, record.start, record.end) if record is not None else iter(())


def _record_at(data: bytes, start: int, kind: int) -> Record | None:
    record = next(_records(data, start, len(data)), None) if start >= 0 else None
    return record if record is not None and record.kind == kind else None


def _places(data: bytes, top: list[Record]) -> dict[int, int]:
    """Return where the latest version of each kept object begins; directories of later savings win."""
    places: dict[int, int] = {}
    for directory in (record for record in top if record.kind == _DIRECTORY):
        at = directory.start
        while at + 4 <= directory.end:
            head = struct.unpack_from("<I", data, at)[0]
            first, count = head & 0xFFFFF, min(head >> 20, (directory.end - at - 4) // 4)
            places.update(zip(range(first, first + count), struct.unpack_from(f"<{count}I", data, at + 4), strict=True))
            at += 4 + 4 * max(count, 1)
    return places


def _entries(data: bytes, lists: list[Record], instance: int) -> list[Entry]:
    entries: list[Entry] = []
    for record in (inner for found in lists if found.instance == instance for inner in _inside(data, found)):
        if record.kind == _PERSIST and record.end - record.start >= 16:
            persist, _, _, identity = struct.unpack_from("<IIII", data, record.start)
            entries.append(Entry(persist, identity))
        elif entries and record.kind in (_CHARS, _BYTES):
            entries[-1].texts.append(_text(data, record))
    return entries


def _texts(data: bytes, record: Record | None, depth: int = 0) -> list[str]:
    """Return all texts below a record, in order."""
    found: list[str] = []
    for inner in _inside(data, record):
        if inner.kind in (_CHARS, _BYTES):
            found.append(_text(data, inner))
        elif inner.nested and depth < _DEEPEST:
            found += _texts(data, inner, depth + 1)
    return found


def _text(data: bytes, record: Record) -> str:
    encoding = "utf-16-le" if record.kind == _CHARS else "latin-1"
    return data[record.start : record.end].decode(encoding, "replace").replace("\r", "\n").replace("\x0b", "\n").strip()


def _unique(texts: list[str]) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(texts) if text not in _PLACEHOLDERS)
