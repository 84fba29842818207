"""What waits for a word about the memory: suggestions to keep or dismiss, and what could not be found by its meaning."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.memory import Fact
from halo_app.services.memory import MemoryService
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import many

SHOWN = 20


def draw(memory: MemoryService) -> None:
    """Draw what waits; nothing at all when nothing does."""
    _suggestions(memory)
    _failed(memory)


def _suggestions(memory: MemoryService) -> None:
    waiting = memory.suggested(state.app().user_id)
    if not waiting:
        return
    with st.container(key="suggestions"):
        more = f" The first {SHOWN} of {len(waiting):,} are shown." if len(waiting) > SHOWN else ""
        words = f"Taken from what you said. Nothing of it counts until you keep it.{more}"
        prose.draw([("name", "Suggested"), ("quiet", words)], key="suggested-head")
        for one in waiting[:SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center", key=state.key("suggestion", one.id)):
                prose.draw([("excerpt", one.text), ("quiet", f"{one.confidence:.0%} sure")], key=state.key("suggestion-text", one.id))
                st.button("Keep", key=state.key("keep", one.id), on_click=keep, args=(memory, one.id))
                st.button("Dismiss", key=state.key("dismiss", one.id), type="tertiary", on_click=dismiss, args=(memory, one.id))


def _failed(memory: MemoryService) -> None:
    failed = memory.failed(state.app().user_id)
    if not failed:
        return
    lines = [("remark", faults.sentences(f"{many(count, 'memory is', 'memories are')} found by words only: {reason}"))
             for reason, count in failed.items()]
    with st.container(key="failed-memories"):
        prose.draw(lines, key="failed-words")
        st.button("Try again", key="retry-memories", on_click=_retry, args=(memory,))


@faults.caught
def keep(memory: MemoryService, memory_id: int) -> None:
    """Keep a suggestion; a known fact that it contradicts no longer holds."""
    app = state.app()
    one = memory.get(app.user_id, memory_id)
    if isinstance(one.content, Fact):
        app.reconciling.accept(app.principal, one)
    else:
        memory.accept(app.user_id, memory_id)


@faults.caught
def dismiss(memory: MemoryService, memory_id: int) -> None:
    """Delete a suggestion for good."""
    app = state.app()
    app.reconciling.reject(app.principal, memory.get(app.user_id, memory_id))


@faults.caught
def _retry(memory: MemoryService) -> None:
    count = memory.retry(state.app().user_id)
    st.toast(f"Trying again with {many(count, 'memory', 'memories')}.")
