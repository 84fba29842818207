"""Who works here, what is remembered of them, which models answer, what may be kept, and how this installation is."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from halo_app.ui import faults, state, state_account
from halo_app.ui.components import (
    account_audit,
    account_data,
    account_model,
    account_parts,
    account_registry,
    account_retention,
    account_usage,
    memory_dashboard,
    memory_list,
)

SECTIONS: dict[str, tuple[Callable[[], object], ...]] = {
    "You": (account_parts.identity, account_usage.draw),
    "Memory": (memory_dashboard.draw, memory_list.draw),
    "Models": (account_model.draw, account_registry.draw),
    "Privacy": (
        account_data.consent, account_retention.draw, account_data.take_along, account_data.erase, account_data.clear_everyone),
    "Audit": (account_audit.draw,),
    "This installation": (account_parts.places, account_parts.health),
}


@st.fragment
@faults.guarded
def page() -> None:
    state_account.follow_address(tuple(SECTIONS))
    chosen = st.segmented_control("Section", SECTIONS, key=state_account.SECTION, on_change=state_account.tell_section,
                                  label_visibility="collapsed", required=True)
    for part in SECTIONS[chosen]:
        part()
    state.settle()


st.title("Account")
page()
