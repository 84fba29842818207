"""Put a question, show the answer as it comes, and keep what the reader wants to keep."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from halo_app.domain.conversation import Answer, Conversation, Message, Role
from halo_app.domain.events import Delta, Done, Step
from halo_app.errors import HaloError
from halo_app.services.chat import message_of
from halo_app.ui import address, faults, state
from halo_app.ui.components import intakes, thread_live
from halo_app.ui.words import many

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_FOR_NOTICING = 0.5


def answer(question: str) -> None:
    """Ask, draw what comes, and redraw the page with the kept turn. A failure stays in words under the question."""
    state.close_evidence()
    chat, notebook_id, private = state.app().chat, state.notebook().id, state.incognito()
    if private:
        private = _privately_asked(private, question)
    else:
        state.open_conversation(state.session_id() or chat.new(notebook_id).id)
        address.tell()
    with st.container(key="live"):
        show = thread_live.start(question)
        try:
            _wait_for_the_first(notebook_id, show)
            scope = state.scope(state.app().sources.of(notebook_id))
            coming = chat.ask(question, scope, None, False, private) if private else chat.ask(question, scope, state.session_id())
            with closing(coming) as events:      # Stop ends the model's work too
                for event in events:
                    match event:
                        case Step(text):
                            show.step(text)
                        case Delta(text):
                            show.add(text)
                        case Done(given):
                            _answered(private, question, given)
                            break
        except HaloError as error:
            show.fail(faults.worded(error), question)
            return
    state.again()


def _privately_asked(private: Conversation, question: str) -> Conversation:
    """Show the question in a chat that is stored nowhere; returns the turns before it."""
    before = private.messages
    if before and before[-1].role is Role.USER:        # asked again after a failure
        before = before[:-1]
    asked = Message(Role.USER, question, datetime.now(UTC))
    state.open_incognito(replace(private, messages=(*before, asked)))
    return replace(private, messages=before)


def _answered(private: Conversation | None, question: str, answer: Answer) -> None:
    """Keep the answer of an incognito chat in this window; give what is noticed of another a moment to be shown with it."""
    memory = state.app().chat_memory
    if private:
        now = datetime.now(UTC)
        turns = (Message(Role.USER, question, now), message_of(answer, now))
        state.open_incognito(replace(private, messages=(*private.messages, *turns)))
    elif memory:
        memory.observing.wait(SECONDS_FOR_NOTICING)


def _wait_for_the_first(notebook_id: str, show: thread_live.Live) -> None:
    """Let the sample, or the first document of a notebook, be read before it is searched, and say so."""
    ingest, sources = state.app().ingest, state.app().sources
    while left := intakes.moving(intakes.now(notebook_id)):
        if sources.of(notebook_id) and not state.notebook().is_sample:
            return
        show.step(f"Reading {many(left, 'document')} first…")
        if ingest.wait(SECONDS_BETWEEN_LOOKS):
            return  # what is left belongs to another process


@faults.caught
def save(turn: int) -> None:
    """Save an answer as a note, with the citations it rests on."""
    chat = state.conversation()
    if chat is None:
        return
    asked = next((message.content for message in reversed(chat.messages[:turn]) if message.role is Role.USER), chat.title)
    note = state.app().notes.save_answer(chat.messages[turn], asked, chat.notebook_id)
    st.toast(f"Saved as a note with {many(len(note.citations), 'citation')}.")


@faults.caught
def retry(turn: int) -> None:
    """Ask the question of a turn once more: its own, or the one that a failed answer belongs to."""
    chat = state.conversation()
    asked = [message.content for message in chat.messages[: turn + 1] if message.role is Role.USER] if chat else []
    if asked:
        state.ask_next(asked[-1])
