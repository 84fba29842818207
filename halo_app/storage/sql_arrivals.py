"""Drafts on their way into the memory store: which are known already, and the others inserted in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, or_, select

from halo_app.domain.memory import Indexed, Kind, Memory, State
from halo_app.errors import BadInput
from halo_app.storage.memory_queries import batches, of_user
from halo_app.storage.memory_rows import memory_of, row_of, to_column
from halo_app.storage.numbers import insert_numbered
from halo_app.storage.sql_tables import user_memories as table

if TYPE_CHECKING:
    from sqlalchemy import Connection

_INSERT = insert(table)
_KNOWN = select(table).where(
    table.c.user_id == bindparam("whose"), table.c.content_hash.in_(bindparam("hashes", expanding=True)),
    table.c.superseded_by == "", or_(table.c.valid_to.is_(None), table.c.valid_to > bindparam("now")),
    or_(table.c.expires_at.is_(None), table.c.expires_at > bindparam("now")))
_Key = tuple[str, str, str]                   # owner, model, content hash


class Arrivals:
    """What arrives in one call. `results` are the memories in the order of the drafts, once `sort` and `insert` are done."""

    def __init__(self, drafts: Sequence[Memory], now: datetime) -> None:
        self._now = now
        self.results = [replace(draft, id=0, public_id=draft.public_id or uuid4().hex, created_at=draft.created_at or now,
                                indexed=Indexed.PENDING, failure="", score=None, match=None) for draft in drafts]
        self._rows = [row_of(memory) for memory in self.results]
        for row, draft in zip(self._rows, drafts, strict=True):
            row["compared"] = not (is_news(draft) and not draft.id and draft.created_at is None)     # an export brings its own
        self._brought = [draft.id for draft in drafts]
        self._named = [draft.public_id for draft in drafts if draft.public_id]
        self._new: list[int] = []
        self._same: dict[int, int] = {}       # place -> place of the new one that it repeats

    @property
    def owners(self) -> list[str]:
        """Return whose memories are new."""
        return list(dict.fromkeys(self.results[place].user_id for place in self._new))

    def sort(self, connection: Connection) -> None:
        """Put what is known in the place of its drafts. Raises BadInput for a public id that another's memory has."""
        names, known = self._by_name(connection), self._by_content(connection)
        places: dict[str, int] = {}
        for place, memory in enumerate(self.results):
            key = _key(self._rows[place])
            found = names.get(memory.public_id)
            if found is not None and found.user_id != memory.user_id:
                raise BadInput(f"the public id {memory.public_id} cannot be used", fix="leave it out, then one is given")
            if found is None and self._holds(memory):
                found = known.get(key)
                found = found if found and (found.state is State.KEPT or memory.state is State.SUGGESTED) else None
            if found is None:
                self._new.append(place)
                names[memory.public_id], places[memory.public_id] = memory, place
                if self._holds(memory):
                    known[key] = memory
            elif found.public_id in places:
                self._same[place] = places[found.public_id]
            else:
                self.results[place] = found

    def insert(self, connection: Connection, tick: int) -> None:
        """Insert what is new, with the time of this write."""
        rows = [{**self._rows[place], "version": tick} for place in self._new]
        numbers: dict[str, int] = {}
        if len(rows) == 1 and not self._brought[self._new[0]]:
            done = connection.execute(_INSERT, rows[0])
            numbers = {rows[0]["public_id"]: (done.inserted_primary_key or (0,))[0]}
        else:
            for row, place in zip(rows, self._new, strict=True):
                row["id"] = self._brought[place]
            insert_numbered(connection, table, rows)
            for owner in self.owners:
                query = select(table.c.public_id, table.c.id).where(of_user(owner), table.c.version == tick)
                numbers.update({row.public_id: row.id for row in connection.execute(query)})
        for place in self._new:
            self.results[place] = replace(self.results[place], id=numbers[self.results[place].public_id])
        for place, first in self._same.items():
            self.results[place] = self.results[first]

    def _holds(self, memory: Memory) -> bool:
        """Tell whether it counts now: only such a memory can be the same as another."""
        return (not memory.superseded_by and (memory.valid_to is None or memory.valid_to > self._now)
                and (memory.expires_at is None or memory.expires_at > self._now))

    def _by_name(self, connection: Connection) -> dict[str, Memory]:
        return {row.public_id: memory_of(row) for names in batches(self._named)
                for row in connection.execute(select(table).where(table.c.public_id.in_(names)))}

    def _by_content(self, connection: Connection) -> dict[_Key, Memory]:
        """Return what holds now and has one of these contents; what is kept goes before what is suggested."""
        now = to_column(self._now)
        found: list[Any] = []
        for owner in dict.fromkeys(memory.user_id for memory in self.results):
            hashes = list(dict.fromkeys(row["content_hash"] for row in self._rows if row["user_id"] == owner))
            for some in batches(hashes):
                found += connection.execute(_KNOWN, {"whose": owner, "hashes": some, "now": now})
        found.sort(key=lambda row: (row.state != State.KEPT, row.id), reverse=True)
        return {_key(row._mapping): memory_of(row) for row in found}


def is_news(memory: Memory) -> bool:
    """Tell whether a memory is to be held against what was known before it: a kept fact that holds from now on."""
    return memory.kind is Kind.FACT and memory.state is State.KEPT and not memory.superseded_by and memory.valid_to is None


def _key(row: Any) -> _Key:
    return row["user_id"], row["model"], row["content_hash"]
