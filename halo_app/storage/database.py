"""One SQL database, SQLite or PostgreSQL by its connection string: transactions, safe settings, faults in words, true deletion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from halo_app.errors import BadSetting, MissingExtra, StoreUnavailable
from halo_app.storage.atomic import make_folder, write_atomic

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

FORMS = "sqlite:///data/memory.db or postgresql://user:pass@host/db"
BUSY_MS = 5000                        # how long somebody else's write is waited for
RELAXED_MS = 200
SMALL_BYTES = 64_000_000
_LOOK_SECONDS = 0.01
_WRITING = "halo_writing"             # an execution option of ours: the transaction takes the write lock at once
_RELAXED = "halo_relaxed"             # and its commit does not wait for the disk
_WRITER = 7_041_776_002               # of PostgreSQL's advisory lock: one transaction writes at a time, as on SQLite
_SECURELY = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "temp_store=MEMORY",
             "cache_size=-32768")


class Database:
    """A database that is connected when it is first used. Whatever it cannot do raises StoreUnavailable, in words."""

    def __init__(self, engine: Engine, place: str, busy_ms: int = BUSY_MS) -> None:
        self._engine, self._busy_ms = engine, busy_ms
        self.place = place                    # as people may see it: a path, or an address without its password
        self.is_current = False               # the tables are known to be those of this version
        self._log_tells = False               # the write-ahead log still holds what was deleted
        self._writers = RLock()               # the threads of this process queue here: SQLite would let them sleep and look again

    @contextmanager
    def transaction(self, *, writing: bool = False, relaxed: bool = False) -> Iterator[Connection]:
        """Give a connection for one transaction: all of it is done, durably, or nothing.

        Who writes holds the write lock from the beginning. A `relaxed` transaction waits neither long for that lock nor for
        the disk.
        """
        from sqlalchemy.exc import SQLAlchemyError
        options: dict[str, Any] = {_WRITING: writing, _RELAXED: relaxed}
        try:
            with (self._turn(writing, RELAXED_MS if relaxed else self._busy_ms),
                  self._engine.connect().execution_options(**options) as connection, connection.begin()):
                yield connection
        except (SQLAlchemyError, own_errors()) as error:
            raise self._worded(error) from error
        if writing and self._log_tells:
            self.forget_deleted(wait_ms=0)

    def forget_deleted(self, wait_ms: int = 1000) -> bool:
        """Empty SQLite's write-ahead log, so that what was deleted is in no file any more; tell whether it is empty.

        A reader of another process can hold the log: it is waited for, and then tried again after every writing transaction
        and by `close`.
        """
        if self._engine.dialect.name != "sqlite":
            return True
        from sqlalchemy.exc import SQLAlchemyError
        busy = 1
        with suppress(SQLAlchemyError), self._engine.connect() as connection:
            own: Any = connection.connection.driver_connection
            with _patience(own, wait_ms, self._busy_ms):
                busy = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        self._log_tells = bool(busy)
        return not busy

    def leave_nothing(self, *, whole: bool) -> None:
        """Take what was deleted out of SQLite's files: its log, and the pages in which rows that moved have left a copy.

        SQLite zeroes what it deletes, but not such copies: only writing the file anew takes them out, which costs some 10 ms a
        megabyte. A file over `SMALL_BYTES` is written anew only when `whole` is asked for; a busy one not at all.
        """
        if self._engine.dialect.name != "sqlite":
            return
        with suppress(StoreUnavailable, OSError):
            if whole or Path(self.place).stat().st_size <= SMALL_BYTES:
                self.compact()
        self.forget_deleted()

    def compact(self) -> None:
        """Rewrite SQLite's file without free pages. On a full disk it stays as it is: what was deleted is zeros there."""
        if self._engine.dialect.name != "sqlite":
            return
        from sqlalchemy.exc import SQLAlchemyError
        try:
            with self._engine.connect() as connection:
                own: Any = connection.connection.driver_connection
                try:
                    own.execute("VACUUM")
                except own_errors() as error:
                    if "full" not in str(error):
                        raise self._worded(error) from error
        except SQLAlchemyError as error:
            raise self._worded(error) from error

    def leftovers(self) -> Iterator[str]:
        """Yield what lies in SQLite's files outside of the tables: the write-ahead log, and the file when it has free pages."""
        if self._engine.dialect.name != "sqlite":
            return
        with self.transaction() as connection:
            free = int(connection.exec_driver_sql("PRAGMA freelist_count").scalar_one())
        for place in [f"{self.place}-wal", f"{self.place}-journal", *([self.place] if free else [])]:
            if Path(place).is_file():
                yield Path(place).read_bytes().decode("utf-8", "replace")

    @property
    def holds_deleted(self) -> bool:
        """Tell whether a reader still keeps what was deleted in the write-ahead log."""
        return self._log_tells

    def close(self) -> None:
        if self._log_tells:
            self.forget_deleted()
        self._engine.dispose()

    @contextmanager
    def _turn(self, writing: bool, wait_ms: int) -> Iterator[None]:
        if not writing:
            yield
            return
        if not self._writers.acquire(timeout=wait_ms / 1000):
            raise self._busy()
        try:
            yield
        finally:
            self._writers.release()

    def _busy(self) -> StoreUnavailable:
        return StoreUnavailable(f"the memory database {self.place} is busy with another process", fix="try again")

    def _worded(self, error: Exception) -> StoreUnavailable:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        if "readonly" in reason or "unable to open" in reason or "permission" in reason.lower():
            return StoreUnavailable(f"the memory database {self.place} is not writable",
                                    fix="check the permissions of the file and its folder")
        if "disk is full" in reason or "disk I/O error" in reason or "No space left" in reason:
            return StoreUnavailable(f"the memory database {self.place} could not be written: the disk is full",
                                    fix="free some space and try again")
        if "locked" in reason:
            return self._busy()
        if "not a database" in reason or "malformed" in reason:
            return StoreUnavailable(f"{self.place} is not a memory database, or is damaged: {reason}",
                                    fix="name another file in HALO_AGENT_DB, or restore this one from a backup")
        return StoreUnavailable(f"the memory database {self.place} did not answer: {reason}",
                                fix="check that it is running and that HALO_AGENT_DB is right; the details are in halo.log")


def open_database(url: str, data_dir: Path, pool_size: int = 5, busy_ms: int = BUSY_MS) -> Database | None:
    """Return the database of a connection string, None for an empty one; nothing is connected yet.

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
        return Database(_postgresql(address, pool_size), address.render_as_string(hide_password=True))
    if backend != "sqlite" or not address.database:
        raise _bad(url)
    path = Path(address.database).absolute()
    make_folder(path.parent)
    if not path.is_relative_to(data_dir):
        _note_user(path, data_dir)
    engine = create_engine(address.set(database=str(path)), connect_args={"timeout": busy_ms / 1000},
                           pool_size=pool_size, max_overflow=20)
    event.listen(engine, "connect", _prepare(path, busy_ms))
    event.listen(engine, "begin", _begin(busy_ms))
    return Database(engine, str(path), busy_ms)


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


def own_errors() -> type[Exception]:
    """Return what SQLite's own driver raises."""
    import sqlite3
    return sqlite3.Error


def _note_user(database: Path, data_dir: Path) -> None:
    """Leave word beside a database outside the data directory, so that two that share it can be told."""
    with suppress(OSError):
        known = _mark(database).read_text(encoding="utf-8").splitlines() if _mark(database).exists() else []
        if str(data_dir) not in known:
            write_atomic(_mark(database), "\n".join([*known, str(data_dir)]).encode())


def _mark(database: Path) -> Path:
    return database.with_name(f".{database.name}.users")


def _prepare(path: Path, busy_ms: int) -> Callable[[Any, Any], None]:
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None          # we say BEGIN ourselves
        for pragma in _SECURELY:
            _say(connection, f"PRAGMA {pragma}", busy_ms)
        with suppress(OSError):
            path.chmod(0o600)

    return on_connect


def _say(connection: Any, statement: str, busy_ms: int) -> None:
    """Execute a statement for which SQLite itself does not wait while several connect: the change to a write-ahead log."""
    until = monotonic() + busy_ms / 1000
    while True:
        try:
            connection.execute(statement)
            return
        except own_errors() as error:
            if "locked" not in str(error) or monotonic() > until:
                raise
        sleep(_LOOK_SECONDS)


def _begin(busy_ms: int) -> Callable[[Connection], None]:
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        relaxed = options.get(_RELAXED)
        own: Any = connection.connection.driver_connection
        own.execute(f"PRAGMA busy_timeout={min(busy_ms, RELAXED_MS) if relaxed else busy_ms}")
        own.execute(f"PRAGMA synchronous={'NORMAL' if relaxed else 'FULL'}")
        own.execute("BEGIN IMMEDIATE" if options.get(_WRITING) else "BEGIN")

    return on_begin


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(_RELAXED):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
    if options.get(_WRITING):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER})")


@contextmanager
def _patience(connection: Any, wait_ms: int, busy_ms: int) -> Iterator[None]:
    connection.execute(f"PRAGMA busy_timeout={int(wait_ms)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout={busy_ms}")


def _postgresql(address: Any, pool_size: int) -> Engine:
    from sqlalchemy import create_engine, event
    try:
        engine = create_engine(address.set(drivername="postgresql+psycopg"), pool_size=pool_size, pool_pre_ping=True,
                               connect_args={"connect_timeout": 3})
    except ImportError as error:
        raise MissingExtra("the PostgreSQL driver is not installed",
                           fix="run ./run.sh setup with HALO_AGENT_DB set, or use HALO_AGENT_DB=sqlite:///…") from error
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _bad(url: str) -> BadSetting:
    shown = re.sub(r"//[^@/]*@", "//…@", url)
    return BadSetting(f"HALO_AGENT_DB={shown!r} is not a connection string", fix=f"write it as {FORMS}")
