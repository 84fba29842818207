"""The palette: go to anything by a few letters, or do something, with the keyboard alone; and the list of all shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from halo_app.ui import faults, going, opening, shortcuts, state, state_account, state_chats
from halo_app.ui.components import asset, chat_acts

_palette = st.components.v2.component(
    "halo.palette", html="<i hidden></i>", js=asset("parts.js") + asset("palette.js")
)
KEY = "palette"


@st.fragment
@faults.guarded
def draw() -> None:
    """Listen for the shortcut; nothing is seen until it is pressed."""
    with st.container(key="palette-home"):
        theme = state.app().appearance.now().theme
        data = {"address": going.ADDRESS, "notebook": state.notebook().id, "shortcuts": _table(), "css": asset("palette.css"),
                "theme": theme.title(), "reload": state.incognito() is None}
        _palette(key=KEY, data=data, on_go_change=_gone)
    state.settle_beside()


def _table() -> list[dict[str, Any]]:
    return [{"does": one.does, "where": one.where, "single": any(way in shortcuts.TYPED for way in one.keys),
             "keys": [[shortcuts.spoken(way), shortcuts.spoken(way, mac=True)] for way in one.keys]} for one in shortcuts.TABLE]


@faults.caught
def _gone() -> None:
    asked = st.session_state[KEY].go
    kind, thing_id, text = str(asked["kind"]), str(asked["id"]), str(asked["text"])
    state.app().going.note(kind, thing_id)
    if kind == "page":
        _page(thing_id)
    elif kind == "action":
        ACTIONS[thing_id](text)
    else:
        _open(kind, thing_id)
    state.redraw()


def _open(kind: str, thing_id: str) -> None:
    """Open a thing where it belongs. Raises NotFound when it was deleted meanwhile."""
    if kind == "notebook":
        state.open_notebook(state.app().notebooks.get(thing_id).id)
        return
    opening.open_thing(kind, thing_id)
    _page(opening.PAGES[kind])


def _page(name: str) -> None:
    if state.page_name() != name:
        state.ask_to_go(name)


def _new_chat(_: str) -> None:
    chat_acts.begin()
    _page("chat")


def _incognito(_: str) -> None:
    chat_acts.begin_private()
    _page("chat")


def _new_note(_: str) -> None:
    state.open_card("note", state.app().notes.create(state.notebook().id, "Untitled", "").id)
    _page("notes")


def _add_sources(_: str) -> None:
    state.read(None)
    _page("sources")


def _make_output(_: str) -> None:
    state.open_card("output", None)
    _page("studio")


def _search_memory(text: str) -> None:
    state_account.show_memories(text)
    _page("account")


def _search_chats(text: str) -> None:
    state_chats.seek_chats(state.notebook().id, text)


def _theme(name: str) -> Callable[[str], None]:
    def choose(_: str) -> None:
        state.app().appearance.change(theme=name)

    return choose


def _ask(text: str) -> None:
    state.ask_next(text)
    _page("chat")


ACTIONS: dict[str, Callable[[str], None]] = {
    "new-chat": _new_chat,
    "incognito": _incognito,
    "new-note": _new_note,
    "add-sources": _add_sources,
    "make-output": _make_output,
    "search-memory": _search_memory,
    "search-chats": _search_chats,
    "theme-light": _theme("light"),
    "theme-dark": _theme("dark"),
    "theme-system": _theme("system"),
    "ask": _ask,
}
