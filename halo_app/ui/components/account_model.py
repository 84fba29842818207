"""The language model on the Account page: which answers, where it runs, and what was sent to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from halo_app.domain.ledger import Sending
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import day, many

SENT_SHOWN = 100
CONNECT = 'export HALO_LLM__BASE_URL="http://127.0.0.1:11434/v1"\nexport HALO_LLM__MODEL="llama3.2"'


@faults.guarded
def draw() -> None:
    """Say which language model answers, if any, and where it runs."""
    status = state.app().account.model()
    lines = [("name", "Language model")]
    if status.configured:
        where = "on this machine" if status.is_local else "outside this machine: questions and passages are sent there"
        lines += [("quiet", f"{status.name}, {where}"), ("quiet", status.base_url)]
    else:
        lines += [
            ("quiet", "Without model. Answers are sentences of your own sources, and nothing leaves this machine."),
            ("quiet", "To connect one, set these and start again:"),
        ]
    with st.container(key="card-model"):
        prose.draw(lines, key="model")
        if not status.configured:
            st.code(CONNECT, language=None, wrap_lines=True)
        sent(is_remote=status.configured and not status.is_local)


def sent(*, is_remote: bool) -> None:
    """Show what went to models outside this machine: when, where, and how much of which sources."""
    sendings = state.app().account.sent()
    if not sendings:
        if is_remote:
            prose.draw([("quiet", "Nothing was sent yet. Every question and its passages will be listed here.")], key="sent")
        return
    names = {source.id: source.name for source in state.app().sources.of(state.notebook().id)}
    with st.expander(f"Sent outside this machine: {many(len(sendings), 'question')}", key="sent-list"):
        prose.draw([("quiet", _sending(one, names)) for one in sendings[:SENT_SHOWN]], key="sent")


def _sending(one: Sending, names: Mapping[str, str]) -> str:
    counts = Counter(names.get(span.source_id, "another source") for span in one.spans)
    parts = ", ".join(f"{name} ({many(count, 'passage')})" for name, count in counts.items())
    what = f"a question and {parts}" if parts else "a question, to name the chat"
    return f"{day(one.at)}, {one.at.astimezone():%H:%M} · {one.model} at {one.place} · {what}"
