"""What leaves this machine: nothing, or every single sending, by its place and never by its text."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import account_model, prose


@faults.guarded
def draw() -> None:
    """Say what leaves this machine, and list what did."""
    status = state.app().account.model()
    if status.configured and not status.is_local:
        told = f"Each question goes with its passages to {status.name} at {status.base_url}. Nothing else leaves."
        state_line = "▲ Questions and passages are sent"
    else:
        told = ("Reading, searching, answering and remembering happen here; no use is counted elsewhere, and fonts and pictures come "
                "from this machine.")
        state_line = "● Nothing leaves this machine"
    with st.container(key="card-leaves"):
        prose.draw([("name", "What leaves this machine"), ("state", state_line), ("quiet", told),
                    ("quiet", "A web address that you add as a source is asked for its page, by you and once.")], key="leaves")
        account_model.sent(is_remote=status.configured and not status.is_local)
