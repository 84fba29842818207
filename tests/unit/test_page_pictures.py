"""The picture of a PDF page shows the quoted words boxed, wherever they stand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image

from halo_app.errors import NotFound, PasswordProtected
from halo_app.parsing.hyphens import join_broken, mark_broken
from halo_app.parsing.isolated import IsolatedReader
from halo_app.parsing.ocr import Word
from halo_app.parsing.page_views import among, boxes
from halo_app.parsing.pages import find, lines, page_picture
from halo_app.parsing.registry import read
from halo_app.plugins import Limits
from tests import documents

MARKER = (0xFF, 0xE9, 0x9C)


def rows_marked(png: bytes) -> list[int]:
    """The rows of the picture that have marker colour in them."""
    picture = Image.open(BytesIO(png)).convert("RGB")
    width, height = picture.size
    pixels = picture.tobytes()
    return [row for row in range(height) if bytes(MARKER) in pixels[row * width * 3: (row + 1) * width * 3]]


def test_the_quote_is_boxed_where_it_stands(tmp_path: Path) -> None:
    made = documents.pdf(tmp_path)
    picture = page_picture(made.path, 3, "rose by 214 centimetres", width_px=600)
    rows = rows_marked(picture.png)
    assert picture.found
    assert Image.open(BytesIO(picture.png)).width == 600
    assert rows
    assert abs(picture.top - rows[0] / Image.open(BytesIO(picture.png)).height) < 0.01


def test_a_quote_of_the_stored_text_is_found_across_lines(tmp_path: Path) -> None:
    made = documents.pdf(tmp_path)
    text = read(made.path, made.path.name, Limits()).parsed.text
    start = text.index("kept by hand")
    picture = page_picture(made.path, 1, text[start: start + 180])
    assert picture.found
    assert len(rows_marked(picture.png)) > 30


def test_a_quote_with_a_word_made_whole_is_found(tmp_path: Path) -> None:
    assert page_picture(documents.pdf_broken_words(tmp_path).path, 1, "needs information about each long-term risk").found


def test_a_quote_that_is_not_there_leaves_the_page_unmarked(tmp_path: Path) -> None:
    made = documents.pdf(tmp_path)
    picture = page_picture(made.path, 1, "nothing of the kind")
    assert (picture.found, picture.top, rows_marked(picture.png)) == (False, 0.0, [])


def test_a_quote_over_two_pages_is_boxed_on_both(tmp_path: Path) -> None:
    document = FPDF()
    document.set_font("Helvetica", size=12)
    for words in ("It ends with the lighthouse keeper leaving", "the island before the autumn storms came."):
        document.add_page()
        document.cell(text=words)
    document.output(str(tmp_path / "two.pdf"))
    quote = "with the lighthouse keeper leaving\n\nthe island before the autumn storms"
    assert [page_picture(tmp_path / "two.pdf", number, quote).found for number in (1, 2)] == [True, True]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_boxes_follow_the_rotation_of_the_page(angle: int, tmp_path: Path) -> None:
    from pypdf import PdfReader, PdfWriter
    writer = PdfWriter()
    writer.add_page(PdfReader(documents.pdf(tmp_path).path).pages[2].rotate(angle))
    writer.write(tmp_path / "turned.pdf")
    picture = page_picture(tmp_path / "turned.pdf", 1, "rose by 214 centimetres")
    assert picture.found
    image = Image.open(BytesIO(picture.png)).convert("RGB")
    yellow = image.crop(_area(image))
    dark = sum(1 for red, green, blue in yellow.get_flattened_data() if red + green + blue < 200)
    assert dark > 20          # the words stand inside the box


def _area(image: Image.Image) -> tuple[int, int, int, int]:
    from PIL import ImageChops
    blank = Image.new("RGB", image.size, MARKER)
    mask = ImageChops.difference(image, blank).convert("L").point(lambda value: 255 if value < 3 else 0)
    box = mask.getbbox()
    assert box is not None
    return box


def test_a_page_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has no page 4; it has 3"):
        page_picture(documents.pdf(tmp_path).path, 4)


def test_a_locked_document_has_no_picture(tmp_path: Path) -> None:
    with pytest.raises(PasswordProtected):
        page_picture(documents.locked_pdf(tmp_path / "a.pdf"), 1)


def test_pictures_are_drawn_in_the_isolated_process(tmp_path: Path) -> None:
    reader = IsolatedReader()
    try:
        made = documents.pdf(tmp_path)
        assert reader.page(made.path, 1, "spring of 1931") == page_picture(made.path, 1, "spring of 1931")
        with pytest.raises(NotFound):
            reader.page(made.path, 9)
    finally:
        reader.close()


@pytest.mark.parametrize(("page", "quote", "span"), [
    ("A long-\nterm plan", "long-term", (2, 12)), ("ofﬁce hours", "office", (0, 5)), ("na¨ıve", "naive", (0, 0)),
    ("one  two", "one two", (0, 8)), ("Größe", "GRÖSSE", (0, 0)), ("abc", "", (0, 0)), ("", "abc", (0, 0)),
])
def test_white_space_hyphens_and_ligatures_do_not_count(page: str, quote: str, span: tuple[int, int]) -> None:
    assert find(list(page), quote) == span


def test_boxes_of_one_line_become_one_and_columns_stay_apart() -> None:
    assert lines([(0, 0, 10, 10), (12, 1, 20, 9), (200, 0, 220, 10), (0, 15, 30, 25)]) == [
        (0, 0, 20, 10), (200, 0, 220, 10), (0, 15, 30, 25)]


@pytest.mark.parametrize(("text", "whole"), [
    ("infor-\nmation", "information"), ("Lucene-\nBM25", "Lucene-BM25"), ("North-\nSouth", "North-South"),
    ("a long-term plan, long-\nterm", "a long-term plan, long-term"), ("dual encoder, dual-\nencoder", "dual encoder, dual-encoder"),
    ("a dash -\nhere", "a dash -\nhere"), ("1990-\n1995", "1990-\n1995"),
])
def test_broken_words_are_made_whole(text: str, whole: str) -> None:
    assert join_broken([mark_broken(text)]) == [whole]


def test_pages_of_documents_and_pictures_are_measured_and_drawn_plainly(tmp_path: Path) -> None:
    reader = IsolatedReader(folder=tmp_path)
    made, fax = documents.pdf(tmp_path), documents.tiff(tmp_path)
    try:
        assert len(reader.sizes(made.path)) == 3
        assert len(reader.sizes(fax.path)) == 2
        assert Image.open(BytesIO(reader.plain(made.path, 3, width_px=400))).width == 400
        assert rows_marked(reader.plain(made.path, 3, width_px=400)) == []
        assert reader.plain(fax.path, 1) != reader.plain(fax.path, 2)
        with pytest.raises(NotFound, match="no page 3"):
            reader.plain(fax.path, 3)
    finally:
        reader.close()


def test_a_quote_is_placed_by_the_text_layer_or_by_reading_the_picture_again(tmp_path: Path) -> None:
    scan = documents.scanned_pdf(tmp_path / "scan.pdf", "MIND THE ROPES", "SECOND SHEET")
    made = documents.pdf(tmp_path)
    by_text = boxes(made.path, 3, "rose by 214 centimetres", Limits(), seconds=20)
    assert by_text.boxes
    assert not by_text.by_ocr
    by_ocr = boxes(scan, 1, "THE ROPES", Limits(), seconds=20)
    assert by_ocr.by_ocr
    [(left, top, right, bottom)] = by_ocr.boxes
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1
    assert boxes(scan, 2, "THE ROPES", Limits(), seconds=20).boxes == ()


def test_the_words_of_a_quote_are_united_line_by_line() -> None:
    read = [Word("old", (0.1, 0.1, 0.2, 0.12)), Word("rope", (0.21, 0.1, 0.3, 0.12)), Word("nets", (0.1, 0.2, 0.2, 0.22))]
    assert among(read, "old rope nets") == ((0.1, 0.1, 0.3, 0.12), (0.1, 0.2, 0.2, 0.22))
    assert among(read, "no such words here") == ()
