"""The name of the open chat on top of it, renamed where it stands."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.conversation import Conversation
from halo_app.ui.components import asset, chat_acts

_headline = st.components.v2.component(
    "halo.headline", html='<div class="headline"></div>', css=asset("headline.css"), js=asset("headline.js")
)


KEY = "chat-head"


def draw(chat: Conversation | None, quiet: str, *, renames: bool) -> None:
    """Draw the name and the quiet line under it; `renames` offers to change the name."""
    name = {"id": chat.id if chat else "", "title": chat.title if chat else "New chat"}
    _headline(key=KEY, data={**name, "quiet": quiet, "renames": renames}, on_rename_change=_renamed)


def _renamed() -> None:
    asked = st.session_state[KEY].rename
    chat_acts.rename(asked["id"], asked["title"])
