"""The list of notes: sought by words, tag and folder; a window of it at a time goes to the browser."""

from __future__ import annotations

from typing import Any

import streamlit as st

from halo_app.services.note_shelf import Listing, Sought
from halo_app.ui import faults, note_view, state, state_notes
from halo_app.ui.components import asset

_list = st.components.v2.component(
    "halo.note_list", html='<div class="notes"></div>', css=asset("note_list.css"), js=asset("note_list.js")
)
KEY = "note-list"
WINDOW = 48


@faults.guarded
def draw(notebook_id: str, listing: Listing) -> None:
    """Draw the list; a click opens a note, or chooses it while several are chosen."""
    view = state_notes.view(notebook_id)
    data: dict[str, Any] = {
        "notebook": notebook_id,
        "rows": [note_view.row(one) for one in listing.window],
        "first": listing.first,
        "total": listing.total,
        "everything": listing.everything,
        "tags": dict(listing.tags),
        "folders": dict(listing.folders),
        "sought": {"words": view.sought.words, "tag": view.sought.tag, "folder": view.sought.folder, "sort": view.sought.sort},
        "open": state.open_card_id("note"),
        "choosing": view.choosing,
        "chosen": list(view.chosen),
    }
    _list(
        key=KEY,
        data=data,
        on_open_change=lambda: state.open_card("note", str(st.session_state[KEY].open)),
        on_seek_change=lambda: state_notes.seek(notebook_id, Sought(**_texts(st.session_state[KEY].seek))),
        on_scroll_change=lambda: state_notes.scroll(notebook_id, int(st.session_state[KEY].scroll)),
        on_choose_change=lambda: _choose(notebook_id, st.session_state[KEY].choose),
    )


def _texts(given: Any) -> dict[str, str]:
    return {name: str(given.get(name, "")) for name in ("words", "tag", "folder", "sort")}


def _choose(notebook_id: str, chosen: Any) -> None:
    if chosen is None:
        state_notes.end_choosing(notebook_id)
    else:
        state_notes.choose(notebook_id, tuple(str(one) for one in chosen))
