"""The numbers that a database gives to rows: the highest so far, and rows that bring a higher one along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, text

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


def insert_numbered(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in bulk; a row keeps the `id` that it brings when that number was never given, else it is given one."""
    highest = _highest(connection, table) if any(row["id"] for row in rows) else 0
    kept: dict[int, Mapping[str, Any]] = {}
    given = []
    for row in rows:
        if row["id"] > highest and row["id"] not in kept:
            kept[row["id"]] = row
        else:
            given.append({name: value for name, value in row.items() if name != "id"})
    if kept:
        connection.execute(insert(table), list(kept.values()))
        go_on_from(connection, table, max(kept))
    if given:
        connection.execute(insert(table), given)


def _highest(connection: Connection, table: Table) -> int:
    """Return the highest number that was ever given, also when its row is gone."""
    if connection.dialect.name == "postgresql":
        sequence = connection.execute(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name}).scalar_one()
        query = text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608
        return int(connection.execute(query).scalar_one())
    found = connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name}).scalar()
    return int(found or 0)


def go_on_from(connection: Connection, table: Table, number: int) -> None:
    """PostgreSQL alone: let no number up to this one be given any more. SQLite sees to that by itself."""
    if connection.dialect.name == "postgresql":
        reached = max(number, _highest(connection, table))
        query = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :number)")
        connection.execute(query, {"name": table.name, "number": reached})
