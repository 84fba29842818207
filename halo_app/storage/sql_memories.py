"""Memories of many users in a SQL database, each call one transaction together with its entry in the audit log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import TIMESTAMP, ColumnElement, delete, func, insert, literal, select

from halo_app.domain.audit import Act
from halo_app.domain.memory import Fact, Indexed, Memory, Sought
from halo_app.domain.permissions import Action
from halo_app.domain.user import Principal
from halo_app.errors import NotFound
from halo_app.storage.memory_queries import batches, by_ids, given, is_number, looked_at, meant, of_id, of_user, rows_of
from halo_app.storage.memory_rows import memory_of, to_column
from halo_app.storage.sql_arrivals import Arrivals
from halo_app.storage.sql_runs import SqlRuns
from halo_app.storage.sql_tables import agent_runs, rejected_suggestions, removed_memories
from halo_app.storage.sql_tables import user_memories as table
from halo_app.storage.sql_together import SqlTogether
from halo_app.storage.sql_weaving import SqlWeaving, rewritten, write_over

if TYPE_CHECKING:
    from sqlalchemy import Connection

_EVERY = Sought()

class SqlMemoryStore(SqlTogether, SqlWeaving, SqlRuns):
    """The memory store. Whatever the database cannot do raises StoreUnavailable, in words."""

    def add(self, who: Principal, memories: Sequence[Memory]) -> list[Memory]:
        """Store drafts, all or none, and return them with ids and times, or what is already known in their place.

        Known is what is kept and holds now, with the same owner, model and content; a suggestion is also known when it was
        suggested before. A draft that brings the public id of a memory of its owner is that memory. A draft that brings an id and
        times (from an export) keeps the times, and the id when that number was never given. Raises BadInput for a public id that
        cannot be used.
        """
        owners = list(dict.fromkeys(draft.user_id for draft in memories))
        for owner in owners:
            self._allow(who, Action.WRITE, owner, _act(who, "store", owner))
        arrivals = Arrivals(memories, self._clock())
        acts: list[Act] = []
        with self._writing(acts) as connection:
            self._adopt_in(connection)
            arrivals.sort(connection)
            if arrivals.owners:
                tick = self._tick(connection)
                arrivals.insert(connection, tick)
                self._touch(connection, arrivals.owners, tick)
            counts = Counter(one.user_id for one in arrivals.results)
            only = arrivals.results[0].public_id if len(arrivals.results) == 1 else ""
            acts += [replace(_act(who, "store", owner, only), count=counts[owner]) for owner in owners]
        return arrivals.results

    def get(self, who: Principal, user_id: str, memory_id: int | str) -> Memory:
        """Return a memory by number or public id, whatever its state. Raises NotFound."""
        act = _act(who, "read", user_id)
        self._allow(who, Action.READ, user_id, act)
        with self._reading(who, act) as connection:
            return memory_of(self._row(connection, user_id, memory_id))

    def select(self, who: Principal, user_id: str, where: Sought = _EVERY, *,
               limit: int | None = None, offset: int = 0) -> list[Memory]:
        """Return the user's memories, newest first."""
        act = _act(who, "read", user_id)
        self._allow(who, Action.READ, user_id, act)
        values = given(user_id, self._clock())
        with self._reading(who, act) as connection:
            if where.ids is None and looked_at(where) is None:
                query = select(table).where(*meant(where)).order_by(table.c.id.desc()).limit(limit).offset(offset)
                return [memory_of(row) for row in connection.execute(query, values)]
            if where.ids is not None:
                return [memory_of(row) for row in _named(connection, where, values)[offset:][:limit]]
            numbers = _looked_up(connection, where, values)[offset:][:limit]
            rows = {row.id: row for query in rows_of(numbers) for row in connection.execute(query)}
            return [memory_of(rows[number]) for number in numbers]

    def count(self, who: Principal, user_id: str, where: Sought = _EVERY) -> int:
        """Return how many of the user's memories are meant."""
        act = _act(who, "count", user_id)
        self._allow(who, Action.READ, user_id, act)
        values = given(user_id, self._clock())
        with self._reading(who, act) as connection:
            if where.ids is not None:
                return len(_named(connection, where, values))
            if looked_at(where) is None:
                return int(connection.execute(select(func.count()).select_from(table).where(*meant(where)), values).scalar_one())
            return len(_looked_up(connection, where, values))

    def change(self, who: Principal, user_id: str, memory_id: int | str, change: Callable[[Memory], Memory]) -> Memory:
        """Read, change and write in one transaction; what is found in another way than before is PENDING again. Raises NotFound.

        A fact that is given other words is to be compared with the others again, and what it disputed is open again.
        """
        self._allow(who, Action.WRITE, user_id, _act(who, "edit", user_id))
        acts: list[Act] = []
        with self._writing(acts) as connection:
            self._adopt_in(connection)
            before = memory_of(self._row(connection, user_id, memory_id, locked=True))
            after = rewritten(before, change(before), self._clock())
            reworded = isinstance(after.content, Fact) and after.text != before.text
            after = self._reworded(before, after) if reworded else after
            if after != before:
                tick = self._tick(connection)
                self._write_changed(connection, before, after, tick, reworded=reworded)
                for other in self._found(connection, user_id, before.disputes if reworded else ()):
                    settled = replace(other, disputes=tuple(one for one in other.disputes if one != after.public_id))
                    write_over(connection, rewritten(other, settled, self._clock()), tick)
                self._touch(connection, [user_id], tick)
            acts.append(_act(who, "edit", user_id, before.public_id))
        if after.content != before.content:
            self._database.forget_deleted()
        return after

    def _reworded(self, before: Memory, after: Memory) -> Memory:
        """Note when a fact was given other words: now, unless it was told along with them since when they hold."""
        told = after.valid_from if after.valid_from != before.valid_from else None
        return replace(after, reworded_at=told or self._clock(), disputes=())

    def remove(self, who: Principal, user_id: str, memory_ids: Sequence[int | str]) -> list[str]:
        """Delete for good (row, log of the database, free pages) and return the public ids of what there was."""
        self._allow(who, Action.DELETE, user_id, _act(who, "delete", user_id))
        numbers = [one for one in memory_ids if isinstance(one, int) and is_number(one)]
        names = [one for one in memory_ids if isinstance(one, str)]
        chosen = [table.c.id.in_(some) for some in batches(numbers)] + [table.c.public_id.in_(some) for some in batches(names)]
        return self._delete(who, user_id, "delete", chosen)

    def clear(self, who: Principal, user_id: str) -> list[str]:
        """Delete all memories, agent runs and rejections of the user for good and return the public ids of the memories."""
        self._allow(who, Action.DELETE, user_id, _act(who, "clear", user_id))
        return self._delete(who, user_id, "clear", [table.c.id > 0], runs=True)

    def clear_everyone(self, who: Principal) -> int:
        """Delete the memories and runs of all users for good and return how many memories there were."""
        act = _act(who, "clear all users", "")
        self._allow(who, Action.CLEAR_ALL, "", act)
        acts: list[Act] = []
        with self._writing(acts) as connection:
            self._adopt_in(connection)
            users = connection.execute(select(table.c.user_id).distinct()).scalars().all()
            at = literal(to_column(self._clock()), TIMESTAMP)
            connection.execute(insert(removed_memories).from_select(["public_id", "removed_at"], select(table.c.public_id, at)))
            count = connection.execute(delete(table)).rowcount
            connection.execute(delete(agent_runs))
            connection.execute(delete(rejected_suggestions))
            self._touch(connection, users, self._tick(connection))
            acts.append(replace(act, count=count))
        self._database.leave_nothing(whole=True)
        return int(count)

    def failed(self, who: Principal, user_id: str) -> dict[str, int]:
        """Return why memories of the user are FAILED, in words, and how many for each reason."""
        act = _act(who, "count", user_id)
        self._allow(who, Action.READ, user_id, act)
        reasons = select(table.c.failure, func.count()).where(of_user(user_id), table.c.indexed == str(Indexed.FAILED))
        with self._reading(who, act) as connection:
            return {row[0]: row[1] for row in connection.execute(reasons.group_by(table.c.failure))}

    def retry(self, who: Principal, user_id: str) -> int:
        """Make the user's FAILED memories PENDING again and return how many."""
        act = _act(who, "retry", user_id)
        self._allow(who, Action.WRITE, user_id, act)
        acts: list[Act] = []
        with self._writing(acts) as connection:
            failed = of_user(user_id) & (table.c.indexed == str(Indexed.FAILED))
            count = self._mark(connection, [failed], {"indexed": str(Indexed.PENDING), "failure": ""})
            acts.append(replace(act, count=count))
        return count

    def _row(self, connection: Connection, user_id: str, memory_id: int | str, *, locked: bool = False) -> Any:
        query = select(table).where(of_id(user_id, memory_id))
        row = connection.execute(query.with_for_update() if locked else query).first()
        if row is None:
            raise NotFound(f"there is no memory {memory_id}", fix="list the memories to see which there are")
        return row

    def _delete(self, who: Principal, user_id: str, verb: str, chosen: Sequence[ColumnElement[bool]], *,
                runs: bool = False) -> list[str]:
        acts: list[Act] = []
        gone: list[str] = []
        with self._writing(acts) as connection:
            self._adopt_in(connection)
            for which in chosen:
                gone += connection.execute(select(table.c.public_id).where(of_user(user_id), which).order_by(table.c.id)).scalars()
                connection.execute(delete(table).where(of_user(user_id), which))
            if runs:
                connection.execute(delete(agent_runs).where(agent_runs.c.user_id == user_id))
                connection.execute(delete(rejected_suggestions).where(rejected_suggestions.c.user_id == user_id))
            if gone:
                at = to_column(self._clock())
                connection.execute(insert(removed_memories), [{"public_id": one, "removed_at": at} for one in gone])
                self._touch(connection, [user_id], self._tick(connection))
            acts.append(replace(_act(who, verb, user_id, gone[0] if len(gone) == 1 else ""), count=len(gone)))
        if gone or runs:
            self._database.leave_nothing(whole=runs)
        return gone


def _act(who: Principal, verb: str, owner: str, subject: str = "") -> Act:
    return Act(who.user_id, f"memory.{verb}", owner, "memory", reason=who.reason if who.user_id != owner else "", subject=subject)


def _named(connection: Connection, where: Sought, values: dict[str, Any]) -> list[Any]:
    """Return the rows of what is meant among the public ids that are named, newest first."""
    holds = looked_at(where) or (lambda row: True)
    query, names = by_ids(where), list(dict.fromkeys(where.ids or ()))
    rows = [row for some in batches(names) for row in connection.execute(query, {**values, "ids": some}) if holds(row)]
    return sorted(rows, key=lambda row: row.id, reverse=True)


def _looked_up(connection: Connection, where: Sought, values: dict[str, Any]) -> list[int]:
    """Return the numbers of what is meant, newest first, where SQL alone cannot tell."""
    holds = looked_at(where) or (lambda row: True)
    query = select(table.c.id, table.c.memory, table.c.tags).where(*meant(where))
    return sorted((row.id for row in connection.execute(query, values) if holds(row)), reverse=True)
