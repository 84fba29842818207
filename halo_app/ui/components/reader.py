"""Read one source: its pages, tables or text between its outline and its guide, at the place that was asked for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from halo_app.domain.conversation import Citation, Message, Role
from halo_app.domain.source import Source
from halo_app.errors import HaloError
from halo_app.ui import address, faults, state, state_sources
from halo_app.ui.components import asset, source_windows, source_words
from halo_app.ui.components.cites import cited, owner
from halo_app.ui.safe import plain
from halo_app.ui.shortcuts import keys, spoken

_PARTS = ("reader_parts.js", "reader_text.js", "reader_pages.js", "reader_grid.js", "reader_side.js", "reader.js")
_reader = st.components.v2.component(
    "halo.reader",
    html='<div class="hold"><div class="reader"></div></div>',
    css=asset("reader.css"),
    js="\n".join(asset(name) for name in _PARTS),
)
KEY = "reader-view"


@faults.guarded
def draw(source_id: str, start: int, end: int) -> None:
    """Draw the source at the characters `start` to `end`; its script asks for what it shows by itself."""
    try:
        source = state.app().sources.get(source_id)
    except HaloError as error:
        st.button("‹ All sources", key="close-reader", type="tertiary", on_click=state.read, args=(None,))
        st.error(plain(faults.worded(error)))
        return
    with st.container(key="reader"):
        _reader(
            key=KEY,
            data={"source": source.id, "name": source.name, "facts": source_words.facts(source), "at": address.said(start, end),
                  "opened": state.reading_round(), "missing": source.missing, "keys": spoken(keys("search-inside"))},
            height="stretch",
            on_close_change=lambda: state.read(None),
            on_ask_change=lambda: _ask(source, st.session_state[KEY].ask),
            on_go_change=lambda: _go(st.session_state[KEY].go),
            on_restore_change=lambda: state_sources.ask("put-back", [source.id]),
        )
    source_windows.draw({source.id: source})


@faults.caught
def _ask(source: Source, asked: dict[str, Any]) -> None:
    """Ask in a new chat: of this source alone, or of all of the notebook."""
    for one in state.app().sources.of(source.notebook_id):
        state.tick(one.id, one.id == source.id or not asked["only"])
    state.open_conversation(None)
    state.ask_next(str(asked["question"]))
    state.ask_to_go("chat")


@faults.caught
def _go(to: dict[str, Any]) -> None:
    """Open the chat, note or output that cites this source, with the citation in the evidence panel."""
    app, kind, record_id = state.app(), str(to["kind"]), str(to["id"])
    if kind == "chat":
        message = app.chat.get(record_id).messages[int(to["turn"])]
        state.open_conversation(record_id)
        _show(cited(message), owner(state.key("thread", record_id), int(to["turn"])), to)
    elif kind == "note":
        state.open_card("note", app.notes.get(record_id).id)
    else:
        made = app.studio.get(record_id)
        state.open_card("output", made.id)
        whole = Message(Role.ASSISTANT, "", made.created_at, tuple(said for part in made.sections for said in part.sentences))
        _show(cited(whole), owner(state.key("sections", made.id), 0), to)
    state.ask_to_go({"chat": "chat", "note": "notes"}.get(kind, "studio"))


def _show(citations: tuple[Citation, ...], whose: str, to: dict[str, Any]) -> None:
    wanted = (str(to["source"]), int(to["start"]), int(to["end"]))
    for place, one in enumerate(citations):
        if (one.source_id, one.start, one.end) == wanted:
            state.show_evidence(state.Evidence(citations, place, whose))
            return
