"""Questions to go on with come from what stood close to an answer, are answered by the ticked sources, and say something new."""

from __future__ import annotations

from halo_app.domain.conversation import Message, Role
from halo_app.services.answering import Asked, ExtractiveAnswers
from halo_app.services.chat import message_of
from halo_app.services.following import FollowUps
from tests.answers_helpers import ME, Words, clock, lamp_and_bread, ticked

QUESTION = "Who designed the Lumen lamp?"


def parts():
    shelf = lamp_and_bread()
    return FollowUps(shelf.evidence(), shelf.texts, Words()), ExtractiveAnswers(shelf.evidence())


def answered(answers, question=QUESTION, scope=ME) -> Message:
    *_, answer = answers.answer(Asked(question, question, scope))
    return message_of(answer, clock()())


def test_every_suggestion_is_answered_and_none_repeats_what_was_shown_or_asked():
    following, answers = parts()
    said = answered(answers)
    found = following.after(QUESTION, said, [QUESTION], ME)
    assert 0 < len(found) <= 3
    shown = {sentence.text for sentence in said.sentences}
    for question in found:
        again = answered(answers, question)
        assert question.endswith("?") and question[0].isupper() and question != QUESTION
        assert not again.abstained and again.sentences[0].text not in shown
    assert not set(found) & set(following.after(QUESTION, said, [QUESTION, *found], ME))


def test_nothing_is_suggested_from_a_source_that_is_not_ticked():
    following, answers = parts()
    said = answered(answers, scope=ticked("lamp"))
    suggested = " ".join(following.after(QUESTION, said, [QUESTION], ticked("lamp")))
    assert "dough" not in suggested and "bread" not in suggested


def test_without_any_source_there_is_nothing_to_go_on_with():
    following, _ = parts()
    assert following.after(QUESTION, Message(Role.ASSISTANT, "Nothing.", clock()()), [QUESTION], ticked()) == ()
