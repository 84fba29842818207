"""Find the chats, notes and outputs that cite a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from halo_app.domain.artifact import Artifact
from halo_app.domain.conversation import Citation, Conversation, Message
from halo_app.domain.note import Note
from halo_app.ports import Records

MOST = 200                    # mentions shown of one source
Cited = TypeVar("Cited", Conversation, Note, Artifact)


@dataclass(frozen=True, slots=True)
class Mention:
    """One citation of a source: in which record, in which turn of a chat, and what is quoted."""

    kind: str                  # "chat", "note" or "output"
    record_id: str
    title: str
    notebook_id: str
    when: datetime
    citation: Citation
    turn: int = 0


@dataclass(frozen=True)
class WhereCitedService:
    """Looks through the records of one user; which sources a record cites is remembered until it changes."""

    chats: Records[Conversation]
    notes: Records[Note]
    outputs: Records[Artifact]
    user_id: str
    _known: dict[str, tuple[object, frozenset[str]]] = field(default_factory=dict, repr=False)

    def mentions(self, source_id: str) -> list[Mention]:
        """Return where the source is cited, each passage once a turn, what was changed last first."""
        chats, notes, outputs = self.chats.all(self.user_id), self.notes.all(self.user_id), self.outputs.all(self.user_id)
        self._let_go({chat.id for chat in chats} | {note.id for note in notes} | {made.id for made in outputs})
        found = [
            *(mention for chat in self._citing(chats, source_id) for mention in _in_chat(chat, source_id)),
            *(_mention("note", note.id, note.title, note.notebook_id, note.updated_at, citation)
              for note in self._citing(notes, source_id) for citation in _of(note.citations, source_id)),
            *(_mention("output", made.id, made.title, made.notebook_id, made.created_at, citation)
              for made in self._citing(outputs, source_id) for citation in _of(_all(made), source_id)),
        ]
        return sorted(found, key=lambda mention: mention.when, reverse=True)[:MOST]

    def counts(self) -> dict[str, int]:
        """Return source id -> how many chats, notes and outputs cite it; sources that nothing cites are not in it."""
        records: list[Conversation | Note | Artifact] = [
            *self.chats.all(self.user_id), *self.notes.all(self.user_id), *self.outputs.all(self.user_id)]
        return dict(Counter(source_id for record in records for source_id in self._sources_of(record)))

    def forget(self) -> None:
        """Let go of what was looked through before."""
        self._known.clear()

    def _let_go(self, present: set[str]) -> None:
        """What was deleted is not remembered."""
        for record_id in set(self._known) - present:
            self._known.pop(record_id, None)

    def _citing(self, records: Iterable[Cited], source_id: str) -> list[Cited]:
        return [record for record in records if source_id in self._sources_of(record)]

    def _sources_of(self, record: Conversation | Note | Artifact) -> frozenset[str]:
        known = self._known.get(record.id)
        if known is None or known[0] is not record:          # a record that changed is read as a new object
            known = self._known[record.id] = (record, frozenset(citation.source_id for citation in _all(record)))
        return known[1]


def _all(record: Conversation | Note | Artifact) -> Iterator[Citation]:
    if isinstance(record, Note):
        yield from record.citations
    elif isinstance(record, Artifact):
        for section in record.sections:
            for sentence in section.sentences:
                yield from sentence.citations
    else:
        for message in record.messages:
            yield from _said(message)


def _said(message: Message) -> Iterator[Citation]:
    for sentence in message.sentences:
        yield from sentence.citations
    if not message.abstained:                               # what is merely near was not cited
        yield from message.citations


def _in_chat(chat: Conversation, source_id: str) -> Iterator[Mention]:
    for turn, message in enumerate(chat.messages):
        for citation in _of(_said(message), source_id):
            yield _mention("chat", chat.id, chat.title, chat.notebook_id, message.created_at, citation, turn)


def _of(citations: Iterable[Citation], source_id: str) -> list[Citation]:
    return list(dict.fromkeys(citation for citation in citations if citation.source_id == source_id))


def _mention(kind: str, record_id: str, title: str, notebook_id: str, when: datetime, citation: Citation, turn: int = 0) -> Mention:
    return Mention(kind, record_id, title, notebook_id, when, citation, turn)
