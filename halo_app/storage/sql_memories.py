"""Memories of a user in a SQL database: listed, added, deleted for good and cleared; `HALO_AGENT_DB` names the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from halo_app.domain.memory import MemoryEntry
from halo_app.errors import BadInput, BadSetting, MissingExtra, StoreUnavailable
from halo_app.storage.atomic import make_folder, write_atomic

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FORMS = "sqlite:///data/memory.db or postgresql://user:pass@host/db"
_BUSY_MS = 5000
_WRITING = "halo_writing"             # an execution option of ours: the transaction takes the write lock at once
_SECURELY = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}", "secure_delete=ON")


class SqlMemories:
    """The memory database. Raises StoreUnavailable, in words, for whatever it cannot do."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self.place = place                    # as people may see it: a path, or an address without its password
        self._made = False

    def entries(self, user_id: str) -> list[MemoryEntry]:
        """Return the user's memories, newest first."""
        from sqlalchemy import select

        from halo_app.storage.sql_tables import user_memories as table
        with self._transaction() as connection:
            query = select(table).where(table.c.user_id == user_id).order_by(table.c.created_at.desc(), table.c.id.desc())
            return [MemoryEntry(row.id, row.user_id, row.memory, _aware(row.created_at)) for row in connection.execute(query)]

    def add(self, user_id: str, memory: str) -> MemoryEntry:
        """Store a memory, durable when this returns. Raises BadInput when it is empty."""
        from sqlalchemy import insert, select

        from halo_app.storage.sql_tables import user_memories as table
        if not memory.strip():
            raise BadInput("a memory needs words", fix="type what is to be remembered")
        with self._transaction(writing=True) as connection:
            done = connection.execute(insert(table).values(user_id=user_id, memory=memory.strip()))
            (number,) = done.inserted_primary_key or (0,)
            row = connection.execute(select(table).where(table.c.id == number)).one()
        return MemoryEntry(row.id, row.user_id, row.memory, _aware(row.created_at))

    def delete(self, user_id: str, ids: Sequence[int]) -> int:
        """Delete those of the user's memories for good, and return how many there were."""
        from sqlalchemy import delete

        from halo_app.storage.sql_tables import user_memories as table
        with self._transaction(writing=True) as connection:
            done = connection.execute(delete(table).where(table.c.user_id == user_id, table.c.id.in_(list(ids))))
        self._forget_log()
        return int(done.rowcount)

    def clear(self, user_id: str) -> int:
        """Delete all of the user's memories for good, and return how many there were."""
        from sqlalchemy import delete

        from halo_app.storage.sql_tables import user_memories as table
        with self._transaction(writing=True) as connection:
            done = connection.execute(delete(table).where(table.c.user_id == user_id))
        self._forget_log()
        return int(done.rowcount)

    def check(self) -> None:
        """Open the database for writing, its tables made. Raises StoreUnavailable."""
        with self._transaction(writing=True):
            pass

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _transaction(self, *, writing: bool = False) -> Iterator[Connection]:
        from sqlalchemy.exc import SQLAlchemyError
        try:
            with self._engine.connect().execution_options(**{_WRITING: writing or not self._made}) as connection, connection.begin():
                self._make_tables(connection)
                yield connection
        except SQLAlchemyError as error:
            raise self._worded(error) from error

    def _make_tables(self, connection: Connection) -> None:
        from halo_app.storage.sql_tables import metadata
        if not self._made:
            metadata.create_all(connection)
            self._made = True

    def _forget_log(self) -> None:
        """Empty SQLite's write-ahead log, so that what was deleted is in no file any more."""
        from sqlalchemy import text
        from sqlalchemy.exc import SQLAlchemyError
        if self._engine.dialect.name == "sqlite":
            with suppress(SQLAlchemyError), self._engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    def _worded(self, error: Exception) -> StoreUnavailable:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        if "readonly" in reason or "unable to open" in reason or "permission" in reason.lower():
            return StoreUnavailable(f"the memory database {self.place} is not writable",
                                    fix="check the permissions of the file and its folder")
        if "disk is full" in reason or "disk I/O error" in reason:
            return StoreUnavailable(f"the memory database {self.place} could not be written: the disk is full",
                                    fix="free some space and try again")
        if "locked" in reason:
            return StoreUnavailable(f"the memory database {self.place} is busy with another process", fix="try again")
        if "not a database" in reason or "malformed" in reason:
            return StoreUnavailable(f"{self.place} is not a memory database, or is damaged: {reason}",
                                    fix="name another file in HALO_AGENT_DB, or restore this one from a backup")
        return StoreUnavailable(f"the memory database {self.place} did not answer: {reason}",
                                fix="check that it is running and that HALO_AGENT_DB is right; the details are in halo.log")


def open_memories(url: str, data_dir: Path, pool_size: int = 5) -> SqlMemories | None:
    """Return the memory database of a connection string, None for an empty one; nothing is connected yet.

    `{data_dir}` in the string is the data directory; a relative SQLite path is taken from the working directory.
    Raises BadSetting for a string that is none, MissingExtra when PostgreSQL's driver is not installed.
    """
    if not url:
        return None
    from sqlalchemy import create_engine, event
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError
    try:
        address = make_url(url.replace("{data_dir}", str(data_dir)))
    except ArgumentError:
        raise _bad(url) from None
    backend = address.get_backend_name()
    if backend == "postgresql":
        return SqlMemories(_postgresql(address, pool_size), address.render_as_string(hide_password=True))
    if backend != "sqlite" or not address.database:
        raise _bad(url)
    path = Path(address.database).absolute()
    make_folder(path.parent)
    if not path.is_relative_to(data_dir):
        _note_user(path, data_dir)
    engine = create_engine(address.set(database=str(path)), connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _prepare(path))
    event.listen(engine, "begin", _begin)
    return SqlMemories(engine, str(path))


def sqlite_path(url: str, data_dir: Path) -> Path | None:
    """Return where a SQLite connection string puts its file, None for anything else."""
    match = re.fullmatch(r"sqlite(?:\+\w+)?:///(?P<path>[^?]+)(?:\?.*)?", url.replace("{data_dir}", str(data_dir)))
    return Path(match["path"]).absolute() if match else None


def users_of(database: Path) -> list[Path]:
    """Return the data directories that use this SQLite file from elsewhere, and the one it lies in."""
    try:
        noted = [Path(line) for line in _mark(database).read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        noted = []
    around = [database.parent] if (database.parent / "chat_history").is_dir() else []
    return [folder for folder in dict.fromkeys([*around, *noted]) if folder.is_dir()]


def _note_user(database: Path, data_dir: Path) -> None:
    """Leave word beside a database outside the data directory, so that two that share it can be told."""
    with suppress(OSError):
        known = _mark(database).read_text(encoding="utf-8").splitlines() if _mark(database).exists() else []
        if str(data_dir) not in known:
            write_atomic(_mark(database), "\n".join([*known, str(data_dir)]).encode())


def _mark(database: Path) -> Path:
    return database.with_name(f".{database.name}.users")


def _prepare(path: Path) -> Callable[[Any, Any], None]:
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None          # we say BEGIN ourselves
        for pragma in _SECURELY:
            connection.execute(f"PRAGMA {pragma}")
        with suppress(OSError):
            path.chmod(0o600)

    return on_connect


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(_WRITING) else "BEGIN")


def _postgresql(address: Any, pool_size: int) -> Engine:
    from sqlalchemy import create_engine
    try:
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_size=pool_size, pool_pre_ping=True,
                             connect_args={"connect_timeout": 3})
    except ImportError as error:
        raise MissingExtra("the PostgreSQL driver is not installed",
                           fix="install psycopg, or use HALO_AGENT_DB=sqlite:///…") from error


def _bad(url: str) -> BadSetting:
    shown = re.sub(r"//[^@/]*@", "//…@", url)
    return BadSetting(f"HALO_AGENT_DB={shown!r} is not a connection string", fix=f"write it as {FORMS}")


def _aware(when: datetime | None) -> datetime:
    return (when or datetime.fromtimestamp(0, UTC)).replace(tzinfo=UTC)
