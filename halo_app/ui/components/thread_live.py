"""The turn that is being answered: the question, the step HALO is at, and the words as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from halo_app.ui import state, state_turns
from halo_app.ui.components import prose, stopped
from halo_app.ui.safe import markdown, plain

AWAITED_PX = 128      # room for the first lines, so that nothing jumps when they come


@dataclass(slots=True)
class Live:
    """The places on the page that change while an answer comes."""

    status: DeltaGenerator
    body: DeltaGenerator
    watch: DeltaGenerator
    text: str = ""

    def step(self, words: str) -> None:
        """Say what HALO is doing now."""
        self.status.caption(plain(words))

    def add(self, words: str) -> None:
        """Show further words of the answer."""
        self.text += words
        self.body.markdown(markdown(self.text))

    def fail(self, words: str, question: str, at: int | None = None) -> None:
        """Say why there is no answer, and offer to ask again."""
        self.status.empty()
        self.watch.empty()
        self.body.error(plain(words))
        with st.container(horizontal=True, key="live-ways"):
            st.button("Ask again", key="ask-again", type="primary", on_click=state_turns.ask_at, args=(question, at))
            if at is not None:
                st.button("Keep what was there", key="keep-earlier", on_click=_keep)


def start(question: str, attached: Sequence[str] = ()) -> Live:
    """Draw the question and the empty places."""
    prose.draw([("question", question)], key="live-question")
    if attached:
        prose.draw([("quiet", " · ".join(attached))], key="live-attached")
    live = Live(st.empty(), st.empty(), st.empty())
    with live.watch.container():
        stopped.draw()
    live.step("Reading your sources…")
    live.body.skeleton(height=AWAITED_PX)
    return live


_keep: Callable[[], None] = state.redraw
