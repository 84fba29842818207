"""Memories as a table that people can read, sort out and open; a phone shows each as a card."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import streamlit as st

from halo_app.domain.memory import Fact, Indexed, Memory, Origin, State
from halo_app.ui import state_account
from halo_app.ui.components import asset
from halo_app.ui.words import day, shortened

PER_PAGE = 50
COLUMNS = ("Memory", "Kind", "Confidence", "Source", "Created", "Expires")
ORIGINS = {Origin.EXPLICIT: "added", Origin.OBSERVED: "chat", Origin.IMPORTED: "import"}
_entries = st.components.v2.component(
    "halo.entries", html='<div class="entries"></div>', css=asset("entries.css"), js=asset("entries.js")
)


def draw(memories: Sequence[Memory], *, chosen: Collection[int], page: int, pages: int, now: datetime, key: str = "entries") -> None:
    """Draw one page of memories; what is picked, opened or turned to is kept in the session."""

    def picked() -> None:
        here = {memory.id for memory in memories}
        state_account.choose_memories((frozenset(chosen) - here) | frozenset(st.session_state[key].pick["ids"]))

    def opened() -> None:
        state_account.open_memory(int(st.session_state[key].open["id"]))

    def turned() -> None:
        state_account.set_memory_page(int(st.session_state[key].turn["page"]))

    rows = [{"id": memory.id, "text": shortened(memory.text, 300), "note": note(memory, now), "dim": bool(note(memory, now)),
             "cells": _cells(memory)} for memory in memories]
    _entries(key=key, data={"rows": rows, "columns": COLUMNS, "chosen": sorted(chosen), "page": page, "pages": pages},
             on_pick_change=picked, on_open_change=opened, on_turn_change=turned)


def note(memory: Memory, now: datetime) -> str:
    """Return what sets a memory apart: suggested, no longer valid, expired, disputed, or not found by meaning; "" for most."""
    if memory.state is State.SUGGESTED:
        return "suggested, not yet kept"
    if memory.superseded_by:
        return "no longer holds: a later memory took its place"
    if memory.expires_at and memory.expires_at <= now:
        return "expired"
    if memory.disputes:
        return "may contradict another memory"
    return f"found by its words only: {memory.failure}" if memory.indexed is Indexed.FAILED else ""


def _cells(memory: Memory) -> list[str]:
    sure = f"{memory.confidence:.0%}" if isinstance(memory.content, Fact) else ""
    return [f"{memory.kind}{' · pinned' if memory.pinned else ''}", sure, ORIGINS[memory.provenance.origin],
            day(memory.created_at) if memory.created_at else "", day(memory.expires_at) if memory.expires_at else ""]
