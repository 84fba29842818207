"""What can be done with one note: pin, tags, folder, and a menu for the rest."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import streamlit as st

from halo_app.domain.note import Note
from halo_app.domain.note_text import parts
from halo_app.services.note_shelf import Listing
from halo_app.services.note_sources import Step
from halo_app.ui import faults, state, state_notes
from halo_app.ui.components import note_transfer
from halo_app.ui.safe import plain

SOURCE_WORDS = {Step.NONE: "Make it a source", Step.CURRENT: "It is a source", Step.BEHIND: "Bring its source up to date"}


@faults.guarded
def draw(note: Note, listing: Listing) -> None:
    """Draw the row above the editor; `listing` tells which tags and folders there are."""
    with st.container(horizontal=True, vertical_alignment="center", key="note-row"):
        st.button("▲ Pinned" if note.pinned else "Pin", key=state.key("pin", note.id), on_click=_arrange, args=(note,),
                  kwargs={"pinned": not note.pinned})
        tags = sorted({*listing.tags, *note.tags}, key=str.casefold)
        st.multiselect("Tags", tags, list(note.tags), key=_tags_key(note), placeholder="Add tags", accept_new_options=True,
                       label_visibility="collapsed", on_change=_tag, args=(note,))
        folders = ["", *sorted({*listing.folders, note.folder} - {""})]
        st.selectbox("Folder", folders, folders.index(note.folder), key=_folder_key(note), accept_new_options=True,
                     format_func=lambda folder: folder or "No folder", label_visibility="collapsed", on_change=_move, args=(note,))
        with st.popover("More", key="note-more"):
            _more(note)


def _more(note: Note) -> None:
    st.button("Earlier versions", key="open-history", on_click=state_notes.open_panel, args=("history",))
    st.button("Duplicate", key="duplicate-note", on_click=_duplicate, args=(note.id,))
    step = state.app().note_sources.step(note)
    st.button(SOURCE_WORDS[step], key="note-source", disabled=step is Step.CURRENT or not note.text.strip(), on_click=_source,
              args=(note.id,), help="Search and cite this note like any other source")
    st.caption("Take it along as")
    note_transfer.draw_export(lambda: [note], note.id, note.title, bool(note.attachments))
    headings = parts(note.text)
    if headings:
        chosen = st.selectbox("Split off a part", headings, None, key=state.key("split", note.id),
                              format_func=lambda part: part.title, placeholder="Choose a heading")
        start = chosen.start if chosen else 0
        st.button("Split off", key="split-note", disabled=chosen is None, on_click=_split, args=(note.id, start))
    _files(note)
    st.button("Delete", key=state.key("delete-open", note.id), type="tertiary", on_click=_delete, args=(note.id,))


def _files(note: Note) -> None:
    if note.attachments:
        name = st.selectbox("Files of this note", [one.name for one in note.attachments], key=state.key("files", note.id))
        st.button("Take the file out", key="detach-file", on_click=_detach, args=(note.id, name))


def _tags_key(note: Note) -> str:
    return state.key("tags", note.id, _mark("\n".join(note.tags)))         # another one when they changed, also by an undo


def _folder_key(note: Note) -> str:
    return state.key("folder", note.id, _mark(note.folder))


def _mark(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def open_(note_id: str, words: str, undo: Callable[[], object]) -> None:
    """Show a note that came of something, and offer to undo that."""
    state.open_card("note", note_id)
    state.offer_undo(words, undo)


@faults.caught
def _arrange(note: Note, *, pinned: bool) -> None:
    state.app().note_moves.arrange([note.id], pinned=pinned)


@faults.caught
def _tag(note: Note) -> None:
    tags = tuple(st.session_state[_tags_key(note)])
    state.app().notes.arrange([note.id], lambda old: state_notes.with_tags(old, tags))


@faults.caught
def _move(note: Note) -> None:
    state.app().note_moves.arrange([note.id], folder=st.session_state[_folder_key(note)] or "")


@faults.caught
def _duplicate(note_id: str) -> None:
    state.open_card("note", state.app().note_moves.duplicate(note_id).id)


@faults.caught
def _source(note_id: str) -> None:
    state.app().note_sources.make(note_id)
    st.toast(plain("The note is being read. It is among your sources in a moment."))


@faults.caught
def _split(note_id: str, start: int) -> None:
    moved = state.app().note_moves.split(note_id, start)
    open_(moved.note.id, f"“{moved.note.title}” is a note of its own now.", moved.undo)


@faults.caught
def _detach(note_id: str, name: str) -> None:
    state.app().note_files.detach(note_id, name)


@faults.caught
def _delete(note_id: str) -> None:
    gone = state.app().notes.delete(note_id)
    state.open_card("note", None)
    state.offer_undo(f"The note “{gone.title}” is deleted.", lambda: state.app().notes.restore(gone))
