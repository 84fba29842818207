"""The memory section of the Account page: what is remembered, sought, sorted out, added to and cleared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import streamlit as st

from halo_app.domain.memory import Kind, Memory, Sought, State
from halo_app.services.memory import MemoryService
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import entries, memory_adding, memory_card, memory_waiting, prose
from halo_app.ui.words import many

CLEAR_WORD = "clear"
SHOWN = {"current": "What holds now", "superseded": "Also what was superseded", "expired": "Also what expired", "all": "Everything"}
MOST_FOUND = 200
ANY = "all kinds"


@faults.guarded
def draw() -> None:
    """Draw the memories, or one of them; or how to enable the memory."""
    status = state.app().account.memory()
    memory = state.app().memory if status.enabled or status.readable else None
    with st.container(key="card-memory"):
        if memory is None:
            prose.draw(
                [("name", "Memory"), ("quiet", status.message), ("quiet", "To enable it, set this and start again:")], key="memory"
            )
            if status.command:
                st.code(status.command, language=None, wrap_lines=True)
            return
        opened = state_account.memory_view().opened
        if status.readable:
            prose.draw([("fault", status.message)], key="memory-fault")
        if opened is not None:
            memory_card.draw(memory, opened, may_change=status.enabled)
            return
        _table(memory, may_change=status.enabled)


def _table(memory: MemoryService, *, may_change: bool) -> None:
    user, view = state.app().user_id, state_account.memory_view()
    total = memory.count(user, _everything())
    words = many(total, "entry", "entries") if total else "No memories stored yet."
    prose.draw([("name", "Memory"), ("quiet", words), ("quiet", _FIRST if may_change and not total else "")], key="memory")
    if may_change:
        memory_waiting.draw(memory)
        memory_adding.draw(memory)
    if not total:
        return
    _filters()
    view = state_account.memory_view()
    found, count = _found(memory, user, view)
    if not found:
        prose.draw([("quiet", f"None of the {many(total, 'entry', 'entries')} fits what is sought.")], key="nothing-fits")
        st.button("Show everything", key="show-everything", on_click=state_account.show_every_memory)
        return
    pages = -(-count // entries.PER_PAGE)
    entries.draw(found, chosen=view.chosen, page=min(view.page, pages - 1), pages=pages, now=state.app().clock())
    if may_change:
        _actions(memory, user, view.chosen, total)


_FIRST = "Add one below, or use Remember this under a message in Chat."


def _filters() -> None:
    state_account.show_filters(ANY)
    with st.container(horizontal=True, vertical_alignment="bottom", key="memory-filters"):
        words = st.text_input("Search memories", key=state_account.WORDS, placeholder="Search by words or meaning")
        kind = st.selectbox("Kind", [ANY, *map(str, Kind)], key=state_account.KIND)
        shown = st.selectbox("Show", list(SHOWN), key=state_account.SHOWN, format_func=SHOWN.__getitem__)
    state_account.seek_memories((words or "").strip(), "" if kind in (None, ANY) else kind, shown or "current")
    view = state_account.memory_view()
    if view.begins:
        only = f"{view.begins:%B %Y}" if view.by_month else f"{view.begins.day} {view.begins:%B %Y}"
        st.button(f"Only of {only} ✕", key="any-time", on_click=state_account.show_time, args=(None,), help="Show those of any time")


def _found(memory: MemoryService, user: str, view: state_account.MemoryView) -> tuple[list[Memory], int]:
    """Return the memories of this page and how many there are on all pages; a search has one page, best first."""
    where = _sought(view)
    if view.words:
        found = memory.search(user, view.words, limit=MOST_FOUND, where=where)
        begin = min(view.page, max(0, len(found) - 1) // entries.PER_PAGE) * entries.PER_PAGE
        return found[begin:begin + entries.PER_PAGE], len(found)
    count = memory.count(user, where)
    begin = min(view.page, max(0, count - 1) // entries.PER_PAGE) * entries.PER_PAGE
    return memory.list(user, where, limit=entries.PER_PAGE, offset=begin), count


def _sought(view: state_account.MemoryView) -> Sought:
    since, until = _span(view.begins, view.by_month) if view.begins else (None, None)
    where = Sought(kinds=(Kind(view.kind),) if view.kind else (), since=since, until=until)
    if view.shown == "current":
        return where
    wide = replace(where, superseded=view.shown in ("superseded", "all"), expired=view.shown in ("expired", "all"))
    return replace(wide, states=tuple(State)) if view.shown == "all" else wide


def _span(begins: date, by_month: bool) -> tuple[datetime, datetime]:
    """Return when a day or a month of the reader begins and ends."""
    ends = (begins + timedelta(days=32)).replace(day=1) if by_month else begins + timedelta(days=1)
    return datetime.combine(begins, time()).astimezone(), datetime.combine(ends, time()).astimezone()


def _everything() -> Sought:
    return Sought(states=tuple(State), superseded=True, expired=True)


def _actions(memory: MemoryService, user: str, chosen: frozenset[int], total: int) -> None:
    with st.container(horizontal=True, key="memory-actions"):
        drawn = state.key("delete-selected", state.round_of("delete-selected"))        # closed again when it has done its work
        with st.popover(f"Delete selected ({len(chosen)})" if chosen else "Delete selected", disabled=not chosen, key=drawn):
            if chosen:
                st.markdown(f"Delete {many(len(chosen), 'memory', 'memories')} for good? This cannot be undone.")
                st.button("Delete for good", key="delete-memories", type="primary", on_click=_delete, args=(memory, user, chosen))
        with st.popover("Clear all"):
            words = f"Type “{CLEAR_WORD}” to delete all {many(total, 'entry', 'entries')} for good"
            typed = st.text_input(words, key=state_account.CLEAR_WORD)
            ready = typed.strip().lower() == CLEAR_WORD
            st.button("Clear all memory", key="clear-memories", disabled=not ready, on_click=_clear, args=(memory, user))


@faults.caught
def _delete(memory: MemoryService, user: str, chosen: frozenset[int]) -> None:
    gone = memory.delete(user, sorted(chosen))
    state.next_round("delete-selected")
    state_account.choose_memories(frozenset())
    st.toast(f"{many(gone, 'memory', 'memories')} deleted for good.")


@faults.caught
def _clear(memory: MemoryService, user: str) -> None:
    gone = memory.clear(user)
    state_account.choose_memories(frozenset())
    state_account.forget_typed_words()
    st.toast(f"{many(gone, 'memory', 'memories')} deleted for good.")
