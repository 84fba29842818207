"""Facts that are held against what was known before them: which still wait for it, and what follows, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import false, select, true, update

from halo_app.domain.audit import Act
from halo_app.domain.memory import Indexed, Memory
from halo_app.memory_ports import Weigh
from halo_app.storage.acting import Acting
from halo_app.storage.memory_queries import batches
from halo_app.storage.memory_rows import memory_of, row_of
from halo_app.storage.sql_tables import user_memories as table

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WAITS = table.c.compared == false()


class SqlWeaving(Acting):
    """The part of the memory store by which the engine relates facts to each other, for everyone."""

    def uncompared(self, limit: int, *, pending: bool) -> list[Memory]:
        """Return kept facts of anyone that were not held against the others yet, oldest first; PENDING ones only if asked for."""
        found = [_WAITS] if pending else [_WAITS, table.c.indexed != str(Indexed.PENDING)]
        query = select(table).where(*found, table.c.public_id.is_not(None)).order_by(table.c.id).limit(limit)
        with self._plainly() as connection:
            return [memory_of(row) for row in connection.execute(query)]

    def weave(self, beside: Mapping[str, Sequence[str]], weigh: Weigh) -> list[Memory]:
        """Hold facts (public ids) against others of their owner, write what `weigh` says changes, and mark them as compared.

        One transaction for all; a fact that another process has compared meanwhile is left out. `weigh` is asked twice: before
        the database is locked, so that whoever stores need not wait for it, and for those where something came of it, again.
        Returns what was changed.
        """
        with self._plainly() as connection:
            known = _read(connection, _all(beside), locked=False)
        moving = {one for one, others in beside.items() if one in known and weigh(known[one], _beside(known, one, others))}
        acts: list[Act] = []
        changed: dict[str, Memory] = {}
        with self._writing(acts) as connection:
            waiting = _waiting(connection, list(beside))
            due = {one: beside[one] for one in waiting if one in moving}
            before = _read(connection, _all(due), locked=True)
            now = dict(before)
            for one, others in due.items():
                for memory in weigh(now[one], _beside(now, one, others)):
                    now[memory.public_id] = rewritten(now[memory.public_id], memory, self._clock())
            changed = {one: memory for one, memory in now.items() if memory != before[one]}
            if changed:
                tick = self._tick(connection)
                for memory in changed.values():
                    write_over(connection, memory, tick)
                owners = Counter(memory.user_id for memory in changed.values())
                self._touch(connection, owners, tick)
                acts += [Act(owner, "memory.reconcile", owner, "memory", count) for owner, count in owners.items()]
            for some in batches(waiting):
                connection.execute(update(table).where(table.c.public_id.in_(some)).values(compared=true()))
        if any(memory.content != before[one].content for one, memory in changed.items()):
            self._database.forget_deleted()
        return list(changed.values())


def rewritten(before: Memory, wished: Memory, now: datetime) -> Memory:
    """Return what is to be written over a memory: who it is and where it stands are not for the caller to change."""
    after = replace(wished, id=before.id, public_id=before.public_id, user_id=before.user_id, created_at=before.created_at,
                    updated_at=before.updated_at, reworded_at=before.reworded_at, indexed=before.indexed, failure=before.failure,
                    score=None, match=None)
    if after == before:
        return before
    found_by = [(one.content, one.model, one.tags, one.when) for one in (before, after)]
    if found_by[0] != found_by[1]:
        after = replace(after, indexed=Indexed.PENDING, failure="")
    return replace(after, updated_at=now)


def write_over(connection: Connection, after: Memory, tick: int) -> None:
    """Write a memory over its row; when it is PENDING nobody holds it any longer."""
    free = {"claimed_by": "", "claimed_until": 0} if after.indexed is Indexed.PENDING else {}
    connection.execute(update(table).where(table.c.id == after.id).values(version=tick, **free, **row_of(after)))


def _read(connection: Connection, public_ids: Sequence[str], *, locked: bool) -> dict[str, Memory]:
    found = {}
    for some in batches(public_ids):
        query = select(table).where(table.c.public_id.in_(some)).order_by(table.c.id)
        for row in connection.execute(query.with_for_update() if locked else query):
            found[row.public_id] = memory_of(row)
    return found


def _waiting(connection: Connection, public_ids: Sequence[str]) -> list[str]:
    """Return which of these still wait to be compared, in the order in which they were stored, and hold them."""
    found: dict[int, str] = {}
    for some in batches(public_ids):
        query = select(table.c.id, table.c.public_id).where(_WAITS, table.c.public_id.in_(some)).order_by(table.c.id)
        found.update({row.id: row.public_id for row in connection.execute(query.with_for_update())})
    return [found[number] for number in sorted(found)]


def _all(beside: Mapping[str, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(one for public_id, others in beside.items() for one in (public_id, *others)))


def _beside(known: Mapping[str, Memory], public_id: str, others: Iterable[str]) -> list[Memory]:
    """Return the others that are there and the same owner's."""
    owner = known[public_id].user_id
    return [known[one] for one in others if one != public_id and one in known and known[one].user_id == owner]
