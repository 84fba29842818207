"""Files are read in processes of their own: limited, stoppable, and refused with words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from halo_app.errors import Cancelled, EmptyFile, UnreadableFile
from halo_app.parsing.isolated import IsolatedReader


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[IsolatedReader]:
    room = tmp_path / "room"
    room.mkdir()
    reader = IsolatedReader(folder=room)
    yield reader
    reader.close()
    assert list(room.iterdir()) == []


def test_a_text_file_is_read_with_its_lines(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("first\r\n\r\nthird, café".encode("cp1252"))
    reading = reader.read(tmp_path / "a", "a.txt")
    assert reading.parsed.text == "first\n\nthird, café"
    where = reading.parsed.locate(7, 12)
    assert where is not None and where.label == "line 3"


def test_an_empty_file_is_refused(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(EmptyFile, match="is empty"):
        reader.read(tmp_path / "a", "a.txt")


def test_a_program_named_pdf_is_refused(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x7fELF\x02\x01\x01" + bytes(100))
    with pytest.raises(UnreadableFile, match="it is a program"):
        reader.read(tmp_path / "a", "report.pdf")


def test_reading_stops_when_it_is_cancelled(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("words")
    with pytest.raises(Cancelled):
        reader.read(tmp_path / "a", "a.txt", cancelled=lambda: True)
