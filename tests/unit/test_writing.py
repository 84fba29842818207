"""A model's answer counts sentence by sentence; its failure is told, never shown as an answer; what leaves is noted."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial

import pytest

from halo_app.domain.conversation import Role, Verdict
from halo_app.domain.events import Delta, Done, Step
from halo_app.domain.ledger import Sending, SentSpan
from halo_app.errors import ModelUnavailable, StoreUnavailable
from halo_app.llm.scripted import Scripted
from halo_app.services.answering import ExtractiveAnswers
from halo_app.services.chat import ChatService
from halo_app.services.context import ContextService
from halo_app.services.writing import NOT_SAID, WrittenAnswers
from halo_app.storage.ledger import LedgerFile
from halo_app.storage.locks import write_lock
from tests.answers_helpers import ME, MemoryRecords, clock, lamp_and_bread, ticked

QUESTION = "Who designed the Lumen lamp?"
GOOD = ["The Lumen lamp was designed by ", "Ada Brandt in 1931 [1]. ", "It costs 240 crowns [1]."]


class NoOverview:
    def takes(self, asked):
        return False


@pytest.fixture
def shelf():
    return lamp_and_bread()


@pytest.fixture
def ledger(data_dir):
    return LedgerFile(data_dir / "ledger.jsonl", nullcontext)


@pytest.fixture
def chat_with(shelf, ledger):
    def make(*pieces, is_local=True, budget=4000):
        model = Scripted(pieces, "wise-1", "this machine" if is_local else "api.example.com", is_local)
        context = ContextService(shelf.texts, budget, 256)
        extractive = ExtractiveAnswers(shelf.evidence())
        written = WrittenAnswers(extractive, context, model, ledger, shelf.embedder, clock())
        return ChatService(MemoryRecords(), extractive, NoOverview(), clock(), "me", lambda: written), model

    return make


def test_the_words_come_as_they_are_written_and_every_sentence_is_judged(chat_with, shelf):
    chat, _ = chat_with(*GOOD)
    events = list(chat.ask(QUESTION, ME))
    assert [event.text for event in events if isinstance(event, Delta)] == GOOD
    answer = events[-1].answer
    assert answer.text == "The Lumen lamp was designed by Ada Brandt in 1931. It costs 240 crowns."
    assert [sentence.verdict for sentence in answer.sentences] == [Verdict.VERIFIED, Verdict.VERIFIED]
    for sentence in answer.sentences:
        for citation in sentence.citations:
            assert shelf.texts.get(citation.source_id).text[citation.start:citation.end] == citation.quote
    assert (answer.trace["mode"], answer.trace["model"], answer.trace["local"]) == ("model", "wise-1", True)
    assert not answer.failure


def test_a_sentence_that_the_sources_do_not_carry_is_marked_so(chat_with):
    chat, _ = chat_with("The Lumen lamp was designed by Ada Brandt in 1941 [1]. Penguins live in the south [1].")
    answer, _ = chat.answer(QUESTION, ME)
    assert Verdict.VERIFIED not in [sentence.verdict for sentence in answer.sentences]
    assert answer.sentences[1].verdict is Verdict.UNSUPPORTED
    assert all(sentence.reason for sentence in answer.sentences)


def test_a_marker_of_the_wrong_passage_or_of_none_lowers_the_verdict(chat_with):
    chat, model = chat_with("The Lumen lamp was designed by Ada Brandt in 1931 [77]. It costs 240 crowns [2].")
    answer, _ = chat.answer(QUESTION, ME)
    assert 'passage number="2"' in model.asked[0].turns[-1][1]
    assert [sentence.verdict for sentence in answer.sentences] == [Verdict.PARTIAL, Verdict.PARTIAL]
    assert "77" in answer.sentences[0].reason


def test_a_sentence_without_marker_is_judged_against_all_that_was_given(chat_with):
    chat, _ = chat_with("It costs 240 crowns.")
    assert chat.answer(QUESTION, ME)[0].sentences[0].verdict is Verdict.VERIFIED


def test_an_invented_quotation_is_never_verified(chat_with):
    chat, _ = chat_with('The Lumen lamp was designed by Ada Brandt in 1931, "a light for every kitchen in Graz" [1]. '
                        'Penguins say "we live in the far south of it all" [1].')
    answer, _ = chat.answer(QUESTION, ME)
    assert Verdict.VERIFIED not in [sentence.verdict for sentence in answer.sentences]
    assert answer.sentences[1].verdict is Verdict.UNSUPPORTED


def test_the_best_supported_sentence_stands_first(chat_with):
    chat, _ = chat_with("Penguins live in the south [1]. It costs 240 crowns [1].")
    answer, _ = chat.answer(QUESTION, ME)
    assert [sentence.text for sentence in answer.sentences] == ["It costs 240 crowns.", "Penguins live in the south."]
    assert answer.text.startswith("Penguins")


def test_not_in_the_sources_is_an_abstention_with_the_nearest_passages(chat_with):
    chat, _ = chat_with("NOT IN", " THE SOURCES")
    events = list(chat.ask(QUESTION, ME))
    assert not [event for event in events if isinstance(event, Delta)], "it is said in words, not in our signal"
    answer = events[-1].answer
    assert answer.abstained
    assert answer.text == NOT_SAID
    assert answer.nearest
    assert not answer.sentences


@pytest.mark.parametrize("pieces", [[ModelUnavailable("the server failed", fix="ask again")],
                                    ["The Lumen lamp was ", ModelUnavailable("the server failed", fix="ask again")]])
def test_a_failing_model_is_told_and_the_sources_answer(chat_with, pieces):
    chat, _ = chat_with(*pieces)
    answer, session_id = chat.answer(QUESTION, ME)
    assert answer.failure == "The server failed: ask again. These sentences of your sources answer instead."
    assert answer.sentences[0].text == "The Lumen lamp was designed by Ada Brandt in 1931."
    assert "failed" not in answer.text
    assert answer.trace["mode"] == "extractive"
    assert chat.get(session_id).messages[-1].failure == answer.failure


def test_an_answer_of_markers_alone_is_a_failure(chat_with):
    chat, _ = chat_with("[1] [2]")
    assert "empty answer" in chat.answer(QUESTION, ME)[0].failure


def test_who_stops_listening_stops_the_model_and_nothing_half_said_is_kept(chat_with):
    chat, model = chat_with(*GOOD)
    events = chat.ask(QUESTION, ME)
    assert next(event for event in events if isinstance(event, Delta)).text == GOOD[0]
    events.close()
    assert model.stopped == 1
    [stored] = chat.sessions()
    assert [message.role for message in stored.messages] == [Role.USER]


def test_a_waiting_model_gives_the_reader_a_look(chat_with):
    chat, _ = chat_with("", "", *GOOD)
    events = list(chat.ask(QUESTION, ME))
    assert sum(isinstance(event, Step) and "wise-1" in event.text for event in events) >= 3
    assert isinstance(events[-1], Done)


def test_without_evidence_the_model_is_not_asked(chat_with):
    chat, model = chat_with(*GOOD)
    assert chat.answer(QUESTION, ticked())[0].abstained
    assert chat.answer(QUESTION, ticked("unknown"))[0].abstained
    assert model.asked == []


def test_a_source_that_is_not_ticked_is_not_sent(chat_with):
    chat, model = chat_with(*GOOD)
    chat.answer(QUESTION, ticked("bread"))
    assert "dough" in model.asked[0].turns[-1][1]
    assert "Brandt" not in str(model.asked[0])


def test_an_earlier_answer_from_a_source_no_longer_ticked_is_not_sent(chat_with):
    chat, model = chat_with(*GOOD)
    _, session = chat.answer(QUESTION, ME)
    chat.answer("How long does the dough rest?", ticked("bread"), session)
    assert [role for role, _ in model.asked[1].turns] == ["user", "assistant", "user"]
    assert "Brandt" not in str(model.asked[1])


def test_the_turns_before_go_along_and_their_number_is_bounded(chat_with):
    chat, model = chat_with(*GOOD)
    session = None
    for _ in range(5):
        _, session = chat.answer(QUESTION, ME, session)
    assert [len(asked.turns) for asked in model.asked] == [1, 3, 5, 7, 7]


def test_what_has_no_room_is_dropped_and_traced(chat_with, shelf):
    for number in range(8):
        shelf.add(f"more{number}", f"The Lumen lamp number {number}: " + "it is a lamp with a shade and a cord. " * 12)
    chat, model = chat_with(*GOOD, budget=700)
    answer, _ = chat.answer(QUESTION, ME)
    assert answer.trace["dropped"]["passages"] > 0
    assert answer.trace["context_tokens"] <= 700
    assert model.asked[0].max_tokens == 256


def test_a_budget_too_small_for_any_passage_is_told(chat_with):
    chat, model = chat_with(*GOOD, budget=200)
    answer, _ = chat.answer(QUESTION, ME)
    assert "MAX_CONTEXT_TOKENS" in answer.failure
    assert answer.sentences
    assert model.asked == []


# the ledger


def test_nothing_is_noted_for_a_model_on_this_machine(chat_with, ledger):
    chat_with(*GOOD)[0].answer(QUESTION, ME)
    assert ledger.all("me") == []
    assert not ledger.path.exists()


def test_what_leaves_is_noted_before_it_leaves_as_places_without_text(chat_with, ledger, shelf):
    chat, _ = chat_with(ModelUnavailable("the server failed"), is_local=False)
    _, session = chat.answer(QUESTION, ME)
    [sent] = ledger.all("me")
    assert (sent.place, sent.model, sent.session_id, sent.turns) == ("api.example.com", "wise-1", session, 0)
    assert {span.source_id for span in sent.spans} == {"lamp", "bread"}
    first = sent.spans[0]
    assert shelf.texts.get(first.source_id).text[first.start:first.end].startswith("The Lumen lamp")
    raw = ledger.path.read_text()
    assert "Lumen" not in raw
    assert "designed" not in raw
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600


def test_what_cannot_be_noted_is_not_sent(chat_with, ledger):
    ledger.path.mkdir(parents=True)
    chat, model = chat_with(*GOOD, is_local=False)
    with pytest.raises(StoreUnavailable):
        chat.answer(QUESTION, ME)
    assert model.asked == []


def test_the_ledger_grows_by_lines_and_counts_what_it_cannot_read(ledger):
    spans = (SentSpan("s", 0, 9),)
    first, second = (Sending(datetime(2026, 1, day, tzinfo=UTC), "me", "host:1", "m", "c", spans, 2) for day in (1, 2))
    ledger.note(first)
    with ledger.path.open("ab") as file:
        file.write(b'{"half')
    ledger.note(second)
    ledger.note(Sending(datetime(2026, 1, 3, tzinfo=UTC), "someone else", "host:1", "m", "c"))
    assert ledger.all("me") == [second, first]
    assert ledger.damaged() == 1
    lines = [line for line in ledger.path.read_text().splitlines() if line.endswith("}")]
    assert json.loads(lines[0])["spans"] == [{"source_id": "s", "start": 0, "end": 9}]


def test_many_at_once_leave_whole_lines(data_dir):
    ledger = LedgerFile(data_dir / "ledger.jsonl", partial(write_lock, data_dir / ".locks", "ledger"))
    sendings = [Sending(datetime(2026, 1, 1, tzinfo=UTC), "me", "host:1", "m", f"chat {number}") for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ledger.note, sendings))
    assert {sent.session_id for sent in ledger.all("me")} == {sent.session_id for sent in sendings}
    assert ledger.damaged() == 0
