"""How what was said is ranked: the turns around, who speaks, the session, and what tells more than it asks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from halo_app.domain.dialogue import Talk, in_context, speaker_named, told_and_asked, turn_scores
from halo_app.domain.memory import Fact, pieces_of
from tests.recall_helpers import talk


def columns(sessions, speakers=None, told=None, asked=None):
    count = len(sessions)
    return Talk(np.array(sessions), np.array(speakers or [-1] * count), np.array(told or [5.0] * count),
                np.array(asked or [0.0] * count))


def test_the_answer_behind_a_matching_question_comes_before_a_stranger():
    scores = turn_scores(None, np.array([5.0, 0.0, 0.0, 0.0]), columns([0, 0, 1, 1]))
    assert scores[1] > max(scores[2:])


def test_neighbours_of_another_session_gain_nothing():
    scores = turn_scores(None, np.array([0.0, 5.0, 0.0, 0.0]), columns([0, 1, 2, 3]))
    assert scores[0] == scores[2] == scores[3]


def test_the_one_who_is_named_is_heard_first():
    talk = columns([0, 1, 2], speakers=[0, 1, 0])
    scores = turn_scores(None, np.array([1.0, 1.0, 0.0]), talk, speaker=1)
    assert scores.argmax() == 1


def test_a_turn_that_tells_comes_before_one_that_asks():
    scores = turn_scores(None, np.array([1.0, 1.0, 0.0]), columns([0, 1, 2], told=[9.0, 0.0, 9.0], asked=[0.0, 1.0, 0.0]))
    assert scores[0] > scores[1]


def test_a_turn_in_a_session_that_answers_comes_before_an_equal_one_elsewhere():
    scores = turn_scores(np.array([0.9, 0.1, 0.9, 0.4, 0.1, 0.1, 0.4, 0.1]), np.zeros(8), columns([0, 0, 0, 0, 1, 1, 1, 1]))
    assert scores[3] > scores[6]


def test_how_much_of_a_turn_asks():
    assert told_and_asked("I went home. Did you?") == (3.0, 0.4)
    assert told_and_asked("Why?") == (0.0, 1.0)
    assert told_and_asked("") == (0.0, 0.0)


def test_a_speaker_is_named_when_it_is_just_one():
    people = ["Ana", "", "Ben", "Jo Ann"]
    assert speaker_named("What did Ben say?", people) == 2
    assert speaker_named("what did jo ann say?", people) == 3
    assert speaker_named("What did Ben tell Ana?", people) is None
    assert speaker_named("What about bananas and Benjamin?", people) is None


def test_a_turn_is_read_behind_the_one_before_and_a_fact_alone():
    said = talk("Ben: Where do you live?", "Ana: In Turin.")
    assert in_context(said, pieces_of(said), 1, "In Turin.") == "Ben: Where do you live?\nAna: In Turin."
    assert in_context(said, pieces_of(said), 0, "Where do you live?") == "Ben: Where do you live?"
    fact = Fact("Ana lives in Turin")
    assert in_context(fact, pieces_of(fact), 0, fact.content) == "Ana lives in Turin"


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0, 9), st.floats(-1, 1)), max_size=30))
def test_every_turn_gets_one_finite_score(rows):
    rows = sorted(rows)
    scores = turn_scores(np.array([row[2] for row in rows]), np.array([row[1] for row in rows]), columns([row[0] for row in rows]))
    assert scores.shape == (len(rows),)
    assert np.isfinite(scores).all()
