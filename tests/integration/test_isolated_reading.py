"""Files are read in processes of their own: limited, stoppable, and refused with words."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import psutil
import pytest

from halo_app.errors import Cancelled, EmptyFile, NotFound, PasswordProtected, RefusedFile, TooLarge, UnreadableFile, UnsupportedFormat
from halo_app.parsing.isolated import IsolatedReader, read_isolated
from halo_app.plugins import Limits
from tests import documents


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[IsolatedReader]:
    room = tmp_path / "room"
    room.mkdir()
    reader = IsolatedReader(folder=room)
    yield reader
    reader.close()
    assert list(room.iterdir()) == []


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """A file that takes seconds to read and much memory."""
    path = tmp_path / "slow.json"
    path.write_text("[" + ",".join('{"a": [1, 2, 3], "b": "some words"}' for _ in range(1_200_000)) + "]")
    return path


def test_a_text_file_is_read_with_its_lines(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("first\r\n\r\nthird, café".encode("cp1252"))
    reading = reader.read(tmp_path / "a", "a.txt")
    assert (reading.type, reading.parsed.text) == ("txt", "first\n\nthird, café")
    where = reading.parsed.locate(7, 12)
    assert where is not None
    assert where.label == "line 3"


@pytest.mark.parametrize("make", documents.MAKERS, ids=lambda make: make.__name__)
def test_nothing_is_lost_on_the_way_out_of_the_process(
    make: Callable[[Path], documents.Made], reader: IsolatedReader, tmp_path: Path
) -> None:
    from halo_app.parsing.registry import read
    made = make(tmp_path)
    assert reader.read(made.path, made.path.name) == read(made.path, made.path.name, Limits())


def test_a_file_that_is_gone_is_not_found(reader: IsolatedReader, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="is not there"):
        reader.read(tmp_path / "gone", "gone.txt")


def test_a_file_of_the_wrong_kind_is_refused_with_the_kinds_there_are(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x1aE\xdf\xa3" + bytes(range(256)))
    with pytest.raises(UnsupportedFormat, match=r"\.mkv files are not among") as caught:
        reader.read(tmp_path / "a", "film.mkv")
    assert "pdf" in caught.value.fix


def test_too_long_a_reading_is_stopped_and_the_next_file_is_read(reader: IsolatedReader, slow: Path, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match=r"took longer than 0\.3 seconds"):
        reader.read(slow, "slow.json", limits=Limits(seconds=0.3))
    (tmp_path / "a.txt").write_text("still here")
    assert reader.read(tmp_path / "a.txt", "a.txt").parsed.text == "still here"


def test_too_hungry_a_reading_is_stopped(reader: IsolatedReader, slow: Path) -> None:
    with pytest.raises(TooLarge, match="more than 150 MB of memory"):
        reader.read(slow, "slow.json", limits=Limits(memory_mb=150))


def test_too_much_text_is_refused(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("word " * 1000)
    with pytest.raises(TooLarge, match="more than 1,000 characters"):
        reader.read(tmp_path / "a.txt", "a.txt", limits=Limits(text_chars=1000))


def test_reading_stops_at_once_when_it_is_cancelled(reader: IsolatedReader, slow: Path) -> None:
    begun = monotonic()
    with pytest.raises(Cancelled, match=r"reading “slow\.json” was stopped"):
        reader.read(slow, "slow.json", cancelled=lambda: monotonic() - begun > 0.2)


def test_two_files_are_read_at_once(reader: IsolatedReader, slow: Path, tmp_path: Path) -> None:
    stop = Event()
    (tmp_path / "a.txt").write_text("quick")
    with ThreadPoolExecutor(1) as pool:
        slowly = pool.submit(reader.read, slow, "slow.json", cancelled=stop.is_set)
        assert reader.read(tmp_path / "a.txt", "a.txt").parsed.text == "quick"
        assert not slowly.done()
        stop.set()
        assert isinstance(slowly.exception(), Cancelled)


def test_a_reader_that_dies_is_an_error_in_words(reader: IsolatedReader, slow: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(reader.read, slow, "slow.json")
        child = _first(lambda: [reading for worker in _workers() for reading in worker.children()])
        child.send_signal(signal.SIGSEGV)
        error = reading.exception()
    assert isinstance(error, UnreadableFile)
    assert error.message == "“slow.json” made its reader stop: it is damaged"


def test_the_reading_process_knows_no_secrets(reader: IsolatedReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HALO_LLM__API_KEY", "open-sesame")
    (tmp_path / "a.txt").write_text("words")
    reader.read(tmp_path / "a.txt", "a.txt")
    [worker] = _workers()
    assert "open-sesame" not in str(worker.environ())


def test_the_reading_process_ends_with_its_caller(tmp_path: Path, slow: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    program = ("import sys; from pathlib import Path; from halo_app.parsing.isolated import IsolatedReader; "
               "IsolatedReader(folder=Path(sys.argv[1])).read(Path(sys.argv[2]), 'slow.json')")
    with subprocess.Popen([sys.executable, "-c", program, str(room), str(slow)]) as caller:
        reading = _first(lambda: psutil.Process(caller.pid).children(recursive=True)[1:])
        caller.kill()
    assert psutil.wait_procs([reading], timeout=20)[1] == []
    _first(lambda: [not list(room.iterdir())])


def test_a_confined_process_has_no_network() -> None:
    program = """
import socket
from halo_app.parsing.confinement import refuse_network
refuse_network()
for family in (socket.AF_INET, socket.AF_INET6):
    try:
        socket.socket(family).connect(("127.0.0.1" if family == socket.AF_INET else "::1", 9))
    except PermissionError:
        print("refused")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["refused", "refused"]


REFUSED: dict[str, tuple[str, Callable[[Path], object], type[RefusedFile], str]] = {
    "empty": ("a.txt", lambda path: path.touch(), EmptyFile, r"is empty \(0 bytes\)"),
    "blank": ("a.txt", lambda path: path.write_text(" \n\n "), EmptyFile, "holds no text"),
    "locked": ("a.pdf", documents.locked_pdf, PasswordProtected, "protected by a password"),
    "program": ("a.pdf", lambda path: path.write_bytes(b"\x7fELF\x02\x01\x01" + bytes(99)), UnreadableFile, "it is a program"),
    "archive": ("a.pdf", lambda path: _zip(path, "a.txt", b"x"), UnreadableFile, "it is a compressed archive"),
    "pdf named txt": ("a.txt", lambda path: documents.locked_pdf(path), UnreadableFile, "it holds PDF data"),
    "text named png": ("a.png", lambda path: path.write_text("no picture"), UnreadableFile, "it holds plain text"),
    "binary named txt": ("a.txt", lambda path: path.write_bytes(bytes(range(1, 256)) * 9), UnreadableFile, "it holds no TXT text"),
    "hidden binary": ("a.txt", lambda path: path.write_bytes(b"words " * 2000 + b"\x00\x01"), UnreadableFile, "binary data"),
    "cut pdf": ("a.pdf", lambda path: _cut(documents.pdf(path.parent).path, path, 300), UnreadableFile, "cut short or damaged"),
    "cut picture": ("a.png", lambda path: _cut(documents.png(path.parent).path, path, 500), UnreadableFile, "cut short or damaged"),
    "cut office file": ("a.docx", lambda path: _cut_zip(path), UnreadableFile, "is cut short or damaged"),
    "huge picture": ("a.png", lambda path: _huge_png(path), TooLarge, "20,000 × 20,000 pixels"),
    "bomb": ("a.docx", lambda path: _bomb(path), TooLarge, "grows"),
    "broken notebook": ("a.ipynb", lambda path: path.write_text('{"cells": 3}'), UnreadableFile, "not a notebook"),
    "no subtitles": ("a.srt", lambda path: path.write_text("only words"), UnreadableFile, "no subtitles"),
    "deep json": ("a.json", lambda path: path.write_text("[" * 200_000), UnreadableFile, "nested too deeply"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(case: str, reader: IsolatedReader, tmp_path: Path) -> None:
    name, make, kind, words = REFUSED[case]
    make(tmp_path / name)
    with pytest.raises(kind, match=words) as caught:
        reader.read(tmp_path / name, name)
    assert name in caught.value.message
    assert caught.value.fix


def test_a_file_over_the_size_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x" * 2_000_001)
    with pytest.raises(TooLarge, match="larger than 2 MB"):
        read_isolated(tmp_path / "a.txt", "a.txt", Limits(size_mb=2))


def test_a_document_over_the_page_limit_is_refused(tmp_path: Path) -> None:
    made = documents.pdf(tmp_path)
    with pytest.raises(TooLarge, match="has 3 pages; 2 is the limit"):
        read_isolated(made.path, "a.pdf", Limits(pages=2))


@pytest.mark.parametrize(("shown", "remark"), [
    ("sign.jpg", "named .jpg, but read as PNG, which it is"), ("sign", "read as PNG, going by its content"),
    ("sign.xyz", "read as PNG, going by its content"),
])
def test_a_harmless_wrong_name_is_read_by_its_true_kind(shown: str, remark: str, reader: IsolatedReader, tmp_path: Path) -> None:
    reading = reader.read(documents.png(tmp_path).path, shown)
    assert reading.type == "png"
    assert reading.parsed.remarks[0] == remark


def test_text_under_an_unknown_suffix_is_read_as_text(reader: IsolatedReader, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("some words")
    reading = reader.read(tmp_path / "a", "notes.abc")
    assert (reading.type, reading.parsed.text) == ("txt", "some words")
    assert reading.parsed.remarks == ("read as text, going by its content",)


def _workers() -> list[psutil.Process]:
    """Return our reading processes; other tests have children of their own."""
    return [process for process in psutil.Process().children() if "halo_app.parsing.worker" in " ".join(process.cmdline())]


def _first(found: Callable[[], list[psutil.Process]]) -> psutil.Process:
    """Wait until there is something, and return it."""
    while not (now := found()) or not now[0]:
        sleep(0.01)
    return now[0]


def _zip(path: Path, part: str, data: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, data)


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("word/document.xml", "w") as part:
            for _ in range(100):
                part.write(bytes(1_000_000))


def _cut(whole: Path, path: Path, most: int) -> None:
    path.write_bytes(whole.read_bytes()[:most])


def _cut_zip(path: Path) -> None:
    _zip(path, "word/document.xml", os.urandom(5000))
    path.write_bytes(path.read_bytes()[:2000])


def _huge_png(path: Path) -> None:
    """400 million pixels, of which a few bytes are there."""
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))
