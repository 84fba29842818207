"""What notes were before: a version for every stretch of writing, bounded, beside the note and gone with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from halo_app.domain.differing import Stretch, differences
from halo_app.domain.note import Note, NoteHistory, NoteVersion
from halo_app.errors import NotFound
from halo_app.ports import Records

STRETCH = timedelta(minutes=5)         # of writing that makes one version
MOST_VERSIONS = 60
MOST_CHARS = 1_500_000                 # of all versions of a note together
LOST_CHARS = 400                       # so much gone at once is worth a version of its own


@dataclass(frozen=True)
class NoteHistories:
    """The earlier versions of notes."""

    records: Records[NoteHistory]

    def of(self, note_id: str) -> list[NoteVersion]:
        """Return the earlier versions, newest first."""
        try:
            return list(reversed(self.records.get(note_id).versions))
        except NotFound:
            return []

    def version(self, note_id: str, saved_at: datetime) -> NoteVersion:
        """Raises NotFound when no version of that time is kept (any more)."""
        for one in self.of(note_id):
            if one.saved_at == saved_at:
                return one
        raise NotFound("that version is no longer kept", fix="choose another one")

    def is_due(self, note: Note, text: str, now: datetime) -> bool:
        """Tell whether what the note says now should be kept before `text` takes its place."""
        if not note.text.strip():
            return False
        newest = next(iter(self.of(note.id)), None)
        if newest and newest.text == note.text:
            return False
        since = newest.saved_at if newest else note.created_at
        begun_with_text = newest is None and note.revision == 0
        return begun_with_text or now - since >= STRETCH or len(note.text) - len(text) >= LOST_CHARS

    def keep(self, note: Note, now: datetime, cause: str = "") -> None:
        """Keep what the note says now, the oldest versions going when there are too many."""
        version = NoteVersion(note.revision, now, note.title, note.text, cause, note.cited)
        try:
            self.records.change(note.id, lambda old: replace(old, versions=_bounded((*old.versions, version))))
        except NotFound:
            self.records.put(NoteHistory(note.id, note.notebook_id, note.user_id, (version,)))

    def changes(self, note: Note, saved_at: datetime) -> list[Stretch]:
        """Return what led from that version to the note as it is. Raises NotFound."""
        return differences(self.version(note.id, saved_at).text, note.text)

    def take(self, note_id: str) -> NoteHistory | None:
        """Remove and return everything that is kept of a note."""
        try:
            history = self.records.get(note_id)
        except NotFound:
            return None
        self.records.remove(note_id)
        return history


def _bounded(versions: tuple[NoteVersion, ...]) -> tuple[NoteVersion, ...]:
    kept: list[NoteVersion] = []
    chars = 0
    for one in reversed(versions[-MOST_VERSIONS:]):
        chars += len(one.text)
        if kept and chars > MOST_CHARS:
            break
        kept.append(one)
    return tuple(reversed(kept))
