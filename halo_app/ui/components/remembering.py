"""What a chat does with memory on the page: ask for consent once, show what was noticed, keep a message by hand."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.consent import REMEMBERING, Standing
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.memory import Memory
from halo_app.domain.reconciling import Relation
from halo_app.services.chat_memory import MOST_CHARS, ChatMemory, turn_of
from halo_app.services.reconciling import Kept
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.safe import plain

SHOWN = 4


@faults.guarded
def draw(chat: Conversation) -> None:
    """Draw what belongs under the thread: the question of consent, or what was noticed in this chat."""
    memory = state.app().chat_memory
    if memory is None:
        return
    standing = state.app().consent.state()
    if standing is Standing.NOT_ASKED and state.notebook().observed and _tells(memory, chat):
        _ask_for_consent(chat)
        return
    if suggested := memory.suggested(chat.id)[:SHOWN]:
        _offer(suggested)
    if memory.observing.problem:
        st.caption(plain(f"What you said could not be noted: {memory.observing.problem}."))


def _tells(memory: ChatMemory, chat: Conversation) -> bool:
    return any(memory.observing.is_telling(said.content) for said in chat.messages if said.role is Role.USER)


def _ask_for_consent(chat: Conversation) -> None:
    with st.container(key="card-consent"):
        prose.draw([("name", "May HALO remember what you say about yourself?"), ("quiet", REMEMBERING.words)], key="consent-words")
        with st.container(horizontal=True):
            st.button("Yes, remember", type="primary", key="consent-yes", on_click=_agree, args=(chat,))
            st.button("No", key="consent-no", on_click=_refuse)


@faults.caught
def _agree(chat: Conversation) -> None:
    app = state.app()
    app.consent.give(REMEMBERING.version)
    memory = app.chat_memory
    if memory:
        for place, said in enumerate(chat.messages):
            if said.role is Role.USER:
                memory.observing.look(memory.turn(turn_of(chat, place)))


@faults.caught
def _refuse() -> None:
    state.app().consent.refuse()


def _offer(suggested: list[Memory]) -> None:
    with st.container(key="card-noticed"):
        prose.draw([("name", "Noticed in this chat"), ("quiet", "Nothing of this counts before you keep it.")], key="noticed-words")
        for one in suggested:
            with st.container(key=state.key("noticed", one.public_id), horizontal=True, vertical_alignment="center"):
                prose.draw([("source", one.text), ("quiet", _against(one))], key=state.key("noticed-text", one.public_id))
                with st.container(horizontal=True, width="content"):
                    st.button("Keep", key=state.key("keep", one.public_id), on_click=_keep, args=(one.public_id,))
                    st.button("Not this", key=state.key("drop", one.public_id), type="tertiary", on_click=_drop, args=(one.public_id,))


def _against(one: Memory) -> str:
    """Say which memories a suggestion would take the place of, or may contradict."""
    app = state.app()
    others = [app.memory.get(one.user_id, other) for other in one.disputes] if app.memory else []
    return f"So far: {' '.join(other.text for other in others)}" if others else ""


@faults.caught
def _keep(public_id: str) -> None:
    memory = state.app().chat_memory
    if memory:
        st.toast(plain(words(memory.accept(public_id))))


@faults.caught
def _drop(public_id: str) -> None:
    memory = state.app().chat_memory
    if memory:
        memory.reject(public_id)


@faults.caught
def remember(turn: int) -> None:
    """Keep a message because the reader asks for it."""
    chat, memory = state.conversation(), state.app().chat_memory
    if chat is None or memory is None:
        return
    said = chat.messages[turn]
    kept = memory.remember(
        _words_of(said), session_id=chat.id, place=turn, notebook_id=chat.notebook_id, by_user=said.role is Role.USER
    )
    st.toast(plain(words(kept)))


def _words_of(said: Message) -> str:
    """Return what is kept of a message: a question as it is, of an answer the sentences that fit, without its lead line."""
    if not said.sentences:
        return said.content
    kept = ""
    for sentence in said.sentences:
        longer = f"{kept} {sentence.text}".strip()
        if kept and len(longer) > MOST_CHARS:
            break
        kept = longer
    return kept


def words(kept: Kept) -> str:
    """Say what became of something that was to be remembered."""
    told = f"“{kept.memory.text}”"
    match kept.judged.relation:
        case Relation.SAME | Relation.NEAR:
            return f"Already remembered: {told}"
        case Relation.CONTRADICTS if kept.other:
            return f"Remembered: {told} It replaces “{kept.other.text}”"
        case Relation.DOUBTFUL if kept.other:
            return f"Remembered: {told} It may contradict “{kept.other.text}” Both stay until you decide."
    return f"Remembered: {told}"
