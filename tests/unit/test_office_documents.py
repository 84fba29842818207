"""Office documents, books, mails and pages are read whole, and every phrase knows its true place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from halo_app.domain.source import Parsed
from halo_app.parsing.registry import read
from halo_app.plugins import Limits
from tests import documents_binary, documents_office, documents_open
from tests.documents_office import Made

MAKERS = (*documents_office.MAKERS, *documents_open.MAKERS, *documents_binary.MAKERS)


@pytest.fixture(params=MAKERS, ids=lambda make: make.__name__)
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
    outline = tuple(heading.title for heading in parsed.outline)
    assert (parsed.title, parsed.pages, outline) == (made.title, made.pages, made.outline)
    assert all(parsed.text.startswith(heading.title, heading.start) for heading in parsed.outline)


def test_lines_read_as_in_the_document(made: Made, parsed: Parsed) -> None:
    lines = parsed.text.split("\n")
    assert [line for line in made.lines if line not in lines] == []


def test_regions_are_sorted_disjoint_and_inside_the_text(parsed: Parsed) -> None:
    ends = [0, *(region.end for region in parsed.regions)]
    assert all(end <= region.start < region.end for end, region in zip(ends, parsed.regions, strict=False))
    assert ends[-1] <= len(parsed.text)


def test_text_has_no_stray_white_space(parsed: Parsed) -> None:
    assert parsed.text == parsed.text.strip()
    assert "\n\n\n" not in parsed.text
    assert not any(line != line.rstrip() for line in parsed.text.split("\n"))


def place_of(parsed: Parsed, phrase: str) -> str:
    """The label where the phrase stands; where it stands often, that of its first whole-region place."""
    start = parsed.text.find(phrase)
    if start < 0:
        return "not found"
    locator = parsed.locate(start, start + len(phrase))
    return locator.label if locator else "no place"
