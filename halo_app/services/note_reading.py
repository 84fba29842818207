"""A note as it is read: its tree, how each citation stands, and where each link leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from halo_app.domain.conversation import Citation
from halo_app.domain.note import Note
from halo_app.domain.note_text import folded, links_in
from halo_app.services.note_citing import NoteCiting, Standing
from halo_app.services.note_shelf import NoteShelf
from halo_app.services.notes import NoteService


class Tree(Protocol):
    """What is needed of a text's tree."""

    @property
    def blocks(self) -> Sequence[Mapping[str, Any]]: ...

    @property
    def feet(self) -> Mapping[str, Sequence[Mapping[str, Any]]]: ...


@dataclass(frozen=True, slots=True)
class Read:
    """A note to be drawn. `links` maps each title that it leads to, to the id of that note, "" when there is none."""

    note: Note
    tree: Tree
    standings: Mapping[str, Standing]
    links: Mapping[str, str]
    citations: Sequence[Citation] = field(default_factory=tuple)      # those of the text, then what it rests on besides


@dataclass(frozen=True)
class NoteReading:
    """Reads notes of one user."""

    notes: NoteService
    shelf: NoteShelf
    citing: NoteCiting
    tree_of: Callable[[str], Tree]

    def read(self, note_id: str) -> Read:
        """Raises NotFound."""
        note = self.notes.get(note_id)
        standings = self.citing.standings(note)
        own = dict.fromkeys(standing.mark.citation for standing in standings.values())
        return Read(note, self.tree_of(note.text), standings, self._links(note), tuple({**own, **dict.fromkeys(note.citations)}))

    def _links(self, note: Note) -> dict[str, str]:
        titles = links_in(note.text) if "[[" in note.text else ()
        if not titles:
            return {}
        known = {folded(one.title): one.id for one in reversed(self.notes.of(note.notebook_id))}
        return {title: known.get(folded(title), "") for title in titles}
