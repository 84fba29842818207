"""Bring notes together, take them apart, and do one thing to many of them; each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from halo_app.domain.note import Attachment, Mark, Note
from halo_app.domain.note_text import folded, free_name, linkable, marks_in, parts, renamed_marks
from halo_app.errors import BadInput, NotFound
from halo_app.services.notes import NoteService

MOST_AT_ONCE = 5_000


@dataclass(frozen=True)
class Moved:
    """What was done: the note that came of it, and how to undo it."""

    note: Note
    undo: Callable[[], object]


@dataclass(frozen=True)
class NoteMoves:
    """Merging, splitting, duplicating and bulk work on one user's notes."""

    notes: NoteService

    def duplicate(self, note_id: str) -> Note:
        """Return a copy of the note, with its citations, tags and files."""
        note = self.notes.get(note_id)
        return self._copy(note, f"{note.title} (copy)", note.text)

    def split(self, note_id: str, start: int) -> Moved:
        """Make a note of the part that begins at this heading; a link to it stays in its place. Raises BadInput."""
        note = self.notes.get(note_id)
        part = next((one for one in parts(note.text) if one.start == start), None)
        if part is None:
            raise BadInput("there is no heading at that place any more", fix="open the note again")
        body = note.text[part.start:part.end].partition("\n")[2].strip("\n")
        title = free_name(linkable(part.title) or "Untitled", self._taken(note.notebook_id))
        made = self._copy(note, title, body)
        left = note.text[:part.start].rstrip("\n")
        rest = note.text[part.end:].strip("\n")
        text = "\n\n".join(piece for piece in (left, f"[[{title}]]", rest) if piece) + "\n"
        before = self._remembered(note)
        self.notes.edit(note.id, text=text)

        def undo() -> None:
            self._back(before)
            self.notes.delete(made.id)

        return Moved(made, undo)

    def merge(self, note_ids: Sequence[str]) -> Moved:
        """Bring notes together in the first one, each under its title; the others are deleted. Raises BadInput for less than two."""
        found = [self.notes.get(note_id) for note_id in dict.fromkeys(note_ids)]
        if len(found) < 2:
            raise BadInput("only one note is chosen", fix="choose two or more to bring together")
        first, *others = found
        text, cited, attachments = first.text.rstrip("\n"), dict(first.cited), list(first.attachments)
        for other in others:
            names = _new_names(other, cited, text)
            cited |= {names.get(name, name): mark for name, mark in other.cited.items()}
            moved, files = _new_files(other, attachments)
            attachments += moved
            text += f"\n\n## {other.title}\n\n{_with_files(renamed_marks(other.text, names), files).strip()}"
        tags = tuple(dict.fromkeys(tag for note in found for tag in note.tags))
        citations = tuple(dict.fromkeys(one for note in found for one in note.citations))
        before = self._remembered(first)
        self.notes.records.change(first.id, lambda old: replace(old, cited=cited, attachments=tuple(attachments), tags=tags,
                                                                citations=citations))
        merged = self.notes.edit(first.id, text=text + "\n")
        gone = self.delete_all([one.id for one in others])

        def undo() -> None:
            self.restore_all(gone)
            self._back(before)

        return Moved(merged, undo)

    def delete_all(self, note_ids: Sequence[str]) -> list[Note]:
        """Delete notes and return them; those already gone are left out."""
        gone = []
        for note_id in note_ids[:MOST_AT_ONCE]:
            try:
                gone.append(self.notes.delete(note_id))
            except NotFound:
                continue
        return gone

    def restore_all(self, notes: Sequence[Note]) -> None:
        for note in notes:
            self.notes.restore(note)

    def arrange(self, note_ids: Sequence[str], *, tag: str = "", untag: str = "", folder: str | None = None,
                pinned: bool | None = None) -> Callable[[], object]:
        """Tag, move or pin notes, and return how to undo it."""
        def arranged(note: Note) -> Note:
            tags = [one for one in note.tags if one.casefold() != untag.casefold()]
            return replace(note, tags=(*tags, *((tag,) if tag else ())), folder=note.folder if folder is None else folder,
                           pinned=note.pinned if pinned is None else pinned)

        before = {note.id: note for note in self.notes.arrange(list(note_ids)[:MOST_AT_ONCE], arranged)}
        return lambda: self.notes.arrange(list(before), lambda note: replace(
            note, tags=before[note.id].tags, folder=before[note.id].folder, pinned=before[note.id].pinned))

    def _copy(self, note: Note, title: str, text: str) -> Note:
        cited = {name: note.cited[name] for name in marks_in(text) if name in note.cited}
        held = tuple(one for one in note.attachments if one.name in text)
        return self.notes.create(note.notebook_id, title[:200], text, note.citations if text == note.text else (), cited=cited,
                                 tags=note.tags, folder=note.folder, attachments=held)

    def _remembered(self, note: Note) -> Note:
        if self.notes.histories:
            self.notes.histories.keep(note, self.notes.clock(), "before notes were brought together or taken apart")
        return note

    def _back(self, before: Note) -> None:
        self.notes.records.change(before.id, lambda old: replace(before, revision=old.revision + 1))

    def _taken(self, notebook_id: str) -> Callable[[str], bool]:
        titles = {folded(note.title) for note in self.notes.of(notebook_id)}
        return lambda title: folded(title) in titles


def _new_names(note: Note, taken: dict[str, Mark], text: str) -> dict[str, str]:
    """Return old name -> name for citations that come into a text where others stand already."""
    used, names = {*taken, *marks_in(text)}, {}
    for name in note.cited:
        number = 1
        while str(number) in used:
            number += 1
        names[name] = str(number)
        used.add(str(number))
    return names


def _new_files(note: Note, held: Sequence[Attachment]) -> tuple[list[Attachment], dict[str, str]]:
    known, moved, names = {one.name: one.sha256 for one in held}, [], {}
    for one in note.attachments:
        if known.get(one.name) == one.sha256:
            continue
        name = free_name(one.name, known.__contains__)
        known[name] = one.sha256
        moved.append(replace(one, name=name))
        if name != one.name:
            names[one.name] = name
    return moved, names


def _with_files(text: str, names: dict[str, str]) -> str:
    for old, new in names.items():
        text = text.replace(f"]({_address(old)})", f"]({_address(new)})")
    return text


def _address(name: str) -> str:
    from urllib.parse import quote
    return quote(name)
