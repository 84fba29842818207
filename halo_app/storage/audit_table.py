"""The table of the audit log, guarded by triggers: rows are added and never changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text, bindparam, insert, select, text

if TYPE_CHECKING:
    from sqlalchemy import Connection

metadata = MetaData()

audit_log = Table(
    "audit_log", metadata,
    Column("log", Text, primary_key=True),            # which chain: a database may serve several data directories
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),               # ISO 8601 with microseconds, UTC: sealed as it stands
    Column("actor", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("count", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("seal", Text, nullable=False),
)

ADD = insert(audit_log)
NEWEST = (select(audit_log.c.number, audit_log.c.seal).where(audit_log.c.log == bindparam("chain"), audit_log.c.number < 2**62)
          .order_by(audit_log.c.number.desc()).limit(1))

_SQLITE = [f"""CREATE TRIGGER IF NOT EXISTS audit_log_no_{verb} BEFORE {verb.upper()} ON audit_log
           BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""" for verb in ("update", "delete")]
_SQLITE_OFF = [f"DROP TRIGGER IF EXISTS audit_log_no_{verb}" for verb in ("update", "delete")]
_POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION halo_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$""",
    """CREATE OR REPLACE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION halo_append_only()""",
]
_POSTGRESQL_OFF = ["DROP TRIGGER IF EXISTS audit_log_append_only ON audit_log"]


def make(connection: Connection) -> None:
    """Make the table and its guard where they are missing; the caller holds the write lock."""
    metadata.create_all(connection)
    _guard(connection)


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Allow removal while the block runs, inside one transaction: nobody else ever sees the table without its guard."""
    for statement in _POSTGRESQL_OFF if connection.dialect.name == "postgresql" else _SQLITE_OFF:
        connection.execute(text(statement))
    yield
    _guard(connection)


def _guard(connection: Connection) -> None:
    for statement in _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE:
        connection.execute(text(statement))
