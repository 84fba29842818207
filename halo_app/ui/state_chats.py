"""What of the list of chats is shown; its state keys are spelled here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

_SHELF = "shelf-view"
FIRST_SHOWN = 40
MORE_SHOWN = 80


@dataclass(frozen=True, slots=True)
class ShelfView:
    """What is sought among the chats of a notebook, and how many are listed."""

    notebook_id: str = ""
    words: str = ""
    shown: int = FIRST_SHOWN


def shelf(notebook_id: str) -> ShelfView:
    """Return the view of a notebook's chats; another notebook begins anew."""
    view: ShelfView = st.session_state.get(_SHELF, ShelfView())
    return view if view.notebook_id == notebook_id else ShelfView(notebook_id)


def seek_chats(notebook_id: str, words: str) -> None:
    """List the chats that hold these words; "" lists all of them again."""
    st.session_state[_SHELF] = ShelfView(notebook_id, " ".join(words.split())[:200])


def show_more_chats(notebook_id: str) -> None:
    view = shelf(notebook_id)
    st.session_state[_SHELF] = replace(view, shown=view.shown + MORE_SHOWN)
