"""Which rows of `user_memories` are meant: what SQL can say of it, and what is looked at row by row."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, false, func, insert, or_, select, update

from halo_app.domain.memory import Sought
from halo_app.storage.memory_rows import to_column
from halo_app.storage.sql_tables import memory_clock as clock
from halo_app.storage.sql_tables import user_memories as table

Item = TypeVar("Item")
AT_ONCE = 500                         # values in one statement: far below what any database takes

# built once: to build a statement takes longer than to run it
_TICK = update(clock).where(clock.c.user_id == "").values(version=clock.c.version + 1).returning(clock.c.version)
_TOUCH = update(clock).where(clock.c.user_id == bindparam("whose")).values(version=bindparam("tick"))
_VERSION = select(clock.c.version).where(clock.c.user_id == bindparam("whose"))
_STRAY = select(table.c.id).where(table.c.public_id.is_(None)).limit(1)


def tick(connection: Connection) -> int:
    """Move the clock of writes on and return its time."""
    return int(connection.execute(_TICK).scalar_one())


def touch(connection: Connection, user_id: str, tick: int) -> bool:
    """Set a user's newest write; tell whether the user was never seen."""
    if connection.execute(_TOUCH, {"whose": user_id, "tick": tick}).rowcount:
        return False
    connection.execute(insert(clock), {"user_id": user_id, "version": tick})
    return True


def version_of(connection: Connection, user_id: str) -> int:
    """Return the time of the user's newest write, 0 before the first."""
    return int(connection.execute(_VERSION, {"whose": user_id}).scalar() or 0)


def has_strays(connection: Connection) -> bool:
    """Tell whether there are rows that a plain INSERT put in."""
    return connection.execute(_STRAY).first() is not None


def of_user(user_id: str) -> ColumnElement[bool]:
    return table.c.user_id == user_id


def of_id(user_id: str, memory_id: int | str) -> ColumnElement[bool]:
    """Return the one memory of this user, by number or public id."""
    if isinstance(memory_id, str):
        return and_(of_user(user_id), table.c.public_id == memory_id)
    return and_(of_user(user_id), table.c.id == memory_id) if is_number(memory_id) else false()


def is_number(number: int) -> bool:
    """Tell whether a database could have given this number."""
    return 0 < number < 2**63


def meant(where: Sought) -> list[ColumnElement[bool]]:
    """Return the conditions that SQL can check; `given` gives what is bound in them."""
    column = table.c
    when = func.coalesce(column.occurred_at, column.created_at)
    owner = func.coalesce(column.user_id, "") if where.ids is not None else column.user_id             # ids are the better index
    found = [owner == bindparam("whose"), column.state.in_([str(one) for one in where.states])]
    if where.kinds:
        found.append(column.kind.in_([str(one) for one in where.kinds]))
    if where.model is not None:
        found.append(column.model.in_(["", where.model]))
    if where.since is not None:
        found.append(when >= to_column(where.since))
    if where.until is not None:
        found.append(when < to_column(where.until))
    if where.session_id:
        found.append(column.session_id == where.session_id)
    if where.category:
        found.append(column.category == where.category)
    if where.pinned is not None:
        found.append(column.pinned == where.pinned)
    return found + _standing(where)


def given(user_id: str, now: datetime) -> dict[str, Any]:
    """Return the values of what is bound in `meant`."""
    return {"whose": user_id, "now": to_column(now)}


def by_ids(where: Sought) -> Select[Any]:
    """Return the statement that reads what is meant of the public ids bound as `ids`."""
    return _by_ids(replace(where, ids=(), words="", tags=()))


@lru_cache(maxsize=64)
def _by_ids(where: Sought) -> Select[Any]:
    return select(table).where(*meant(where), table.c.public_id.in_(bindparam("ids", expanding=True)))


def _standing(where: Sought) -> list[ColumnElement[bool]]:
    """Return what holds: at a time when one is named, else now."""
    column = table.c
    at: Any = bindparam("now") if where.as_of is None else to_column(where.as_of)
    found: list[ColumnElement[bool]] = []
    if where.as_of is not None:
        found.append(func.coalesce(column.valid_from, column.occurred_at, column.created_at) <= at)
        found.append(or_(column.valid_to.is_(None), column.valid_to > at))
    elif not where.superseded:
        found += [column.superseded_by == "", or_(column.valid_to.is_(None), column.valid_to > at)]
    if not where.expired:
        found.append(or_(column.expires_at.is_(None), column.expires_at > at))
    return found


def looked_at(where: Sought) -> Callable[[Any], bool] | None:
    """Return the conditions that SQL cannot check the same everywhere (letters of every script, tags), None without any."""
    words, tags = where.words.casefold().split(), set(where.tags)
    if not words and not tags:
        return None

    def holds(row: Any) -> bool:
        text = row.memory.casefold() if words else ""
        return all(word in text for word in words) and (not tags or tags <= set(json.loads(row.tags)))

    return holds


def rows_of(numbers: Sequence[int]) -> Iterator[Select[Any]]:
    """Return the statements that read these rows, a few hundred at a time."""
    for some in batches(numbers):
        yield select(table).where(table.c.id.in_(some))


def batches(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Cut a sequence into what one statement takes."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
