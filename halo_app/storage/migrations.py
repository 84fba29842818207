"""How the memory database came to its present form: numbered steps, each done once, all in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import insert, inspect, select, text

from halo_app.domain.registry import KNOWN
from halo_app.errors import StoreUnavailable
from halo_app.storage.database import Database
from halo_app.storage.sql_tables import schema_version

if TYPE_CHECKING:
    from sqlalchemy import Connection

Step = Callable[["Connection"], None]
_SEED = {
    "user_memories": ("user_id TEXT NOT NULL", "memory TEXT NOT NULL", "created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP"),
    "agent_runs": ("session_id TEXT NOT NULL", "agent_name TEXT NOT NULL", "run_data TEXT NOT NULL",
                   "created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP"),
}
_MEMORY_COLUMNS = """
    public_id TEXT | kind TEXT NOT NULL DEFAULT 'fact' | content TEXT NOT NULL DEFAULT '' | content_hash TEXT NOT NULL DEFAULT ''
    | model TEXT NOT NULL DEFAULT '' | state TEXT NOT NULL DEFAULT 'kept' | session_id TEXT NOT NULL DEFAULT ''
    | category TEXT NOT NULL DEFAULT '' | pinned BOOLEAN NOT NULL DEFAULT FALSE | tags TEXT NOT NULL DEFAULT '[]'
    | provenance TEXT NOT NULL DEFAULT '{}' | merged TEXT NOT NULL DEFAULT '[]' | disputes TEXT NOT NULL DEFAULT '[]'
    | superseded_by TEXT NOT NULL DEFAULT '' | updated_at TIMESTAMP | occurred_at TIMESTAMP | expires_at TIMESTAMP
    | valid_from TIMESTAMP | valid_to TIMESTAMP | indexed TEXT NOT NULL DEFAULT 'pending' | failure TEXT NOT NULL DEFAULT ''
    | version BIGINT NOT NULL DEFAULT 0 | claimed_by TEXT NOT NULL DEFAULT ''
    | claimed_until DOUBLE PRECISION NOT NULL DEFAULT 0
"""
_INDEXES = (
    "CREATE UNIQUE INDEX user_memories_public_id ON user_memories (public_id)",
    "CREATE INDEX user_memories_of_user ON user_memories (user_id, id)",
    "CREATE INDEX user_memories_content ON user_memories (user_id, content_hash)",
    "CREATE INDEX user_memories_session ON user_memories (user_id, session_id)",
    "CREATE INDEX user_memories_version ON user_memories (user_id, version)",
    "CREATE INDEX user_memories_indexed ON user_memories (indexed, id)",
    "CREATE INDEX agent_runs_of_user ON agent_runs (user_id, session_id, id)",
)
_TABLES = (
    """CREATE TABLE users (id TEXT PRIMARY KEY NOT NULL, username TEXT NOT NULL, username_key TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL, email_key TEXT UNIQUE, role TEXT NOT NULL, grants TEXT NOT NULL, disabled BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL)""",
    """CREATE TABLE models (name TEXT PRIMARY KEY NOT NULL, specialities TEXT NOT NULL, description TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL)""",
    "CREATE TABLE memory_clock (user_id TEXT PRIMARY KEY NOT NULL, version BIGINT NOT NULL)",
    "INSERT INTO memory_clock (user_id, version) VALUES ('', 0)",
)


def bring_up_to_date(database: Database) -> list[int]:
    """Do the steps that this database has not seen and return their numbers. Raises StoreUnavailable for a newer database."""
    if database.is_current:
        return []
    with database.transaction() as connection:
        behind = _done(connection) != len(STEPS)
    done: list[int] = []
    if behind:
        with database.transaction(writing=True) as connection:
            done = _migrate(connection, database.place)
        database.forget_deleted()
    database.is_current = True
    return done


def _migrate(connection: Connection, place: str) -> list[int]:
    schema_version.create(connection, checkfirst=True)
    before = _done(connection)
    if before > len(STEPS):
        raise StoreUnavailable(f"the memory database {place} was made by a newer version of HALO",
                               fix="install that version, or name another database in HALO_AGENT_DB")
    for number, step in enumerate(STEPS[before:], start=before + 1):
        step(connection)
        connection.execute(insert(schema_version).values(version=number))
    return list(range(before + 1, len(STEPS) + 1))


def _done(connection: Connection) -> int:
    """Return the number of the newest step that was done, 0 for none."""
    if not inspect(connection).has_table("schema_version"):
        return 0
    return max(connection.execute(select(schema_version.c.version)).scalars(), default=0)


def _the_two_tables(connection: Connection) -> None:
    """1: the seed's two tables, whose ids are never given twice; those made by its own statements are taken over."""
    for table, columns in _SEED.items():
        if not inspect(connection).has_table(table):
            _create(connection, table, columns)
        elif connection.dialect.name == "sqlite":
            _rebuild(connection, table, columns)
        else:
            _number(connection, table)


def _the_engine(connection: Connection) -> None:
    """2: what the memory engine knows of a memory and a run; users, models, the clock of writes, what was removed."""
    for column in _MEMORY_COLUMNS.split("|"):
        connection.execute(text(f"ALTER TABLE user_memories ADD COLUMN {column.strip()}"))
    connection.execute(text("ALTER TABLE agent_runs ADD COLUMN user_id TEXT NOT NULL DEFAULT ''"))
    for statement in (*_TABLES, *_INDEXES):
        connection.execute(text(statement))
    _create(connection, "removed_memories", ("public_id TEXT NOT NULL",), key="mark")
    for model in KNOWN:
        connection.execute(text("INSERT INTO models VALUES (:name, :good_at, :about, CURRENT_TIMESTAMP)"), {
            "name": model.name, "about": model.description,
            "good_at": "[" + ", ".join(f'"{one}"' for one in model.specialities) + "]"})


def _comparing(connection: Connection) -> None:
    """3: which facts still wait to be held against what was known before them; what is there already does not."""
    connection.execute(text("ALTER TABLE user_memories ADD COLUMN compared BOOLEAN NOT NULL DEFAULT TRUE"))
    connection.execute(text("CREATE INDEX user_memories_compared ON user_memories (compared, id)"))


def _rejecting(connection: Connection) -> None:
    """4: what was rejected, when words were changed by hand, and when something was deleted."""
    connection.execute(text("""CREATE TABLE rejected_suggestions (user_id TEXT NOT NULL, content_hash TEXT NOT NULL,
        rejected_at TIMESTAMP NOT NULL, PRIMARY KEY (user_id, content_hash))"""))
    connection.execute(text("ALTER TABLE user_memories ADD COLUMN reworded_at TIMESTAMP"))
    connection.execute(text("ALTER TABLE removed_memories ADD COLUMN removed_at TIMESTAMP"))
    connection.execute(text("UPDATE removed_memories SET removed_at = CURRENT_TIMESTAMP"))


STEPS: tuple[Step, ...] = (_the_two_tables, _the_engine, _comparing, _rejecting)


def _create(connection: Connection, table: str, columns: tuple[str, ...], key: str = "id") -> None:
    number = "INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL"
    if connection.dialect.name == "postgresql":
        number = "INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"
    connection.execute(text(f"CREATE TABLE {table} ({', '.join([f'{key} {number}', *columns])})"))


def _rebuild(connection: Connection, table: str, columns: tuple[str, ...]) -> None:
    """SQLite alone: put a table whose ids could be given twice into one whose ids cannot; columns of others come along."""
    made_by = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar_one()
    if "AUTOINCREMENT" in made_by.upper():
        return
    connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_before"))
    _create(connection, table, columns)
    ours = {"id", *(column.split()[0] for column in columns)}
    found = connection.execute(text(f"PRAGMA table_info({table}_before)")).all()
    for name, kind in [(row[1], row[2]) for row in found if row[1] not in ours]:
        connection.execute(text(f"ALTER TABLE {table} ADD COLUMN {_quoted(name)} {kind}"))
    names = ", ".join(_quoted(row[1]) for row in found)
    connection.execute(text(f"INSERT INTO {table} ({names}) SELECT {names} FROM {table}_before ORDER BY id"))  # noqa: S608
    connection.execute(text(f"DROP TABLE {table}_before"))


def _number(connection: Connection, table: str) -> None:
    """PostgreSQL alone: let the database give the ids, from the highest on."""
    [key] = [column for column in inspect(connection).get_columns(table) if column["name"] == "id"]
    if key.get("identity") or key.get("default"):
        return
    connection.execute(text(f"ALTER TABLE {table} ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY"))
    connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE(MAX(id), 0) + 1, false) FROM {table}"))  # noqa: S608


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
