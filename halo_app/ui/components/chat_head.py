"""The head of a chat: its name, what counts, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

import streamlit as st

from halo_app.domain.conversation import Conversation
from halo_app.domain.source import Source
from halo_app.ui import faults, shortcuts, state
from halo_app.ui.components import prose, ticks
from halo_app.ui.words import counting


def draw(chat: Conversation | None, sources: Sequence[Source]) -> None:
    """Draw the title line with New chat and the menu, then the source chips."""
    ticked = state.ticked(sources)
    with st.container(key="head", horizontal=True, vertical_alignment="top", wrap=False):
        count = counting(len(ticked), len(sources))
        name = state.notebook().name
        private = state.incognito() is not None
        quiet = "Nothing of this chat is stored. It is gone when you leave it." if private else f"Notebook “{name}” · {count}"
        prose.draw([("title", chat.title if chat else "New chat"), ("quiet", quiet)], key="chat-head")
        if not private:
            st.button("Incognito", key="incognito", on_click=_private, help="Start a chat that is stored nowhere")
        else:
            st.button("End incognito", key="end-incognito", on_click=state.open_conversation, args=(None,))
        if chat and not private:
            st.button("New chat", key="new-chat", on_click=state.open_conversation, args=(None,), shortcut=shortcuts.keys("new-chat"))
            with st.popover("⋯", help="More about this chat"):
                _menu(chat)
    if sources:
        ticks.draw(sources)


def _menu(chat: Conversation) -> None:
    with st.form(state.key("rename-chat", chat.id), border=False):
        title = st.text_input("Name of this chat", value=chat.title, max_chars=120)
        if st.form_submit_button("Rename") and title.strip():
            state.app().chat.rename(chat.id, title.strip())
            state.again()
    if state.app().chat_memory:
        words = "Notice what I say about myself in this notebook"
        st.toggle(words, value=state.notebook().observed, key="observed", on_change=_observe)
    st.button("Delete this chat", key=state.key("delete-chat", chat.id), on_click=_delete, args=(chat,))


def _private() -> None:
    now = datetime.now(UTC)
    user_id = state.app().settings.app.user_id
    state.open_incognito(Conversation(uuid4().hex, "Incognito chat", state.notebook().id, user_id, now, now))


@faults.caught
def _observe() -> None:
    state.app().notebooks.observe(state.notebook().id, bool(st.session_state["observed"]))


@faults.caught
def _delete(chat: Conversation) -> None:
    gone = state.app().chat.delete(chat.id)
    state.open_conversation(None)
    state.offer_undo(f"The chat “{chat.title}” is deleted.", lambda: _restore(gone))


def _restore(gone: Conversation) -> None:
    state.app().chat.restore(gone)
    state.open_conversation(gone.id)
