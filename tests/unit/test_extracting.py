"""The sentence that answers comes first: it holds the kind of thing asked for and is not the question again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halo_app.domain.abstaining import Signals, confidence, holds_answer
from halo_app.domain.chunk import Chunk
from halo_app.domain.extracting import Candidate, choose, covered, only_names, rank
from halo_app.domain.questions import Kind, holds, kind_of, names, words_of
from halo_app.domain.reading import read
from halo_app.domain.source import Heading, Parsed
from tests.answers_helpers import ME, Shelf, Words


def candidate(text: str, start: int = 0, **more: object) -> Candidate:
    more = {"asks": only_names(text), **more}
    return Candidate("s", start, start + len(text), text, Words().terms(text), 0, 1.0, language="en", **more)


def first(question: str, *texts: str) -> str:
    wanted = {"en": dict.fromkeys(Words().terms(question), 1.0)}
    return rank(question, wanted, [candidate(text, 100 * at) for at, text in enumerate(texts)])[0].candidate.text


@pytest.mark.parametrize(("question", "kind"), [
    ("Who built it?", Kind.WHO), ("Which company built it?", Kind.WHO), ("Wer hat es gebaut?", Kind.WHO),
    ("When was it built?", Kind.WHEN), ("In what year was it built?", Kind.WHEN), ("Wann wurde es gebaut?", Kind.WHEN),
    ("How many were built?", Kind.NUMBER), ("What percentage failed?", Kind.NUMBER), ("Wie viele gibt es?", Kind.NUMBER),
    ("Where was it built?", Kind.WHERE), ("In which city was it built?", Kind.WHERE), ("Wo steht es?", Kind.WHERE),
    ("What is the tower called?", Kind.NAME), ("Why was it built?", Kind.OPEN), ("What does it do?", Kind.OPEN),
])
def test_a_question_tells_what_it_waits_for(question, kind):
    assert kind_of(question) is kind


@pytest.mark.parametrize(("kind", "sentence", "expected"), [
    (Kind.WHO, "It was built by Ada Brandt.", 1.0), (Kind.WHO, "It was built by workers.", 0.0),
    (Kind.WHO, "The tower fell.", 0.0),
    (Kind.WHEN, "It was built in 1931.", 1.0), (Kind.WHEN, "It opened on a Monday in May.", 1.0),
    (Kind.WHEN, "It was built by workers.", 0.0), (Kind.NUMBER, "It weighs 2.4 kilograms.", 1.0),
    (Kind.NUMBER, "It weighs three tons.", 1.0), (Kind.NUMBER, "It weighs a lot.", 0.0),
    (Kind.WHO, "The Tower is famous.", 0.0), (Kind.WHO, "It was closed on 1 January, a Monday.", 0.0),
    (Kind.NUMBER, "It opened on 30 September.", 0.0),
    (Kind.NUMBER, "On 3 May 2021 it cost 40 crowns.", 1.0), (Kind.OPEN, "Anything goes.", 0.5),
])
def test_a_sentence_holds_a_thing_of_that_kind_that_the_question_does_not_name(kind, sentence, expected):
    assert holds(kind, sentence, words_of("who built the tower")) == expected


def test_in_german_one_capital_is_not_a_name():
    assert holds(Kind.WHO, "Das baute ein Mann.", frozenset(), capitals_mean_names=False) == 0.0
    assert holds(Kind.WHO, "Das baute Ada Brandt.", frozenset(), capitals_mean_names=False) == 1.0


def test_names_leave_out_the_word_that_only_opens_the_sentence():
    assert names("Yesterday the king met Ada Brandt of Graz.") == ["Ada Brandt of Graz"]
    assert names("The Lumen was sold.") == ["Lumen"]


def test_the_sentence_with_a_date_answers_when():
    best = first("When was the tower built?", "The tower was built by workers of the town.", "The tower was built in 1931.")
    assert best == "The tower was built in 1931."


def test_a_heading_or_a_question_of_the_source_never_comes_first():
    best = first("What is a rye bread?", "What is a rye bread?", "Rye bread", "Rye bread is made of sour dough.")
    assert best == "Rye bread is made of sour dough."


@pytest.mark.parametrize(("text", "expected"), [
    ("# Title", True), ("Annual figures", True), ("What is it?", True), ("Price: 240 crowns", False), ("A | B", False),
    ("- two eggs", False), ("It ended.", False), ("It rose by 5 %", False), ("Settings are read from:", True),
])
def test_headings_and_questions_are_told_from_statements(text, expected):
    assert only_names(text) is expected


def test_a_sentence_about_another_figure_steps_back():
    best = first("How much power did house 4 use?", "House 8 used 90 units of power.", "House 4 used 70 units of power.")
    assert best == "House 4 used 70 units of power."


def test_what_was_shown_before_steps_back():
    wanted = {"en": {"tower": 1.0}}
    shown, other = candidate("The tower is tall and old.", told=True), candidate("The tower leans.", 50)
    assert rank("And the tower?", wanted, [shown, other])[0].candidate == other


def test_the_best_sentence_stands_first_and_the_others_in_reading_order():
    wanted = {"en": {"tower": 1.0, "lean": 1.0}}
    found = rank("Does the tower lean?", wanted, [
        candidate("Nobody knows the tower.", 0), candidate("The tower leans to the west.", 100),
        candidate("A tower stood here before.", 200)])
    chosen = [one.candidate.start for one in choose(found, within=99)]
    assert chosen[0] == 100
    assert chosen[1:] == sorted(chosen[1:])


def test_a_sentence_is_not_shown_twice():
    wanted = {"en": {"tower": 1.0}}
    found = rank("The tower?", wanted, [candidate("The tower leans.", 0), candidate("The tower leans.", 100)])
    assert len(choose(found, within=99)) == 1


def test_no_candidates_give_no_ranking():
    assert rank("Who?", {}, []) == []
    assert choose([]) == []


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(0.1, 9)), st.lists(st.sampled_from("abcdefgh")))
def test_coverage_is_a_share_that_grows_with_more_words(wanted, terms):
    share = covered(wanted, terms)
    assert 0 <= share <= 1 + 1e-9
    assert covered(wanted, [*terms, "a"]) >= share


@given(*[st.floats(-1, 1)] * 2, *[st.floats(0, 1)] * 2, st.integers(0, 3), st.floats(0, 0.5))
def test_confidence_is_a_chance_that_rises_with_every_signal(one, two, three, four, which, more):
    signals = [one, two, three, four]
    low = confidence(Signals(*signals))
    signals[which] += more
    assert 0 <= low <= confidence(Signals(*signals)) <= 1


def test_a_perfect_sentence_is_an_answer_and_a_foreign_one_is_not():
    assert holds_answer(Signals(0.8, 0.8, 0.9, 0.9))
    assert not holds_answer(Signals(0.1, 0.1, 0.2, 0.2))
    assert holds_answer(Signals(0, 0, 0.8, 0.9, by_words_only=True))
    assert not holds_answer(Signals(0, 0, 0.1, 0.2, by_words_only=True))


TABLE = "# Cups\n\nTeam | City | Cups\nBlues | STL | 1\nFlyers | PHI | 2\n\nThe league began in 1917. It had four teams."


def test_rows_are_read_with_their_column_names_and_sentences_with_the_one_before():
    parsed = Parsed(TABLE, outline=(Heading(0, 1, "Cups"),))
    lines = read(parsed, Chunk("s-0", "s", "n", "me", 0, 0, len(TABLE), TABLE, "en"))
    said = {line.text: line for line in lines}
    assert said["# Cups"].is_heading
    assert said["Team | City | Cups"].names_columns
    assert said["Flyers | PHI | 2"].before == "Team | City | Cups"
    assert said["The league began in 1917."].before == ""
    assert said["It had four teams."].before == "The league began in 1917."


def test_a_table_answers_with_its_row():
    shelf = Shelf()
    shelf.add("cups", Parsed(TABLE, outline=(Heading(0, 1, "Cups"),)))
    assert shelf.evidence().gather("How many cups have the Flyers?", ME).ranked[0].candidate.text == "Flyers | PHI | 2"
