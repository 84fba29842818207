"""Chunking: passages cover the text exactly, never overlap, and never cross the border of a page, slide, sheet or part."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import example, given
from hypothesis import strategies as st

from halo_app.domain.chunk import Chunk
from halo_app.domain.chunking import chunks_hash, context_of, cut, title
from halo_app.domain.locator import Locator, Place, Region
from halo_app.domain.source import Heading, Parsed
from halo_app.embedding.hashed import WordSplitter
from halo_app.parsing.registry import read
from halo_app.plugins import Limits

SPLIT = WordSplitter(12).split
PARTS = st.lists(
    st.tuples(
        st.text(alphabet="abc é\n\t .漢", max_size=60),
        st.sampled_from([None, *Place]),
        st.sampled_from(["1", "2", "S!A1", "T!B2"]),
    ),
    max_size=8,
)


def document(parts):
    text, regions, outline = "", [], []
    for piece, kind, value in parts:
        if kind is not None and piece:
            regions.append(Region(len(text), len(text) + len(piece), Locator(kind, value)))
        if kind is Place.HEADING and piece.strip():
            outline.append(Heading(len(text), 1, piece.strip()))
        text += piece
    return Parsed(text, tuple(regions), tuple(outline))


@given(PARTS)
def test_passages_cover_all_but_white_space_and_never_overlap(parts):
    parsed = document(parts)
    spans = cut(parsed, SPLIT)
    end_before = 0
    for start, end in spans:
        assert end_before <= start < end
        assert not parsed.text[end_before:start].strip()
        assert parsed.text[start:end] == parsed.text[start:end].strip()
        end_before = end
    assert not parsed.text[end_before:].strip()


@given(PARTS)
@example([("a a a a a a a a\na a a a\n", None, "1")])        # just as many words as fit, and the end of a line among them
def test_no_passage_is_longer_than_the_model_reads(parts):
    parsed = document(parts)
    assert all(len(SPLIT(parsed.text[start:end])) == 1 for start, end in cut(parsed, SPLIT))


@given(PARTS)
def test_no_passage_stands_on_two_pages_slides_sheets_or_parts(parts):
    parsed = document(parts)
    for start, end in cut(parsed, SPLIT):
        touched = {region.locator for region in parsed.regions if region.start < end and region.end > start}
        assert len({locator.kind for locator in touched}) <= 1
        for locator in touched:
            if locator.kind in (Place.PAGE, Place.SLIDE, Place.CHAPTER, Place.PART, Place.IMAGE):
                assert touched == {locator}
            if locator.kind is Place.CELLS:
                assert len({other.value.rpartition("!")[0] for other in touched}) == 1


def test_white_space_alone_is_no_passage():
    assert cut(Parsed(" \n\t "), SPLIT) == []
    assert cut(Parsed(""), SPLIT) == []


def test_short_sections_are_taken_together_and_long_ones_are_not():
    short = "A\n\none two.\n\nB\n\nthree four."
    outline = (Heading(0, 1, "A"), Heading(short.index("B"), 1, "B"))
    assert cut(Parsed(short, outline=outline), SPLIT) == [(0, len(short))]
    long = "A\n\n" + "word " * 11 + "\n\nB\n\n" + "term " * 11
    at = long.index("B")
    spans = cut(Parsed(long, outline=(Heading(0, 1, "A"), Heading(at, 1, "B"))), SPLIT)
    assert any(start == at for start, _ in spans)


def test_properties_stand_together():
    text = "Title: Plan\nAuthor: Ana"
    regions = (Region(0, 11, Locator(Place.PROPERTY, "Title")), Region(12, 23, Locator(Place.PROPERTY, "Author")))
    assert cut(Parsed(text, regions), SPLIT) == [(0, 23)]


def test_a_passage_knows_the_headings_above_it():
    text = "Plan\n\nintro\n\nDesign\n\nScope\n\nbody\n\nCosts\n\nmoney"
    outline = tuple(Heading(text.index(name), level, name) for name, level in [("Plan", 1), ("Design", 2), ("Scope", 3), ("Costs", 2)])
    parsed = Parsed(text, outline=outline)
    assert context_of(parsed, 0) == ""
    assert context_of(parsed, text.index("body")) == "Plan\nDesign\nScope"
    assert context_of(parsed, text.index("Scope")) == "Plan\nDesign"
    assert context_of(parsed, text.index("money")) == "Plan\nCosts"


def test_the_title_is_a_first_line_standing_by_itself_or_the_property():
    assert title(Parsed("A plan\n\nIt begins.")) == "A plan"
    assert title(Parsed("It begins.\nIt goes on.", title="Plan")) == "Plan"
    assert title(Parsed("It begins.")) == ""


def test_the_hash_changes_with_text_and_place_but_not_with_the_order_given():
    one = Chunk("s-0", "s", "n", "u", 0, 0, 3, "abc")
    two = Chunk("s-1", "s", "n", "u", 1, 4, 7, "def")
    assert chunks_hash([one, two]) == chunks_hash([two, one])
    assert chunks_hash([one, two]) != chunks_hash([one, replace(two, text="dex")])
    assert chunks_hash([one, two]) != chunks_hash([one, replace(two, start=5)])


def test_values_of_json_are_taken_together_and_each_keeps_its_path(tmp_path):
    path = tmp_path / "users.json"
    path.write_text('{"users": [{"name": "Ana", "city": "Porto"}, {"name": "Ben", "city": "Riga"}]}', encoding="utf-8")
    parsed = read(path, path.name, Limits()).parsed
    [(start, end)] = cut(parsed, WordSplitter(180).split)
    assert (start, end) == (0, len(parsed.text))
    assert parsed.locate(start, end) == Locator(Place.PATH, "users[0].name", last="users[1].city")
    at = parsed.text.index("Riga")
    assert parsed.locate(at, at + 4).label == "users[1].city"


def test_short_cells_of_a_notebook_are_taken_together(tmp_path):
    path = tmp_path / "steps.ipynb"
    cells = [{"cell_type": "code", "source": [f"step({number})"], "outputs": []} for number in range(4)]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}), encoding="utf-8")
    parsed = read(path, path.name, Limits()).parsed
    [(start, end)] = cut(parsed, WordSplitter(180).split)
    assert parsed.locate(start, end).label == "cell 1–cell 4"
