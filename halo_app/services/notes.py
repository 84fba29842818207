"""The reader's own words, and answers worth keeping with their citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from halo_app.domain.conversation import Citation, Message
from halo_app.domain.note import Note
from halo_app.errors import BadInput, NotFound
from halo_app.ports import Clock, Records
from halo_app.services.acting import Acts, audited, unheard

TITLE_CHARS = 200


@dataclass(frozen=True)
class NoteService:
    """Notes of one user."""

    records: Records[Note]
    user_id: str
    clock: Clock
    acts: Acts = unheard

    def of(self, notebook_id: str) -> list[Note]:
        """Return the notes of a notebook, the one changed last first."""
        return [note for note in self.records.all(self.user_id) if note.notebook_id == notebook_id]

    def get(self, note_id: str) -> Note:
        """Raises NotFound for an unknown id and for another user's note."""
        note = self.records.get(note_id)
        if note.user_id != self.user_id:
            raise NotFound(f"there is no note {note_id!r}", fix="choose one from the list")
        return note

    @audited("note.create")
    def create(self, notebook_id: str, title: str, text: str, citations: Sequence[Citation] = ()) -> Note:
        """Return the new note, stored. Raises BadInput when the title is empty."""
        now = self.clock()
        note = Note(uuid4().hex, notebook_id, self.user_id, _title(title), text, now, now, tuple(citations))
        self.records.put(note)
        return note

    @audited("note.edit")
    def edit(self, note_id: str, title: str | None = None, text: str | None = None) -> Note:
        """Change what is given and return the note. Raises NotFound when it is gone, BadInput when the title is empty."""
        self.get(note_id)
        wanted = None if title is None else _title(title)

        def edited(note: Note) -> Note:
            return replace(note, title=wanted or note.title, text=note.text if text is None else text, updated_at=self.clock())

        return self.records.change(note_id, edited)

    @audited("note.delete")
    def delete(self, note_id: str) -> Note:
        """Remove the note and return it, so that it can be restored."""
        note = self.get(note_id)
        self.records.remove(note_id)
        return note

    @audited("note.restore")
    def restore(self, note: Note) -> None:
        """Put a deleted note back."""
        self.records.put(note)

    def save_answer(self, message: Message, question: str, notebook_id: str) -> Note:
        """Keep an answer as a note: the question is its title, its text as shown, and every citation once."""
        cited = [citation for sentence in message.sentences for citation in sentence.citations]
        return self.create(notebook_id, question.strip()[:TITLE_CHARS] or "Answer", _flowing(message), tuple(dict.fromkeys(cited)))


def _flowing(message: Message) -> str:
    """Return the answer's text without the line ends that quotes bring along from narrow pages."""
    text = message.content
    for sentence in message.sentences:
        if any(citation.quote == sentence.text for citation in sentence.citations):
            text = text.replace(sentence.text, " ".join(sentence.text.split()))
    return text


def _title(title: str) -> str:
    wanted = " ".join(title.split())[:TITLE_CHARS]
    if not wanted:
        raise BadInput("a note needs a title", fix="type at least one letter")
    return wanted
