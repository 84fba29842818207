"""A chat that is not kept leaves nothing anywhere: every store and log is decoded and read, after a chat that does leave something."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest

from halo_app.bootstrap import App
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.memory import Sought, State
from halo_app.errors import StoreUnavailable
from halo_app.services.chat import message_of
from halo_app.services.ingest import Upload
from halo_app.settings import read_settings
from tests.erasing_helpers import decoded

ALLERGY = "quassilorbine"               # words that nobody else says
TOWN = "Vemmertrask"
TELLING = f"I'm allergic to {ALLERGY} and I live in {TOWN}. Who designed the Lumen lamp?"


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setenv("HALO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HALO_AGENT_DB", "sqlite:///{data_dir}/memory.db")
    made = App(read_settings())
    made.first_start(serving=False)
    notebook = made.notebooks.default()
    list(made.ingest.add([Upload.from_text("lamp", "The Lumen lamp was designed by Ada Brandt in 1931. It costs 240 crowns.")],
                         notebook.id))
    made.consent.give()
    yield made
    made.close()
    logging.shutdown()


def scope(app):
    return Scope(app.user_id, app.notebooks.default().id)


def settle(app):
    assert app.observing.wait(30)
    app.outbox.drain()


def test_a_chat_that_is_kept_is_found_in_the_stores_and_its_facts_are_suggested(app):
    answer, session = app.chat.answer(TELLING, scope(app))
    settle(app)
    assert answer.sentences
    assert sorted(one.text for one in app.chat_memory.suggested(session)) == [
        f"The user is allergic to {ALLERGY}.", f"The user lives in {TOWN}."]
    assert [run.agent_name for run in app.memory.runs(app.user_id)] == ["HALO"]
    everything = decoded(app.data_dir)
    assert ALLERGY in everything
    assert TOWN in everything


def test_an_incognito_chat_with_its_follow_up_leaves_nothing_anywhere(app):
    answer, session = app.chat.answer(TELLING, scope(app), keep=False)
    assert answer.sentences
    assert session == ""
    chat = app.chat.new(app.notebooks.default().id)
    app.chat.delete(chat.id)
    earlier = Conversation("0" * 32, "Incognito chat", chat.notebook_id, app.user_id, chat.created_at, chat.created_at,
                         (Message(Role.USER, TELLING, chat.created_at), message_of(answer, chat.created_at)))
    done = list(app.chat.ask(f"And what does it cost in {TOWN}?", scope(app), None, False, earlier))[-1]
    assert done.session_id == ""
    settle(app)
    assert app.chat.sessions() == []
    assert app.memory.runs(app.user_id) == []
    assert app.memory.list(app.user_id, Sought(states=tuple(State), superseded=True, expired=True)) == []
    app.close()
    everything = decoded(app.data_dir)
    assert "Ada Brandt" in everything                      # the reading finds what is there
    assert ALLERGY not in everything
    assert TOWN not in everything


def test_a_kept_fact_is_recalled_beside_the_answer_of_another_chat_and_never_cited(app):
    app.memory.store(app.user_id, f"The user's {ALLERGY} allergy was found in {TOWN}.")
    settle(app)
    answer, session = app.chat.answer(f"The {ALLERGY} allergy in {TOWN}", scope(app))
    [one] = answer.remembered
    assert one.text == f"The user's {ALLERGY} allergy was found in {TOWN}."
    assert ALLERGY in one.why
    assert one.score >= app.settings.retrieval.similarity_threshold
    assert ALLERGY not in " ".join(citation.quote for said in answer.sentences for citation in said.citations)
    kept = app.chat.get(session).messages[-1]
    assert kept.remembered == answer.remembered
    assert not app.chat.answer("Who designed the Lumen lamp?", scope(app))[0].remembered


def test_a_chat_file_of_before_memory_is_read_as_it_is(app):
    _, session = app.chat.answer("Who designed the Lumen lamp?", scope(app))
    path = app.data_dir / "chat_history" / f"{session}.json"
    tree = json.loads(path.read_text())
    assert "remembered" not in tree["messages"][-1]        # nothing was recalled, nothing is written
    assert app.chat.get(session).messages[-1].remembered == ()


def test_a_deleted_chat_takes_its_runs_out_of_the_database(app):
    _, session = app.chat.answer(TELLING, scope(app))
    app.chat.delete(session)
    assert app.memory.runs(app.user_id) == []


def test_a_deleted_chat_that_is_restored_has_its_runs_again(app):
    _, other = app.chat.answer(TELLING, scope(app))
    _, session = app.chat.answer(TELLING, scope(app))
    app.chat.answer("Who designed the Lumen lamp?", scope(app), session)

    def runs():
        return [replace(run, id=0) for run in app.memory.runs(app.user_id, session_id=session)]

    before = runs()
    assert len(before) == 2
    gone = app.chat.delete(session)
    assert runs() == []
    app.chat.delete(other)
    app.chat.restore(gone)
    assert runs() == before
    assert app.memory.runs(app.user_id, session_id=other) == []
    app.chat.restore(gone)
    assert runs() == before                                  # and once only


def test_what_is_erased_meanwhile_does_not_come_back_with_a_chat(app):
    _, session = app.chat.answer(TELLING, scope(app))
    gone = app.chat.delete(session)
    app.forget()
    app.chat.restore(gone)
    assert app.memory.runs(app.user_id) == []


def test_when_the_memory_cannot_be_written_the_answer_stands_and_says_so(app, monkeypatch):
    def full(*_):
        raise StoreUnavailable("the disk is full")

    monkeypatch.setattr(app.memory_store, "add_run", full)
    answer, session = app.chat.answer("Who designed the Lumen lamp?", scope(app))
    assert answer.sentences[0].text == "The Lumen lamp was designed by Ada Brandt in 1931."
    assert answer.trace["memory"] == "the disk is full"
    kept = app.chat.get(session).messages[-1]
    assert (kept.content, kept.trace["memory"]) == (answer.text, "the disk is full")
