"""Presentations of PowerPoint 97 to 2003 are read slide by slide, with their notes."""

from __future__ import annotations

from pathlib import Path
from struct import pack

import pytest

from halo_app.domain.source import Parsed
from halo_app.errors import EmptyFile, HaloError, PasswordProtected
from halo_app.parsing.ppt_binary import read_slides
from halo_app.parsing.registry import read
from halo_app.plugins import Limits
from tests.compound_file import write_compound


def record(kind: int, *bodies: bytes, instance: int = 0, nested: bool = True) -> bytes:
    body = b"".join(bodies)
    return pack("<HHI", instance << 4 | (0xF if nested else 0), kind, len(body)) + body


def wide(text: str) -> bytes:
    return record(4000, text.encode("utf-16-le"), nested=False)


def narrow(text: str) -> bytes:
    return record(4008, text.encode("latin-1"), nested=False)


def listed(persist: int, identity: int, *texts: bytes) -> bytes:
    return record(1011, pack("<5I", persist, 4, len(texts), identity, 0), nested=False) + b"".join(texts)


def box(text: str) -> bytes:
    return record(0xF004, record(0xF00D, record(3999, bytes(4), nested=False), wide(text)))


def stream() -> bytes:
    slides = record(
        4080, listed(2, 257, narrow("Second thoughts")),
        listed(1, 256, wide("Harbour plan"), wide("Bring rope\rBring the second anchor")))
    notes = record(4080, listed(3, 900), instance=2)
    document = record(1000, slides, notes)
    first = record(1006, record(1036, box("Wind from the north — 214 knots"), box("Harbour plan"), box("*")))
    second = record(1006, record(1036, box("Café by the quay")))
    page = record(1008, record(1009, pack("<II", 256, 0), nested=False), record(1036, box("Say why the anchor matters.")))
    places = [len(document), len(document) + len(first), len(document) + len(first) + len(second)]
    return document + first + second + page + record(6002, pack("<I", 3 << 20 | 1), pack("<3I", *places), nested=False)


def saved(folder: Path, data: bytes, user: bytes = bytes(20)) -> Parsed:
    path = write_compound(folder / "plan.ppt", {"PowerPoint Document": data, "Current User": user})
    return read(path, path.name, Limits()).parsed


def test_every_slide_has_its_texts_and_its_notes_in_the_order_of_the_show(tmp_path):
    parsed = saved(tmp_path, stream())
    assert parsed.text.split("\n\n") == [
        "Second thoughts", "Café by the quay", "Harbour plan", "Bring rope\nBring the second anchor",
        "Wind from the north — 214 knots", "Say why the anchor matters."]
    assert parsed.pages == 2
    starts = {phrase: parsed.text.index(phrase) for phrase in ("Café", "214 knots", "Say why")}
    places = {phrase: parsed.locate(start, start + 4) for phrase, start in starts.items()}
    assert {phrase: place.label for phrase, place in places.items() if place} == {
        "Café": "slide 1", "214 knots": "slide 2", "Say why": "slide 2, notes"}


def test_a_later_saving_of_a_slide_wins(tmp_path):
    data = stream()
    again = record(1006, record(1036, box("Tea by the quay")))
    parsed = saved(tmp_path, data + again + record(6002, pack("<II", 1 << 20 | 2, len(data)), nested=False))
    assert "Tea by the quay" in parsed.text
    assert "Café" not in parsed.text


def test_a_locked_presentation_is_refused(tmp_path):
    with pytest.raises(PasswordProtected):
        saved(tmp_path, stream(), bytes(12) + pack("<I", 0xF3D1C4DF) + bytes(4))


def test_a_stream_without_a_presentation_is_refused(tmp_path):
    with pytest.raises(EmptyFile):
        saved(tmp_path, bytes(600))


def test_a_cut_or_changed_stream_never_breaks_the_reader():
    data = stream()
    for end in range(0, len(data), 7):
        read_slides(data[:end])
    for at in range(0, len(data), 3):
        read_slides(data[:at] + b"\xff\xff" + data[at + 2:])


def test_a_cut_file_is_refused_in_words(tmp_path):
    path = write_compound(tmp_path / "plan.ppt", {"PowerPoint Document": stream() * 9, "Current User": bytes(20)})
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(HaloError):
        read(path, path.name, Limits())
