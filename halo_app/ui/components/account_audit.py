"""The audit trail: what was done, by whom and when; and whether anybody changed it."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state, state_account
from halo_app.ui.components import prose
from halo_app.ui.words import many

LOOKS = frozenset({"memory.read", "memory.count", "memory.search"})
LOOKS_PER_ACT = 10             # how many more entries are read when those are left out


@faults.guarded
def draw() -> None:
    """Show the newest acts, and check the whole log when asked."""
    app = state.app()
    log = app.audit
    with st.container(key="card-audit"):
        prose.draw([("name", "Audit trail"),
                    ("quiet", "What was done and when, without any of its words. Entries can only be added."),
                    ("quiet", "Looking at memories is noted, too; those entries are many and hidden until you ask for them.")],
                   key="audit")
        with_looks = st.checkbox("Show looks at memories, too", key="audit-looks")
        shown = state_account.acts_shown()
        entries = log.entries(app.principal, user_id=app.user_id, limit=shown if with_looks else LOOKS_PER_ACT * shown)
        is_more = len(entries) >= shown
        entries = [entry for entry in entries if with_looks or entry.action not in LOOKS or entry.outcome != "done"][:shown]
        if not entries:
            prose.draw([("quiet", "Nothing was changed yet.")], key="audit-empty")
            return
        rows = [{"When": entry.at.astimezone().strftime("%Y-%m-%d %H:%M:%S"), "What": entry.action, "Of": entry.what,
                 "How many": entry.count, "Outcome": entry.outcome} for entry in entries]
        st.dataframe(rows, width="stretch", height=min(380, 40 + 35 * len(rows)), key="audit-table")
        with st.container(horizontal=True, key="audit-actions"):
            if is_more:
                st.button("Show more", key="more-audit", on_click=_more)
            if st.button("Check it", key="check-audit"):
                found = log.inspect()
                words = f"{many(found.entries, 'entry', 'entries')} checked: nothing was changed." if found.ok else f"{found.problem}."
                prose.draw([("yes" if found.ok else "fault", words)], key="audit-checked")


@faults.caught
def _more() -> None:
    state_account.show_more_acts()
