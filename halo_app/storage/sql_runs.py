"""The runs of agents in a SQL database, each one its user's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from halo_app.domain.audit import Act
from halo_app.domain.memory import AgentRun
from halo_app.domain.permissions import Action
from halo_app.domain.user import Principal
from halo_app.storage.acting import Acting
from halo_app.storage.memory_rows import run_of, run_row, to_column
from halo_app.storage.numbers import insert_numbered
from halo_app.storage.sql_tables import agent_runs as table

if TYPE_CHECKING:
    from sqlalchemy import Connection


class SqlRuns(Acting):
    """The part of the memory store that keeps agent runs."""

    def add_run(self, who: Principal, run: AgentRun) -> AgentRun:
        """Store a run and return it with its id and time; an id that it brings is kept when that number was never given."""
        act = Act(who.user_id, "run.store", run.user_id, "run", reason=who.reason)
        self._allow(who, Action.WRITE, run.user_id, act)
        kept = replace(run, created_at=run.created_at or self._clock())
        with self._writing([act]) as connection:
            number = self._insert_run(connection, kept)
            self._touch(connection, [run.user_id], self._tick(connection))
        return replace(kept, id=number)

    def runs(self, who: Principal, user_id: str, *, session_id: str = "", limit: int | None = None) -> list[AgentRun]:
        """Return the user's runs, newest first."""
        act = Act(who.user_id, "run.read", user_id, "run", reason=who.reason)
        self._allow(who, Action.READ, user_id, act)
        query = select(table).where(table.c.user_id == user_id).order_by(table.c.id.desc()).limit(limit)
        if session_id:
            query = query.where(table.c.session_id == session_id)
        with self._reading(who, act) as connection:
            return [run_of(row) for row in connection.execute(query)]

    def remove_runs(self, who: Principal, user_id: str, session_id: str) -> int:
        """Delete the user's runs of a session for good and return how many there were."""
        act = Act(who.user_id, "run.delete", user_id, "run", reason=who.reason)
        self._allow(who, Action.DELETE, user_id, act)
        acts: list[Act] = []
        with self._writing(acts) as connection:
            done = connection.execute(delete(table).where(table.c.user_id == user_id, table.c.session_id == session_id))
            acts.append(replace(act, count=done.rowcount))
        if done.rowcount:
            self._database.forget_deleted()
        return int(done.rowcount)

    @staticmethod
    def _insert_run(connection: Connection, run: AgentRun) -> int:
        insert_numbered(connection, table, [{"id": run.id, "created_at": to_column(run.created_at), **run_row(run)}])
        return int(connection.execute(select(func.max(table.c.id)).where(table.c.user_id == run.user_id)).scalar_one())
