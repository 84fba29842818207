"""Who works here, where everything lies, the model connection, and the memory."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults
from halo_app.ui.components import account_model, account_parts


@faults.guarded
def page() -> None:
    st.title("Account")
    account_parts.identity()
    account_model.draw()
    account_parts.memory()
    account_parts.places()
    account_parts.health()


page()
