"""How a source is laid out for reading: nothing of its text is lost, and everything stands at its true place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from halo_app.domain.grids import column_number, grids
from halo_app.domain.locator import Locator, Place, Region
from halo_app.domain.source import Heading, Parsed, Source
from halo_app.domain.viewing import beside, find, outline, pieces
from halo_app.errors import BadInput, NotFound
from halo_app.plugins import Limits
from halo_app.ports import Boxes
from halo_app.services.viewing import ViewingService
from tests import documents_office, documents_open

SOURCE = Source("s" * 32, "n", "u", "a.pdf", "pdf", "hash", 10, datetime(2026, 1, 1, tzinfo=UTC), 1, 10, "text-hash")


def parsed(maker: object, folder: Path) -> Parsed:
    from halo_app.parsing.registry import read

    made = maker(folder)  # type: ignore[operator]
    return read(made.path, made.path.name, Limits()).parsed


@pytest.mark.parametrize("text", ["", "short", "word " * 5_000, "x" * 20_000, "A line.\n" * 3_000, "A paragraph.\n\n" * 3_000])
def test_the_pieces_of_a_text_are_the_whole_text_and_none_is_long(text: str) -> None:
    starts = pieces(text)
    parts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    assert "".join(parts) == text
    assert max(map(len, parts)) <= 4_802
    assert starts == sorted(set(starts))


def test_a_piece_ends_between_paragraphs_where_it_can() -> None:
    text = ("An even sentence of some length. " * 20 + "\n\n") * 30
    assert all(text[start - 2:start] == "\n\n" for start in pieces(text)[1:])


def test_headings_are_the_outline_when_there_are_some() -> None:
    made = Parsed("One\n\ntwo", (Region(0, 8, Locator(Place.PAGE, "1")),), (Heading(0, 1, "One"),))
    assert outline(made, "pdf") == [Heading(0, 1, "One")]


def test_pages_are_the_outline_of_a_text_without_headings() -> None:
    made = Parsed("One\n\ntwo", (Region(0, 3, Locator(Place.PAGE, "1")), Region(5, 8, Locator(Place.PAGE, "2"))))
    assert [(line.start, line.title) for line in outline(made, "pdf")] == [(0, "Page 1"), (5, "Page 2")]


def test_a_slide_without_a_title_still_stands_in_the_outline(tmp_path: Path) -> None:
    lines = outline(parsed(documents_office.pptx, tmp_path), "pptx")
    assert [line.title for line in lines] == ["The old harbour", "Slide 2", "Thanks"]


def test_the_parts_of_a_mail_are_its_outline(tmp_path: Path) -> None:
    titles = [line.title for line in outline(parsed(documents_open.eml, tmp_path), "eml")]
    assert titles[:2] == ["Header", "Body"]
    assert any(title.startswith("Attachment") for title in titles)


def test_a_place_stands_beside_the_text_once_where_it_begins() -> None:
    regions = (Region(0, 3, Locator(Place.PAGE, "1")), Region(4, 7, Locator(Place.PAGE, "1")), Region(9, 12, Locator(Place.PAGE, "2")),
               Region(13, 20, Locator(Place.PROPERTY, "Title")), Region(21, 27, Locator(Place.PROPERTY, "Author")))
    assert [(one.start, one.label, one.page) for one in beside(Parsed("x" * 30, regions))] == [
        (0, "p. 1", 1), (9, "p. 2", 2), (13, "properties", 0)]


def test_what_a_page_adds_to_itself_stands_alone() -> None:
    regions = (Region(0, 3, Locator(Place.PAGE, "1")), Region(4, 7, Locator(Place.PAGE, "1", "comment by Ana")),
               Region(9, 12, Locator(Place.PAGE, "2", "comment by Ana")))
    assert [(one.label, one.page) for one in beside(Parsed("x" * 30, regions))] == [
        ("p. 1", 1), ("comment by Ana", 1), ("p. 2, comment by Ana", 2)]


def test_words_are_found_whatever_their_case_and_over_line_breaks() -> None:
    found = find("The Keeper\n  wrote. the keeper wrote again", "the keeper WROTE", 10)
    assert found.spans == ((0, 18), (20, 36))
    assert not found.apart


def test_words_that_never_stand_together_are_found_one_by_one() -> None:
    found = find("nets of rope, a roped net", "rope nets", 10)
    assert found.apart
    assert found.spans == ((0, 4), (8, 12), (16, 20))


def test_what_is_sought_is_no_pattern() -> None:
    assert find("what (is) this? a+b", "(is)", 10).total == 1
    assert find("aab", "a+b", 10).total == 0
    assert find("text", "   ", 10).total == 0


def test_only_so_many_places_are_told_but_all_are_counted() -> None:
    found = find("na " * 100, "na", 7)
    assert (len(found.spans), found.total) == (7, 100)


def test_a_spreadsheet_is_laid_out_by_its_true_addresses(tmp_path: Path) -> None:
    made = parsed(documents_office.xlsx, tmp_path)
    year, hidden = grids(made)
    assert (year.name, hidden.name) == ("Year", "Ana's list")
    words = {(cell.row, cell.column): made.text[cell.start:cell.end] for cell in year.cells}
    assert (words[1, 1], words[2, 2], words[2, 3]) == ("Month", "1250", "12.5%")
    assert year.columns == len(year.widths)
    assert {cell.remark for cell in (*year.cells, *hidden.cells)} > {""}


def test_rows_of_a_table_are_given_in_part() -> None:
    regions = tuple(Region(row, row + 1, Locator(Place.CELLS, f"A{row + 1}")) for row in range(50))
    [grid] = grids(Parsed("x" * 50, regions))
    assert [cell.row for cell in grid.between(10, 12)] == [10, 11, 12]
    assert [cell.row for cell in grid.touched(4, 6)] == [5, 6]
    assert grids(Parsed("text")) == ()


@pytest.mark.parametrize(("letters", "number"), [("A", 1), ("Z", 26), ("AA", 27), ("XFD", 16_384)])
def test_a_columns_letters_are_its_number(letters: str, number: int) -> None:
    assert column_number(letters) == number


class Shelf:
    """One source and its text."""

    def __init__(self, text: str, source: Source = SOURCE) -> None:
        self.source, self.text = source, text

    def get(self, source_id: str) -> Source:
        if source_id != self.source.id:
            raise NotFound("there is no such source")
        return self.source

    def parsed(self, source_id: str) -> Parsed:
        return Parsed(self.text, (Region(0, len(self.text), Locator(Place.PAGE, "1")),))

    def original(self, source_id: str) -> Path:
        return Path("original")


class Drawn:
    """Pictures that count how often they are drawn."""

    def __init__(self) -> None:
        self.times = 0

    def plain(self, path: Path, page_number: int, *, width_px: int = 900) -> bytes:
        self.times += 1
        return b"png"

    def boxes(self, path: Path, page_number: int, quote: str) -> Boxes:
        return Boxes(((0.0, 0.0, 1.0, 1.0),)) if quote == "keeper" else Boxes(())


def viewing(text: str = "The keeper wrote.", source: Source = SOURCE) -> ViewingService:
    return ViewingService(Shelf(text, source), Drawn())  # type: ignore[arg-type]


def test_the_pieces_that_are_asked_for_are_given_and_no_others() -> None:
    text = "A line of words.\n" * 2_000
    service = viewing(text)
    count = len(service.layout(SOURCE.id).pieces)
    assert "".join(service.text(SOURCE.id, 0, count + 5)) == text
    assert len(service.text(SOURCE.id, 2, 4)) == 3
    assert service.text(SOURCE.id, count, count + 3) == []


def test_a_renamed_source_is_laid_out_under_its_new_name() -> None:
    service = viewing()
    service.layout(SOURCE.id)
    service.sources.source = replace(SOURCE, name="b.pdf")  # type: ignore[attr-defined]
    assert service.layout(SOURCE.id).source.name == "b.pdf"


def test_a_source_without_its_original_has_no_pages_and_no_sound() -> None:
    assert viewing().layout(SOURCE.id).views == ["pages", "text"]
    assert viewing(source=replace(SOURCE, missing=True)).layout(SOURCE.id).views == ["text"]
    assert viewing(source=replace(SOURCE, type="mp3")).layout(SOURCE.id).is_played
    assert not viewing(source=replace(SOURCE, type="mp3", missing=True)).layout(SOURCE.id).is_played


def test_a_page_is_drawn_once_for_each_width() -> None:
    service = viewing()
    for width in (600, 600, 800, 600):
        assert service.page(SOURCE.id, 1, width) == b"png"
    assert service.pictures.times == 2  # type: ignore[attr-defined]
    service.forget()
    service.page(SOURCE.id, 1, 600)
    assert service.pictures.times == 3  # type: ignore[attr-defined]


def test_a_passage_is_boxed_by_its_own_words() -> None:
    assert viewing().boxes(SOURCE.id, 1, 4, 10).boxes
    assert not viewing().boxes(SOURCE.id, 1, 0, 3).boxes
    assert viewing().boxes(SOURCE.id, 1, 900, 950) == Boxes(())


def test_a_sheet_that_is_not_there_is_refused_in_words() -> None:
    with pytest.raises(BadInput, match="no such sheet"):
        viewing().rows(SOURCE.id, 0, 1, 10)
