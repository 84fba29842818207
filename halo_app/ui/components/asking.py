"""Put a question, show the answer as it comes, and keep what the reader wants to keep."""

from __future__ import annotations

from contextlib import closing

import streamlit as st

from halo_app.domain.conversation import Role
from halo_app.domain.events import Delta, Done, Step
from halo_app.errors import HaloError
from halo_app.ui import faults, state
from halo_app.ui.components import thread_live
from halo_app.ui.words import many


def answer(question: str) -> None:
    """Ask, draw what comes, and redraw the page with the kept turn. A failure stays in words under the question."""
    state.close_evidence()
    chat, notebook_id = state.app().chat, state.notebook().id
    scope = state.scope(state.app().sources.of(notebook_id))
    state.open_conversation(state.session_id() or chat.new(notebook_id).id)
    with st.container(key="live"):
        show = thread_live.start(question)
        try:
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
    st.rerun()


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
