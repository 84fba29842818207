"""The parts of the Account page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from halo_app.domain.ledger import Sending
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import day, many, size

CLEAR_WORD = "clear"
SENT_SHOWN = 100
SPOKEN = {"embedding_model": "search model", "lancedb": "search index", "chat_history": "chats"}


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


@faults.guarded
def model() -> None:
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
            st.code('export HALO_LLM__BASE_URL="http://127.0.0.1:11434/v1"\nexport HALO_LLM__MODEL="llama3.2"', language="bash")
        _sent(status.configured and not status.is_local)


def _sent(is_remote: bool) -> None:
    """Show what went to models outside this machine: when, where, and how much of which sources."""
    sent = state.app().account.sent()
    if not sent:
        if is_remote:
            prose.draw([("quiet", "Nothing was sent yet. Every question and its passages will be listed here.")], key="sent")
        return
    names = {source.id: source.name for source in state.app().sources.of(state.notebook().id)}
    with st.expander(f"Sent outside this machine: {many(len(sent), 'question')}", key="sent-list"):
        prose.draw([("quiet", _sending(one, names)) for one in sent[:SENT_SHOWN]], key="sent")


def _sending(one: Sending, names: Mapping[str, str]) -> str:
    counts = Counter(names.get(span.source_id, "another source") for span in one.spans)
    parts = ", ".join(f"{name} ({many(count, 'passage')})" for name, count in counts.items())
    return f"{day(one.at)}, {one.at.astimezone():%H:%M} · {one.model} at {one.place} · a question and {parts}"


@faults.guarded
def memory() -> None:
    """Show the memory, or how to enable it."""
    status = state.app().account.memory()
    with st.container(key="card-memory"):
        if not status.enabled:
            prose.draw(
                [("name", "Memory"), ("quiet", status.message), ("quiet", "To enable it, set this and start again:")], key="memory"
            )
            st.code(status.command, language="bash")
            return
        _entries()


def _entries() -> None:
    entries = state.app().account.memories()
    prose.draw(
        [("name", "Memory"), ("quiet", many(len(entries), "entry", "entries") if entries else "No memories stored yet.")], key="memory"
    )
    chosen = []
    for entry in entries:
        with st.container(horizontal=True, wrap=False, vertical_alignment="top", key=state.key("memory-line", entry.id)):
            if st.checkbox("Select", key=state.key("memory", entry.id), label_visibility="collapsed"):
                chosen.append(entry.id)
            prose.draw([("source", entry.memory)], key=state.key("memory-text", entry.id))
    if not entries:
        return
    with st.container(horizontal=True, key="memory-actions"):
        if st.button("Delete selected", key="delete-memories", disabled=not chosen):
            state.app().account.delete(chosen)
            st.rerun()
        with st.popover("Clear all"):
            typed = st.text_input(f"Type “{CLEAR_WORD}” to delete every entry", key="clear-word")
            if st.button("Clear all memory", key="clear-memories", disabled=typed.strip().lower() != CLEAR_WORD):
                state.app().account.clear()
                st.rerun()


@faults.guarded
def places() -> None:
    """Show where data and log lie, and how much there is."""
    account = state.app().account
    sizes = account.storage()
    lines = [("name", "On this machine")]
    lines += [("quiet", f"{_spoken(name).capitalize()}: {path}") for name, path in account.places().items()]
    lines += [("quiet", " · ".join(f"{_spoken(name)} {size(amount)}" for name, amount in sizes.items()))]
    with st.container(key="card-places"):
        prose.draw(lines, key="places")


@faults.guarded
def health() -> None:
    """Show the list behind `halo doctor`."""
    with st.expander("Check this installation"):
        if st.button("Check now", key="check-now"):
            checks = state.app().health()
            prose.draw(
                [
                    line
                    for check in checks
                    for line in (
                        ("yes" if check.ok else "fault", f"{'✓' if check.ok else '✕'} {check.name}: {check.detail}"),
                        ("quiet", "" if check.ok else check.fix),
                    )
                ],
                key="checks",
            )


def _spoken(name: str) -> str:
    return SPOKEN.get(name, name.replace("_", " "))
