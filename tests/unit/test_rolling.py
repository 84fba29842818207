"""The past is kept small: telling sentences stay, each tied to the turn that said it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from halo_app.domain.rolling import Said, grouped, lines_of, roll

START = datetime(2026, 1, 1, tzinfo=UTC)


def terms(text: str) -> list[str]:
    stop = {"the", "a", "i", "is", "of", "and", "to", "in", "my", "it", "was"}
    return [word for word in (word.strip(".,!?").lower() for word in text.split()) if word not in stop]


def words(text: str) -> int:
    return len(text.split())


def said(*texts: str, session: str = "s1") -> list[Said]:
    return [Said(f"{session}-{at}", "user", text, session, START + timedelta(minutes=at)) for at, text in enumerate(texts)]


@pytest.mark.parametrize("empty", ["Hello there!", "Thanks a lot, that is great.", "Wow, cool!", "What is the price of it?", "Ok."])
def test_greetings_thanks_and_questions_stand_in_no_summary(empty):
    assert lines_of(said(empty), terms) == []


def test_a_line_names_the_turn_that_said_it():
    [line] = roll(lines_of(said("Hello!", "I moved to Lisbon in March with two cats."), terms), 50, words)
    assert (line.turn.id, line.text) == ("s1-1", "I moved to Lisbon in March with two cats.")


def test_a_summary_costs_at_most_its_room_and_keeps_the_order():
    turns = said(*(f"On day {at} I measured sample number {at} of river water near town {at}." for at in range(40)))
    chosen = roll(lines_of(turns, terms), 100, words)
    assert 50 < sum(words(line.text) for line in chosen) <= 100
    assert [line.place for line in chosen] == sorted(line.place for line in chosen)


def test_every_session_keeps_something():
    sessions = [said(*(f"I wrote chapter {number} about {topic} in week {number}." for number in range(20)), session=topic)
                for topic in ("rivers", "birds", "glaciers", "harbours")]
    chosen = roll(lines_of([turn for turns in sessions for turn in turns], terms), 80, words)
    assert {line.turn.session_id for line in chosen} == {"rivers", "birds", "glaciers", "harbours"}


def test_what_was_said_twice_stands_once():
    turns = said("My dog Rex sleeps in the kitchen.", "The train leaves at nine from platform two.",
                 "Rex, my dog, sleeps in the kitchen now.")
    assert len(roll(lines_of(turns, terms), 100, words)) == 2


def test_no_room_gives_no_lines():
    assert roll(lines_of(said("I moved to Lisbon in March."), terms), 0, words) == []


def test_lines_are_grouped_by_what_they_speak_of_and_none_is_lost():
    turns = [*said("I bought paint for the boat.", "The boat needs a new mast.", session="a"),
             *said("My thesis has four chapters now.", "I sent the thesis to Ana.", session="b")]
    lines = lines_of(turns, terms)
    groups = grouped(lines, 3)
    assert sum(len(group) for group in groups) == len(lines)
    assert [line.turn.session_id for line in groups[0]] in (["a", "a"], ["b", "b"])
