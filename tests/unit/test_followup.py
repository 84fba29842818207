"""A follow-up takes what it leaves unsaid from the turn before; a question that stands by itself stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halo_app.domain.followup import Turn, resolve
from tests.follow_up_cases import FOLLOW_UPS, UNRELATED

LAMP = Turn("How much does the Lumen lamp cost?", "A new Lumen lamp costs 240 crowns.")
FOUNDER = Turn("Who founded the observatory?", "The observatory was founded in 1871 by Johanna Reiter, who paid for it.")
REVENUE = Turn("How high was the revenue of Acme in 2018?", "In 2018 the revenue was 3 million.")


def test_follow_ups_are_completed():
    left = [second for first, second, _ in FOLLOW_UPS if resolve(second, [Turn(first)]).text == second]
    assert left == ["How long must the dough rest?"]            # it names its own subject


@pytest.mark.parametrize(("first", "second"), UNRELATED)
def test_unrelated_questions_stay_as_they_are(first, second):
    assert resolve(second, [Turn(first, "The Lumen lamp was designed by Ada Brandt in Graz.")]).text == second


@pytest.mark.parametrize(("question", "turn", "expected"), [
    ("And its weight?", LAMP, "And its weight? (Lumen lamp)"),
    ("What about 2019?", REVENUE, "How high was the revenue of Acme in 2019?"),
    ("And in 2020?", REVENUE, "How high was the revenue of Acme in 2020?"),
    ("What about Globex?", REVENUE, "How high was the revenue of Globex in 2018?"),
    ("When was she born?", FOUNDER, "When was she born? (Johanna Reiter observatory)"),
    ("Why?", LAMP, "Why? (How much does the Lumen lamp cost)"),
    ("Tell me more", LAMP, "Tell me more (How much does the Lumen lamp cost)"),
    ("Und was wiegt sie?", Turn("Wer hat die Lampe Lumen entworfen?"), "Und was wiegt sie? (Lampe Lumen)"),
])
def test_only_words_of_the_turn_before_are_added(question, turn, expected):
    assert resolve(question, [turn]).text == expected


@pytest.mark.parametrize("question", ["What is this about?", "Worum geht es hier?", "Summarise these documents"])
def test_a_question_about_the_whole_is_no_follow_up(question):
    assert resolve(question, [LAMP]).text == question


def test_what_is_it_about_means_what_was_asked_about():
    assert resolve("What is it about?", [Turn("Who wrote The Salt Road?")]).text == "What is it about? (Salt Road)"


def test_a_chain_of_follow_ups_keeps_its_topic():
    first = resolve("And its weight?", [LAMP]).text
    assert "Lumen lamp" in resolve("And its colour?", [Turn(first)]).text


def test_without_earlier_turns_nothing_changes():
    assert resolve("And its price?", []).text == "And its price?"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_resolving_never_fails_and_keeps_what_was_asked_now(question, before, answer):
    understood = resolve(question, [Turn(before, answer)])
    assert understood.own in understood.text
    if not understood.own and understood.text != question:
        assert understood.text            # the earlier question with one part replaced
