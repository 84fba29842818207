"""Stored text is exact whatever is put in: regions sorted, disjoint, inside, and nothing unwritable."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed, parsed_of, plain_of
from halo_app.errors import EmptyFile, HaloError, TooLarge
from halo_app.parsing.building import TextBuilder, clean
from halo_app.parsing.excel_numbers import column_name
from halo_app.parsing.registry import read
from halo_app.plugins import Limits

ANY_TEXT = st.text(st.characters(), max_size=60)
PLACES = st.one_of(st.none(), st.builds(Locator, st.sampled_from(Place), st.text(min_size=1, max_size=5), st.text(max_size=3)))


@given(st.lists(st.tuples(ANY_TEXT, PLACES)))
def test_built_text_is_sound(pieces: list[tuple[str, Locator | None]]) -> None:
    builder = TextBuilder("a", Limits())
    spans = [(builder.add(text, place), text, place) for text, place in pieces]
    parsed = builder.build(may_be_empty=True)
    assert_sound(parsed)
    for (start, end), text, place in spans:
        assert parsed.text[start:end] in (clean(text).strip("\n"), "")
        if place and end > start:
            assert parsed.locate(start, end) == place


@given(ANY_TEXT)
def test_clean_text_can_always_be_written(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\x00\r\x0b\x0c\ufeff\u2028")
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("suffix", ["txt", "md", "tex", "csv", "tsv", "json", "jsonl", "ipynb", "vtt", "srt"])
@settings(deadline=None)
@given(data=st.binary(min_size=1, max_size=300) | st.text(min_size=1, max_size=300).map(lambda text: text.encode("utf-8", "ignore")))
def test_any_bytes_are_read_soundly_or_refused_in_words(suffix: str, data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(data)
        try:
            parsed = read(path, f"a.{suffix}", Limits()).parsed
        except HaloError as error:
            assert error.message
            return
    assert_sound(parsed)
    assert parsed_of(json.loads(json.dumps(plain_of(parsed)))) == parsed


@settings(deadline=None)
@given(st.lists(st.sampled_from([*"\\{}[]$%&~-`'\"abc é\n", "\\section", "\\textbf", "\\begin{a}", "\\cite"])).map("".join))
def test_any_tex_is_read_soundly(source: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_text(f"words {source}", encoding="utf-8")
        try:
            assert_sound(read(path, "a.tex", Limits()).parsed)
        except EmptyFile as error:
            assert "holds no text" in error.message


def test_equal_neighbouring_places_become_one_region() -> None:
    builder = TextBuilder("a", Limits())
    page = Locator(Place.PAGE, "1")
    builder.add("one", page)
    builder.add("two", page)
    assert [(region.start, region.end) for region in builder.build().regions] == [(0, 7)]


def test_text_of_white_space_only_is_an_empty_file() -> None:
    builder = TextBuilder("a.txt", Limits())
    assert builder.add(" \n ") == (0, 0)
    with pytest.raises(EmptyFile, match=r"“a\.txt” holds no text"):
        builder.build()


def test_more_text_than_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge, match="more than 5 characters"):
        TextBuilder("a.txt", Limits(text_chars=5)).add("longer than five")


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_named_as_in_sheets(index: int, name: str) -> None:
    assert column_name(index) == name


def assert_sound(parsed: Parsed) -> None:
    parsed.text.encode("utf-8")
    assert "\x00" not in parsed.text
    assert "\r" not in parsed.text
    end = 0
    for region in parsed.regions:
        assert end <= region.start < region.end <= len(parsed.text)
        assert region.locator.label
        end = region.end
    assert all(0 <= heading.start <= len(parsed.text) and heading.level >= 1 for heading in parsed.outline)
