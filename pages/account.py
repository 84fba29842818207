"""Who works here, what is remembered of them, which models answer, what may be kept, and how this installation is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from halo_app.ui import faults, state, state_account
from halo_app.ui.components import (
    account_about,
    account_appearance,
    account_audit,
    account_consent,
    account_copies,
    account_danger,
    account_log,
    account_model,
    account_parts,
    account_privacy,
    account_registry,
    account_retention,
    account_room,
    account_shortcuts,
    account_usage,
    memory_dashboard,
    memory_list,
)

SECTIONS: dict[str, tuple[Callable[[], object], ...]] = {
    "You": (account_parts.identity, account_usage.draw),
    "Appearance": (account_appearance.draw,),
    "Memory": (memory_dashboard.draw, memory_list.draw),
    "Models": (account_model.draw, account_registry.draw),
    "Privacy": (account_privacy.draw, account_consent.draw, account_retention.draw),
    "Storage": (account_room.draw, account_copies.take_along, account_copies.bring_in, account_copies.backup),
    "Audit": (account_audit.draw,),
    "Log": (account_log.draw,),
    "Keyboard": (account_shortcuts.draw,),
    "This installation": (account_about.draw, account_about.health),
    "Danger zone": (account_danger.erase, account_danger.clear_everyone),
}


@st.fragment
@faults.guarded
def page() -> None:
    state_account.follow_address(tuple(SECTIONS))
    with st.container(key="account", horizontal=True, wrap=False):
        chosen = st.segmented_control("Section", SECTIONS, key=state_account.SECTION, on_change=state_account.tell_section,
                                      label_visibility="collapsed", required=True)
        with st.container(key="danger" if chosen == "Danger zone" else "section-body"):
            for part in SECTIONS[chosen]:
                part()
    state.settle()


st.title("Account")
page()
