"""The parts of the Account page."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import size

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
def places() -> None:
    """Show where data and log lie, and how much there is."""
    account = state.app().account
    sizes = account.storage()
    lines = [("name", "On this machine")]
    lines += [("quiet", f"{_spoken(name).capitalize()}: {path}") for name, path in account.places().items()]
    parts = ", ".join(f"{_spoken(name)} {size(amount)}" for name, amount in sorted(sizes.items(), key=lambda part: -part[1]))
    lines += [("quiet", f"Space taken: {size(sum(sizes.values()))} ({parts})" if parts else "Nothing is stored yet")]
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
