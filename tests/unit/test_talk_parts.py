"""What stands at a turn: its versions, what its verdicts mean, what went into it, and the turns above one that is asked anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from halo_app.domain.branching import forked
from halo_app.domain.conversation import Conversation, Message, Recalled, Role, Sentence, Verdict
from halo_app.ui.components import meter
from halo_app.ui.components.asking import Question, shown_before
from halo_app.ui.components.turns import turn
from halo_app.ui.components.verdicts import explained
from tests.ui_fakes import ANSWER, ASSUMED, FACTOR, RADIATORS
from tests.ui_fakes import turn as message_of

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
ASKED, SAID = Message(Role.USER, "What is the factor?", NOON), message_of(ANSWER)


def test_a_turn_tells_which_of_its_versions_is_in_view() -> None:
    drawn = turn(forked((ASKED, SAID), 1, (SAID,))[1], "k", 1)
    assert drawn["version"] == {"place": 2, "total": 2} and turn(SAID, "k", 1)["version"] == {"place": 1, "total": 1}


@pytest.mark.parametrize(("sentence", "quoted", "words"), [
    (Sentence("x", Verdict.VERIFIED, (RADIATORS,)), True, "word for word in Field study 2024.pdf, p. 14."),
    (Sentence("x", Verdict.VERIFIED, (RADIATORS,)), False, "Field study 2024.pdf, p. 14 says all of this."),
    (Sentence("x", Verdict.VERIFIED, (RADIATORS, FACTOR)), False, "2 passages say all of this."),
    (Sentence("x", Verdict.PARTIAL, (ASSUMED,), "the year is not stated"), False, "only a part of this: the year is not stated."),
    (Sentence("x", Verdict.UNSUPPORTED, (), "no passage says this"), False, "none of the passages that were read says this."),
    (Sentence("x", Verdict.UNSUPPORTED, (), "“1950” is not in it"), False, "says this: “1950” is not in it."),
])
def test_a_badge_says_what_it_means_and_why_it_stands_there(sentence: Sentence, quoted: bool, words: str) -> None:
    assert words in explained(sentence, quoted=quoted)


def rows(**trace: object) -> dict[str, str]:
    return dict(meter.rows(replace(SAID, trace=trace)))


def test_what_went_into_a_quoted_answer_is_told() -> None:
    told = rows(mode="extractive", considered=10, compared=84, passages=10)
    assert told == {
        "Passages": "10 considered, 3 sentences quoted of 84 compared. The others fit the question less well.",
        "Written by": "Your sources themselves, word for word; no model was asked."}


def test_what_was_sent_to_a_model_and_what_was_left_out_is_told_with_the_reason() -> None:
    told = rows(mode="model", model="wise-1", local=True, considered=10, passages=6, context_tokens=1500, room=4000, turns=2, pinned=1,
                dropped={"passages": 4, "turns": 1, "pinned": 1, "cut": ["question"]}, question="And the factor? (heat pump)")
    assert told["Passages"] == "10 considered, 6 sent to the model, 3 cited. 4 left out: no room was left."
    assert told["Earlier turns"] == "2 sent, 1 left out: their share of the room was used up."
    assert told["Pinned answers"] == "1 sent, 1 left out: their share of the room was used up."
    assert told["Room used"] == "1,500 of 4,000 tokens, 37 %."
    assert told["Cut short"].startswith("The question was longer")
    assert told["Read as"] == "“And the factor? (heat pump)”"
    assert told["Written by"] == "wise-1, on this machine."


def test_memories_beside_an_answer_are_counted_and_an_answer_of_an_older_version_tells_nothing_it_does_not_know() -> None:
    remembered = replace(SAID, remembered=(Recalled("m", "Likes figures", "it mentions “figures”"),), trace={"mode": "extractive"})
    assert dict(meter.rows(remembered))["Memories"].startswith("1 shown beside the answer.")
    assert meter.rows(replace(SAID, trace={})) == []


@pytest.mark.parametrize(("question", "left"), [
    (None, 4),
    (Question("new"), 4), (Question("q", at=3), 2), (Question("q", at=2), 2), (Question("q", at=1), 0), (Question("q", at=0), 0)])
def test_the_turns_above_a_question_that_is_asked_anew_stay_and_the_others_make_room(question: Question | None, left: int) -> None:
    chat = Conversation("c", "t", "n", "u", NOON, NOON, (ASKED, SAID, ASKED, SAID))
    assert len(shown_before(question, chat)) == left
    waiting = replace(chat, messages=(*chat.messages, ASKED))
    assert len(shown_before(Question("What is the factor?"), waiting)) == 4
