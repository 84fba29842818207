"""What is remembered by itself, and whether that was agreed to."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.consent import Standing
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import day

SAID = {
    Standing.NOT_ASKED: "You have not been asked yet.", Standing.GIVEN: "You agreed.",
    Standing.REFUSED: "You said no.", Standing.WITHDRAWN: "You took it back."}


@faults.guarded
def draw() -> None:
    """Show what is remembered by itself, whether that was agreed to, and let it be given or taken back."""
    service = state.app().consent
    standing, history = service.state(), service.history()
    lines = [("name", "Remembering by itself"), ("quiet", service.purpose.words), ("state", SAID[standing])]
    lines += [("quiet", f"{day(one.at)}: {one.standing} (version {one.version})") for one in history[-5:]]
    with st.container(key="card-consent"):
        prose.draw(lines, key="consent")
        if standing is Standing.GIVEN:
            st.button("Take it back", key="withdraw-consent", on_click=_withdraw)
        else:
            st.button("Agree", key="give-consent", on_click=_agree, args=(service.purpose.version,))


@faults.caught
def _agree(version: int) -> None:
    state.app().consent.give(version)


@faults.caught
def _withdraw() -> None:
    state.app().consent.withdraw()
