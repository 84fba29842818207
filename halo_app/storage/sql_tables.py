"""The tables of the memory database, the same on SQLite and PostgreSQL; `migrations` makes them.

Times are UTC without a zone. What the seed named comes first in its two tables, further columns after that: those have defaults,
so that a plain INSERT of `user_id` and `memory` is a row; `public_id` is NULL until such a row is adopted.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import TIMESTAMP, BigInteger, Boolean, Column, Float, Integer, MetaData, Table, Text, func

metadata = MetaData()
_NOW = func.current_timestamp()

user_memories = Table(
    "user_memories", metadata,
    Column("id", BigInteger, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("memory", Text, nullable=False),
    Column("created_at", TIMESTAMP, server_default=_NOW),
    Column("public_id", Text),
    Column("kind", Text, nullable=False, server_default="fact"),
    Column("content", Text, nullable=False, server_default=""),            # JSON; "" until adopted
    Column("content_hash", Text, nullable=False, server_default=""),
    Column("model", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="kept"),
    Column("session_id", Text, nullable=False, server_default=""),         # of the content, else of the provenance
    Column("category", Text, nullable=False, server_default=""),
    Column("pinned", Boolean, nullable=False, server_default="FALSE"),
    Column("tags", Text, nullable=False, server_default="[]"),             # JSON, as are the next two and disputes
    Column("provenance", Text, nullable=False, server_default="{}"),
    Column("merged", Text, nullable=False, server_default="[]"),
    Column("disputes", Text, nullable=False, server_default="[]"),
    Column("superseded_by", Text, nullable=False, server_default=""),
    Column("updated_at", TIMESTAMP),
    Column("occurred_at", TIMESTAMP),
    Column("expires_at", TIMESTAMP),
    Column("valid_from", TIMESTAMP),
    Column("valid_to", TIMESTAMP),
    Column("indexed", Text, nullable=False, server_default="pending"),
    Column("failure", Text, nullable=False, server_default=""),
    Column("version", BigInteger, nullable=False, server_default="0"),     # the tick of the clock when it was last written
    Column("claimed_by", Text, nullable=False, server_default=""),
    Column("claimed_until", Float, nullable=False, server_default="0"),    # seconds since 1970
    Column("compared", Boolean, nullable=False, server_default="TRUE"),    # a fact that still waits to be held against others: FALSE
    Column("reworded_at", TIMESTAMP),                                      # when its words were last changed by hand
    sqlite_autoincrement=True,                                             # an id is never given twice
)

agent_runs = Table(
    "agent_runs", metadata,
    Column("id", BigInteger, primary_key=True),
    Column("session_id", Text, nullable=False),
    Column("agent_name", Text, nullable=False),
    Column("run_data", Text, nullable=False),
    Column("created_at", TIMESTAMP, server_default=_NOW),
    Column("user_id", Text, nullable=False, server_default=""),
    sqlite_autoincrement=True,
)

users = Table(
    "users", metadata,
    Column("id", Text, primary_key=True),
    Column("username", Text, nullable=False),
    Column("username_key", Text, nullable=False, unique=True),             # as compared: normal form, without case
    Column("email", Text, nullable=False),
    Column("email_key", Text, unique=True),                                # NULL without an e-mail
    Column("role", Text, nullable=False),
    Column("grants", Text, nullable=False),                                # JSON
    Column("disabled", Boolean, nullable=False),
    Column("created_at", TIMESTAMP, nullable=False),
)

models = Table(
    "models", metadata,
    Column("name", Text, primary_key=True),
    Column("specialities", Text, nullable=False),                          # JSON
    Column("description", Text, nullable=False),
    Column("created_at", TIMESTAMP, nullable=False),
)

#: The clock of writes: row "" is the newest tick of all, the others that of each user's newest write.
memory_clock = Table(
    "memory_clock", metadata,
    Column("user_id", Text, primary_key=True),
    Column("version", BigInteger, nullable=False),
)

#: What was deleted, by public id alone, so that an index can follow. The row with an empty id, if there is one, stands for all that
#: were deleted before it and are not remembered any more.
removed_memories = Table(
    "removed_memories", metadata,
    Column("mark", Integer, primary_key=True),
    Column("public_id", Text, nullable=False),
    Column("removed_at", TIMESTAMP, default=lambda: datetime.now(UTC).replace(tzinfo=None)),
    sqlite_autoincrement=True,
)

#: Suggestions that their user did not want, as a hash, so that they are not made again.
rejected_suggestions = Table(
    "rejected_suggestions", metadata,
    Column("user_id", Text, primary_key=True),
    Column("content_hash", Text, primary_key=True),
    Column("rejected_at", TIMESTAMP, nullable=False),
)

schema_version = Table(
    "schema_version", metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", TIMESTAMP, nullable=False, server_default=_NOW),
)
