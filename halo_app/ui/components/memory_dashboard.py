"""A way into the memory by its shape: over time, by kind, by meaning, by what leads to what; a click leads there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from halo_app.domain.memory import Kind
from halo_app.errors import HaloError
from halo_app.services.dashboard import Bar, DashboardService, Link
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import charts, memory_map, prose
from halo_app.ui.words import many

KINDS = tuple(map(str, (Kind.FACT, Kind.CONVERSATION, Kind.SUMMARY, Kind.TRANSCRIPTION, Kind.IMAGE)))
LINKS = {"superseded": "Superseded", "disputed": "May contradict each other", "merged": "Merged", "source": "Said in a chat"}
SHOWN_LINKS = 12
MANY = {Kind.SUMMARY: "summaries"}
VIEWS = ("Over time", "By meaning", "Links")


@faults.guarded
def draw() -> None:
    """Draw the overview when it is opened; nothing of it is worked out before."""
    if not _is_there() or state_account.memory_view().opened is not None:
        return
    with st.expander("Overview", state_account.overview_was_open(), key=state_account.OVERVIEW, on_change="rerun") as overview:
        if overview.open:
            _overview()


def _is_there() -> bool:
    try:
        return state.app().memory is not None
    except HaloError:                    # the table below says it
        return False


def _overview() -> None:
    app = state.app()
    service: DashboardService = app.dashboard
    seen = service.overview(app.principal, app.user_id)
    if not seen.memories:
        prose.draw([("quiet", "Nothing to show yet: no memories are stored.")], key="overview-empty")
        return
    counted = " · ".join(many(count, kind, MANY.get(kind, "")) for kind, count in seen.kinds.items())
    prose.draw([("quiet", counted)], key="overview-kinds")
    view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="overview-view", label_visibility="collapsed",
                                persist_state="session")
    kinds = [kind for kind in KINDS if kind in seen.kinds]
    if view == VIEWS[1]:
        _map(service, kinds)
    elif view == VIEWS[2]:
        _links(seen.links)
    else:
        _timeline(seen.bars, kinds)
        service.begin_map(app.principal, app.user_id)


def _timeline(bars: Sequence[Bar], kinds: Sequence[str]) -> None:
    by_month = len(bars) > 1 and all(bar.begins.day == 1 for bar in bars)
    times = charts.every(bars[0].begins, bars[-1].begins, by_month=by_month) if bars else []

    def picked(time: date | None, kind: str) -> None:
        if time is None:
            state_account.show_kind(kind)
        else:
            state_account.show_time(time, by_month=by_month)

    chosen = state_account.memory_view().begins
    charts.bars([(bar.begins, str(bar.kind), bar.count) for bar in bars], times, kinds, label="Memories over time", key="timeline",
                by_month=by_month, chosen=chosen, picked=picked)
    prose.draw([("quiet", "Click a bar to show its memories in the table, or a kind to show only that kind.")], key="timeline-help")


def _map(service: DashboardService, kinds: Sequence[str]) -> None:
    app = state.app()
    points = service.by_meaning(app.principal, app.user_id)
    if not points:
        prose.draw([("quiet", "No memory can be placed by its meaning yet. It takes a moment after it is stored.")], key="map-empty")
        return
    memory_map.draw(points, kinds)
    words = "What means alike lies together; what no longer holds is pale. Click a point to open it, or go there with the arrow keys."
    prose.draw([("quiet", f"{many(len(points), 'memory', 'memories')}. {words}")], key="map-help")


def _links(links: Sequence[Link]) -> None:
    if not links:
        prose.draw([("quiet", "No memory leads to another one or to a chat yet.")], key="links-empty")
    for kind, title in LINKS.items():
        own = [link for link in links if link.kind == kind]
        if own:
            first = f", the first {SHOWN_LINKS}" if len(own) > SHOWN_LINKS else ""
            prose.draw([("name", f"{title} ({len(own):,}{first})")], key=state.key("links", kind))
        for at, link in enumerate(own[:SHOWN_LINKS]):
            with st.container(horizontal=True, vertical_alignment="center", key=state.key("link", kind, at)):
                prose.draw([("excerpt", link.label)], key=state.key("link-text", kind, at))
                st.button("Open", key=state.key("open-link", kind, at), on_click=state_account.open_memory, args=(link.memory_id,))
                if link.other_id is not None:
                    other = state.key("open-other", kind, at)
                    st.button("Open the other", key=other, on_click=state_account.open_memory, args=(link.other_id,))
