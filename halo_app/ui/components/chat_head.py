"""The head of a chat: its name, what counts, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from halo_app.domain.conversation import Conversation
from halo_app.domain.source import Source
from halo_app.ui import faults, shortcuts, state
from halo_app.ui.components import chat_acts, headline, ticks, tools
from halo_app.ui.words import counting

UNSTORED = "Nothing of this chat is stored. It is gone when you leave it."


def draw(chat: Conversation | None, sources: Sequence[Source]) -> None:
    """Draw the title line with what can be done, then the source chips."""
    ticked = state.ticked(sources)
    private = state.incognito() is not None
    with st.container(key="head", horizontal=True, vertical_alignment="top"):
        count = counting(len(ticked), len(sources))
        quiet = UNSTORED if private else f"Notebook “{state.notebook().name}” · {count}"
        headline.draw(chat, quiet, renames=chat is not None and not private)
        with st.container(key="head-tools-row", horizontal=True, wrap=False, width="content"):
            _buttons(chat, private)
    if sources:
        with st.container(key="counting"):        # a column of its own where there is room
            ticks.draw(sources)


def _buttons(chat: Conversation | None, private: bool) -> None:
    if private:
        st.button("End incognito", key="end-incognito", on_click=chat_acts.begin)
    elif chat is None:
        st.button("Incognito", key="incognito", on_click=chat_acts.begin_private, help="Start a chat that is stored nowhere")
    else:
        st.button("New chat", key="new-chat", on_click=chat_acts.begin, shortcut=shortcuts.keys("new-chat"))
    tools.draw(chat.id if chat and not private else "")
    if chat and not private:
        with st.popover("⋯", help="More about this chat"):
            _menu(chat)


def _menu(chat: Conversation) -> None:
    st.button("Incognito", key="incognito", on_click=chat_acts.begin_private, help="Start a chat that is stored nowhere")
    if state.app().chat_memory:
        words = "Notice what I say about myself in this notebook"
        st.toggle(words, value=state.notebook().observed, key="observed", on_change=_observe)
    st.button("Delete this chat", key=state.key("delete-chat", chat.id), on_click=chat_acts.delete, args=(chat.id,))


@faults.caught
def _observe() -> None:
    state.app().notebooks.observe(state.notebook().id, bool(st.session_state["observed"]))
