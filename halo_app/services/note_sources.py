"""Notes as sources: a note can be searched and cited like any document, and one is told when the source fell behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from halo_app.domain.note import Note
from halo_app.domain.note_text import links_in, marks_in
from halo_app.domain.source import Intake, Source
from halo_app.errors import BadInput
from halo_app.ports import Records
from halo_app.services.notes import NoteService
from halo_app.services.uploads import Upload, shown_name

ORIGIN = "your note"


class Takes(Protocol):
    """What is needed of the taking in of documents."""

    def start(self, uploads: Iterable[Upload], notebook_id: str) -> list[Intake]: ...


class Step(StrEnum):
    NONE = "none"              # the note is no source
    CURRENT = "current"        # the source says what the note says
    BEHIND = "behind"          # the note was changed since


@dataclass(frozen=True)
class NoteSources:
    """Makes sources of one user's notes."""

    notes: NoteService
    sources: Records[Source]
    taken_in: Callable[[], Takes]
    user_id: str

    def step(self, note: Note) -> Step:
        """Tell how the note's source, if it has one, stands to it."""
        held = self._of(note)
        if not held:
            return Step.NONE
        return Step.CURRENT if any(source.sha256 == _sha256(note) for source in held) else Step.BEHIND

    def make(self, note_id: str) -> list[Intake]:
        """Take the note in as a source, in the background; an older source of it stays, named by its day, for what cites it.

        Raises NotFound, and BadInput when the note is empty or its source says the same already.
        """
        note = self.notes.get(note_id)
        if not note.text.strip():
            raise BadInput("the note is empty", fix="write something first")
        if self.step(note) is Step.CURRENT:
            raise BadInput("the source says what the note says already", fix="go on writing first")
        older = [source for source in self._of(note) if not source.name.endswith(".older.md")]
        begun = self.taken_in().start([Upload.from_bytes(_name(note), _content(note), origin=_origin(note))], note.notebook_id)
        for source in older:
            day = f"{source.created_at.astimezone():%Y-%m-%d}"
            self.sources.change(source.id, lambda old, day=day: replace(old, name=_older(old.name, day)))  # type: ignore[misc]
        return begun

    def _of(self, note: Note) -> list[Source]:
        return [source for source in self.sources.all(self.user_id)
                if source.notebook_id == note.notebook_id and source.origin == _origin(note)]


def _origin(note: Note) -> str:
    return f"{ORIGIN} {note.id[:8]}"


def _older(name: str, day: str) -> str:
    return f"{name.removesuffix('.md')} (as of {day}).older.md"


def _name(note: Note) -> str:
    return shown_name(f"{note.title.replace('/', '-')[:200]}.md")


def _sha256(note: Note) -> str:
    return hashlib.sha256(_content(note)).hexdigest()


def _content(note: Note) -> bytes:
    """Return the note as a document: links as words, each citation as its source and place in brackets."""
    text = note.text
    for name in marks_in(text):
        mark = note.cited.get(name)
        place = f" ({mark.source}{', ' + mark.locator if mark.locator else ''})" if mark else ""
        text = text.replace(f" [^{name}]", place).replace(f"[^{name}]", place)
    for title in links_in(text):
        text = text.replace(f"[[{title}]]", title)
    return f"# {note.title}\n\n{text.strip()}\n".encode("utf-8", "surrogatepass")
