"""Files in a question: they become sources in the ordinary way, and the question waits until they can be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import streamlit as st

from halo_app.domain.conversation import Attached, Conversation, Role
from halo_app.domain.source import Intake, Stage
from halo_app.errors import HaloError
from halo_app.ui import faults, state, state_turns
from halo_app.ui.components import intakes, prose, pulse
from halo_app.ui.words import many

ASK = "Ask your sources…"


class File(Protocol):
    """A file as the browser sent it."""

    name: str

    def getvalue(self) -> bytes: ...


def box() -> None:
    """Draw where questions are typed and files are dropped; a chat that is stored nowhere takes no files, since sources are stored."""
    if state.incognito() or state.notebook().is_sample:
        st.chat_input(ASK, key="ask", submit_mode="stop")
    else:
        st.chat_input(ASK, key="ask", submit_mode="stop", accept_file="multiple")


@faults.guarded
def begin(question: str, files: Sequence[File]) -> None:
    """Store the question with its files, and start to read them. Files without a question are only added."""
    from halo_app.services.ingest import Upload

    notebook_id, app = state.notebook().id, state.app()
    try:
        started = app.ingest.start([Upload.from_bytes(file.name, file.getvalue()) for file in files], notebook_id)
    except HaloError:
        if question.strip():
            app.chat.hold(question, notebook_id, state.session_id(), [Attached(file.name) for file in files])
        raise
    if not question.strip():
        st.toast(f"Reading {many(len(started), 'document')}. Ask as soon as you like.")
        return
    attached = [Attached(intake.name, app.ingest.source_id_of(intake)) for intake in started]
    chat = app.chat.hold(question, notebook_id, state.session_id(), attached)
    state.open_conversation(chat.id)
    state_turns.drop_failed()
    state_turns.wait_for_files(state_turns.Waiting(chat.id, question.strip(), tuple(intake.id for intake in started)))
    state.again()                                 # with the chat in the list beside it; the address is told when that is drawn


def ready(chat: Conversation) -> str:
    """Return the question of the chat whose files have all been read, "" when there is none."""
    waiting = state_turns.waiting(chat.id)
    if waiting is None:
        return ""
    if not chat.messages or chat.messages[-1].role is not Role.USER or chat.messages[-1].content != waiting.question:
        state_turns.drop_waiting()                # asked meanwhile, or another version is in view
        return ""
    return "" if _left(waiting, chat.notebook_id) else waiting.question


@st.fragment
@faults.guarded
def draw(chat: Conversation) -> None:
    """Draw how far the files of the waiting question are, and what can be done meanwhile."""
    waiting = state_turns.waiting(chat.id)
    if waiting is None:
        state.settle()                            # asked now: the page asks
        return
    seen = intakes.now(chat.notebook_id)          # before the look itself, so that nothing moves unseen in between
    left = _left(waiting, chat.notebook_id)
    if not left:
        state.redraw()
        state.settle()
    with st.container(key="attaching"):
        moving = [intake for intake in left if not intake.stage.over]
        for intake in left:
            _line(intake)
        with st.container(horizontal=True, key="attaching-ways", vertical_alignment="center"):
            st.button(_now(left, waiting), key="ask-now", on_click=_ask_now, args=(waiting.question,))
            if moving:
                st.caption("The question is asked by itself as soon as the files are read.")
        if moving:
            pulse.draw(chat.notebook_id, "steps", seen, key="pulse-attaching")
            pulse.draw(chat.notebook_id, "moving", seen, key="pulse-attached")
    state.settle()


def _now(left: Sequence[Intake], waiting: state_turns.Waiting) -> str:
    if len(left) < len(waiting.intakes):
        return "Ask with what is read"
    return "Ask without it" if len(left) == 1 else "Ask without them"


def _line(intake: Intake) -> None:
    failed = intake.stage in (Stage.FAILED, Stage.CANCELLED)
    with st.container(horizontal=True, key=state.key("attaching-line", intake.id), vertical_alignment="top"):
        why = f"✕ {faults.sentences(intake.detail or 'cancelled', intake.fix)}"
        words = ("fault", why) if failed else ("quiet", intakes.stage_of(intake))
        prose.draw([("name", intake.name), words], key=state.key("attaching-words", intake.id))
        if failed and intake.sha256:
            st.button("Retry", key=state.key("attaching-retry", intake.id), on_click=_retry, args=(intake.id,))
    if intake.total and not intake.stage.over:
        st.progress(min(1.0, intake.done / intake.total))


def _left(waiting: state_turns.Waiting, notebook_id: str) -> list[Intake]:
    """Return the files that are on their way, or failed; those that were read are sources and no longer among the intakes."""
    known = {intake.id: intake for intake in state.app().ingest.intakes(notebook_id)}
    found = [known[name] for name in waiting.intakes if name in known]
    return [intake for intake in found if intake.stage not in (Stage.READY, Stage.DUPLICATE)]


@faults.caught
def _retry(intake_id: str) -> None:
    state.app().ingest.retry(intake_id)


@faults.caught
def _ask_now(question: str) -> None:
    state_turns.drop_waiting()
    state.ask_next(question)
