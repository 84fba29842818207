"""Taking notes along, and bringing Markdown files in with a report of what stayed behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from halo_app.domain.note import Note
from halo_app.services.note_import import Brought, Given
from halo_app.ui import faults, state, state_notes
from halo_app.ui.components import prose
from halo_app.ui.words import many

REMARKS_SHOWN = 30
TAKEN = ["md", "markdown", "zip", "png", "jpg", "jpeg", "webp", "pdf"]


def draw_export(notes: Callable[[], Sequence[Note]], key: str, title: str, packed: bool, *, any_: bool = True) -> None:
    """Draw a button for each format; the file is made when one is pressed. `packed` says that Markdown comes in a zip."""
    transfer = state.app().note_transfer
    with st.container(horizontal=True, key=state.key("export", key)):
        for suffix, label in transfer.formats().items():
            name = transfer.file_name(title, suffix, packed=packed)
            st.download_button(label, _made(notes, suffix), name, disabled=not any_, key=state.key("export", key, suffix),
                               on_click="ignore")


@faults.guarded
def draw(notebook_id: str, count: int) -> None:
    """Draw bringing in, its report, and taking all notes along."""
    turn = state.round_of("note-import")
    given = st.file_uploader("Markdown files, or a zip of a folder with some", TAKEN, accept_multiple_files=True,
                             key=state.key("note-import", turn))
    st.button("Bring them in", key="bring-notes", disabled=not given, on_click=_bring, args=(notebook_id, turn))
    if brought := state_notes.brought():
        _report(brought)
    if count:
        app = state.app()
        st.caption(f"Take {'your note' if count == 1 else f'all {count:,} notes'} along as")
        draw_export(lambda: app.notes.of(notebook_id), "all", "Notes", count > 1)


def _report(brought: Brought) -> None:
    files = f" with {many(brought.files, 'file')}" if brought.files else ""
    lines: list[prose.Line] = [("name", f"{many(len(brought.notes), 'note')} came in{files}")]
    if brought.remarks:
        lines.append(("quiet", "What could not be carried over:"))
        lines += [("quiet", f"{one.path}: {one.words}") for one in brought.remarks[:REMARKS_SHOWN]]
        if len(brought.remarks) > REMARKS_SHOWN:
            lines.append(("quiet", f"and {len(brought.remarks) - REMARKS_SHOWN:,} more"))
    prose.draw(lines, key="brought")


def _made(notes: Callable[[], Sequence[Note]], suffix: str) -> Callable[[], bytes]:
    transfer = state.app().note_transfer            # the file is asked for outside a page's run
    return lambda: transfer.export([note.id for note in notes()], suffix)[0]


@faults.caught
def _bring(notebook_id: str, turn: int) -> None:
    uploads = st.session_state[state.key("note-import", turn)]
    given = [Given(upload.name, upload.getvalue()) for upload in uploads]
    brought = state.app().note_import.bring(notebook_id, given)
    state_notes.keep_brought(brought)
    state.next_round("note-import")
    moves = state.app().note_moves
    ids = [note.id for note in brought.notes]
    state.offer_undo(f"{many(len(ids), 'note')} came in.", lambda: moves.delete_all(ids))
