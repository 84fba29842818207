"""Where the reader is on the Notes page; its session keys are spelled here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import streamlit as st

from halo_app.domain.note import Note
from halo_app.services.note_import import Brought
from halo_app.services.note_shelf import Sought

_VIEW, _PANEL, _BROUGHT = "notes-view", "note-panel", "notes-brought"


@dataclass(frozen=True, slots=True)
class NotesView:
    """Which notes are sought, where their window begins, and which are chosen while several are."""

    notebook_id: str = ""
    sought: Sought = field(default_factory=Sought)
    first: int = 0
    choosing: bool = False
    chosen: tuple[str, ...] = ()


def view(notebook_id: str) -> NotesView:
    """Return the view of this notebook's notes; another notebook begins anew."""
    kept: NotesView = st.session_state.get(_VIEW, NotesView())
    return kept if kept.notebook_id == notebook_id else NotesView(notebook_id)


def seek(notebook_id: str, sought: Sought) -> None:
    st.session_state[_VIEW] = replace(view(notebook_id), sought=sought, first=0)


def scroll(notebook_id: str, first: int) -> None:
    st.session_state[_VIEW] = replace(view(notebook_id), first=max(0, first))


def choose(notebook_id: str, chosen: tuple[str, ...]) -> None:
    st.session_state[_VIEW] = replace(view(notebook_id), chosen=chosen, choosing=True)


def end_choosing(notebook_id: str) -> None:
    st.session_state[_VIEW] = replace(view(notebook_id), chosen=(), choosing=False)


def with_tags(note: Note, tags: Iterable[str]) -> Note:
    """Return the note with other tags."""
    return replace(note, tags=tuple(tags))


def panel() -> str:
    """Return what is open below the note: `history`, or "" for nothing."""
    return str(st.session_state.get(_PANEL, ""))


def open_panel(name: str) -> None:
    st.session_state[_PANEL] = name


def brought() -> Brought | None:
    """Return what came of bringing files in, to be told."""
    came: Brought | None = st.session_state.get(_BROUGHT)
    return came


def keep_brought(came: Brought) -> None:
    st.session_state[_BROUGHT] = came
