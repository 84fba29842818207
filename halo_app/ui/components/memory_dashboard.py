"""A way into the memory by its shape: over time, by kind, by meaning, by what leads to what; a click opens the memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from halo_app.domain.memory import Kind, Memory
from halo_app.services.dashboard import DashboardService, Link, Point
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import charts, prose
from halo_app.ui.words import many

_FADED = {"domain": [0, 1], "range": [0.25, 0.8]}         # what does not hold now is pale
KINDS = ("fact", "conversation", "summary", "transcription", "image")
LINKS = {"superseded": "Superseded", "disputed": "May contradict each other", "merged": "Merged", "source": "Said in a chat"}
SHOWN_LINKS, MANY_POINTS = 12, 1000
MANY = {Kind.SUMMARY: "summaries"}
VIEWS = ("Over time", "By meaning", "Links")


@faults.guarded
def draw() -> None:
    """Draw the overview when it is opened; nothing of it is worked out before."""
    if state.app().memory is None or state_account.memory_view().opened is not None:
        return
    with st.expander("Overview", key="memory-overview", on_change="rerun") as overview:
        if overview.open:
            _overview()


def _overview() -> None:
    service: DashboardService = state.app().dashboard
    memories = service.memories(state.app().principal, state.app().user_id)
    if not memories:
        prose.draw([("quiet", "Nothing to show yet: no memories are stored.")], key="overview-empty")
        return
    kinds = service.kinds(memories)
    prose.draw([("quiet", " · ".join(many(count, kind, MANY.get(kind, "")) for kind, count in kinds.items()))], key="overview-kinds")
    view = st.segmented_control("View", VIEWS, default=VIEWS[0], required=True, key="overview-view", label_visibility="collapsed")
    if view == VIEWS[1]:
        _map(service, memories)
    elif view == VIEWS[2]:
        _links(service.links(memories))
    else:
        _timeline(service, memories)


def _timeline(service: DashboardService, memories: Sequence[Memory]) -> None:
    bars = service.timeline(memories)
    by_month = len(bars) > 1 and all(bar.begins.day == 1 for bar in bars)
    times = charts.every(bars[0].begins, bars[-1].begins, by_month=by_month) if bars else []
    spec = charts.bars([(bar.begins, str(bar.kind), bar.count) for bar in bars], times, KINDS, by_month=by_month)
    picked = _drawn("timeline", {"height": 240, "params": [_picking("kind")], **spec})
    if picked.get("kind"):
        st.button(f"Show each {picked['kind']}", key="show-kind", on_click=state_account.show_kind, args=(str(picked["kind"]),))
    prose.draw([("quiet", "Click a bar to show its kind in the table.")], key="timeline-help")


def _map(service: DashboardService, memories: Sequence[Memory]) -> None:
    points = service.by_meaning(state.app().user_id, memories)
    if not points:
        prose.draw([("quiet", "No memory can be placed by its meaning yet. It takes a moment after it is stored.")], key="map-empty")
        return
    wide, high = _scale([point.x for point in points]), _scale([point.y for point in points])
    picked = _drawn("map", {
        "height": 380, "data": {"values": [_dot(point) for point in points]},
        "mark": {"type": "circle", "size": 60 if len(points) < MANY_POINTS else 24},
        "params": [_picking("id")],
        "encoding": {"x": {"field": "x", **wide}, "y": {"field": "y", **high}, "color": charts.coloured(KINDS),
                     "opacity": {"field": "now", "type": "quantitative", "legend": None, "scale": _FADED},
                     "tooltip": [{"field": "label"}, {"field": "kind"}]}})
    found = next((point for point in points if point.memory_id == picked.get("id")), None)
    if found:
        with st.container(horizontal=True, vertical_alignment="center", key="map-picked"):
            prose.draw([("excerpt", found.label)], key="map-label")
            st.button("Open", key="open-point", on_click=state_account.open_memory, args=(found.memory_id,))
    prose.draw([("quiet", f"{many(len(points), 'memory', 'memories')}; what means alike lies together. Click one.")], key="map-help")


def _links(links: Sequence[Link]) -> None:
    if not links:
        prose.draw([("quiet", "No memory leads to another one or to a chat yet.")], key="links-empty")
    for kind, title in LINKS.items():
        own = [link for link in links if link.kind == kind]
        if own:
            prose.draw([("name", f"{title} ({len(own):,})")], key=state.key("links", kind))
        for at, link in enumerate(own[:SHOWN_LINKS]):
            with st.container(horizontal=True, vertical_alignment="center", key=state.key("link", kind, at)):
                prose.draw([("excerpt", link.label)], key=state.key("link-text", kind, at))
                st.button("Open", key=state.key("open-link", kind, at), on_click=state_account.open_memory, args=(link.memory_id,))
                if link.other_id is not None:
                    other = state.key("open-other", kind, at)
                    st.button("Open the other", key=other, on_click=state_account.open_memory, args=(link.other_id,))


def _drawn(key: str, spec: dict[str, Any]) -> Mapping[str, Any]:
    """Draw a Vega-Lite chart and return what was clicked in it, {} when nothing is."""
    event: Any = st.vega_lite_chart(spec, width="stretch", on_select="rerun", key=key)
    picked = event.selection.get("picked") if event and event.selection else None
    return picked[0] if picked else {}


def _picking(field: str) -> dict[str, Any]:
    return {"name": "picked", "select": {"type": "point", "fields": [field], "toggle": False}}


def _scale(places: Sequence[float]) -> dict[str, Any]:
    least, most = min(places), max(places)
    room = 0.06 * (most - least) or 0.5
    return {"type": "quantitative", "axis": None, "scale": {"domain": [least - room, most + room], "zero": False, "nice": False}}


def _dot(point: Point) -> dict[str, Any]:
    now = int(point.is_current)
    return {"id": point.memory_id, "x": point.x, "y": point.y, "kind": str(point.kind), "label": point.label, "now": now}
