"""Find notes: by words, tag and folder, in the order wanted, a window at a time; and which notes lead to which."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from halo_app.domain.note import Note
from halo_app.domain.note_text import first_line, folded, links_in
from halo_app.domain.source import Source
from halo_app.errors import Damaged, HaloError, NotFound
from halo_app.ports import Damage, Records

SORTS: Mapping[str, Callable[[Note], Any]] = {
    "changed": lambda note: -note.updated_at.timestamp(),
    "created": lambda note: -note.created_at.timestamp(),
    "title": lambda note: folded(note.title),
}
OFFERED = 8


@dataclass(frozen=True, slots=True)
class Sought:
    """Which notes are wanted, and in which order; pinned ones come first in any."""

    words: str = ""
    tag: str = ""
    folder: str = ""
    sort: str = "changed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a note was found to say, worked out once for each of its states."""

    note: Note
    line: str
    words: str                     # title, tags and text, as words are compared
    title: str
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list; `stale` says that a source it cites changed or went."""

    note: Note
    line: str
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A window of the notes that were sought, and what there is to filter by, with counts."""

    window: Sequence[Listed]
    first: int
    total: int
    everything: int
    tags: Mapping[str, int]
    folders: Mapping[str, int]


@dataclass(frozen=True)
class NoteShelf:
    """The notes of one user, read through the memory of what each says."""

    records: Records[Note]
    sources: Records[Source]
    user_id: str
    _seen: dict[str, Seen] = field(default_factory=dict, compare=False, repr=False)

    def listing(self, notebook_id: str, sought: Sought, first: int = 0, count: int = 60) -> Listing:
        """Return `count` of the notes sought from the place `first` on."""
        notes = self._of(notebook_id)
        found = [seen for seen in notes if _fits(seen, sought)]
        words = plain(sought.words).split()
        order = SORTS.get(sought.sort, SORTS["changed"])
        found.sort(key=lambda seen: (not seen.note.pinned, not _is_named(seen, words), order(seen.note)))
        first = max(0, min(first, len(found) - 1))
        window = [Listed(seen.note, _matching_line(seen, words), self._is_stale(seen.note)) for seen in found[first:first + count]]
        return Listing(window, first, len(found), len(notes), *_counts(notes))

    def titles(self, notebook_id: str, words: str, limit: int = OFFERED) -> list[str]:
        """Return titles to lead to, those that begin with the words first, then those that hold them; newest first."""
        wanted = plain(words).strip()
        titles = list(dict.fromkeys(seen.note.title for seen in self._of(notebook_id) if wanted in seen.title))
        return sorted(titles, key=lambda title: not plain(title).startswith(wanted))[:limit]

    def named(self, notebook_id: str, title: str) -> Note | None:
        """Return the note that a link to this title leads to: the one changed last when several share it."""
        wanted = folded(title)
        return next((seen.note for seen in self._of(notebook_id) if folded(seen.note.title) == wanted), None)

    def leading_to(self, note: Note) -> list[Note]:
        """Return the notes that lead to this one, the one changed last first."""
        wanted = folded(note.title)
        return [seen.note for seen in self._of(note.notebook_id)
                if seen.note.id != note.id and any(folded(link) == wanted for link in seen.links)]

    def known_titles(self, notebook_id: str) -> frozenset[str]:
        """Return the titles that links can lead to, as titles are compared."""
        return frozenset(folded(seen.note.title) for seen in self._of(notebook_id))

    def tagged(self, notebook_id: str, tag: str) -> list[Note]:
        """Return the notes with this tag, by title."""
        found = [seen.note for seen in self._of(notebook_id) if tag.casefold() in {one.casefold() for one in seen.note.tags}]
        return sorted(found, key=lambda note: folded(note.title))

    def damaged(self) -> list[Damage]:
        """Return the notes that could not be read and were set aside."""
        return self.records.damaged()

    def forget(self) -> None:
        self._seen.clear()

    def _of(self, notebook_id: str) -> list[Seen]:
        """Return what is known of a notebook's notes, the one changed last first."""
        notes = [note for note in self.records.all(self.user_id) if note.notebook_id == notebook_id]
        found = []
        for note in notes:
            seen = self._seen.get(note.id)
            if seen is None or seen.note is not note:
                seen = Seen(note, first_line(note.text), plain(f"{note.title}\n{' '.join(note.tags)}\n{note.text}"), plain(note.title),
                            links_in(note.text) if "[[" in note.text else ())
                self._seen[note.id] = seen
            found.append(seen)
        return found

    def _is_stale(self, note: Note) -> bool:
        for mark in note.cited.values():
            try:
                now = self.sources.get(mark.source_id).text_sha256
            except (NotFound, Damaged):
                now = "gone"
            except HaloError:
                continue
            if mark.text_sha256 and now not in (mark.text_sha256, mark.kept) and "[^" in note.text:
                return True
        return False


def plain(text: str) -> str:
    """Return the text as words are compared: without capitals and accents."""
    if text.isascii():
        return text.lower()
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _fits(seen: Seen, sought: Sought) -> bool:
    note = seen.note
    if sought.tag and sought.tag.casefold() not in {tag.casefold() for tag in note.tags}:
        return False
    if sought.folder and note.folder != sought.folder and not note.folder.startswith(f"{sought.folder}/"):
        return False
    return all(word in seen.words for word in plain(sought.words).split())


def _is_named(seen: Seen, words: Sequence[str]) -> bool:
    return bool(words) and all(word in seen.title for word in words)


def _matching_line(seen: Seen, words: Sequence[str]) -> str:
    """Return the line of the text that holds what was sought, its first line when only the title does or nothing was."""
    if words:
        for line in seen.note.text.splitlines():
            if all(word in plain(line) for word in words):
                return first_line(line) or seen.line
        for line in seen.note.text.splitlines():
            if any(word in plain(line) for word in words):
                return first_line(line) or seen.line
    return seen.line


def _counts(notes: Iterable[Seen]) -> tuple[dict[str, int], dict[str, int]]:
    tags: Counter[str] = Counter()
    folders: Counter[str] = Counter()
    for seen in notes:
        tags.update(seen.note.tags)
        parts = seen.note.folder.split("/") if seen.note.folder else []
        folders.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    return dict(sorted(tags.items(), key=lambda pair: pair[0].casefold())), dict(sorted(folders.items()))
