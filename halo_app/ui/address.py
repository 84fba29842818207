"""The address says where the reader is, so that a reload, a bookmark, the way back or a restart leads there again."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from halo_app.errors import NotFound
from halo_app.ui import faults, opening, state

KINDS = {page: kind for kind, page in opening.PAGES.items()}      # page -> what can be open on it
NOTEBOOK = "notebook"
PLACE = "at"                    # of an open source: the characters that are shown, `120` or `120-180`
_PLACE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


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
    kind = KINDS.get(page, "")
    wanted = kind if asked.get(kind) else NOTEBOOK
    try:
        if wanted == kind:
            opening.open_thing(kind, asked[kind])
        elif NOTEBOOK in asked:
            state.open_notebook(state.app().notebooks.get(asked[NOTEBOOK]).id)
        elif was_elsewhere:
            state.open_notebook("")
    except NotFound as error:
        words = f"There is no {wanted} at this address. It may have been deleted; what is still here is shown below."
        raise NotFound(words) from error
    if kind and wanted != kind:
        opening.show(kind, None)
    if kind == "source" and asked.get(kind) and PLACE in asked:
        _show_passage(asked[kind], asked[PLACE])


def said(start: int, end: int) -> str:
    """Return a place in a text as the address says it, "" for its beginning."""
    return f"{start}-{end}" if end > start else str(start or "")


def _show_passage(source_id: str, place: str) -> None:
    """Show the characters that the address names. Raises NotFound when the source has none there; its beginning is shown then."""
    found, sources = _PLACE.fullmatch(place), state.app().sources
    start = int(found[1]) if found else -1
    end = max(start, int(found[2] or 0)) if found else 0
    if not 0 <= start <= end <= len(sources.parsed(source_id).text):
        name = sources.get(source_id).name
        raise NotFound(f"“{name}” has no such passage: the address may be cut off. The source is shown from its beginning.")
    state.read(source_id, start, end)
