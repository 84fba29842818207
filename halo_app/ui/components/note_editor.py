"""The editor of one note; what is typed goes to a route of ours, so that writing never waits for the page."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.note_text import folded
from halo_app.services.note_reading import Read
from halo_app.ui import faults, note_view, shortcuts, state
from halo_app.ui.components import asset

_PARTS = ("note_draw.js", "note_tools.js", "note_finder.js", "note_saving.js", "note_editor.js")
_editor = st.components.v2.component(
    "halo.note_editor", html='<div class="desk"></div>', css=asset("note_editor.css"), js="\n".join(asset(part) for part in _PARTS)
)
KEY = "note-editor"


@faults.guarded
def draw(read: Read) -> None:
    """Draw the note to be written and read; a chip opens the evidence panel, a link the note that it leads to."""
    sources = state.app().sources.of(read.note.notebook_id)
    _editor(
        key=KEY,
        data={"note": note_view.whole(read), "sources": sorted(state.ticked(sources)), "open": _opened(read), "keys": _keys()},
        on_cite_change=lambda: _cite(read.note.id, str(st.session_state[KEY].cite)),
        on_note_change=lambda: _follow(read.note.notebook_id, st.session_state[KEY].note),
        on_changed_change=lambda: None,
    )


def _keys() -> dict[str, list[str]]:
    return {one.name: list(one.keys) for one in shortcuts.TABLE if one.name.startswith("note-")}


def owner(note_id: str) -> str:
    """Return the name by which the evidence panel knows the note whose citations it shows."""
    return state.key("note", note_id)


def show(note_id: str, name: str) -> None:
    """Open the evidence panel at one of the note's citations."""
    read = state.app().note_reading.read(note_id)
    standing = read.standings.get(name)
    if standing:
        place = read.citations.index(standing.mark.citation)
        state.show_evidence(state.Evidence(tuple(read.citations), place, owner(note_id)))


@faults.caught
def _cite(note_id: str, name: str) -> None:
    show(note_id, name)


@faults.caught
def _follow(notebook_id: str, link: dict[str, str]) -> None:
    """Open the note that a link leads to; make it when there is none."""
    title = str(link["title"])
    found = state.app().note_shelf.named(notebook_id, title)
    if found is None and folded(title):
        found = state.app().notes.create(notebook_id, title, "")
    if found:
        state.open_card("note", found.id)


def _opened(read: Read) -> str:
    shown = state.evidence()
    if shown is None or shown.owner != owner(read.note.id):
        return ""
    return next((name for name, standing in read.standings.items() if standing.mark.citation == shown.citation), "")
