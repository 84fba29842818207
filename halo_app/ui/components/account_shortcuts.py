"""Every keyboard shortcut, from the one table that the controls take them from, too."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults
from halo_app.ui.components import asset, prose
from halo_app.ui.shortcuts import TABLE, spoken

ABOUT = "Everything can be reached with Tab and Enter. These are quicker; none is one of the browser's own."
_keys = st.components.v2.component(
    "halo.keys", html='<div class="keys"></div>', css=asset("account_shortcuts.css"), js=asset("account_shortcuts.js")
)


@faults.guarded
def draw() -> None:
    """List them by where they work."""
    rows = [{"does": one.does, "where": one.where, "ways": [spoken(way) for way in one.keys],
             "mac": [spoken(way, mac=True) for way in one.keys]} for one in TABLE]
    with st.container(key="card-shortcuts"):
        prose.draw([("name", "Keyboard"), ("quiet", ABOUT)], key="shortcuts-head")
        _keys(key="shortcuts", data={"rows": rows})
