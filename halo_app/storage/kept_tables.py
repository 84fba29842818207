"""The tables of the memory database as stores of personal data, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.types import TIMESTAMP

from halo_app.domain.erasure import Subject, Target, Whose
from halo_app.domain.redacting import redacted, texts_in, told
from halo_app.errors import StoreUnavailable
from halo_app.storage.database import Database
from halo_app.storage.kept import Clean, Kept, joined
from halo_app.storage.memory_queries import batches, tick
from halo_app.storage.migrations import bring_up_to_date
from halo_app.storage.numbers import go_on_from
from halo_app.storage.sql_tables import agent_runs, memory_clock, rejected_suggestions, removed_memories, user_memories, users

if TYPE_CHECKING:
    from sqlalchemy import Connection

_OF_THIS_PLACE = ("version", "claimed_by", "claimed_until", "indexed", "failure", "compared")     # how far a row is worked up here
_IN_TYPES = {"INTEGER": "integer", "BIGINT": "integer", "BOOLEAN": "boolean", "FLOAT": "number"}


@dataclass(kw_only=True)
class TableStore(Kept):
    """One table; `owner` is the column that names the user."""

    database: Database
    table: Table
    owner: str = "user_id"

    def __post_init__(self) -> None:
        self.tables = (self.table.name,)

    def people(self) -> set[str]:
        with self._reading() as connection:
            return {str(one) for one in connection.execute(select(self.table.c[self.owner]).distinct()).scalars() if one}

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        with self._reading() as connection:
            for row in connection.execute(self._of(user_id)).mappings():
                yield {name: value.isoformat() if isinstance(value, datetime) else value
                       for name, value in row.items() if name not in _OF_THIS_PLACE}

    def schema(self) -> dict[str, Any]:
        shown = [column for column in self.table.c if column.name not in _OF_THIS_PLACE]
        kinds = {column.name: _IN_TYPES.get(str(column.type), "string") for column in shown}
        return {"type": "object", "required": [column.name for column in shown if not column.nullable],
                "properties": {column.name: {"type": [kinds[column.name], "null"] if column.nullable else kinds[column.name]}
                               for column in shown}}

    def is_empty(self) -> bool:
        with self._reading() as connection:
            return not connection.execute(select(func.count()).select_from(self.table)).scalar_one()

    def take(self, lines: Iterable[dict[str, Any]]) -> int:
        rows = [{name: _column(self.table, name, value) for name, value in line.items()} for line in lines]
        with self._writing() as connection:
            self._take(connection, rows)
        return len(rows)

    def erase(self, target: Target, clean: Clean) -> int:
        with self._writing() as connection:
            if target.is_person:
                return self._erase_person(connection, target)
            return self._erase_part(connection, target, clean)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        with self._reading() as connection:
            for row in connection.execute(select(self.table)).mappings():
                yield from self._told(dict(row), target)

    def _of(self, user_id: str) -> Any:
        first = next(iter(self.table.primary_key.columns))
        return select(self.table).where(self.table.c[self.owner] == user_id).order_by(first)

    def _take(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        for some in batches(rows):
            connection.execute(insert(self.table), list(some))
        numbers = [row["id"] for row in rows if isinstance(row.get("id"), int)]
        if numbers:
            go_on_from(connection, self.table, max(numbers))

    def _erase_person(self, connection: Connection, target: Target) -> int:
        return int(connection.execute(delete(self.table).where(self.table.c[self.owner] == target.user_id)).rowcount)

    def _erase_part(self, connection: Connection, target: Target, clean: Clean) -> int:
        return 0

    def _told(self, row: dict[str, Any], target: Target) -> Iterator[tuple[Whose, str]]:
        whose = Whose.TARGETS if target.is_person and row[self.owner] == target.user_id else Whose.OTHERS
        yield from ((whose, text) for text in row.values() if isinstance(text, str))

    def _reading(self) -> AbstractContextManager[Connection]:
        bring_up_to_date(self.database)
        return self.database.transaction()

    def _writing(self) -> AbstractContextManager[Connection]:
        bring_up_to_date(self.database)
        return self.database.transaction(writing=True)


class MemoryTable(TableStore):
    """Memories. What a person typed in stays when a source goes, also where it repeats the source."""

    def gather(self, target: Target) -> Target:
        """Add the summaries that are made of the memory, and the facts that say the same and stand in it from their beginning."""
        if target.subject is not Subject.MEMORY:
            return target
        with self._reading() as connection:
            summaries = connection.execute(self._of(target.user_id).where(self.table.c.kind == "summary")).mappings()
            made = [str(row["public_id"]) for row in summaries if target.id in json.loads(row["content"]).get("covered_ids", [])]
            began = func.coalesce(self.table.c.valid_from, self.table.c.occurred_at, self.table.c.created_at)
            alike = self._of(target.user_id).where(self.table.c.superseded_by == target.id, self.table.c.valid_to == began)
            made += [str(row["public_id"]) for row in connection.execute(alike).mappings()]
        return joined(target, ids=made)

    def outdated(self, user_id: str) -> set[str]:
        """Return the public ids of the user's memories whose text may not be what an index holds."""
        pending = select(self.table.c.public_id).where(self.table.c.user_id == user_id, self.table.c.indexed == "pending")
        with self._reading() as connection:
            return {str(one) for one in connection.execute(pending).scalars() if one}

    def _take(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        now = tick(connection)
        super()._take(connection, [{**row, "version": now, "indexed": "pending"} for row in rows])
        _touch(connection, {row["user_id"] for row in rows}, now)

    def _erase_person(self, connection: Connection, target: Target) -> int:
        return self._delete(connection, self.table.c.user_id == target.user_id)

    def _erase_part(self, connection: Connection, target: Target, clean: Clean) -> int:
        mine = self.table.c.user_id == target.user_id
        if target.subject is Subject.MEMORY:
            count = self._delete(connection, mine & self.table.c.public_id.in_(target.ids))
            stood_for = mine & self.table.c.superseded_by.in_(target.ids)
            connection.execute(update(self.table).where(stood_for).values(superseded_by="", valid_to=None))
            return count
        count, now = 0, tick(connection)
        for row in connection.execute(self._of(target.user_id)).mappings().all():
            cleaned = {} if _typed(row["provenance"]) else {name: _cleaned(row[name], clean) for name in ("memory", "content")}
            if any(value != row[name] for name, value in cleaned.items()):
                values = {**cleaned, "indexed": "pending", "version": now, "content_hash": ""}
                connection.execute(update(self.table).where(self.table.c.id == row["id"]).values(**values))
                count += 1
        if count:
            _touch(connection, {target.user_id}, now)
        return count

    def _delete(self, connection: Connection, which: Any) -> int:
        rows = connection.execute(select(self.table.c.public_id, self.table.c.user_id).where(which)).all()
        connection.execute(delete(self.table).where(which))
        if names := [{"public_id": row.public_id} for row in rows if row.public_id]:
            connection.execute(insert(removed_memories), names)
        if rows:
            _touch(connection, {row.user_id for row in rows}, tick(connection))
        return len(rows)

    def _told(self, row: dict[str, Any], target: Target) -> Iterator[tuple[Whose, str]]:
        mine = row["user_id"] == target.user_id
        whose = Whose.OTHERS
        if mine and (target.is_person or row["public_id"] in target.ids):
            whose = Whose.TARGETS
        elif mine and target.subject is Subject.SOURCE and not _typed(row["provenance"]):
            whose = Whose.MADE
        yield whose, row["memory"]
        yield from ((whose, text) for text in (texts_in(json.loads(row["content"])) if row["content"] else ()))
        if whose is Whose.TARGETS:
            yield from ((whose, row[name]) for name in ("tags", "category", "provenance", "failure"))


class RunTable(TableStore):
    """Runs of agents: HALO writes them, so what they took from a source or a memory goes with it."""

    def _erase_part(self, connection: Connection, target: Target, clean: Clean) -> int:
        count = 0
        for row in connection.execute(self._of(target.user_id)).mappings().all():
            before = json.loads(row["run_data"])
            after = redacted(before, target, clean)
            if after != before:
                values = {"run_data": json.dumps(after, ensure_ascii=False)}
                connection.execute(update(self.table).where(self.table.c.id == row["id"]).values(**values))
                count += 1
        return count

    def _told(self, row: dict[str, Any], target: Target) -> Iterator[tuple[Whose, str]]:
        try:
            tree = {"user_id": row["user_id"], "run_data": json.loads(row["run_data"])}
        except ValueError:
            tree = {"user_id": row["user_id"], "run_data": row["run_data"]}
        yield from told(tree, target, made=True)


class UserTable(TableStore):
    """Accounts, and the leave that services were given to act for somebody."""

    def is_empty(self) -> bool:
        return True                       # an account comes by itself with the first write of its user

    def _take(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        for row in rows:
            connection.execute(delete(self.table).where(self.table.c.id == row["id"]))
        super()._take(connection, rows)

    def _erase_person(self, connection: Connection, target: Target) -> int:
        count = super()._erase_person(connection, target)
        for row in connection.execute(select(self.table)).mappings().all():
            grants = json.loads(row["grants"])
            if target.user_id in grants:
                kept = json.dumps([one for one in grants if one != target.user_id])
                connection.execute(update(self.table).where(self.table.c.id == row["id"]).values(grants=kept))
                count += 1
        return count


@dataclass(kw_only=True)
class DatabaseFile(Kept):
    """The database itself: its clock of writes, and what deletion leaves in free pages and in the write-ahead log."""

    database: Database

    def erase(self, target: Target, clean: Clean) -> int:
        """Rewrite the file without its free pages and empty its log. Raises StoreUnavailable while another program reads it."""
        bring_up_to_date(self.database)
        with self.database.transaction(writing=True) as connection:
            gone = delete(memory_clock).where(memory_clock.c.user_id == target.user_id)
            count = connection.execute(gone).rowcount if target.is_person else 0
        if target.subject is not Subject.MEMORY:          # one row is overwritten with zeros where it lay
            self.database.compact()
        if not self.database.forget_deleted(wait_ms=5000):
            raise StoreUnavailable(f"another program reads {self.database.place}, and holds what was deleted",
                                   fix="close that program; the erasure goes on at the next start of HALO")
        return int(count)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        bring_up_to_date(self.database)
        with self.database.transaction() as connection:
            for user_id in connection.execute(select(memory_clock.c.user_id)).scalars():
                yield Whose.TARGETS if target.is_person and user_id == target.user_id else Whose.OTHERS, user_id
        yield from ((Whose.MADE, text) for text in self.database.leftovers())


def memories_of(database: Database) -> MemoryTable:
    return MemoryTable(name="memories", database=database, table=user_memories)


def tables_of(database: Database, covers: Sequence[str]) -> list[Kept]:
    """Return the stores of a memory database; whatever follows rows comes after them."""
    kept = "public ids of what was deleted in the last month, without content, so that every index follows"
    return [
        memories_of(database),
        RunTable(name="agent runs", database=database, table=agent_runs),
        TableStore(name="rejected suggestions", database=database, table=rejected_suggestions),
        UserTable(name="users", database=database, table=users, owner="id"),
        Kept(name="removed memories", tables=("removed_memories",), derived="they follow what was deleted here", kept=kept),
        DatabaseFile(name="memory database", covers=covers, tables=("memory_clock", "models", "schema_version", "sqlite_sequence"),
                     derived="the tables that are a person's are exported one by one", database=database),
    ]


def _touch(connection: Connection, user_ids: Iterable[str], now: int) -> None:
    for user_id in user_ids:
        if not connection.execute(update(memory_clock).where(memory_clock.c.user_id == user_id).values(version=now)).rowcount:
            connection.execute(insert(memory_clock).values(user_id=user_id, version=now))


def _typed(provenance: str) -> bool:
    """Tell whether a memory was typed in by hand, rather than taken from a chat."""
    tree = json.loads(provenance or "{}")
    return tree.get("origin", "explicit") == "explicit" and not tree.get("session_id")


def _cleaned(text: str, clean: Clean) -> str:
    """Return a text, or the strings of a JSON text, without what they repeat."""
    try:
        tree = json.loads(text)
    except ValueError:
        return clean(text)
    changed = _each(tree, clean)
    return text if changed == tree else json.dumps(changed, ensure_ascii=False, sort_keys=True)


def _each(tree: Any, change: Callable[[str], str]) -> Any:
    if isinstance(tree, str):
        return change(tree)
    if isinstance(tree, list):
        return [_each(value, change) for value in tree]
    return {key: _each(value, change) for key, value in tree.items()} if isinstance(tree, dict) else tree


def _column(table: Table, name: str, value: Any) -> Any:
    """Return an exported value as the column takes it. Raises ValueError for a column that is none."""
    if name not in table.c:
        raise ValueError(f"{table.name} has no {name}")
    return datetime.fromisoformat(value) if isinstance(table.c[name].type, TIMESTAMP) and value is not None else value
