"""Doing things in the database as somebody: what is refused, what is written down, and one clock of writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from halo_app.domain.audit import Act
from halo_app.domain.permissions import Action, Ruling, refusal, ruling
from halo_app.domain.user import Principal, UserRole
from halo_app.errors import Damaged, PermissionDenied, StoreUnavailable
from halo_app.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

ASK = "ask an admin"
SAY_WHY = 'say why, as in engine.as_user("admin-id", reason="…")'


class Trail(Protocol):
    """Where acts are written down."""

    def append(self, connection: Connection, acts: Sequence[Act]) -> None:
        """Write acts down as part of the transaction."""

    def committed(self) -> None:
        """The transaction of the newest acts of this thread is durable."""


class Acting:
    """What the stores in one database share: permission first, then one transaction together with its entry in the audit log."""

    def __init__(self, database: Database, audit: Trail, clock: Callable[[], datetime]) -> None:
        self.place = database.place
        self._database, self._audit, self._clock = database, audit, clock

    def check(self) -> None:
        """Open the database for writing, its schema up to date. Raises StoreUnavailable."""
        from sqlalchemy import update

        from halo_app.storage.sql_tables import memory_clock as clock
        with self._writing() as connection:        # SQLite finds out that it may not write, or has no room, when it writes
            for step in (1, -1):                   # the same value alone it would not write
                connection.execute(update(clock).where(clock.c.user_id == "").values(version=clock.c.version + step))

    def close(self) -> None:
        self._database.close()

    def _allow(self, who: Principal, action: Action, owner: str, act: Act) -> None:
        """Raise PermissionDenied for what is refused, and write that down."""
        why_not = refusal(who, action, owner)
        if why_not:
            with self._writing([_with_outcome(act, "refused")]):
                pass
            raise PermissionDenied(why_not, fix=SAY_WHY if ruling(who, action, owner) is Ruling.WITH_REASON else ASK)

    @contextmanager
    def _writing(self, acts: Sequence[Act] = (), *, relaxed: bool = False) -> Iterator[Connection]:
        """Give a connection for one writing transaction; the acts, those put in meanwhile too, are part of it."""
        self._bring_up_to_date()
        with self._database.transaction(writing=True, relaxed=relaxed) as connection:
            yield connection
            self._audit.append(connection, acts)
        self._audit.committed()

    @contextmanager
    def _reading(self, who: Principal, act: Act) -> Iterator[Connection]:
        """Give a connection for reading. Another's content is read only after that stands in the audit log, durably.

        What people read of their own is written down when it has been read, without waiting for the disk: where nothing
        can be written (a full disk, a file that is read-only) they still see what is theirs.
        """
        own = act.user_id == who.user_id
        if not own:
            with self._writing([act]):
                pass
        with self._as_it_is() as connection:
            yield connection
        if own:
            with suppress(StoreUnavailable, Damaged), self._writing([act], relaxed=True):
                pass

    def _as_it_is(self) -> AbstractContextManager[Connection]:
        """Give a connection for reading people's own."""
        return self._plainly()

    @contextmanager
    def _plainly(self) -> Iterator[Connection]:
        """Give a connection for reading what belongs to nobody in particular."""
        self._bring_up_to_date()
        with self._database.transaction() as connection:
            yield connection

    def _bring_up_to_date(self) -> None:
        if not self._database.is_current:
            from halo_app.storage.migrations import bring_up_to_date
            bring_up_to_date(self._database)

    def _tick(self, connection: Connection) -> int:
        """Move the clock of writes on and return its time."""
        from halo_app.storage.memory_queries import tick
        return tick(connection)

    def _touch(self, connection: Connection, user_ids: Iterable[str], tick: int) -> None:
        """Set these users' newest write to a tick; who was never seen becomes a User."""
        from halo_app.storage.memory_queries import touch
        for user_id in dict.fromkeys(one for one in user_ids if one):
            if touch(connection, user_id, tick):
                self._meet(connection, user_id)

    def _meet(self, connection: Connection, user_id: str) -> None:
        """Make an account for somebody who was never seen; their id is their name unless another has it."""
        from sqlalchemy import insert, select

        from halo_app.storage.memory_rows import to_column
        from halo_app.storage.sql_tables import users
        if connection.execute(select(users.c.id).where(users.c.id == user_id)).first():
            return
        name = user_id
        while connection.execute(select(users.c.id).where(users.c.username_key == compared(name))).first():
            name = f"{user_id} {uuid4().hex[:8]}"
        connection.execute(insert(users).values(
            id=user_id, username=name, username_key=compared(name), email="", email_key=None, role=str(UserRole.USER), grants="[]",
            disabled=False, created_at=to_column(self._clock())))


def compared(name: str) -> str:
    """Return a name or an address as it is compared: Unicode normal form, without case."""
    import unicodedata
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def _with_outcome(act: Act, outcome: str) -> Act:
    from dataclasses import replace
    return replace(act, outcome=outcome)
