"""Who works here."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import prose


@faults.guarded
def identity() -> None:
    """Say who works here."""
    with st.container(key="card-identity"):
        prose.draw(
            [
                ("name", "You"),
                ("quiet", f"User ID: {state.app().account.identity().user_id}"),
                ("quiet", 'No sign-in is needed on this machine. Another name is set with "app": {"user_id": …} in config.json.'),
            ],
            key="identity",
        )
