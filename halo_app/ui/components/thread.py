"""The conversation: questions, answers sentence by sentence with verdicts, and citation chips."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from halo_app.domain.conversation import Citation, Message, Role
from halo_app.ui import state
from halo_app.ui.components import asset
from halo_app.ui.components.cites import cited, owner
from halo_app.ui.components.turns import turn

_thread = st.components.v2.component(
    "halo.thread",
    html='<nav class="pins" aria-label="Pinned answers" hidden></nav><div class="thread"></div>',
    css=asset("thread.css"),
    js=asset("thread_parts.js") + asset("thread.js"),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be done with a turn, each with the turn's place; what is None is not offered."""

    save: Callable[[int], None] | None = None
    remember: Callable[[int], None] | None = None
    again: Callable[[int], None] | None = None             # answer again
    edit: Callable[[int, str], None] | None = None         # ask in other words
    version: Callable[[int, int], None] | None = None      # so many versions on
    pin: Callable[[int, bool], None] | None = None
    retry: Callable[[int], None] | None = None             # a question without an answer


def draw(
    messages: Sequence[Message],
    key: str,
    choices: Choices | None = None,
    *,
    failed: tuple[str, str] | None = None,
    waits: bool = False,
    sources: Collection[str] = (),
) -> None:
    """Draw the turns; a chip opens the evidence panel.

    `failed` is a question and why it has no answer, or no other one. `waits` says that the last question waits for its
    files; `sources` are the ids of what has been read.
    """
    turns = [turn(message, key, place) for place, message in enumerate(messages)]
    for drawn, message in zip(turns, messages, strict=True):
        if message.attached:
            drawn["attached"] = [{"name": one.name, "is_source": one.source_id in sources} for one in message.attached]
    if turns and turns[-1]["role"] == "user" and not waits:
        turns[-1]["waiting"] = True  # the answer was stopped, or failed before it was kept
    if failed:
        asked = [place for place, message in enumerate(messages) if message.role is Role.USER and message.content == failed[0]]
        if asked:
            turns[min(asked[-1] + 1, len(turns) - 1)]["reason"] = failed[1]
    _mount(turns, [cited(message) for message in messages], key, choices)


def draw_citations(citations: Sequence[Citation], key: str, title: str) -> None:
    """Draw what a note rests on: one quote a line, with its chip."""
    message = Message(Role.ASSISTANT, "", datetime.min, citations=tuple(citations))
    _mount([{**turn(message, key, 0), "listed": title, "still": True}], [cited(message)], key)


def _mount(
    turns: list[dict[str, Any]],
    places: Sequence[tuple[Citation, ...]],
    key: str,
    choices: Choices | None = None,
) -> None:
    can = choices or Choices()

    def opened() -> None:
        asked = st.session_state[key].open
        whose = owner(key, asked["turn"])
        state.show_evidence(state.Evidence(places[asked["turn"]], asked["n"], whose))

    def chosen(name: str, act: Callable[..., None] | None, *details: str) -> Callable[[], None]:
        def run() -> None:
            given = getattr(st.session_state[key], name)
            if act:
                act(given["turn"], *(given[detail] for detail in details))

        return run

    _thread(
        key=key,
        data={
            "turns": turns, "saves": can.save is not None, "remembers": can.remember is not None, "again": can.again is not None,
            "edits": can.edit is not None, "pins": can.pin is not None,
        },
        on_open_change=opened,
        on_close_change=state.close_evidence,
        on_save_change=chosen("save", can.save),
        on_remember_change=chosen("remember", can.remember),
        on_again_change=chosen("again", can.again),
        on_edit_change=chosen("edit", can.edit, "text"),
        on_version_change=chosen("version", can.version, "by"),
        on_pin_change=chosen("pin", can.pin, "pinned"),
        on_retry_change=chosen("retry", can.retry),
    )
