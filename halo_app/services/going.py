"""Find anything that has a name: notebooks, chats, sources, notes and outputs, by a few letters, what was used last first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from time import monotonic
from typing import Any

from halo_app.domain.fitting import fit
from halo_app.domain.seeking import folded, sought
from halo_app.ports import Records

FRESH_SECONDS = 2.0            # so long a list of names serves: the letters of one word are typed within it
USED_KEPT = 50


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a name. `notebook_id` is its own id for a notebook."""

    kind: str
    id: str
    name: str
    notebook_id: str
    when: datetime
    plain: str = ""            # the name, folded


@dataclass
class GoingService:
    """`shelves` are the records by kind. Names are read anew after two seconds; what was used last is kept in memory only."""

    shelves: Mapping[str, Records[Any]]
    user_id: str
    seconds: Callable[[], float] = monotonic
    _things: list[Thing] = field(default_factory=list)
    _read_at: float = float("-inf")
    _used: list[tuple[str, str]] = field(default_factory=list)
    _guard: Lock = field(default_factory=Lock)

    def find(self, query: str, notebook_id: str = "", *, limit: int = 12) -> list[Thing]:
        """Return what fits every word, best first; those of the notebook before others that fit as well.

        Without words: what was used last, then what changed last.
        """
        words, used = sought(query), {one: place for place, one in enumerate(self._used)}
        fitting = ((fit(words, thing.plain) if words else 1.0, thing) for thing in self._names())
        ranked = sorted(
            ((-score, used.get((thing.kind, thing.id), USED_KEPT), thing.notebook_id != notebook_id, -thing.when.timestamp(), thing)
             for score, thing in fitting if score),
            key=lambda one: one[:4])
        return [thing for *_, thing in ranked[:limit]]

    def note(self, kind: str, thing_id: str) -> None:
        """Remember that something was gone to, or done."""
        with self._guard:
            self._used = [(kind, thing_id), *(one for one in self._used if one != (kind, thing_id))][:USED_KEPT]

    def used(self) -> list[tuple[str, str]]:
        """Return (kind, id) of what was used, the last first."""
        return list(self._used)

    def forget(self) -> None:
        """Let go of what was read and used."""
        with self._guard:
            self._things, self._used, self._read_at = [], [], float("-inf")

    def _names(self) -> list[Thing]:
        with self._guard:
            if self.seconds() - self._read_at > FRESH_SECONDS:
                self._things = list(self._all())
                self._read_at = self.seconds()
            return self._things

    def _all(self) -> Iterable[Thing]:
        for kind, shelf in self.shelves.items():
            for record in shelf.all(self.user_id):
                name = str(getattr(record, "title", "") if kind in ("chat", "note", "output") else record.name) or "Untitled"
                notebook_id = record.id if kind == "notebook" else record.notebook_id
                yield Thing(kind, record.id, name, notebook_id, _when(record), folded(name))


def _when(record: Any) -> datetime:
    return getattr(record, "updated_at", None) or getattr(record, "created_at", None) or datetime.min.replace(tzinfo=UTC)
