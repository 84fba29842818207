"""Copies of everything: one person's data to take along and to bring in again, and a backup of the whole data directory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import streamlit as st

from halo_app.services.exporting import Taken
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import prose
from halo_app.ui.words import many, size

Made = tuple[bytes, str]


@faults.guarded
def take_along() -> None:
    """Make one file of everything of the person, to keep or to move to another machine."""
    about = ("One zip file: chats, sources with their originals, notes, outputs, memories, settings. It can be brought into an empty "
             "HALO and gives the same state.")
    with st.container(key="card-export"):
        prose.draw([("name", "Download my data"), ("quiet", about)], key="export")
        _making("export", "Make the file", "halo-my-data.zip", _export)


@faults.guarded
def bring_in() -> None:
    """Take such a file into an empty house."""
    about = "For a HALO that holds nothing of yours yet: what you downloaded from another one comes back as it was."
    with st.container(key="card-import"):
        prose.draw([("name", "Bring my data in"), ("quiet", about)], key="import")
        if words := state_account.brought():
            prose.draw([("yes", words)], key="brought")
        file = st.file_uploader("The zip file", "zip", key=state.key("import", state.round_of("import")))
        if file and st.button("Bring it in", key="bring-in", type="primary"):
            _bring(file)


@faults.guarded
def backup() -> None:
    """Make a copy of the whole data directory, and say how it is put back."""
    about = ("A copy of the whole data directory, for all who use it. To put one back, close HALO and type the line below: it takes "
             "the place of everything that is here. What was erased after the backup was made is erased again, so that none of it "
             "returns.")
    with st.container(key="card-backup"):
        prose.draw([("name", "Backup"), ("quiet", about)], key="backup")
        st.code("./run.sh cli restore halo-backup.zip", language=None, wrap_lines=True)
        _making("backup", "Make a backup", "halo-backup.zip", _backup)


def _making(name: str, label: str, file_name: str, make: Callable[[Path], str]) -> None:
    """Draw the button that makes a file, and then the one that fetches it."""
    if st.button(label, key=f"make-{name}"):
        with st.spinner("Gathering everything"):
            state_account.keep_made(name, *_made(make))
    if made := state_account.made(name):
        data, words = made
        prose.draw([("yes", words)], key=f"{name}-made")
        st.download_button("Download", data, file_name=file_name, mime="application/zip", key=f"download-{name}", type="primary",
                           on_click="ignore")


def _made(make: Callable[[Path], str]) -> Made:
    with tempfile.TemporaryDirectory(prefix="halo-copy-") as folder:        # open to its owner only
        path = Path(folder) / "copy.zip"
        words = make(path)
        data = path.read_bytes()
    return data, f"{words}, {size(len(data))}"


def _export(path: Path) -> str:
    app = state.app()
    taken = app.exporting.export(app.principal, app.user_id, path)
    return f"{many(sum(taken.lines.values()), 'record')} and {many(taken.files, 'file')}"


def _backup(path: Path) -> str:
    app = state.app()
    made = app.backups.backup(app.principal, path)
    return f"{many(made.files, 'file')}{f'; not in it: {made.left_out}' if made.left_out else ''}"


def _bring(file: BinaryIO) -> None:
    app = state.app()
    with tempfile.TemporaryDirectory(prefix="halo-copy-") as folder, st.spinner("Bringing everything in"):
        path = Path(folder) / "my data.zip"
        path.write_bytes(file.read())
        app.samples.take_out()
        taken = [step for step in app.exporting.take(app.principal, path) if isinstance(step, Taken)]
    count = sum(sum(one.lines.values()) for one in taken)
    state.next_round("import")
    state_account.tell_brought(f"{many(count, 'record')} brought in.")
    state.again()
