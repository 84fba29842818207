"""Put a question, show the answer as it comes, and keep what the reader wants to keep."""

from __future__ import annotations

from contextlib import closing

import streamlit as st

from halo_app.domain.conversation import Role
from halo_app.domain.events import Delta, Done, Step
from halo_app.errors import HaloError
from halo_app.ui import faults, state
from halo_app.ui.components import intakes, thread_live
from halo_app.ui.words import many

SECONDS_BETWEEN_LOOKS = 0.2


def answer(question: str) -> None:
    """Ask, draw what comes, and redraw the page with the kept turn. A failure stays in words under the question."""
    state.close_evidence()
    chat, notebook_id = state.app().chat, state.notebook().id
    state.open_conversation(state.session_id() or chat.new(notebook_id).id)
    with st.container(key="live"):
        show = thread_live.start(question)
        try:
            _wait_for_the_first(notebook_id, show)
            scope = state.scope(state.app().sources.of(notebook_id))
            with closing(chat.ask(question, scope, state.session_id())) as events:      # Stop ends the model's work too
                for event in events:
                    match event:
                        case Step(text):
                            show.step(text)
                        case Delta(text):
                            show.add(text)
                        case Done():
                            break
        except HaloError as error:
            show.fail(faults.worded(error), question)
            return
    state.again()


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
