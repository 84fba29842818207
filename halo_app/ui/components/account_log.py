"""The program log: its last lines on the page, where it lies, and all of it to take along."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import prose

SHOWN = 200


@faults.guarded
def draw() -> None:
    """Show the newest entries, newest first."""
    log = state.app().program_log
    with st.container(key="card-log"):
        prose.draw([("name", "Log"), ("quiet", "What HALO did and what failed, without a word of your sources, chats or memories."),
                    ("quiet", str(log.place))], key="log-head")
        grave = st.toggle("Only warnings and errors", key="log-grave")
        entries = log.entries(SHOWN, grave=grave)
        if not entries:
            prose.draw([("quiet", "Nothing went wrong so far." if grave else "Nothing is written down yet.")], key="log-empty")
            return
        st.code("\n".join(entries), language=None, wrap_lines=True, height=380)
        st.download_button("Download the log", log.whole, file_name="halo.log", mime="text/plain", key="download-log",
                           on_click="ignore")
