"""Ask the ticked sources and read the answer beside its proof."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from halo_app.errors import HaloError
from halo_app.ui import faults, progress, state, state_turns
from halo_app.ui.components import asking, attaching, chat_head, evidence, followups, intakes, remembering, thread, welcome


@st.fragment
@faults.guarded
def workspace(question: asking.Question | None) -> None:
    """Head, ticks, turns and evidence: a tick or a citation redraws these and nothing else."""
    sources = state.app().sources.of(state.notebook().id)
    chat = state.conversation()
    chat_head.draw(chat, sources)
    if chat and chat.messages:
        private = state.incognito() is not None
        failed = state_turns.failed(chat.id)
        thread.draw(
            asking.shown_before(question, chat),
            state.key("thread", chat.id),
            asking.choices(remembering.remember if state.app().chat_memory and not private else None, private=private),
            failed=(failed.question, failed.words) if failed and not question else None,
            waits=state_turns.waiting(chat.id) is not None,
            sources={source.id for source in sources},
        )
        if not question:
            attaching.draw(chat)
        if not question and not private:
            remembering.draw(chat)
        below = st.container()
        evidence.draw()
        if not question:
            with below:
                followups.draw(chat, sources)
    elif not question:
        welcome.draw(bool(sources) or state.notebook().is_sample)
    state.settle()


@faults.guarded
def page() -> None:
    question = asking.next_question(st.session_state.get("ask"))
    reading = intakes.now(state.notebook().id)
    workspace(question)
    attaching.box()
    if question:
        asking.answer(question)
        return
    with suppress(HaloError):                     # the workspace has said it already
        below(reading)


def below(reading: progress.Progress) -> None:
    """Draw what stands under the conversation: questions to begin with, and what is being read."""
    chat = state.conversation()
    if not (chat and chat.messages):
        welcome.suggest(state.app().sources.of(state.notebook().id), bool(reading["moving"]))
    if chat and state_turns.waiting(chat.id):
        return
    intakes.watch(state.notebook().id, reading)


page()
