"""Where the reader is on the Account page; its session keys are spelled here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

_MEMORY, _MADE, _ACTS, _BROUGHT = "memory-view", "made", "acts-shown", "brought-in"
OVERVIEW, _OVERVIEW_BEFORE = "memory-overview", "overview-before"
WORDS, KIND, SHOWN = "memory-words", "memory-kind", "memory-shown"
SECTION, _TOLD = "section", "section-told"
THEME, DENSITY = "theme", "density"
CLEAR_WORD, EVERYONE_WORD = "clear-word", "everyone-word"


def follow_address(sections: Sequence[str]) -> None:
    """Choose the section that the address names, when it was not the page itself that wrote it there."""
    asked = st.query_params.get(SECTION, "")
    if SECTION in st.session_state and asked == st.session_state.get(_TOLD, ""):
        return
    st.session_state[_TOLD] = asked
    st.session_state[SECTION] = asked if asked in sections else sections[0]


def tell_section() -> None:
    """Write the chosen section into the address. Streamlit's own binding would not let go of it when another page is opened."""
    if chosen := st.session_state.get(SECTION):
        st.session_state[_TOLD] = st.query_params[SECTION] = chosen


@dataclass(frozen=True, slots=True)
class MemoryView:
    """What of the memories is shown on the Account page: what is sought, which page, what is picked, and which is open."""

    words: str = ""
    kind: str = ""
    shown: str = "current"
    begins: date | None = None             # only those of this day, or of this month
    by_month: bool = False
    page: int = 0
    chosen: frozenset[int] = frozenset()
    opened: int | None = None


def memory_view() -> MemoryView:
    view: MemoryView = st.session_state.get(_MEMORY, MemoryView())
    return view


def seek_memories(words: str, kind: str, shown: str) -> None:
    """Show other memories, from their first page; what was picked among the others is let go."""
    view = memory_view()
    if (words, kind, shown) != (view.words, view.kind, view.shown):
        changed = replace(view, words=words, kind=kind, shown=shown, page=0, chosen=frozenset())
        st.session_state[_MEMORY] = changed


def choose_memories(ids: frozenset[int]) -> None:
    st.session_state[_MEMORY] = replace(memory_view(), chosen=ids)


def open_memory(memory_id: int | None) -> None:
    """Open one memory; None goes back to the table."""
    if memory_id is not None and memory_view().opened is None:
        st.session_state[_OVERVIEW_BEFORE] = bool(st.session_state.get(OVERVIEW, False))
    st.session_state[_MEMORY] = replace(memory_view(), opened=memory_id)


def set_memory_page(page: int) -> None:
    st.session_state[_MEMORY] = replace(memory_view(), page=page)


def keep_made(name: str, data: bytes, words: str) -> None:
    """Keep a file that was made for the reader until they have fetched it, and what is in it, in words."""
    st.session_state[f"{_MADE}-{name}"] = (data, words)


def made(name: str) -> tuple[bytes, str] | None:
    """Return the file that was made and what is in it, None before."""
    found: tuple[bytes, str] | None = st.session_state.get(f"{_MADE}-{name}")
    return found


def tell_brought(words: str) -> None:
    """Keep what was brought in, in words, for the page to say."""
    st.session_state[_BROUGHT] = words


def brought() -> str:
    return str(st.session_state.get(_BROUGHT, ""))


def chosen(key: str) -> str:
    """Return what was chosen in a control of this page."""
    return str(st.session_state[key])


def acts_shown() -> int:
    """Return how many entries of the audit log are shown."""
    return int(st.session_state.get(_ACTS, 50))


def show_more_acts() -> None:
    st.session_state[_ACTS] = 4 * acts_shown()


def show_kind(kind: str) -> None:
    """Show the memories of one kind in the table, and say so in its filter."""
    view = memory_view()
    st.session_state[KIND] = kind
    seek_memories(view.words, kind, view.shown)


def show_time(begins: date | None, *, by_month: bool = False) -> None:
    """Show the memories of one day or month in the table; None, or the same again, shows those of any time."""
    view = memory_view()
    wanted = None if begins == view.begins else begins
    st.session_state[_MEMORY] = replace(view, begins=wanted, by_month=by_month, page=0, chosen=frozenset())


def overview_was_open() -> bool:
    """Return whether the overview was unfolded when a memory was opened; it is again on the way back."""
    return bool(st.session_state.get(_OVERVIEW_BEFORE, False))


def show_memories(words: str) -> None:
    """Open the Account page at the memories, with these words sought in them."""
    st.session_state[_TOLD] = st.query_params.get(SECTION, "")
    st.session_state[SECTION] = "Memory"
    if words:
        st.session_state[WORDS] = words
        seek_memories(words, "", "current")


def show_filters(any_kind: str) -> None:
    """Let the filters say what is sought, where they do not say it yet."""
    view = memory_view()
    for name, value in ((WORDS, view.words), (KIND, view.kind or any_kind), (SHOWN, view.shown)):
        st.session_state.setdefault(name, value)


def show_every_memory() -> None:
    """Let go of all filters of the table."""
    for name in (WORDS, KIND, SHOWN):
        st.session_state.pop(name, None)
    st.session_state[_MEMORY] = replace(MemoryView(shown="all"), opened=memory_view().opened)


def forget_typed_words() -> None:
    """Empty the fields for the words that clear the memory."""
    for name in (CLEAR_WORD, EVERYONE_WORD):
        st.session_state.pop(name, None)
