"""Your data: what you agreed to, all of it to take along, and all of it to erase."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from halo_app.domain.consent import Standing
from halo_app.domain.user import UserRole
from halo_app.errors import NotFound
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import prose, receipts
from halo_app.ui.words import day, many, size

EVERYONE = "clear everyone"
SAID = {
    Standing.NOT_ASKED: "You have not been asked yet.", Standing.GIVEN: "You agreed.",
    Standing.REFUSED: "You said no.", Standing.WITHDRAWN: "You took it back."}


@faults.guarded
def consent() -> None:
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


@faults.guarded
def take_along() -> None:
    """Make one file of everything, to keep or to move to another machine."""
    with st.container(key="card-export"):
        prose.draw([("name", "Download my data"),
                    ("quiet", "One zip file: chats, sources with their originals, notes, outputs, memories, settings. It can be taken "
                              "into an empty HALO and gives the same state.")], key="export")
        if st.button("Make the file", key="make-export"):
            with st.spinner("Gathering everything"):
                state_account.keep_export(*_export())
        made = state_account.export()
        if made:
            data, words = made
            prose.draw([("yes", words)], key="export-made")
            st.download_button("Download", data, file_name="halo-my-data.zip", mime="application/zip", key="download-export",
                               type="primary", on_click="ignore")


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


def _export() -> tuple[bytes, str]:
    app = state.app()
    with tempfile.TemporaryDirectory(prefix="halo-export-") as folder:        # open to its owner only
        path = Path(folder) / "halo-my-data.zip"
        taken = app.exporting.export(app.principal, app.user_id, path)
        data = path.read_bytes()
    return data, f"{many(sum(taken.lines.values()), 'record')} and {many(taken.files, 'file')}, {size(len(data))}"


@faults.caught
def _agree(version: int) -> None:
    state.app().consent.give(version)


@faults.caught
def _withdraw() -> None:
    state.app().consent.withdraw()


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
