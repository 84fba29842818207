"""What stands below a note: citations that need a look, what it rests on, who leads to it, and what it was before."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from halo_app.domain.note import Note
from halo_app.services.note_citing import Standing, State
from halo_app.services.note_reading import Read
from halo_app.ui import faults, state, state_notes
from halo_app.ui.components import note_diff, note_editor, prose, thread
from halo_app.ui.note_view import STATES
from halo_app.ui.words import day, many

VERSIONS_SHOWN = 12


@faults.guarded
def draw(read: Read) -> None:
    """Draw what belongs to the note besides its text; nothing when there is nothing."""
    stale = {name: one for name, one in read.standings.items() if one.state in (State.MOVED, State.CHANGED, State.GONE)}
    if stale:
        with st.container(key="note-stale"):
            prose.draw([("name", f"{many(len(stale), 'citation needs', 'citations need')} a look")], key="stale-head")
            for name, standing in stale.items():
                _stale(read.note, name, standing)
    own = {standing.mark.citation for standing in read.standings.values()}
    besides = tuple(citation for citation in read.citations if citation not in own)
    if besides:
        thread.draw_citations(besides, state.key("cites", read.note.id), "Rests on")
    _linked(read.note)
    if state_notes.panel() == "history":
        history(read.note)


def _stale(note: Note, name: str, standing: Standing) -> None:
    mark = standing.mark
    with st.container(key=state.key("stale", note.id, name)):
        place = f", {mark.locator}" if mark.locator else ""
        prose.draw([("fault", f"{mark.source}{place}: {STATES[standing.state]}"), ("excerpt", f"“{mark.quote}”")],
                   key=state.key("stale-words", note.id, name))
        if standing.changes:
            note_diff.draw(standing.changes, state.key("stale-diff", note.id, name), "What the source says now")
        with st.container(horizontal=True, key=state.key("stale-acts", note.id, name)):
            if standing.now:
                word = "Take its new place" if standing.state is State.MOVED else "Renew"
                st.button(word, key=state.key("renew", note.id, name), on_click=_renew, args=(note.id, name))
            if standing.state is not State.MOVED:
                st.button("Keep the quote", key=state.key("keep", note.id, name), on_click=_keep, args=(note.id, name))
            st.button("Show", key=state.key("show-cite", note.id, name), type="tertiary", on_click=_show, args=(note.id, name))


def _linked(note: Note) -> None:
    leading = state.app().note_shelf.leading_to(note)
    if leading:
        with st.container(key="note-linked"):
            prose.draw([("name", "Linked from")], key="linked-head")
            for one in leading[:20]:
                st.button(one.title, key=state.key("linked", one.id), type="tertiary", on_click=state.open_card, args=("note", one.id))


@faults.guarded
def history(note: Note) -> None:
    """Draw the earlier versions; one of them is open with what changed since."""
    histories = state.app().notes.histories
    versions = histories.of(note.id) if histories else []
    with st.container(key="note-history"):
        none = "" if versions else "None yet: one is kept for every few minutes of writing."
        prose.draw([("name", "Earlier versions"), ("quiet", none)], key="history-head")
        if versions:
            chosen = st.selectbox("Version", range(len(versions)), key=state.key("version", note.id), label_visibility="collapsed",
                                  format_func=lambda place: _named(versions[place].saved_at, versions[place].cause))
            one = versions[chosen]
            assert histories is not None
            changes = histories.changes(note, one.saved_at)
            note_diff.draw(changes, state.key("version-diff", note.id), "What changed since this version")
            with st.container(horizontal=True, key="history-acts"):
                st.button("Bring it back", key="return-version", on_click=_return, args=(note.id, one.saved_at))
                st.button("Close", key="close-history", type="tertiary", on_click=state_notes.open_panel, args=("",))
        else:
            st.button("Close", key="close-history", type="tertiary", on_click=state_notes.open_panel, args=("",))


def _named(saved_at: datetime, cause: str) -> str:
    when = f"{day(saved_at)}, {saved_at.astimezone():%H:%M}"
    return f"{when} · {cause}" if cause else when


@faults.caught
def _renew(note_id: str, name: str) -> None:
    state.app().note_citing.renew(note_id, name)


@faults.caught
def _keep(note_id: str, name: str) -> None:
    state.app().note_citing.keep(note_id, name)


@faults.caught
def _show(note_id: str, name: str) -> None:
    note_editor.show(note_id, name)


@faults.caught
def _return(note_id: str, saved_at: datetime) -> None:
    state.app().notes.return_to(note_id, saved_at)
