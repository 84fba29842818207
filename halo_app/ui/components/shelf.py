"""The chats of the open notebook under the navigation: by day, searched in full text, renamed in place, taken along, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from halo_app.domain.conversation import Conversation
from halo_app.domain.seeking import Piece
from halo_app.domain.shelving import shelf_of
from halo_app.services.chat_search import FoundChat
from halo_app.ui import faults, state, state_chats
from halo_app.ui.components import asset, chat_acts
from halo_app.ui.words import many

_shelf = st.components.v2.component(
    "halo.shelf",
    html='<nav class="shelf"></nav>',
    css=asset("parts.css") + asset("shelf.css"),
    js=asset("parts.js") + asset("shelf.js"),
)
KEY = "shelf"
SEARCHED_FROM = 4              # with fewer chats there is nothing to search
MOST_FOUND = 100


@st.fragment
@faults.guarded
def draw() -> None:
    """Draw the chats, newest first; a click opens one on the Chat page."""
    notebook_id = state.notebook().id
    chats, view = state.app().chat.sessions(notebook_id), state_chats.shelf(notebook_id)
    found = state.app().chat_search.find(view.words, notebook_id, limit=MOST_FOUND) if view.words else []
    groups = _found(found) if view.words else by_day(chats[: view.shown], datetime.now().astimezone())
    _shelf(
        key=KEY,
        data={
            "groups": groups,
            "open": state.session_id(),
            "private": state.incognito() is not None,
            "words": view.words,
            "searched": len(chats) >= SEARCHED_FROM,
            "hidden": 0 if view.words else max(0, len(chats) - view.shown),
            "formats": chat_acts.formats(),
        },
        on_open_change=_open,
        on_seek_change=_seek,
        on_more_change=lambda: state_chats.show_more_chats(notebook_id),
        on_rename_change=_rename,
        on_delete_change=lambda: chat_acts.delete(st.session_state[KEY].delete),
    )
    state.settle_beside()


def by_day(chats: Sequence[Conversation], now: datetime) -> list[dict[str, Any]]:
    """Return [{"name", "chats"}] in the order given; days are those of `now`'s time zone."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for chat in chats:
        groups.setdefault(shelf_of(chat.updated_at, now), []).append({"id": chat.id, "title": chat.title or "New chat"})
    return [{"name": name, "chats": shelf} for name, shelf in groups.items()]


def _found(found: Sequence[FoundChat]) -> list[dict[str, Any]]:
    rows = [{"id": one.chat.id, "title": one.chat.title, "marked": _parts(one.title), "said": _parts(one.said)} for one in found]
    name = f"{many(len(rows), 'chat')} found" if len(rows) < MOST_FOUND else f"The first {MOST_FOUND} chats"
    return [{"name": name if rows else "No chat holds these words", "chats": rows}]


def _parts(pieces: Sequence[Piece]) -> list[tuple[str, bool]]:
    return [(piece.text, piece.found) for piece in pieces]


def _open() -> None:
    state.open_conversation(st.session_state[KEY].open)
    if state.page_name() != "chat":
        state.ask_to_go("chat")


def _seek() -> None:
    state_chats.seek_chats(state.notebook().id, str(st.session_state[KEY].seek))


def _rename() -> None:
    asked = st.session_state[KEY].rename
    chat_acts.rename(asked["id"], asked["title"])
