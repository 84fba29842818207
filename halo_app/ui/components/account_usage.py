"""What was used day by day: counted on this machine, told to nobody."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import charts, prose
from halo_app.ui.words import many, size

DAYS = 30
COUNTED = ("questions", "sources", "memories")


@faults.guarded
def draw() -> None:
    """Show questions, sources, memories and bytes of the last days."""
    app = state.app()
    days = app.dashboard.usage(app.principal, app.user_id, DAYS)
    asked, added = sum(day.questions for day in days), sum(day.sources for day in days)
    remembered, taken = sum(day.memories for day in days), sum(day.size_bytes for day in days)
    with st.container(key="card-usage"):
        total = (f"{many(asked, 'question')}, {many(added, 'source')} ({size(taken)}), {many(remembered, 'memory', 'memories')} "
                 f"in the last {DAYS} days. Counted on this machine, told to nobody.")
        prose.draw([("name", "Usage"), ("quiet", total)], key="usage")
        if asked or added or remembered:
            counts = [(day.day, name, getattr(day, name)) for day in days for name in COUNTED if getattr(day, name)]
            charts.bars(counts, [day.day for day in days], COUNTED, label=f"Use in the last {DAYS} days", key="usage-chart")
