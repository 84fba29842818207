"""What the pages make of records before they are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from halo_app.domain.conversation import Conversation, Message, Role, Sentence, Verdict
from halo_app.ui.components.cites import cited
from halo_app.ui.components.evidence import citable
from halo_app.ui.components.shelf import by_day
from halo_app.ui.components.turns import turn
from halo_app.ui.words import counting, many, shortened, size
from tests.ui_fakes import ANSWER, ASSUMED, CLOSE, FACTOR, RADIATORS
from tests.ui_fakes import turn as message_of

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def chat(title: str, when: datetime) -> Conversation:
    return Conversation(title, title, "n", "u", when, when)


def test_chats_stand_under_the_day_they_were_last_used() -> None:
    ages = {"a": 0, "b": 1, "c": 3, "d": 20, "e": 90}
    groups = by_day([chat(title, NOON - timedelta(days=days)) for title, days in ages.items()], NOON)
    assert [(group["name"], [one["title"] for one in group["chats"]]) for group in groups] == [
        ("Today", ["a"]), ("Yesterday", ["b"]), ("Last 7 days", ["c"]), ("February", ["d"]), ("December 2025", ["e"])]


def test_citations_are_numbered_in_reading_order_and_once_each() -> None:
    message = message_of(ANSWER)
    twice = replace(message, sentences=(*message.sentences, Sentence("Again.", Verdict.VERIFIED, (RADIATORS,))))
    assert cited(twice) == (RADIATORS, FACTOR, ASSUMED, CLOSE)
    labels = [cite["label"] for said in turn(twice, "k", 0)["sentences"] for cite in said["cites"]]
    assert labels == ["1 · p. 14", "2 · p. 17", "3 · “Design”", "1 · p. 14"]


def test_a_long_path_of_headings_is_shortened_to_its_last_part_on_the_chip_only() -> None:
    deep = replace(ASSUMED, locator="“Offer › Design › Scope”")
    drawn = turn(Message(Role.ASSISTANT, "x", NOON, (Sentence("x", Verdict.VERIFIED, (deep,)),)), "k", 0)
    [cite] = drawn["sentences"][0]["cites"]
    assert (cite["label"], cite["place"]) == ("1 · “Scope”", "“Offer › Design › Scope”")


def test_a_source_without_places_is_named_on_its_chip() -> None:
    bare = replace(ASSUMED, locator="")
    drawn = turn(Message(Role.ASSISTANT, "x", NOON, (Sentence("x", Verdict.VERIFIED, (bare,)),)), "k", 0)
    assert drawn["sentences"][0]["cites"][0]["label"] == "1 · Offer Meyer.docx"


def test_the_lead_line_is_kept_apart_from_the_sentences_even_when_it_names_one() -> None:
    text = "From offer.md (“Cost”):\n\nCost\n\nIt is high."
    said = (Sentence("Cost", Verdict.VERIFIED, (ASSUMED,)), Sentence("It is high.", Verdict.VERIFIED, (ASSUMED,)))
    assert turn(Message(Role.ASSISTANT, text, NOON, said), "k", 0)["lead"] == "From offer.md (“Cost”):"


def test_what_a_model_writes_at_the_start_is_no_lead_line_and_keeps_its_paragraphs() -> None:
    said = tuple(Sentence(words, Verdict.PARTIAL) for words in ("It pays off.", "Mostly.", "Not always."))
    drawn = turn(Message(Role.ASSISTANT, "It pays off. Mostly.\n\nNot always.", NOON, said), "k", 0)
    assert drawn["lead"] == ""
    assert [sentence["breaks"] for sentence in drawn["sentences"]] == [False, False, True]


def test_a_quote_is_marked_as_a_quote_and_other_words_are_not() -> None:
    said = (Sentence(RADIATORS.quote, Verdict.VERIFIED, (RADIATORS,)), Sentence("So it pays off.", Verdict.PARTIAL, (RADIATORS,)))
    drawn = turn(Message(Role.ASSISTANT, "x", NOON, said), "k", 0)
    assert [sentence["quoted"] for sentence in drawn["sentences"]] == [True, False]


def test_a_failed_model_is_named_beside_the_answer_found_without_it() -> None:
    drawn = turn(message_of(replace(ANSWER, failure="The server did not answer.")), "k", 0)
    assert drawn["failure"] == "The server did not answer."
    assert len(drawn["sentences"]) == 3


@pytest.mark.parametrize(("ticked", "total", "words"), [
    (0, 0, "no sources yet"), (0, 3, "no source counts"), (1, 1, "1 source counts"), (2, 2, "both sources count"),
    (3, 3, "all 3 sources count"), (4, 6, "4 of 6 sources count")])
def test_how_many_sources_count_is_said_in_plain_words(ticked: int, total: int, words: str) -> None:
    assert counting(ticked, total) == words


def test_numbers_sizes_and_long_texts_are_said_as_people_write_them() -> None:
    assert [many(1, "page"), many(1200, "page"), many(2, "entry", "entries")] == ["1 page", "1,200 pages", "2 entries"]
    assert [size(640), size(1_240_000), size(34_000)] == ["640 B", "1.2 MB", "34 KB"]
    assert shortened("a  b\nc", 10) == "a b c" and shortened("abcdefgh", 5) == "abcd…"


def test_a_quote_is_copied_on_one_line_with_where_it_stands() -> None:
    wrapped = replace(ASSUMED, quote="The offer\n assumes  24,000 kWh.")
    assert citable(wrapped) == "“The offer assumes 24,000 kWh.” (Offer Meyer.docx, “Design”)"
    assert citable(replace(ASSUMED, locator="")).endswith("(Offer Meyer.docx)")
