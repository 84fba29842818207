"""The files that lie with notes: kept by their content, served from here, and gone with the last note that holds them."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

from halo_app.domain.note import Attachment, Note, NoteHistory
from halo_app.domain.note_text import free_name
from halo_app.errors import BadInput, HaloError, NotFound
from halo_app.ports import Originals, Records
from halo_app.services.uploads import shown_name

LIMIT_MB = 20
MOST_FILES = 200                # of one note
REMEMBERED = 100                # deleted notes whose versions and files can still come back
REMEMBERED_BYTES = 200_000_000


@dataclass(frozen=True)
class NoteFiles:
    """Attachments of one user's notes. The same bytes in two notes are kept once."""

    originals: Originals
    notes: Records[Note]
    user_id: str

    def attach(self, note_id: str, name: str, content: bytes) -> Attachment:
        """Keep a file with a note and return it under the name that the note calls it by.

        Raises NotFound, EmptyFile, TooLarge, BadInput when the note holds too many, or StoreUnavailable.
        """
        note = self._mine(note_id)
        if len(note.attachments) >= MOST_FILES:
            raise BadInput(f"a note holds at most {MOST_FILES} files", fix="make another note")
        kept = self.originals.keep(BytesIO(content), limit_bytes=LIMIT_MB * 1_000_000)
        same = next((one for one in note.attachments if one.sha256 == kept.sha256), None)
        if same:
            return same
        wanted = shown_name(name)
        added: list[Attachment] = []

        def holding(old: Note) -> Note:
            free = free_name(wanted, lambda taken: old.attachment(taken) is not None)
            added[:] = [Attachment(free, kept.sha256, kept.size_bytes)]
            return replace(old, attachments=(*old.attachments, added[0]))

        self.notes.change(note_id, holding)
        return added[0]

    def detach(self, note_id: str, name: str) -> None:
        """Take a file from a note. Raises NotFound."""
        note = self._mine(note_id)
        if note.attachment(name) is None:
            raise NotFound(f"the note holds no file “{name}”", fix="choose one from the list")
        self.notes.change(note_id, lambda old: replace(old, attachments=tuple(one for one in old.attachments if one.name != name)))
        self.drop(replace(note, attachments=tuple(one for one in note.attachments if one.name == name)))

    def path(self, note_id: str, name: str) -> Path:
        """Return where a file of a note lies. Raises NotFound."""
        found = self._mine(note_id).attachment(name)
        if found is None:
            raise NotFound(f"the note holds no file “{name}”", fix="attach it again")
        return self.originals.path(found.sha256)

    def size_bytes(self, notebook_id: str) -> int:
        """Return how much the files of a notebook's notes take, the same bytes counted once."""
        held = {one.sha256: one.size_bytes for note in self.notes.all(self.user_id) if note.notebook_id == notebook_id
                for one in note.attachments}
        return sum(held.values())

    def drop(self, note: Note) -> dict[str, bytes]:
        """Remove the files that no note holds any more, and return their bytes by hash."""
        if not note.attachments or self.notes.damaged():        # a note that cannot be read may hold them
            return {}
        held = {one.sha256 for other in self.notes.everyone() for one in other.attachments}
        contents: dict[str, bytes] = {}
        for sha256 in {one.sha256 for one in note.attachments} - held:
            try:
                contents[sha256] = self.originals.path(sha256).read_bytes()
            except (HaloError, OSError):
                continue
            self.originals.remove(sha256)
        return contents

    def put_back(self, contents: dict[str, bytes]) -> None:
        for content in contents.values():
            self.originals.keep(BytesIO(content), limit_bytes=len(content))

    def sweep(self) -> int:
        """Remove files that no note holds, left by a process that died; returns how many."""
        if self.notes.damaged():
            return 0
        orphans = set(self.originals.all()) - {one.sha256 for note in self.notes.everyone() for one in note.attachments}
        for sha256 in orphans:
            self.originals.remove(sha256)
        return len(orphans)

    def _mine(self, note_id: str) -> Note:
        note = self.notes.get(note_id)
        if note.user_id != self.user_id:
            raise NotFound(f"there is no note {note_id!r}", fix="choose one from the list")
        return note


@dataclass
class Gone:
    """What was deleted with notes, in this process only and only so much of it, until it comes back or is forgotten."""

    held: OrderedDict[str, tuple[NoteHistory | None, dict[str, bytes]]] = field(default_factory=OrderedDict)

    def keep(self, note_id: str, history: NoteHistory | None, contents: dict[str, bytes]) -> None:
        self.held[note_id] = (history, contents)
        while len(self.held) > REMEMBERED or (len(self.held) > 1 and self._size() > REMEMBERED_BYTES):
            self.held.popitem(last=False)

    def take(self, note_id: str) -> tuple[NoteHistory | None, dict[str, bytes]]:
        return self.held.pop(note_id, (None, {}))

    def clear(self) -> None:
        self.held.clear()

    def _size(self) -> int:
        return sum(len(content) for _, contents in self.held.values() for content in contents.values())
