"""Notes as cards, and one note open for reading and writing."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.note import Note
from halo_app.errors import NotFound
from halo_app.ui import faults, state
from halo_app.ui.components import prose, thread
from halo_app.ui.words import day, many, shortened


@faults.guarded
def draw_all(notebook_id: str) -> None:
    """Draw New note and a card per note, newest first."""
    st.button("New note", type="primary", key="new-note", on_click=_create, args=(notebook_id,))
    notes = state.app().notes.of(notebook_id)
    if not notes:
        prose.draw(
            [("name", "No notes yet"), ("quiet", "Write one here, or save an answer in Chat: it keeps its citations.")], key="no-notes"
        )
    for note in notes:
        with st.container(key=state.key("card-note", note.id)):
            prose.draw(
                [("name", note.title or "Untitled"), ("quiet", _facts(note)), ("excerpt", shortened(note.text, 220))],
                key=state.key("note", note.id),
            )
            with st.container(horizontal=True, key=state.key("note-choices", note.id)):
                st.button("Open", key=state.key("open-note", note.id), on_click=state.open_card, args=("note", note.id))
                st.button("Delete", key=state.key("delete-note", note.id), type="tertiary", on_click=_delete, args=(note,))


@faults.guarded
def draw_open(note_id: str) -> None:
    """Draw one note to read, write and check."""
    st.button("‹ All notes", key="close-note", type="tertiary", on_click=state.open_card, args=("note", None))
    try:
        note = state.app().notes.get(note_id)
    except NotFound:
        state.open_card("note", None)
        prose.draw([("name", "This note is gone"), ("quiet", "It was deleted. The other notes are still here.")], key="note-gone")
        return
    with st.container(key="serif-note"):
        title = st.text_input("Title", note.title, key=state.key("note-title", note.id), max_chars=200)
        text = st.text_area("Text", note.text, key=state.key("note-text", note.id), height=320)
        with st.container(horizontal=True, vertical_alignment="center", key="note-actions"):
            if st.button("Save", type="primary", key=state.key("save-note", note.id)) and (title, text) != (note.title, note.text):
                state.app().notes.edit(note.id, title.strip() or note.title, text)
                st.toast("Saved.")
            st.button("Delete", key=state.key("delete-open", note.id), type="tertiary", on_click=_delete, args=(note,))
            st.caption(f"Changed {day(note.updated_at)}")
    if note.citations:
        thread.draw_citations(note.citations, state.key("cites", note.id), "Rests on")


def _facts(note: Note) -> str:
    parts = [day(note.updated_at), many(len(note.citations), "citation") if note.citations else ""]
    return " · ".join(part for part in parts if part)


@faults.caught
def _create(notebook_id: str) -> None:
    state.open_card("note", state.app().notes.create(notebook_id, "Untitled", "").id)


@faults.caught
def _delete(note: Note) -> None:
    gone = state.app().notes.delete(note.id)
    state.open_card("note", None)
    state.offer_undo(f"The note “{note.title}” is deleted.", lambda: state.app().notes.restore(gone))
