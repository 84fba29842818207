"""How long things are kept: a number of days for each kind, what would go by them, and going through with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import many

NAMES = {
    "chat_days": "Chats", "note_days": "Notes", "source_days": "Sources", "output_days": "Outputs", "fact_days": "Facts",
    "conversation_days": "Remembered chats", "image_days": "Images", "transcription_days": "Transcriptions",
    "summary_days": "Summaries",    "run_days": "What agents did", "audit_days": "Audit trail"}
ONE = {"chats": "chat", "notes": "note", "sources": "source", "outputs": "output", "facts": "fact", "conversations": "remembered chat",
       "images": "image", "transcriptions": "transcription", "runs": "agent run", "expired": "expired memory", "summaries": "summary",
       "audit": "entry of the audit trail"}
MANY = {"expired": "expired memories", "summaries": "summaries", "audit": "entries of the audit trail"}
LONGEST_DAYS = 36_500


@faults.guarded
def draw() -> None:
    """Let the rules be changed, tried and followed."""
    service = state.app().retention
    with st.container(key="card-retention"):
        prose.draw([("name", "How long things are kept"),
                    ("quiet", "Days until something is deleted by itself, once a day and at the start; 0 keeps it. "
                              "Pinned memories always stay.")], key="retention")
        now = service.rules().model_dump()
        rules: dict[str, int] = {}
        with st.container(horizontal=True, key="retention-rules"):
            for name, title in NAMES.items():
                given = st.number_input(title, 0, LONGEST_DAYS, int(now[name]), step=1, key=state.key("rule", name), width=150)
                rules[name] = int(given)
        changed = {name: days for name, days in rules.items() if days != now[name]}
        _going(service.preview(changed), bool(changed))
        with st.container(horizontal=True, key="retention-actions"):
            st.button("Save the days", key="save-retention", type="primary", disabled=not changed, on_click=_save, args=(changed,))
            with st.popover("Delete now", disabled=bool(changed), help="Save the days first" if changed else None):
                st.markdown("Delete for good what is over by these days? This cannot be undone.")
                st.button("Delete for good", key="run-retention", type="primary", on_click=_run)


def _going(counts: Mapping[str, int], is_tried: bool) -> None:
    words = _spoken(counts)
    by = "By these days" if is_tried else "Now"
    line = ("remark", f"{by} this would go: {words}.") if words else ("quiet", f"{by} nothing would go.")
    prose.draw([line], key="retention-preview")


def _spoken(counts: Mapping[str, int]) -> str:
    said = partial(map, lambda one: many(one[1], ONE.get(one[0], one[0]), MANY.get(one[0], "")))
    return ", ".join(said((name, count) for name, count in counts.items() if count))


@faults.caught
def _save(changed: Mapping[str, int]) -> None:
    state.app().retention.change(changed)
    st.toast("Saved.")


@faults.caught
def _run() -> None:
    words = _spoken(state.app().retention.run())
    st.toast(f"Deleted for good: {words}." if words else "Nothing was old enough to be deleted.")
