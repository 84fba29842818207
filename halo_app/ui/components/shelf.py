"""The chats of the open notebook under the navigation, grouped by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from halo_app.domain.conversation import Conversation
from halo_app.ui import faults, state
from halo_app.ui.components import asset

_shelf = st.components.v2.component("halo.shelf", html='<nav class="shelf"></nav>', css=asset("shelf.css"), js=asset("shelf.js"))
KEY = "shelf"
SHOWN = 12


@faults.guarded
def draw() -> None:
    """Draw the chats, newest first; a click opens one on the Chat page."""
    chats = state.app().chat.sessions(state.notebook().id)
    groups = by_day(chats, datetime.now().astimezone())
    _shelf(key=KEY, data={"groups": groups, "open": state.session_id(), "shown": SHOWN}, on_open_change=_open)


def by_day(chats: Sequence[Conversation], now: datetime) -> list[dict[str, Any]]:
    """Return [{"name", "chats"}] in the order given; days are those of `now`'s time zone."""
    groups: dict[str, list[dict[str, str]]] = {}
    for chat in chats:
        day = _day(chat.updated_at.astimezone(now.tzinfo), now)
        groups.setdefault(day, []).append({"id": chat.id, "title": chat.title or "New chat"})
    return [{"name": name, "chats": shelf} for name, shelf in groups.items()]


def _day(when: datetime, now: datetime) -> str:
    age = (now.date() - when.date()) // timedelta(days=1)
    if age <= 0:
        return "Today"
    for limit, name in ((1, "Yesterday"), (7, "Last seven days"), (31, "Last month")):
        if age <= limit:
            return name
    return "Earlier"


def _open() -> None:
    state.open_conversation(st.session_state[KEY].open)
    if state.page_name() != "chat":
        state.ask_to_go("chat")
