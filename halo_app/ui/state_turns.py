"""Where the reader is in a chat: the turn that is asked anew, what came of the last try, and what a question waits for."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from halo_app.ui import state

_AT, _FAILED, _WAITING = "question-at", "failed-turn", "waiting-question"


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a question has no answer, or an answer did not come again: in which chat, for which question."""

    chat_id: str
    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question of a chat that waits until the files that came with it can be read; `intakes` are their ids."""

    chat_id: str
    question: str
    intakes: tuple[str, ...]


def ask_at(question: str, place: int | None) -> None:
    """Put a question that the page asks on its next run, as another version of the turn at `place`."""
    st.session_state[_AT] = place
    state.ask_next(question)


def next_place() -> int | None:
    """Return once the place of the turn that is asked anew, None for a question at the end of the chat."""
    place: int | None = st.session_state.pop(_AT, None)
    return place


def fail(failed: Failed) -> None:
    """Keep why there is no answer, until the next question."""
    st.session_state[_FAILED] = failed


def failed(chat_id: str) -> Failed | None:
    """Return what went wrong last in this chat."""
    found: Failed | None = st.session_state.get(_FAILED)
    return found if found and found.chat_id == chat_id else None


def drop_failed() -> None:
    st.session_state.pop(_FAILED, None)


def wait_for_files(waiting: Waiting) -> None:
    """Let a question wait for its files."""
    st.session_state[_WAITING] = waiting


def waiting(chat_id: str) -> Waiting | None:
    """Return the question of this chat that waits for its files."""
    found: Waiting | None = st.session_state.get(_WAITING)
    return found if found and found.chat_id == chat_id else None


def waits() -> bool:
    """Return whether a question of any chat waits for its files."""
    return _WAITING in st.session_state


def drop_waiting() -> None:
    st.session_state.pop(_WAITING, None)
