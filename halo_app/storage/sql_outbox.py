"""The outbox of the memory store: what is stored and not yet found by meaning, and how an index follows what is deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update

from halo_app.domain.memory import Indexed, Memory
from halo_app.storage.acting import Acting
from halo_app.storage.memory_queries import batches, has_strays, version_of
from halo_app.storage.memory_rows import adopted, memory_of, to_column
from halo_app.storage.sql_tables import removed_memories as removed
from halo_app.storage.sql_tables import user_memories as table

if TYPE_CHECKING:
    from sqlalchemy import Connection

_WRITTEN = select(table).where(table.c.user_id == bindparam("whose"), table.c.version > bindparam("after")).order_by(table.c.id)
_PENDING = str(Indexed.PENDING)
_FREE: dict[str, Any] = {"claimed_by": "", "claimed_until": 0}


class SqlOutbox(Acting):
    """The part of the memory store that the engine itself works with, for everyone."""

    def claim(self, worker: str, limit: int, *, lease_seconds: float) -> list[Memory]:
        """Take up to `limit` PENDING memories that nobody else holds; a lease runs out when its worker died."""
        now = self._clock().timestamp()
        with self._writing() as connection:
            self._adopt_in(connection)
            free = or_(table.c.claimed_by == "", table.c.claimed_until <= now)
            query = select(table).where(table.c.indexed == _PENDING, free).order_by(table.c.id).limit(limit)
            rows = connection.execute(query).all()
            held = update(table).values(claimed_by=worker, claimed_until=now + lease_seconds)
            for some in batches([row.id for row in rows]):
                connection.execute(held.where(table.c.id.in_(some)))
        return [memory_of(row) for row in rows]

    def settle(self, worker: str, ready: Sequence[str], failed: dict[str, str]) -> None:
        """Mark claimed memories (public ids) READY, or FAILED with the reason; what changed since the claim stays PENDING."""
        with self._writing() as connection:
            mine = table.c.claimed_by == worker
            self._mark(connection, [table.c.public_id.in_(some) & mine for some in batches(ready)],
                       {"indexed": str(Indexed.READY), "failure": ""})
            for public_id, failure in failed.items():
                self._mark(connection, [(table.c.public_id == public_id) & mine], {"indexed": str(Indexed.FAILED), "failure": failure})

    def waiting(self) -> int:
        """Return how many memories are PENDING."""
        with self._adopted() as connection:
            return self._number(connection, table.c.indexed == _PENDING)

    def version(self, user_id: str) -> int:
        """Return a number that rises with every write to the user's memories by any process."""
        with self._adopted() as connection:
            return version_of(connection, user_id)

    def holders(self) -> list[str]:
        """Return the workers that hold PENDING memories by now."""
        with self._plainly() as connection:
            held = select(table.c.claimed_by).where(table.c.indexed == _PENDING, table.c.claimed_by != "").distinct()
            return list(connection.execute(held).scalars())

    def release(self, workers: Sequence[str]) -> int:
        """Free what these workers hold, because they died, and return how many memories that were."""
        with self._writing() as connection:
            held = (table.c.indexed == _PENDING) & table.c.claimed_by.in_(list(workers))
            return int(connection.execute(update(table).where(held).values(**_FREE)).rowcount)

    def removed_since(self, mark: int) -> tuple[int, list[str] | None]:
        """Return (newest mark, public ids) of what was deleted after a mark; None for the ids when that is not remembered any more."""
        with self._plainly() as connection:
            rows = connection.execute(select(removed).where(removed.c.mark > mark).order_by(removed.c.mark)).all()
        newest = rows[-1].mark if rows else mark
        if mark and rows and not rows[0].public_id:
            return newest, None
        return newest, [row.public_id for row in rows if row.public_id]

    def forget_removed(self, days: float) -> int:
        """Let go of which memories were deleted longer ago than that, and return how many those are."""
        with self._writing() as connection:
            old = removed.c.removed_at < to_column(self._clock() - timedelta(days=days))
            last = connection.execute(select(func.max(removed.c.mark)).where(old)).scalar() or 0
            known = (removed.c.mark <= last) & (removed.c.public_id != "")
            count = int(connection.execute(select(func.count()).select_from(removed).where(known)).scalar_one())
            connection.execute(delete(removed).where(removed.c.mark < last))
            connection.execute(update(removed).where(removed.c.mark == last).values(public_id=""))
        return count

    def written_since(self, user_id: str, version: int) -> tuple[int, list[Memory]]:
        """Return (newest version, the user's memories, whatever their state, that were written after a version) by id."""
        with self._adopted() as connection:
            rows = connection.execute(_WRITTEN, {"whose": user_id, "after": version})
            return version_of(connection, user_id), [memory_of(row) for row in rows]

    def standing(self) -> dict[str, Indexed]:
        """Return everyone's memories by public id and how far each can be found."""
        with self._adopted() as connection:
            rows = connection.execute(select(table.c.public_id, table.c.indexed))
            return {row.public_id: Indexed(row.indexed) for row in rows}

    def again(self, public_ids: Sequence[str] | None = None) -> int:
        """Make these memories of anyone (None: all) PENDING and claimed by nobody, and return how many."""
        with self._writing() as connection:
            chosen = [table.c.id > 0] if public_ids is None else [table.c.public_id.in_(some) for some in batches(public_ids)]
            return self._mark(connection, chosen, {"indexed": _PENDING, "failure": ""})

    def _mark(self, connection: Connection, chosen: Sequence[ColumnElement[bool]], values: dict[str, Any]) -> int:
        """Change rows that nobody holds any longer, as one write of each of their users."""
        count, users, tick = 0, set[str](), self._tick(connection)
        for which in chosen:
            users |= set(connection.execute(select(table.c.user_id).where(which).distinct()).scalars())
            count += connection.execute(update(table).where(which).values(version=tick, **_FREE, **values)).rowcount
        self._touch(connection, users, tick)
        return count

    # rows that were put in by hand: INSERT INTO user_memories (user_id, memory)

    @contextmanager
    def _adopted(self) -> Iterator[Connection]:
        """Give a connection for reading, whole memories made before of rows that a plain INSERT put in."""
        with self._plainly() as connection:
            if not has_strays(connection):
                yield connection
                return
        with self._writing() as connection:
            self._adopt_in(connection)
        with self._plainly() as connection:
            yield connection

    def _as_it_is(self) -> AbstractContextManager[Connection]:
        return self._adopted()

    def _adopt_in(self, connection: Connection) -> None:
        from uuid import uuid4
        if not has_strays(connection):
            return
        rows = connection.execute(select(table.c.id, table.c.user_id, table.c.memory).where(table.c.public_id.is_(None))).all()
        tick = self._tick(connection)
        for row in rows:
            values = {"public_id": uuid4().hex, "version": tick, **adopted(row)}
            connection.execute(update(table).where(table.c.id == row.id).values(**values))
        self._touch(connection, [row.user_id for row in rows], tick)

    @staticmethod
    def _number(connection: Connection, *conditions: ColumnElement[bool]) -> int:
        return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())
