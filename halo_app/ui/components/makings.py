"""Outputs on their way: what is done now, stopping it, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.domain.chunk import Scope
from halo_app.domain.events import Step
from halo_app.services.workshop import Making, Phase
from halo_app.ui import faults, progress, state, state_studio
from halo_app.ui.components import prose, pulse

QUICK_SECONDS = 1.5            # what is done by then opens at once


def make(template: str, title: str, scope: Scope, options: Mapping[str, str]) -> None:
    """Begin to make an output; it opens when it is done, if the reader is still here."""
    studio = state.app().studio
    start(title, lambda: studio.make(template, scope, options))


def start(title: str, work: Callable[[], Iterator[Artifact | Step]]) -> None:
    """Begin a piece of work behind the page, and wait the moment that a small one takes."""
    making = state.app().workshop.start(state.notebook().id, title, work)
    state_studio.await_making(making.id)
    state.app().workshop.wait_for(making.id, QUICK_SECONDS)
    state.redraw()


def open_done() -> None:
    """Open what the reader waits for, once it is done."""
    making = state.app().workshop.now(state_studio.awaited()) if state_studio.awaited() else None
    if making and making.phase.over:
        state_studio.await_making("")
        if making.phase is Phase.DONE:
            state_studio.choose_template("")
            state.open_card("output", making.artifact_id)


@st.fragment
@faults.guarded
def draw(notebook_id: str) -> None:
    """Draw a card per making that is not done; this part looks again by itself while one is on its way."""
    makings = state.app().workshop.of(notebook_id)
    for making in makings:
        with st.container(key=state.key("card-making", making.id)):
            _card(making)
    seen = progress.of_makings(makings)
    if seen["moving"]:
        pulse.draw(notebook_id, "moving", seen, key="pulse-making", address=progress.MAKING_ADDRESS)
    if state_studio.has_come_to_rest(bool(seen["moving"])):
        state.redraw()
    state.settle()


def _card(making: Making) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=state.key("intake-line-making", making.id)):
        if making.phase is Phase.FAILED:
            line = ("fault", f"✕ {faults.sentences(making.detail, making.fix)}")
        elif making.phase is Phase.CANCELLED:
            line = ("quiet", faults.sentences("Stopped", making.detail) if making.detail else "Stopped. Nothing was kept of it.")
        else:
            line = ("quiet", f"{making.step or 'Waits for its turn'} …")
        prose.draw([("name", making.title), line], key=state.key("making", making.id))
        with st.container(horizontal=True, key=state.key("choices-making", making.id)):
            workshop = state.app().workshop
            if making.phase.over:
                st.button("Try again", key=state.key("again", making.id), on_click=_tried, args=(workshop.again, making.id))
                st.button("Dismiss", key=state.key("dismiss", making.id), on_click=_tried, args=(workshop.dismiss, making.id))
            else:
                st.button("Cancel", key=state.key("cancel", making.id), on_click=_tried, args=(workshop.cancel, making.id))


@faults.caught
def _tried(act: Callable[[str], object], making_id: str) -> None:
    act(making_id)
    state.redraw()
