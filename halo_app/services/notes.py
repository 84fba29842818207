"""The reader's own words, and answers worth keeping with their citations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

from halo_app.domain.conversation import Citation, Message
from halo_app.domain.note import UNTITLED, Attachment, Mark, Note
from halo_app.domain.note_text import folded, links_in, relinked
from halo_app.errors import BadInput, ChangedMeanwhile, NotFound
from halo_app.ports import Clock, Records
from halo_app.services.acting import Acts, audited, unheard
from halo_app.services.note_files import Gone, NoteFiles
from halo_app.services.note_history import NoteHistories

TITLE_CHARS = 200
TEXT_CHARS = 2_000_000
TAG_CHARS = 60


@dataclass(frozen=True)
class NoteService:
    """Notes of one user; with their earlier versions and the files that lie with them, where those are kept."""

    records: Records[Note]
    user_id: str
    clock: Clock
    acts: Acts = unheard
    histories: NoteHistories | None = None
    files: NoteFiles | None = None
    _gone: Gone = field(default_factory=Gone, compare=False, repr=False)

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
    def create(self, notebook_id: str, title: str, text: str, citations: Sequence[Citation] = (), *,
               cited: Mapping[str, Mark] | None = None, tags: Iterable[str] = (), folder: str = "",
               attachments: Sequence[Attachment] = ()) -> Note:
        """Return the new note, stored. Raises BadInput when the title is empty or the text too long."""
        now = self.clock()
        note = Note(uuid4().hex, notebook_id, self.user_id, _title(title), _fitting(text), now, now, tuple(citations),
                    tags=_tags(tags), folder=_folder(folder), cited=dict(cited or {}), attachments=tuple(attachments))
        self.records.put(note)
        return note

    @audited("note.edit")
    def edit(self, note_id: str, title: str | None = None, text: str | None = None) -> Note:
        """Change what is given and return the note. Raises NotFound when it is gone, BadInput when the title is empty."""
        note = self.get(note_id)
        return self._write(note, note.title if title is None else _title(title), note.text if text is None else text)

    def save(self, note_id: str, title: str, text: str, base: int) -> Note:
        """Write what is typed and return the note; a stretch of writing is one entry of the audit log and one version.

        `base` is the revision that was typed into. Raises ChangedMeanwhile when the note says something else since, and
        NotFound when it is gone. A note without a title is “Untitled”.
        """
        note, wanted = self.get(note_id), " ".join(title.split())[:TITLE_CHARS] or UNTITLED
        if (note.title, note.text) == (wanted, text):
            return note
        if note.revision != base:
            raise _changed(note)
        if self.histories and not self.histories.is_due(note, text, self.clock()) and note.text:
            return self._write(note, wanted, text, base)
        return self._begin(note_id, wanted, text, base)

    @audited("note.arrange")
    def arrange(self, note_ids: Sequence[str], change: Callable[[Note], Note]) -> list[Note]:
        """Change tags, folder or pin of notes and return them as they were. Those that are gone are left out."""
        before = []
        for note_id in note_ids:
            try:
                before.append(self.get(note_id))
                self.records.change(note_id, lambda note: _arranged(note, change(note)))
            except NotFound:
                continue
        return before

    @audited("note.delete")
    def delete(self, note_id: str) -> Note:
        """Remove the note with its earlier versions and files, and return it, so that it can be restored."""
        note = self.get(note_id)
        self.records.remove(note_id)
        history = self.histories.take(note_id) if self.histories else None
        self._gone.keep(note_id, history, self.files.drop(note) if self.files else {})
        return note

    @audited("note.restore")
    def restore(self, note: Note) -> None:
        """Put a deleted note back, with its earlier versions and files where this process still has them."""
        history, contents = self._gone.take(note.id)
        if self.files:
            self.files.put_back(contents)
        if self.histories and history:
            self.histories.records.put(history)
        self.records.put(note)

    @audited("note.return")
    def return_to(self, note_id: str, saved_at: datetime) -> Note:
        """Let the note say again what an earlier version said; what it says now becomes a version. Raises NotFound."""
        note = self.get(note_id)
        if not self.histories:
            raise NotFound("no earlier versions are kept", fix="write on")
        version = self.histories.version(note_id, saved_at)
        self.histories.keep(note, self.clock(), "before an earlier version came back")
        return self._write(note, version.title, version.text, cited={**note.cited, **version.cited})

    def put_aside(self, note_id: str, title: str, text: str) -> None:
        """Keep what was written in another window among the versions, without changing what the note says."""
        note = self.get(note_id)
        if self.histories:
            self.histories.keep(replace(note, title=title, text=text), self.clock(), "written in another window")

    def save_answer(self, message: Message, question: str, notebook_id: str) -> Note:
        """Keep an answer as a note: the question is its title, its text as shown, and every citation once."""
        cited = [citation for sentence in message.sentences for citation in sentence.citations]
        return self.create(notebook_id, question.strip()[:TITLE_CHARS] or "Answer", _flowing(message), tuple(dict.fromkeys(cited)))

    def forget(self) -> None:
        """Let go of what was kept of deleted notes."""
        self._gone.clear()

    @audited("note.edit")
    def _begin(self, note_id: str, title: str, text: str, base: int) -> Note:
        note = self.get(note_id)
        if self.histories and self.histories.is_due(note, text, self.clock()):
            self.histories.keep(note, self.clock())
        return self._write(note, title, text, base)

    def _write(self, note: Note, title: str, text: str, base: int | None = None, cited: Mapping[str, Mark] | None = None) -> Note:
        _fitting(text)

        def written(old: Note) -> Note:
            if base is not None and old.revision != base:
                raise _changed(old)
            return replace(old, title=title, text=text, cited=old.cited if cited is None else cited,
                           updated_at=self.clock(), revision=old.revision + 1)

        new = self.records.change(note.id, written)
        if new.title != note.title:
            self._lead_on(note, new.title)
        return new

    def _lead_on(self, note: Note, title: str) -> None:
        """Let the links to a note lead to its new title, unless another note still has the old one."""
        others = [one for one in self.of(note.notebook_id) if one.id != note.id]
        if any(folded(one.title) == folded(note.title) for one in others):
            return
        for one in others:
            if "[[" in one.text and any(folded(link) == folded(note.title) for link in links_in(one.text)):
                self.records.change(one.id, lambda old: replace(old, text=relinked(old.text, note.title, title),
                                                                revision=old.revision + 1))


def _arranged(old: Note, new: Note) -> Note:
    return replace(old, tags=_tags(new.tags), folder=_folder(new.folder), pinned=new.pinned)


def _changed(note: Note) -> ChangedMeanwhile:
    return ChangedMeanwhile(f"“{note.title}” was changed elsewhere meanwhile", fix="look at both and choose which one stays")


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


def _fitting(text: str) -> str:
    if len(text) > TEXT_CHARS:
        raise BadInput(f"the note has {len(text):,} characters, and {TEXT_CHARS:,} is the most", fix="split it, or add it as a source")
    return text


def _tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags, each once as it was first spelled, without `#` and outer space."""
    known: dict[str, str] = {}
    for tag in tags:
        plain = " ".join(tag.replace(",", " ").split()).lstrip("#")[:TAG_CHARS]
        if plain:
            known.setdefault(plain.casefold(), plain)
    return tuple(known.values())


def _folder(folder: str) -> str:
    return "/".join(name for part in folder.replace("\\", "/").split("/") if (name := " ".join(part.split())))[:TITLE_CHARS]
