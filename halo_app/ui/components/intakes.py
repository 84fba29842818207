"""What is on its way in: honest progress, what failed and why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from halo_app.domain.source import Intake, Stage
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import many

SECONDS_BETWEEN_LOOKS = 0.7


def draw(notebook_id: str) -> None:
    """Draw the cards; while something moves they are drawn again by themselves."""
    busy = moving(notebook_id) > 0
    st.fragment(_cards, run_every=SECONDS_BETWEEN_LOOKS if busy else None)(notebook_id, busy)


@faults.guarded
def watch(notebook_id: str, before: int) -> None:
    """Say in one quiet line that documents are being read, and draw the page again when they are ready.

    `before` is what `moving` said before the page read its sources, so that none becomes ready unseen in between.
    """
    if before:
        st.fragment(_line, run_every=SECONDS_BETWEEN_LOOKS)(notebook_id, before)


@faults.guarded
def _line(notebook_id: str, before: int) -> None:
    busy = moving(notebook_id)
    if busy < before:
        st.rerun()  # one more can be asked
    prose.draw([("quiet", f"Reading {many(busy, 'document')}. They count as soon as they are ready.")], key="watch")


def moving(notebook_id: str) -> int:
    """Return how many documents are on their way in."""
    return sum(1 for intake in state.app().ingest.intakes(notebook_id) if not intake.stage.over)


@faults.guarded
def _cards(notebook_id: str, was_busy: bool) -> None:
    intakes = [intake for intake in state.app().ingest.intakes(notebook_id) if intake.stage not in (Stage.READY, Stage.DUPLICATE)]
    for intake in intakes:
        with st.container(key=state.key("card-intake", intake.id)):
            _card(intake)
    if was_busy and not any(not intake.stage.over for intake in intakes):
        st.rerun()  # the list below has news
    state.settle()


def _card(intake: Intake) -> None:
    if intake.stage is Stage.FAILED:
        prose.draw(
            [("name", intake.name), ("fault", f"✕ {faults.sentences(intake.detail, intake.fix)}")], key=state.key("intake", intake.id)
        )
        _choices(intake, Retry=state.app().ingest.retry, Dismiss=state.app().ingest.dismiss)
    elif intake.stage is Stage.CANCELLED:
        prose.draw([("name", intake.name), ("quiet", "Cancelled")], key=state.key("intake", intake.id))
        _choices(intake, Retry=state.app().ingest.retry, Dismiss=state.app().ingest.dismiss)
    else:
        prose.draw([("name", intake.name), ("quiet", _stage(intake))], key=state.key("intake", intake.id))
        if intake.total:
            st.progress(min(1.0, intake.done / intake.total))
        _choices(intake, Cancel=state.app().ingest.cancel)


def _stage(intake: Intake) -> str:
    words = intake.stage.value[:1].upper() + intake.stage.value[1:]
    return f"{words} · {intake.done} of {intake.total}" if intake.total else words


def _choices(intake: Intake, **choices: Callable[[str], object]) -> None:
    with st.container(horizontal=True, key=state.key("choices", intake.id)):
        for label, act in choices.items():
            st.button(label, key=state.key(label, intake.id), on_click=_tried(act), args=(intake.id,))


def _tried(act: Callable[[str], object]) -> Callable[[str], None]:
    @faults.caught
    def run(intake_id: str) -> None:
        act(intake_id)
        state.redraw()  # whether the cards look again by themselves may have changed

    return run
