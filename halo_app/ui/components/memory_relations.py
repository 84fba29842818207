"""Where a memory comes from and how it stands to others: the chat it was said in, what took its place, what it may contradict."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.memory import Memory, State
from halo_app.errors import NotFound
from halo_app.services.memory import MemoryService
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import prose
from halo_app.ui.words import many


def origin(one: Memory) -> None:
    """Lead to the chat that it was said in."""
    where = one.provenance
    if not where.session_id:
        return
    try:
        chat = state.app().chat.get(where.session_id)
    except NotFound:
        prose.draw([("quiet", "It was said in a chat that has been deleted.")], key="memory-origin")
        return
    with st.container(horizontal=True, vertical_alignment="center", key="memory-from"):
        prose.draw([("quiet", f"Said in the chat “{chat.title}”")], key="memory-origin")
        st.button("Open the chat", key="open-origin", on_click=_go, args=(chat.id, chat.notebook_id))


def others(memory: MemoryService, one: Memory, *, may_change: bool = True) -> None:
    """Lead to what took its place and to what it may contradict, and let the reader say which of them holds, where it `may_change`."""
    found = [("It was superseded by", one.superseded_by)] if one.superseded_by else []
    found += [("It may contradict", other) for other in one.disputes]
    for at, (words, public_id) in enumerate(found):
        try:
            other = memory.get(state.app().user_id, public_id)
        except NotFound:
            continue
        with st.container(horizontal=True, vertical_alignment="center", key=state.key("related", at)):
            prose.draw([("quiet", words), ("excerpt", other.text)], key=state.key("related-text", at))
            st.button("Open", key=state.key("open-related", at), on_click=state_account.open_memory, args=(other.id,))
    if may_change and one.disputes and one.state is State.KEPT:
        _decide(one)
    if one.merged:
        prose.draw([("quiet", f"{many(len(one.merged), 'memory', 'memories')} that said the same were merged into it")], key="merged")


def _decide(one: Memory) -> None:
    with st.container(horizontal=True, key="decide"):
        st.button("Keep this one", key="this-holds", on_click=_settle, args=(one, True),
                  help="The other stays to be read, and no longer counts")
        st.button("Keep the other", key="other-holds", on_click=_settle, args=(one, False),
                  help="This one stays to be read, and no longer counts")
        st.button("Both stay", key="both-hold", on_click=_agree, args=(one,))


@faults.caught
def _settle(one: Memory, holds: bool) -> None:
    app = state.app()
    app.reconciling.settle(app.principal, one, holds=holds)


@faults.caught
def _agree(one: Memory) -> None:
    app = state.app()
    app.reconciling.agree(app.principal, one)


@faults.caught
def _go(chat_id: str, notebook_id: str) -> None:
    state.open_notebook(notebook_id)
    state.open_conversation(chat_id)
    state.ask_to_go("chat")
