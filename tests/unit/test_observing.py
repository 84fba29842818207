"""What is noticed of people's own words, and what never is."""

from __future__ import annotations

import pytest

from halo_app.domain.confidential import HIDDEN, holds_secret, secrets_in, without_secrets
from halo_app.domain.memory import Fact
from halo_app.domain.observing import observe
from halo_app.domain.third_person import about_user
from tests.observing_cases import DECOYS, FACTS, SECRETS


def counted(first: int) -> tuple[int, int, int]:
    """Return (facts found, all turns with something, fact turns) of every other case; the odd ones were not looked at."""
    told = [(turn, gist, observe(turn)) for turn, gist in FACTS[first::2]]
    right = sum(any(all(word in fact.content.lower() for word in gist) for fact in facts) for _, gist, facts in told)
    decoys = sum(bool(observe(turn)) for turn in DECOYS[first::2])
    return right, sum(bool(facts) for *_, facts in told) + decoys, len(told)


@pytest.mark.parametrize("first", [0, 1])
def test_nine_of_ten_noticed_turns_are_facts_and_six_of_ten_facts_are_noticed(first):
    right, noticed, facts = counted(first)
    assert right / noticed >= 0.9
    assert right / facts >= 0.6


@pytest.mark.parametrize("turn", SECRETS)
def test_a_secret_is_never_noticed(turn):
    assert observe(turn) == []


def test_a_fact_carries_its_turn_its_category_and_how_sure_it_is():
    assert observe("I'm a labour lawyer in Hamburg, so please keep to German law.", turn_id="t1") == [
        Fact("The user is a labour lawyer in Hamburg.", "work", 0.9, ("t1",))]


def test_what_passes_soon_is_ephemeral():
    [fact] = observe("I'm working in Paris this week.")
    assert fact.ephemeral
    [fact] = observe("I work in Paris.")
    assert not fact.ephemeral


def test_a_sentence_of_a_source_is_an_echo_and_not_about_the_user():
    source = "Preface. I live in a small house by the sea and I keep bees. Chapter one."
    assert observe("I live in a small house by the sea", sources=[source]) == []
    assert observe("I live in a small house by the sea")


def test_a_wish_for_all_answers_is_a_preference():
    [fact] = observe("Please always cite page numbers.")
    assert (fact.content, fact.category) == ("The user asks: always cite page numbers.", "preference")


def test_the_statement_before_a_question_counts_and_the_question_does_not():
    assert [fact.content for fact in observe("Since I'm a nurse, can you explain the law?")] == ["The user is a nurse."]


def test_long_pasted_text_is_not_read():
    assert observe("I live in Leiden. " * 200) == []


@pytest.mark.parametrize("said, told", [
    ("I've got two sons and my wife works in Bonn", "The user has two sons and their wife works in Bonn."),
    ("My wife and I run a guesthouse", "The user and their wife run a guesthouse."),
    ("I quit smoking in 2019", "The user quit smoking in 2019."),
    ("I can't work on Fridays because I was ill", "The user can't work on Fridays because they were ill."),
    ("we study fish", "The user studies fish."),
])
def test_the_first_person_becomes_the_third(said, told):
    assert about_user(said) == told


@pytest.mark.parametrize("text", [
    "4111 1111 1111 1111", "DE89370400440532013000", "AKIAIOSFODNN7EXAMPLE", "my password is swordfish", "pw: x9", "PIN 4821",
    "https://me:hunter2@example.org/", "sk-proj-abcdefgh12345678", "-----BEGIN PRIVATE KEY----- MIIE", "Mein Passwort lautet Sonne7",
])
def test_secrets_are_known_by_their_form_or_by_their_name(text):
    assert holds_secret(f"By the way, {text}")


@pytest.mark.parametrize("text", [
    "I have 12 cats and 1984 books", "Call me on Tuesday, 3 March 2027", "My password is too long", "My postal code is 22767",
    "mail me at katharina.vogel42@university-hospital.example.org", "The code is hard to read", "I research password habits",
])
def test_ordinary_numbers_and_talk_are_no_secrets(text):
    assert not holds_secret(text)


def test_a_secret_is_cut_out_of_a_text_and_nothing_else():
    assert without_secrets("I live in Bonn. My PIN is 4821. I am 40.") == f"I live in Bonn. My {HIDDEN}. I am 40."
    assert secrets_in("I live in Bonn.") == []
