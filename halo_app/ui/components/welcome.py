"""The empty Chat page: what it is for, and the one next step."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from halo_app.domain.source import Source
from halo_app.errors import HaloError
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.safe import plain

SUGGESTED = 3
WONDER = "What would you like to know?"
PROMISE = "Every sentence of an answer opens the exact passage it comes from."


@faults.guarded
def draw(can_be_asked: bool) -> None:
    """Say what the page is for; while there is nothing to ask about, lead to Sources."""
    with st.container(key="welcome"):
        if can_be_asked:
            prose.draw([("lead", WONDER), ("quiet", PROMISE)], key="welcome-words")
            return
        prose.draw(
            [("lead", "Ask your own documents, and see the proof."), ("quiet", f"Add a file, a text or a web address. {PROMISE}")],
            key="welcome-words",
        )
        st.button("Add sources", type="primary", key="welcome-add", on_click=state.ask_to_go, args=("sources",))


@faults.guarded
def suggest(sources: Sequence[Source], reading: bool) -> None:
    """Offer questions that the sources answer, as buttons; drawn last because finding them may take a moment.

    The sample's are offered while it is still being read: the answer waits for it.
    """
    with st.container(key="suggested"):
        own = state.app().samples.questions()[:SUGGESTED] if state.notebook().is_sample and (sources or reading) else None
        for place, question in enumerate(suggestions(sources) if own is None else own):
            st.button(plain(question), key=state.key("suggested", place), on_click=state.ask_next, args=(question,))
        if state.notebook().is_sample:
            st.caption("This is the sample notebook.")
            st.button("Use my own documents", key="start-own", on_click=start_own)


@faults.caught
def start_own() -> None:
    """Open the reader's own notebook, on the page where documents are added."""
    state.open_notebook(state.app().notebooks.default().id)
    state.ask_to_go("sources")


def suggestions(sources: Sequence[Source]) -> list[str]:
    """Return up to three questions from the guides of the ticked sources, one source after the other."""
    ticked = state.ticked(sources)
    found: list[tuple[str, ...]] = []
    for source in sources:
        if source.id in ticked and len(found) < SUGGESTED:
            found.append(_questions(source.id, source.text_sha256))
    rounds = [question for place in range(SUGGESTED) for questions in found for question in questions[place : place + 1]]
    return list(dict.fromkeys(rounds))[:SUGGESTED]


@st.cache_data(max_entries=200, ttl=600, show_spinner=False)
def _questions(source_id: str, text_sha256: str) -> tuple[str, ...]:
    try:
        return state.app().sources.guide(source_id).questions
    except HaloError:
        return ()
