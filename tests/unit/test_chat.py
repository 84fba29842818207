"""Chats store the question first and the answer before it is done; answers quote their sources or say they hold none."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from halo_app.domain.conversation import Answer, Attached, Role, Verdict
from halo_app.domain.events import Done, Step
from halo_app.domain.shortening import shortened
from halo_app.errors import BadInput, EmbedderUnavailable, ModelUnavailable, NotFound
from halo_app.services.answering import ExtractiveAnswers
from halo_app.services.chat import ChatService
from tests.answers_helpers import ME, MemoryRecords, clock, lamp_and_bread, ticked


@pytest.fixture
def shelf():
    return lamp_and_bread()


class Overview:
    def takes(self, asked):
        return asked.resolved == "What is this about?"

    def answer(self, asked):
        yield Answer("all of it", False, trace={"mode": "guide"})


@pytest.fixture
def chat(shelf):
    return ChatService(MemoryRecords(), ExtractiveAnswers(shelf.evidence()), Overview(), clock(), "me")


def test_the_answer_quotes_the_sentence_that_answers(chat, shelf):
    answer, _ = chat.answer("Who designed the Lumen lamp?", ME)
    best = answer.sentences[0]
    assert best.text == "The Lumen lamp was designed by Ada Brandt in 1931."
    assert best.verdict is Verdict.VERIFIED
    [citation] = best.citations
    assert shelf.texts.get(citation.source_id).text[citation.start:citation.end] == citation.quote == best.text


def test_an_unrelated_question_is_not_answered_and_the_nearest_passages_are_shown(chat):
    answer, _ = chat.answer("Which volcano erupted beside Naples?", ME)
    assert answer.abstained
    assert not answer.sentences
    assert 0 < len(answer.nearest) <= 3


def test_an_answer_says_which_words_of_the_question_no_source_uses(chat):
    answer, _ = chat.answer("How tall is the volcano of Naples?", ME)
    assert "No selected source seems to mention “volcano” or “Naples”." in answer.text
    assert "mention" not in chat.answer("Who designed the Lumen lamp?", ME)[0].text


def test_a_question_that_names_a_file_is_answered_from_it_alone(shelf):
    records = [SimpleNamespace(id="lamp", name="lamp.txt"), SimpleNamespace(id="bread", name="bread.txt")]
    chat = ChatService(MemoryRecords(), ExtractiveAnswers(shelf.evidence()), Overview(), clock(), "me", sources=lambda scope: records)
    answer, _ = chat.answer("In bread.txt, how long does the dough rest?", ME)
    assert answer.sentences[0].text == "The dough rests for twelve hours."
    missed, _ = chat.answer("In bread.txt, who designed the Lumen lamp?", ME)
    assert missed.abstained
    assert missed.text.startswith("bread.txt does not seem to answer this.")
    assert {citation.source_id for citation in missed.nearest} <= {"bread"}


def test_a_source_that_is_not_ticked_is_never_cited(chat):
    answer, _ = chat.answer("Who designed the Lumen lamp?", ticked("bread"))
    cited = [citation.source_id for sentence in answer.sentences for citation in sentence.citations]
    assert {*cited, *(citation.source_id for citation in answer.nearest)} <= {"bread"}


def test_a_source_whose_text_is_gone_is_left_out_and_named(chat, shelf):
    shelf.texts.remove("bread")
    answer, _ = chat.answer("Who designed the Lumen lamp?", ME)
    assert answer.sentences[0].citations[0].source_id == "lamp"
    assert answer.trace["unreadable"] == ["bread.txt"]
    assert "bread.txt" in answer.text


def test_without_the_embedding_model_the_words_decide(shelf):
    class Missing:
        model_id, dimension = "none", 8

        def embed(self, texts, *, query=False):
            raise EmbedderUnavailable("the model is missing")

    evidence = replace(shelf.evidence(), embedder=Missing())
    words_only = ChatService(MemoryRecords(), ExtractiveAnswers(evidence), Overview(), clock(), "me")
    assert words_only.answer("Who designed the Lumen lamp?", ME)[0].sentences[0].text.endswith("in 1931.")
    assert words_only.answer("Which volcano erupted beside Naples?", ME)[0].abstained


def test_an_empty_selection_says_so_and_reads_nothing(chat):
    answer, _ = chat.answer("Who designed the Lumen lamp?", ticked())
    assert answer.abstained
    assert answer.trace["mode"] == "nothing"
    assert "selected" in answer.text
    assert not answer.nearest


def test_the_question_is_stored_before_the_work_and_the_answer_before_done(chat):
    seen = []
    for event in chat.ask("Who designed the Lumen lamp?", ME):
        [stored] = chat.sessions()
        seen.append((type(event), [message.role for message in stored.messages]))
    assert seen[0] == (Step, [Role.USER])
    assert seen[-1] == (Done, [Role.USER, Role.ASSISTANT])


def test_a_failed_answer_leaves_the_question_and_asking_again_answers_it(chat, shelf):
    class Broken:
        def answer(self, asked):
            yield Step("Asking the model")
            raise ModelUnavailable("the model gave no answer")

    broken = replace(chat, written=Broken)
    with pytest.raises(ModelUnavailable):
        list(broken.ask("Who designed the Lumen lamp?", ME))
    [stored] = chat.sessions()
    assert [message.role for message in stored.messages] == [Role.USER]
    chat.answer("Who designed the Lumen lamp?", ME, stored.id)
    assert [message.role for message in chat.get(stored.id).messages] == [Role.USER, Role.ASSISTANT]


def test_without_keep_nothing_is_stored(chat):
    answer, session_id = chat.answer("Who designed the Lumen lamp?", ME, keep=False)
    assert answer.sentences
    assert session_id == ""
    assert chat.sessions() == []


def test_a_follow_up_is_understood_through_the_turn_before(chat):
    _, session_id = chat.answer("Who designed the Lumen lamp?", ME)
    answer, _ = chat.answer("And what does it cost?", ME, session_id)
    assert "240 crowns" in answer.text
    assert "Lumen" in answer.trace["question"]


def test_history_is_bounded(chat):
    forgetful = replace(chat, num_history_runs=0)
    _, session_id = forgetful.answer("Who designed the Lumen lamp?", ME)
    answer, _ = forgetful.answer("And what does it cost?", ME, session_id)
    assert "question" not in answer.trace


def test_a_question_about_the_whole_goes_to_the_overview(chat):
    assert chat.answer("What is this about?", ME)[0].trace["mode"] == "guide"


def test_a_chat_is_named_after_its_first_question_and_can_be_renamed_deleted_and_restored(chat):
    _, session_id = chat.answer("Who designed the Lumen lamp?", ME)
    assert chat.get(session_id).title == "Who designed the Lumen lamp?"
    chat.rename(session_id, "  Lamps \n of Graz ")
    assert chat.get(session_id).title == "Lamps of Graz"
    with pytest.raises(BadInput):
        chat.rename(session_id, "  ")
    gone = chat.delete(session_id)
    with pytest.raises(NotFound):
        chat.get(session_id)
    chat.restore(gone)
    assert chat.get(session_id) == gone


def test_chats_of_another_user_are_not_found(chat):
    _, session_id = chat.answer("Who designed the Lumen lamp?", ME)
    other = replace(chat, user_id="other")
    assert other.sessions() == []
    with pytest.raises(NotFound):
        other.get(session_id)


def test_chats_are_listed_by_notebook_and_last_use(chat):
    first, second = chat.new("n").id, chat.new("m").id
    chat.answer("Who designed the Lumen lamp?", ME, first)
    assert [one.id for one in chat.sessions()] == [first, second]
    assert [one.id for one in chat.sessions("m")] == [second]


@pytest.mark.parametrize("question", ["", "  \n", "x" * 8001])
def test_an_empty_or_endless_question_is_refused(chat, question):
    with pytest.raises(BadInput):
        chat.answer(question, ME)
    assert chat.sessions() == []


def test_a_long_question_is_shortened_at_a_word():
    assert shortened("word " * 40, 60) == "word " * 11 + "word…"
    assert len(shortened("x" * 100, 60)) == 60


def test_an_answer_given_again_is_a_version_beside_the_first_and_the_same_answer_is_none(chat):
    answer, session = chat.answer("Who designed the Lumen lamp?", ME)
    chat.answer("How long does the dough rest?", ME, session)
    list(chat.ask("Who designed the Lumen lamp?", ME, session, at=1))
    assert [len(message.others) for message in chat.get(session).messages] == [0, 0, 0, 0], "it is the same answer"
    list(chat.ask("Who designed the Lumen lamp?", ticked("bread"), session, at=1))
    question, again = chat.get(session).messages
    assert again.abstained and (again.version, len(again.others)) == (1, 1) and not question.others
    back = chat.step(session, 1, -1)
    assert len(back.messages) == 4 and back.messages[1].content == answer.text


def test_a_question_worded_anew_goes_on_from_there_and_the_old_branch_stays(chat):
    _, session = chat.answer("Who designed the Lumen lamp?", ME)
    chat.answer("How long does the dough rest?", ME, session)
    list(chat.ask("How much does the Lumen lamp cost?", ME, session, at=0))
    asked, replied = chat.get(session).messages
    assert asked.content == "How much does the Lumen lamp cost?" and replied.role is Role.ASSISTANT
    assert [message.content for message in chat.step(session, 0, -1).messages][::2] == [
        "Who designed the Lumen lamp?", "How long does the dough rest?"]


def test_a_follow_up_goes_on_from_the_branch_in_view(chat):
    _, session = chat.answer("Who designed the Lumen lamp?", ME)
    list(chat.ask("How long does the dough rest?", ME, session, at=0))
    understood = chat.answer("And why?", ME, session)[0].trace["question"]
    assert "dough" in understood and "lamp" not in understood


def test_an_answer_that_fails_to_come_again_leaves_the_first_in_view(chat):
    class Broken:
        def answer(self, asked):
            yield Step("Asking the model")
            raise ModelUnavailable("the model gave no answer")

    _, session = chat.answer("Who designed the Lumen lamp?", ME)
    before = chat.get(session)
    with pytest.raises(ModelUnavailable):
        list(replace(chat, written=Broken).ask("Who designed the Lumen lamp?", ME, session, at=1))
    assert chat.get(session) == before


class Heard:
    """Answers nothing and keeps what it was asked with."""

    def __init__(self):
        self.asked = []

    def answer(self, asked):
        self.asked.append(asked)
        yield Answer("Nothing.", True)


def test_a_pinned_answer_is_told_with_every_later_question_unless_its_source_does_not_count(chat):
    heard = Heard()
    _, session = chat.answer("Who designed the Lumen lamp?", ME)
    chat.pin(session, 1, True)
    later = replace(chat, written=lambda: heard, num_history_runs=0)
    later.answer("How long does the dough rest?", ME, session)
    later.answer("How long does the dough rest?", ticked("bread"), session)
    [told] = heard.asked[0].pinned
    assert told.question == "Who designed the Lumen lamp?" and "Ada Brandt" in told.answer
    assert heard.asked[1].pinned == ()
    replace(later, num_history_runs=5).answer("How long does the dough rest?", ME, session)
    assert heard.asked[2].pinned == (), "it stands among the turns before"
    with pytest.raises(NotFound):
        chat.pin(session, 99, True)


def test_a_file_that_came_with_a_question_stands_at_it(chat):
    [done] = [event for event in chat.ask("Who designed the Lumen lamp?", ME, attached=[Attached("lamp.txt", "lamp")])
              if isinstance(event, Done)]
    assert chat.get(done.session_id).messages[0].attached == (Attached("lamp.txt", "lamp"),)


def test_a_question_that_waits_for_its_files_is_stored_with_them_and_answered_in_its_place(chat):
    held = chat.hold("Who designed the Lumen lamp?", "n", None, [Attached("lamp.txt", "lamp")])
    assert [message.role for message in held.messages] == [Role.USER] and held.title != "New chat"
    chat.answer("Who designed the Lumen lamp?", ME, held.id)
    asked, replied = chat.get(held.id).messages
    assert asked.attached == (Attached("lamp.txt", "lamp"),) and replied.role is Role.ASSISTANT
    with pytest.raises(BadInput):
        chat.hold("  ", "n")
