"""What cannot be taken back: erasing a person, and clearing the memory of everybody; each after words that are typed."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.user import UserRole
from halo_app.errors import NotFound
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import prose, receipts
from halo_app.ui.words import many

EVERYONE = "clear everyone"


@faults.guarded
def erase() -> None:
    """Erase the person, after their name was typed."""
    user = state.app().user_id
    with st.container(key="card-erase"):
        prose.draw([("name", "Erase me"),
                    ("quiet", "Deletes every chat, source, note, output and memory of yours for good, checks that nothing is left, "
                              "and gives you a receipt. There is no way back: download your data first if you may want it.")],
                   key="erase")
        with st.popover("Erase everything of mine"):
            typed = st.text_input(f"Type your user ID, {user}, to go on", key="erase-word")
            st.button("Erase for good", key="erase-me", type="primary", disabled=typed.strip() != user, on_click=_erase)
        _receipt(user)


def _receipt(user: str) -> None:
    try:
        receipt, is_genuine = state.app().erasing.receipt(user)
    except NotFound:
        return
    style = "yes" if is_genuine and not any(receipt.residues.values()) else "fault"
    prose.draw([(style, receipts.told(receipt, is_genuine=is_genuine))], key="receipt")


@faults.guarded
def clear_everyone() -> None:
    """Let an administrator clear the memory of all users, after the words were typed."""
    app = state.app()
    if app.memory is None or app.principal.role is not UserRole.ADMIN:
        return
    with st.container(key="card-everyone"):
        prose.draw([("name", "Memory of all users"),
                    ("quiet", "For administrators: deletes what is remembered of everybody who uses this database, and what agents "
                              "did for them, for good. It is noted in the audit trail.")], key="everyone")
        with st.popover("Clear the memory of all users"):
            typed = st.text_input(f"Type “{EVERYONE}” to go on", key=state_account.EVERYONE_WORD)
            ready = typed.strip().lower() == EVERYONE
            st.button("Clear for good", key="clear-everyone", type="primary", disabled=not ready, on_click=_clear_everyone)


@faults.caught
def _clear_everyone() -> None:
    memory = state.app().memory
    gone = memory.clear_everyone() if memory else 0
    state_account.forget_typed_words()
    st.toast(f"{many(gone, 'memory', 'memories')} of all users deleted for good.")


@faults.caught
def _erase() -> None:
    app = state.app()
    app.erasing.person(app.principal, app.user_id)
    state.forget_everything()
    st.toast("Everything of yours was erased. The receipt is below.")
