"""Ask the ticked sources and read the answer beside its proof."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.conversation import Role
from halo_app.ui import faults, state
from halo_app.ui.components import asking, chat_head, evidence, intakes, remembering, thread, welcome


@st.fragment
@faults.guarded
def workspace(asked: str) -> None:
    """Head, ticks, turns and evidence: a tick or a citation redraws these and nothing else."""
    sources = state.app().sources.of(state.notebook().id)
    chat = state.conversation()
    chat_head.draw(chat, sources)
    if chat and chat.messages:
        again = asked and chat.messages[-1].role is Role.USER  # the question being asked is drawn with its answer
        private = state.incognito() is not None
        thread.draw(
            chat.messages[:-1] if again else chat.messages,
            state.key("thread", chat.id),
            on_save=None if private else asking.save,
            on_retry=asking.retry,
            on_remember=remembering.remember if state.app().chat_memory and not private else None,
        )
        if not asked and not private:
            remembering.draw(chat)
        evidence.draw()
    elif not asked:
        welcome.draw(bool(sources) or state.notebook().is_sample)
    state.settle()


@faults.guarded
def page() -> None:
    question = str(st.session_state.get("ask") or state.next_question())
    reading = intakes.now(state.notebook().id)
    workspace(question)
    st.chat_input("Ask your sources…", key="ask", submit_mode="stop")
    chat = state.conversation()
    if question:
        asking.answer(question)
        return
    if not (chat and chat.messages):
        welcome.suggest(state.app().sources.of(state.notebook().id), bool(reading["moving"]))
    intakes.watch(state.notebook().id, reading)


page()
