"""The two tables of the memory database, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from sqlalchemy import TIMESTAMP, Column, Integer, MetaData, Table, Text, func

metadata = MetaData()

user_memories = Table(
    "user_memories", metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("memory", Text, nullable=False),
    Column("created_at", TIMESTAMP, server_default=func.current_timestamp()),
    sqlite_autoincrement=True,         # an id is never given twice
)

agent_runs = Table(
    "agent_runs", metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", Text, nullable=False),
    Column("agent_name", Text, nullable=False),
    Column("run_data", Text, nullable=False),
    Column("created_at", TIMESTAMP, server_default=func.current_timestamp()),
    sqlite_autoincrement=True,
)
