"""One thing done to many notes: tag, move, pin, bring together, delete; each with a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from halo_app.ui import faults, state, state_notes
from halo_app.ui.components import note_menu, note_transfer, prose
from halo_app.ui.words import many


@faults.guarded
def draw(notebook_id: str) -> None:
    """Draw what can be done with the chosen notes."""
    view, app = state_notes.view(notebook_id), state.app()
    chosen = view.chosen
    with st.container(key="note-bulk"):
        prose.draw([("name", f"{many(len(chosen), 'note')} chosen"), ("quiet", "Choose notes in the list.")], key="bulk-head")
        with st.container(horizontal=True, key="bulk-choose"):
            st.button("Choose all that are listed", key="choose-all", on_click=_all, args=(notebook_id,))
            st.button("Choose none", key="choose-none", disabled=not chosen, on_click=state_notes.choose, args=(notebook_id, ()))
        with st.container(horizontal=True, vertical_alignment="bottom", key="bulk-words"):
            tag = st.text_input("Tag", key="bulk-tag", placeholder="a tag")
            st.button("Add the tag", key="bulk-add-tag", disabled=not chosen, on_click=_arrange, args=(chosen, "tag", tag))
            folder = st.text_input("Folder", key="bulk-folder", placeholder="a folder, as Study/Visits")
            st.button("Move there", key="bulk-move", disabled=not chosen, on_click=_arrange, args=(chosen, "folder", folder))
        st.caption("Take the chosen along as")
        note_transfer.draw_export(lambda: [app.notes.get(one) for one in chosen], "chosen", "Notes", len(chosen) > 1,
                                  any_=bool(chosen))
        with st.container(horizontal=True, key="bulk-acts"):
            st.button("Pin", key="bulk-pin", disabled=not chosen, on_click=_arrange, args=(chosen, "pinned", True))
            st.button("Unpin", key="bulk-unpin", disabled=not chosen, on_click=_arrange, args=(chosen, "pinned", False))
            st.button("Bring together", key="bulk-merge", disabled=len(chosen) < 2, on_click=_merge, args=(notebook_id, chosen))
            st.button("Delete the chosen", key="delete-chosen", disabled=not chosen, type="tertiary", on_click=_delete,
                      args=(notebook_id, chosen))


@faults.caught
def _all(notebook_id: str) -> None:
    view = state_notes.view(notebook_id)
    listing = state.app().note_shelf.listing(notebook_id, view.sought, 0, 1_000_000)
    state_notes.choose(notebook_id, tuple(one.note.id for one in listing.window))


@faults.caught
def _arrange(chosen: tuple[str, ...], what: str, value: Any) -> None:
    if what == "tag" and not value.strip():
        return
    undo: Callable[[], object] = state.app().note_moves.arrange(chosen, **{what: value})
    state.offer_undo(f"{many(len(chosen), 'note was', 'notes were')} changed.", undo)


@faults.caught
def _merge(notebook_id: str, chosen: tuple[str, ...]) -> None:
    moved = state.app().note_moves.merge(chosen)
    state_notes.end_choosing(notebook_id)
    note_menu.open_(moved.note.id, f"{len(chosen)} notes stand together in “{moved.note.title}”.", moved.undo)


@faults.caught
def _delete(notebook_id: str, chosen: tuple[str, ...]) -> None:
    moves = state.app().note_moves
    gone = moves.delete_all(chosen)
    state_notes.end_choosing(notebook_id)
    state.open_card("note", None)
    state.offer_undo(f"{many(len(gone), 'note is', 'notes are')} deleted.", lambda: moves.restore_all(gone))
