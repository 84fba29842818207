"""Take notes along: one, some or all of them, in any format that is offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from halo_app.domain.note import Note
from halo_app.domain.note_page import NotePage, Written
from halo_app.domain.note_text import marks_in
from halo_app.errors import BadInput, HaloError
from halo_app.services.acting import Acts, audited, unheard
from halo_app.services.note_files import NoteFiles
from halo_app.services.note_reading import Tree
from halo_app.services.notes import NoteService


class NoteExporter(Protocol):
    """One format for notes; offered by its module as `NOTE_EXPORTER`."""

    @property
    def suffix(self) -> str: ...

    @property
    def label(self) -> str: ...

    def write(self, pages: Sequence[NotePage]) -> Written: ...


@dataclass(frozen=True)
class NoteTransfer:
    """Writes one user's notes out."""

    notes: NoteService
    files: NoteFiles
    writers: Mapping[str, NoteExporter]
    tree_of: Callable[[str], Tree]
    user_id: str
    acts: Acts = unheard

    def formats(self) -> dict[str, str]:
        """Return suffix -> label of each format."""
        return {suffix: writer.label for suffix, writer in self.writers.items()}

    @audited("note.export")
    def export(self, note_ids: Sequence[str], suffix: str) -> tuple[bytes, str, str]:
        """Return the bytes, the media type and a file name. Raises BadInput for an unknown format or no note, NotFound."""
        if suffix not in self.writers:
            raise BadInput(f"cannot write .{suffix}", fix=f"choose one of {', '.join(self.writers)}")
        if not note_ids:
            raise BadInput("no note is chosen", fix="choose at least one")
        notes = [self.notes.get(note_id) for note_id in note_ids]
        written = self.writers[suffix].write([self._page(note) for note in notes])
        title = notes[0].title if len(notes) == 1 else "Notes"
        return written.content, written.media_type, self.file_name(title, suffix, packed=written.suffix == "zip")

    def file_name(self, title: str, suffix: str, *, packed: bool) -> str:
        """Return what a file of notes is called; `packed` says that Markdown of several, or with files, comes in a zip."""
        name = " ".join(re.sub(r"[^\w -]+", " ", title).split())[:80]
        return f"{name or 'Note'}.{'zip' if packed and suffix == 'md' else suffix}"

    def _page(self, note: Note) -> NotePage:
        tree = self.tree_of(note.text)
        cited = {name: note.cited[name] for name in marks_in(note.text) if name in note.cited}
        own = {mark.citation for mark in cited.values()}
        besides = tuple(citation for citation in note.citations if citation not in own)
        return NotePage(note.title, note.text, tree.blocks, tree.feet, cited, note.created_at, note.updated_at, besides, note.tags,
                        note.folder, self._contents(note))

    def _contents(self, note: Note) -> dict[str, bytes]:
        held = {}
        for one in note.attachments:
            try:
                held[one.name] = self.files.path(note.id, one.name).read_bytes()
            except (HaloError, OSError):             # a file that was removed by hand is left out, the words stay
                continue
        return held
