"""The turn that is being answered: the question, the step HALO is at, and the words as they come."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from halo_app.ui import state
from halo_app.ui.components import prose
from halo_app.ui.safe import markdown, plain


@dataclass(slots=True)
class Live:
    """The places on the page that change while an answer comes."""

    status: DeltaGenerator
    body: DeltaGenerator
    text: str = ""

    def step(self, words: str) -> None:
        """Say what HALO is doing now."""
        self.status.caption(plain(words))

    def add(self, words: str) -> None:
        """Show further words of the answer."""
        self.text += words
        self.status.empty()
        self.body.markdown(markdown(self.text))

    def fail(self, words: str, question: str) -> None:
        """Say why there is no answer, and offer to ask again."""
        self.status.empty()
        self.body.error(plain(words))
        st.button("Ask again", key="ask-again", on_click=state.ask_next, args=(question,))


def start(question: str) -> Live:
    """Draw the question and the empty places."""
    prose.draw([("question", question)], key="live-question")
    live = Live(st.empty(), st.empty())
    live.step("Reading your sources…")
    return live
