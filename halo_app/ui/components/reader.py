"""Read one source: its text with the true places, at a passage when one was asked for."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.source import Parsed, Source
from halo_app.ui import faults, state
from halo_app.ui.components import prose, source_words

WINDOW_CHARS = 6_000


@faults.guarded
def draw(source_id: str, start: int, end: int) -> None:
    """Draw the source around `start`; the passage `start` to `end` is highlighted."""
    if st.button("‹ All sources", key="close-reader", type="tertiary", on_click=state.read, args=(None,)):
        state.again()
    source, parsed = state.app().sources.get(source_id), state.app().sources.parsed(source_id)
    prose.draw([("title", source.name), *source_words.lines(source)], key="reader-head")
    _window(source, parsed, start, end)


@st.fragment
@faults.guarded
def _window(source: Source, parsed: Parsed, start: int, end: int) -> None:
    at = state.key("reader-at", source.id, start)
    begin = int(st.session_state.get(at, max(0, start - WINDOW_CHARS // 3)))
    until = min(len(parsed.text), begin + WINDOW_CHARS)
    place = parsed.locate(begin, until)
    _steps(at, begin, until, len(parsed.text), place.label if place else "")
    mark, last = max(begin, min(start, until)), max(begin, min(end, until))
    with st.container(key="serif-reader"):
        prose.draw(
            [("source", parsed.text[begin:mark]), ("mark", parsed.text[mark:last]), ("source", parsed.text[last:until])],
            key="reader-text",
        )


def _steps(at: str, begin: int, until: int, total: int, place: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="reader-steps"):
        st.button("‹ Earlier", key="reader-back", disabled=begin == 0, on_click=_go, args=(at, max(0, begin - WINDOW_CHARS)))
        st.button("Later ›", key="reader-on", disabled=until >= total, on_click=_go, args=(at, until))
        prose.draw(
            [("quiet", " · ".join(part for part in (place, f"characters {begin:,}–{until:,} of {total:,}") if part))],
            key="reader-place",
        )


def _go(at: str, begin: int) -> None:
    st.session_state[at] = begin
