"""The address says where the reader is, so that a reload, a bookmark, the way back or a restart leads there again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Protocol

import streamlit as st

from halo_app.errors import NotFound
from halo_app.ui import faults, state

KINDS = {"chat": "chat", "sources": "source", "notes": "note", "studio": "output"}      # page -> what can be open on it
NOTEBOOK = "notebook"
PLACE = "at"                    # of an open source: the characters that are shown, `120` or `120-180`
_PLACE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


class _InNotebook(Protocol):
    @property
    def notebook_id(self) -> str: ...


@faults.caught
def follow(page: str) -> None:
    """Open what the address of this page names, when it was not HALO itself that wrote it there.

    An id that is not known is told in words and forgotten; the page opens as it is without one.
    """
    asked, last = _asked(), state.told()
    state.set_page_name(page)
    if last and (asked == last.params or (page != last.page and not asked)):
        return
    if last and page == last.page and _where(page) != last.params:         # a click moved on: the address comes after
        return
    if asked or last:
        _open(page, asked, was_elsewhere=bool(last and NOTEBOOK in last.params))


def tell() -> None:
    """Write into the address what is open on this page."""
    page = state.page_name()
    if not page:
        return
    params = _where(page)
    state.set_told(state.Told(page, params))
    if _asked() != params:
        others = {name: value for name, value in st.query_params.to_dict().items() if name not in _names()}
        st.query_params.from_dict({**others, **params})


def _names() -> set[str]:
    return {NOTEBOOK, PLACE, *KINDS.values()}


def _asked() -> dict[str, str]:
    return {name: value for name, value in st.query_params.to_dict().items() if name in _names() and value}


def _where(page: str) -> dict[str, str]:
    """Return the thing that is open, which knows its notebook; else the notebook, unless it is the one that opens by itself."""
    reading = state.reading()
    opened = {
        "chat": state.session_id(),
        "source": reading[0] if reading else None,
        "note": state.open_card_id("note"),
        "output": state.open_card_id("output"),
    }
    kind = KINDS.get(page, "")
    if found := opened.get(kind):
        place = said(reading[1], reading[2]) if kind == "source" and reading else ""
        return {kind: found, PLACE: place} if place else {kind: found}
    current, first = state.notebook().id, state.first_notebook()
    return {} if first and first.id == current else {NOTEBOOK: current}


def _open(page: str, asked: Mapping[str, str], *, was_elsewhere: bool) -> None:
    app, kind = state.app(), KINDS.get(page, "")
    find: dict[str, Callable[[str], _InNotebook]] = {
        "chat": app.chat.get, "source": app.sources.get, "note": app.notes.get, "output": app.studio.get,
    }
    show: dict[str, Callable[[str | None], None]] = {
        "chat": state.open_conversation,
        "source": lambda found: state.read(found, *_read(asked.get(PLACE, ""))),
        "note": lambda found: state.open_card("note", found),
        "output": lambda found: state.open_card("output", found),
    }
    wanted = kind if asked.get(kind) else NOTEBOOK
    try:
        if wanted == kind:
            state.open_notebook(find[kind](asked[kind]).notebook_id)
        elif NOTEBOOK in asked:
            state.open_notebook(app.notebooks.get(asked[NOTEBOOK]).id)
        elif was_elsewhere:
            state.open_notebook("")
    except NotFound as error:
        words = f"There is no {wanted} at this address. It may have been deleted; what is still here is shown below."
        raise NotFound(words) from error
    if kind:
        show[kind](asked.get(kind))


def said(start: int, end: int) -> str:
    """Return a place in a text as the address says it, "" for its beginning."""
    return f"{start}-{end}" if end > start else str(start or "")


def _read(place: str) -> tuple[int, int]:
    """Return the characters that the address names; what is no place is the beginning."""
    found = _PLACE.fullmatch(place)
    start = int(found[1]) if found else 0
    return start, max(start, int(found[2] or 0)) if found else 0
