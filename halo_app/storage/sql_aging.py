"""What in the memory database is older than a rule allows, by owner. Pinned memories never are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from halo_app.domain.memory import Kind

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from halo_app.storage.database import Database


class SqlAging:
    """Finds, and deletes nothing. Raises StoreUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def older(self, kind: Kind, before: datetime) -> Mapping[str, Sequence[int]]:
        """Return owner -> numbers of the memories of that kind that were last changed before a time."""
        from sqlalchemy import func

        from halo_app.storage.memory_rows import to_column
        from halo_app.storage.sql_tables import user_memories as table
        changed = func.coalesce(table.c.updated_at, table.c.created_at)
        return self._memories(table.c.kind == str(kind), changed < to_column(before))

    def expired(self, now: datetime) -> Mapping[str, Sequence[int]]:
        """Return owner -> numbers of the memories whose time is over."""
        from halo_app.storage.memory_rows import to_column
        from halo_app.storage.sql_tables import user_memories as table
        return self._memories(table.c.expires_at <= to_column(now))

    def old_sessions(self, before: datetime) -> Mapping[str, Sequence[str]]:
        """Return owner -> sessions in which no agent ran since a time."""
        from sqlalchemy import func, select

        from halo_app.storage.memory_rows import to_column
        from halo_app.storage.sql_tables import agent_runs as table
        query = select(table.c.user_id, table.c.session_id).group_by(table.c.user_id, table.c.session_id)
        return self._by_owner(query.having(func.max(table.c.created_at) < to_column(before)))

    def _memories(self, *conditions: ColumnElement[bool]) -> Mapping[str, Sequence[int]]:
        from sqlalchemy import false, select

        from halo_app.storage.sql_tables import user_memories as table
        return self._by_owner(select(table.c.user_id, table.c.id).where(table.c.pinned == false(), *conditions))

    def _by_owner(self, query: Select[Any]) -> Mapping[str, Sequence[Any]]:
        from halo_app.storage.migrations import bring_up_to_date
        bring_up_to_date(self._database)
        found: dict[str, list[Any]] = defaultdict(list)
        with self._database.transaction() as connection:
            for owner, number in connection.execute(query):
                found[owner].append(number)
        return found
