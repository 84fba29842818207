"""Questions to go on with, under the last answer: each is one that the ticked sources answer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from halo_app.domain.conversation import Conversation, Role
from halo_app.domain.source import Source
from halo_app.errors import HaloError
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.safe import plain


@faults.guarded
def draw(chat: Conversation, sources: Sequence[Source]) -> None:
    """Draw the suggestions; drawn last, because the first time finding them takes a moment."""
    if len(chat.messages) < 2 or chat.messages[-1].role is not Role.ASSISTANT or chat.messages[-1].failure:
        return
    found = _found(chat.id, len(chat.messages), str(chat.messages[-1].created_at), state.ticked(sources), _of=chat)
    if not found:
        return
    with st.container(key="followups"):
        prose.draw([("quiet", "To go on with")], key="followups-words")
        for place, question in enumerate(found):
            st.button(plain(question), key=state.key("follow", place), on_click=state.ask_next, args=(question,))


@st.cache_data(max_entries=200, ttl=3600, show_spinner=False)
def _found(chat_id: str, length: int, answered_at: str, ticked: frozenset[str], _of: Conversation) -> tuple[str, ...]:
    """Return the suggestions; the first arguments say for which answer, so that they are found once."""
    answer, question = _of.messages[-1], _of.messages[-2].content
    asked = [message.content for message in _of.messages if message.role is Role.USER]
    try:
        return state.app().following.after(question, answer, asked, state.scope(state.app().sources.of(_of.notebook_id)))
    except HaloError:               # nobody asked for them
        return ()
