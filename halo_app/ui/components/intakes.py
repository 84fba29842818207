"""What is on its way in: honest progress, what failed and why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from halo_app.domain.source import Intake, Stage
from halo_app.ui import faults, progress, state
from halo_app.ui.components import prose, pulse
from halo_app.ui.words import many

WAITING_SHOWN = 2
MANY_FAILED = 3


@faults.guarded
def draw(notebook_id: str) -> list[Intake]:
    """Draw the cards, which are drawn again when one moves, and the whole page when one is over. Returns what is on its way."""
    arriving = [intake for intake in state.app().ingest.intakes(notebook_id) if not intake.stage.over]
    _cards(notebook_id)
    if arriving:
        pulse.draw(notebook_id, "moving", progress.of(arriving), key="pulse-page")
    return arriving


@faults.guarded
def watch(notebook_id: str, before: progress.Progress) -> None:
    """Say in one quiet line that documents are being read, and have the page drawn again when one is ready.

    `before` is what `now` said before the page read its sources, so that none becomes ready unseen in between.
    """
    if before["moving"]:
        prose.draw([("quiet", f"Reading {many(moving(before), 'document')}. They count as soon as they are ready.")], key="watch")
        pulse.draw(notebook_id, "moving", before, key="pulse-watch")


def now(notebook_id: str) -> progress.Progress:
    """Return how far the documents of a notebook are."""
    return progress.of(state.app().ingest.intakes(notebook_id))


def moving(seen: progress.Progress) -> int:
    """Return how many documents are on their way in."""
    return len(seen["moving"].split())


@st.fragment
@faults.guarded
def _cards(notebook_id: str) -> None:
    intakes = [intake for intake in state.app().ingest.intakes(notebook_id) if intake.stage not in (Stage.READY, Stage.DUPLICATE)]
    shown, waiting = folded(intakes)
    for intake in shown:
        with st.container(key=state.key("card-intake", intake.id)):
            _card(intake)
    if waiting:
        with st.container(horizontal=True, vertical_alignment="center", key="waiting-line"):
            st.caption(f"{many(len(waiting), 'more document')} {'waits' if len(waiting) == 1 else 'wait'} to be read.")
            st.button("Cancel these", key="cancel-waiting", type="tertiary", on_click=_cancel, args=([one.id for one in waiting],))
    _failed_together([intake.id for intake in shown if intake.stage is Stage.FAILED])
    seen = progress.of(intakes)
    if seen["moving"]:
        pulse.draw(notebook_id, "steps", seen, key="pulse-cards")
    state.settle()


def _failed_together(intake_ids: Sequence[str]) -> None:
    """Offer to do the same with all files that failed, when there are several."""
    if len(intake_ids) < MANY_FAILED:
        return
    ingest = state.app().ingest
    with st.container(horizontal=True, vertical_alignment="center", key="failed-line"):
        st.caption(f"{len(intake_ids)} files could not be read.")
        for label, act in (("Retry all", ingest.retry), ("Dismiss all", ingest.dismiss)):
            st.button(label, key=state.key("failed", label), type="tertiary", on_click=_with_all, args=(act, intake_ids))


@faults.caught
def _with_all(act: Callable[[str], object], intake_ids: Sequence[str]) -> None:
    state.redraw()
    for intake_id in intake_ids:
        act(intake_id)


def folded(intakes: Sequence[Intake]) -> tuple[list[Intake], list[Intake]]:
    """Return the documents that get a card, and those in line behind the first few that wait."""
    waiting = [intake for intake in intakes if intake.stage is Stage.WAITING][WAITING_SHOWN:]
    return [intake for intake in intakes if intake not in waiting], waiting


@faults.caught
def _cancel(intake_ids: Sequence[str]) -> None:
    for intake_id in intake_ids:
        state.app().ingest.cancel(intake_id)
    state.redraw()


def _card(intake: Intake) -> None:
    ingest = state.app().ingest
    again: dict[str, Callable[[str], object]] = {"Retry": ingest.retry, "Dismiss": ingest.dismiss}
    with st.container(horizontal=True, vertical_alignment="top", key=state.key("intake-line", intake.id)):
        if intake.stage is Stage.FAILED:
            _words(intake, ("fault", f"✕ {faults.sentences(intake.detail, intake.fix)}"))
            _choices(intake, **again)
        elif intake.stage is Stage.CANCELLED:
            _words(intake, ("quiet", "Cancelled"))
            _choices(intake, **again)
        else:
            _words(intake, ("quiet", stage_of(intake)))
            _choices(intake, Cancel=ingest.cancel)
    if intake.total and not intake.stage.over:
        st.progress(min(1.0, intake.done / intake.total))


def _words(intake: Intake, line: prose.Line) -> None:
    prose.draw([("name", intake.name), line], key=state.key("intake", intake.id))


def stage_of(intake: Intake) -> str:
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
