"""The Notes page: the list and the open note side by side, one above the other where there is no room."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.note import Note
from halo_app.errors import NotFound
from halo_app.services.note_shelf import Listing
from halo_app.ui import faults, state, state_notes
from halo_app.ui.components import note_below, note_bulk, note_editor, note_list, note_menu, note_transfer, prose
from halo_app.ui.words import many

TEMPLATE = "template"            # the tag of notes that others may begin with
EMPTY = (
    "Write one here, or save an answer in Chat: it keeps its citations. "
    "Notes can cite your sources, lead to each other, and become sources themselves."
)


@faults.guarded
def draw(notebook_id: str) -> None:
    """Draw everything that the Notes page shows of a notebook."""
    view = state_notes.view(notebook_id)
    listing = state.app().note_shelf.listing(notebook_id, view.sought, view.first, note_list.WINDOW)
    _head(notebook_id, listing)
    _tell_damaged()
    if not listing.everything:
        prose.draw([("name", "No notes yet"), ("quiet", EMPTY)], key="no-notes")
        return
    with st.container(key="notes-desk"):
        with st.container(key="note-side"):
            note_list.draw(notebook_id, listing)
        with st.container(key="note-open"):
            _right(notebook_id, listing)


def _head(notebook_id: str, listing: Listing) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="notes-head"):
        st.button("New note", type="primary", key="new-note", on_click=_create, args=(notebook_id,))
        with st.popover("From a template", key="note-templates"):
            for one in state.app().note_templates.all():
                st.button(one.label, key=state.key("template", one.name), on_click=_from_template, args=(notebook_id, one.name))
            for own in _own_templates(notebook_id, listing):
                st.button(own.title, key=state.key("own-template", own.id), on_click=_from_own, args=(own.id,))
            st.caption("A note with the tag “template” is offered here, too.")
        with st.popover("Import and export", key="note-transfer"):
            note_transfer.draw(notebook_id, listing.everything)


def _own_templates(notebook_id: str, listing: Listing) -> list[Note]:
    if TEMPLATE not in {tag.casefold() for tag in listing.tags}:
        return []
    return state.app().note_shelf.tagged(notebook_id, TEMPLATE)


def _right(notebook_id: str, listing: Listing) -> None:
    if state_notes.view(notebook_id).choosing:
        note_bulk.draw(notebook_id)
        return
    chosen = state.open_card_id("note")
    if not chosen:
        prose.draw([("quiet", "Choose a note from the list, or begin a new one.")], key="no-note-open")
        return
    try:
        read = state.app().note_reading.read(chosen)
    except NotFound:
        state.open_card("note", None)
        prose.draw([("name", "This note is gone"), ("quiet", "It was deleted. The other notes are still here.")], key="note-gone")
        return
    note_menu.draw(read.note, listing)
    note_editor.draw(read)
    note_below.draw(read)


@st.cache_data(ttl=20, show_spinner=False)
def _damaged(user_id: str) -> list[tuple[str, str]]:
    """Return the names of notes that could not be read, and where they were put; looking takes a moment with many notes."""
    return [(one.name, one.moved_to) for one in state.app().note_shelf.damaged()]


def _tell_damaged() -> None:
    damaged = _damaged(state.app().user_id)
    if damaged:
        places = ", ".join(moved_to or name for name, moved_to in damaged[:3])
        st.warning(f"{many(len(damaged), 'note')} could not be read and {'was' if len(damaged) == 1 else 'were'} set aside: {places}. "
                   "Nothing else is touched; restore from a backup, or remove what lies there.")


@faults.caught
def _create(notebook_id: str) -> None:
    _show(state.app().notes.create(notebook_id, "Untitled", "").id, notebook_id)


@faults.caught
def _from_template(notebook_id: str, name: str) -> None:
    app = state.app()
    template, now = app.note_templates.named(name), app.clock().astimezone()
    _show(app.notes.create(notebook_id, template.title_on(now), template.text_on(now), tags=template.tags).id, notebook_id)


@faults.caught
def _from_own(note_id: str) -> None:
    app = state.app()
    copy = app.note_moves.duplicate(note_id)
    title = copy.title.removesuffix(" (copy)")
    app.notes.arrange([copy.id], lambda note: state_notes.with_tags(note, [tag for tag in note.tags if tag.casefold() != TEMPLATE]))
    app.notes.edit(copy.id, title=f"{title}, {app.clock().astimezone():%Y-%m-%d}")
    _show(copy.id, copy.notebook_id)


def _show(note_id: str, notebook_id: str) -> None:
    state_notes.end_choosing(notebook_id)
    state.open_card("note", note_id)
