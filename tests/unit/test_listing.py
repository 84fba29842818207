"""Sources are filtered, ordered and shown a window at a time; tags are the reader's own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from halo_app.domain.listing import PAGE, Known, Order, Standing, Wish, kinds, listed, window
from halo_app.domain.source import Source
from halo_app.domain.tagging import MOST, renamed, tag_of, tagged, tags_in
from halo_app.errors import BadInput

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def source(number: int, name: str, kind: str = "pdf", **more) -> Source:
    given = {"size_bytes": 1000 * number, "pages": number, **more}
    return Source(id=f"s{number}", notebook_id="n", user_id="ana", name=name, type=kind, sha256=f"{number}", chunks=1, characters=9,
                  created_at=NOW + timedelta(days=number), text_sha256="t", **given)


SHELF = [source(1, "Zebra.pdf"), source(2, "apple.md", "md", tags=("Fruit",)), source(3, "Mango.pdf", remarks=("not transcribed",))]


def names(wish: Wish, known: Known | None = None) -> list[str]:
    return [one.name for one in listed(SHELF, wish, known or Known())]


def test_the_newest_source_comes_first_unless_another_order_is_wished():
    assert names(Wish()) == ["Mango.pdf", "apple.md", "Zebra.pdf"]
    assert names(Wish(order=Order.NAME, descending=False)) == ["apple.md", "Mango.pdf", "Zebra.pdf"]
    assert names(Wish(order=Order.SIZE, descending=False)) == ["Zebra.pdf", "apple.md", "Mango.pdf"]
    assert names(Wish(order=Order.CITED), Known(cited={"s2": 4, "s1": 1})) == ["apple.md", "Zebra.pdf", "Mango.pdf"]
    assert names(Wish(order=Order.KIND, descending=False)) == ["apple.md", "Mango.pdf", "Zebra.pdf"]


def test_words_are_found_in_names_in_tags_and_in_the_text():
    assert names(Wish("APP")) == ["apple.md"]
    assert names(Wish("fruit")) == ["apple.md"]
    assert names(Wish("lighthouse"), Known(holding={"s1"})) == ["Zebra.pdf"]
    assert names(Wish("nowhere")) == []


def test_kind_state_and_tag_narrow_the_list_together():
    assert names(Wish(kind="pdf")) == ["Mango.pdf", "Zebra.pdf"]
    assert names(Wish(kind="pdf", standing=Standing.REMARKS)) == ["Mango.pdf"]
    assert names(Wish(tag="fruit")) == ["apple.md"]
    assert names(Wish(standing=Standing.LEFT_OUT), Known(ticked={"s1", "s2"})) == ["Mango.pdf"]
    assert names(Wish(standing=Standing.UNCITED), Known(cited={"s1": 2})) == ["Mango.pdf", "apple.md"]


def test_a_page_that_is_no_longer_there_becomes_the_last_one():
    many = [source(number, f"{number}.md") for number in range(1, 2 * PAGE + 2)]
    shown, page, pages = window(many, 9)
    assert (len(shown), page, pages) == (1, 2, 3)
    assert window([], 3) == ([], 0, 1)


def test_kinds_are_counted_most_first():
    assert kinds(SHELF) == {"pdf": 2, "md": 1}


def test_a_tag_is_added_once_whatever_its_capitals_and_spaces():
    assert tagged(("Law",), add=["law", " to  read "]) == ("Law", "to read")
    assert tagged(("Law", "old"), remove=["LAW"]) == ("old",)
    assert renamed(("Law", "old"), "law", "Old") == ("Old",)
    assert tags_in([("Law",), ("law", "old"), ("law",)]) == {"law": 3, "old": 1}


@pytest.mark.parametrize("words", ["", "  \n", "x" * 41])
def test_what_is_no_tag_is_refused_in_words(words):
    with pytest.raises(BadInput):
        tag_of(words)


def test_a_source_takes_so_many_tags_and_no_more():
    with pytest.raises(BadInput):
        tagged([str(number) for number in range(MOST)], add=["one more"])
