"""Documents of every format are read whole, and every phrase knows its true place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from halo_app.domain.source import Parsed
from halo_app.parsing import ocr
from halo_app.parsing.registry import by_suffix, read
from halo_app.plugins import Limits
from tests import documents, documents_binary, documents_office, documents_open
from tests.documents_office import Made

OFFICE = (*documents_office.MAKERS, *documents_open.MAKERS, *documents_binary.MAKERS)       # and books, mails and pages


@pytest.fixture(params=(*documents.MAKERS, *OFFICE), ids=lambda make: make.__name__)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    make: Callable[[Path], Made] = request.param
    return make(tmp_path)


@pytest.fixture
def parsed(made: Made) -> Parsed:
    return read(made.path, made.path.name, Limits()).parsed


def test_every_phrase_stands_at_its_place(made: Made, parsed: Parsed) -> None:
    assert {phrase: place_of(parsed, phrase) for phrase in made.places} == dict(made.places)


def test_nothing_is_read_that_a_reader_does_not_see(made: Made, parsed: Parsed) -> None:
    assert [phrase for phrase in made.absent if phrase in parsed.text] == []


def test_title_pages_and_outline_are_those_of_the_document(made: Made, parsed: Parsed) -> None:
    assert (parsed.title, parsed.pages, tuple(heading.title for heading in parsed.outline)) == (made.title, made.pages, made.outline)
    assert all(0 <= heading.start <= len(parsed.text) for heading in parsed.outline)


def test_lines_read_as_in_the_document(made: Made, parsed: Parsed) -> None:
    lines = parsed.text.split("\n")
    assert [line for line in made.lines if line not in lines] == []


def test_regions_are_sorted_disjoint_and_inside_the_text(parsed: Parsed) -> None:
    ends = [0, *(region.end for region in parsed.regions)]
    assert all(end <= region.start < region.end for end, region in zip(ends, parsed.regions, strict=False))
    assert ends[-1] <= len(parsed.text)


@pytest.mark.parametrize("make", OFFICE, ids=lambda make: make.__name__)
def test_an_office_document_has_its_headings_in_place_and_no_stray_white_space(make: Callable[[Path], Made], tmp_path: Path) -> None:
    made = make(tmp_path)
    parsed = read(made.path, made.path.name, Limits()).parsed
    assert all(parsed.text.startswith(heading.title, heading.start) for heading in parsed.outline)
    assert parsed.text == parsed.text.strip()
    assert "\n\n\n" not in parsed.text
    assert not any(line != line.rstrip() for line in parsed.text.split("\n"))


def test_every_parser_says_in_one_line_what_it_reads() -> None:
    assert [suffix for suffix, parser in by_suffix().items() if not parser.about.strip() or "\n" in parser.about] == []


def test_a_recording_says_that_it_is_not_transcribed(tmp_path: Path) -> None:
    made = documents.wav(tmp_path)
    [remark] = read(made.path, made.path.name, Limits()).parsed.remarks
    assert remark == "not transcribed (0:01 long): only its tags can be searched"


@pytest.mark.parametrize("make", [documents.png, documents.jpeg, documents.webp], ids=lambda make: make.__name__)
def test_the_text_in_a_picture_is_read_or_the_package_is_named(make: Callable[[Path], Made], tmp_path: Path) -> None:
    made = make(tmp_path)
    parsed = read(made.path, made.path.name, Limits()).parsed
    if not ocr.languages():
        assert parsed.remarks == (ocr.MISSING,)
        return
    words = {"sign": "MIND THE ROPES", "pier": "NO SWIMMING", "buoy": "RED BUOY"}[made.path.stem]
    assert place_of(parsed, words) == "text in picture"
    assert parsed.remarks == (f"read from the picture by OCR ({'+'.join(ocr.languages())})",)


def test_each_sheet_of_a_tiff_is_a_page(tmp_path: Path) -> None:
    made = documents.tiff(tmp_path)
    parsed = read(made.path, made.path.name, Limits()).parsed
    assert parsed.pages == 2
    if ocr.languages():
        assert place_of(parsed, "SECOND SHEET") == "p. 2, text in picture"


def test_a_page_without_a_text_layer_is_marked_and_read_by_ocr(tmp_path: Path) -> None:
    path = documents.scanned_pdf(tmp_path / "scan.pdf", "HARBOUR RULES", "ROPES AND KNOTS")
    parsed = read(path, path.name, Limits()).parsed
    assert (parsed.pages, parsed.blank_pages) == (2, (1, 2))
    assert parsed.remarks[0] == "without a text layer: pp. 1–2"
    if ocr.languages():
        assert place_of(parsed, "ROPES AND KNOTS") == "p. 2"
    else:
        assert parsed.remarks[1] == f"pp. 1–2: {ocr.MISSING}"


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    made = documents.pdf_columns(tmp_path)
    flat = " ".join(read(made.path, made.path.name, Limits()).parsed.text.split())
    places = [flat.find(f"sentence {number} speaks") for number in range(1, 49)]
    assert places == sorted(places)
    assert places[0] >= 0


@pytest.mark.parametrize(("encoding", "words"), [
    ("utf-8", "naïve – 漢字"), ("utf-8-sig", "naïve – 漢字"), ("utf-16", "naïve – 漢字"), ("utf-32", "naïve – 漢字"),
    ("cp1252", "The naïve café owner’s façade looked “déjà vu” to Zoë, the fiancée of André."),
    ("shift_jis", "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。"),
    ("koi8-r", "Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему."),
])
def test_text_is_read_in_its_own_encoding(tmp_path: Path, encoding: str, words: str) -> None:
    (tmp_path / "a.txt").write_bytes(f"{words}\n{words}".encode(encoding))
    assert read(tmp_path / "a.txt", "a.txt", Limits()).parsed.text == f"{words}\n{words}"


def place_of(parsed: Parsed, phrase: str) -> str:
    """The label where the phrase first stands."""
    start = parsed.text.find(phrase)
    if start < 0:
        return "not found"
    locator = parsed.locate(start, start + len(phrase))
    return locator.label if locator else "no place"
