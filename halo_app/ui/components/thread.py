"""The conversation: questions, answers sentence by sentence with verdicts, and citation chips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation, Message, Role
from halo_app.ui import state
from halo_app.ui.components import asset
from halo_app.ui.components.cites import cited, owner
from halo_app.ui.components.turns import sections, turn

_thread = st.components.v2.component(
    "halo.thread",
    html='<div class="thread"></div>',
    css=asset("thread.css"),
    js=asset("thread.js"),
)


def draw(
    messages: Sequence[Message],
    key: str,
    *,
    on_save: Callable[[int], None] | None = None,
    on_retry: Callable[[int], None] | None = None,
    on_remember: Callable[[int], None] | None = None,
) -> None:
    """Draw the turns; a chip opens the evidence panel, `on_save`, `on_retry` and `on_remember` get the turn's place.

    What has no callback is not offered.
    """
    turns = [turn(message, key, place) for place, message in enumerate(messages)]
    if turns and turns[-1]["role"] == "user":
        turns[-1]["waiting"] = True  # the answer was stopped, or failed before it was kept
    _mount(turns, [cited(message) for message in messages], key, on_save, on_retry, on_remember)


def draw_sections(parts: Sequence[Section], key: str) -> None:
    """Draw an output: headings with cited sentences under them."""
    whole = Message(Role.ASSISTANT, "", datetime.min, tuple(sentence for part in parts for sentence in part.sentences))
    _mount(sections(parts, whole, key), [cited(whole)] * len(parts), key, one_owner=True)


def draw_citations(citations: Sequence[Citation], key: str, title: str) -> None:
    """Draw what a note rests on: one quote a line, with its chip."""
    message = Message(Role.ASSISTANT, "", datetime.min, citations=tuple(citations))
    _mount([{**turn(message, key, 0), "listed": title, "still": True}], [cited(message)], key)


def _mount(
    turns: list[dict[str, Any]],
    places: Sequence[tuple[Citation, ...]],
    key: str,
    on_save: Callable[[int], None] | None = None,
    on_retry: Callable[[int], None] | None = None,
    on_remember: Callable[[int], None] | None = None,
    one_owner: bool = False,
) -> None:
    def opened() -> None:
        asked = st.session_state[key].open
        whose = owner(key, 0 if one_owner else asked["turn"])
        state.show_evidence(state.Evidence(places[asked["turn"]], asked["n"], whose))

    _thread(
        key=key,
        data={"turns": turns, "saves": on_save is not None, "remembers": on_remember is not None},
        on_open_change=opened,
        on_close_change=state.close_evidence,
        on_save_change=lambda: on_save(st.session_state[key].save["turn"]) if on_save else None,
        on_remember_change=lambda: on_remember(st.session_state[key].remember["turn"]) if on_remember else None,
        on_retry_change=lambda: on_retry(st.session_state[key].retry["turn"]) if on_retry else None,
    )
