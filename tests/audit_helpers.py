"""An audit log in a folder, and somebody who can write its whole database but has neither its key nor its head."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from halo_app.domain.audit import Act
from halo_app.domain.user import Principal, UserRole
from halo_app.storage.audit import AuditTrail
from halo_app.storage.audit_keys import AuditKeys
from halo_app.storage.database import open_database
from halo_app.storage.locks import write_lock

ADMIN = Principal("root", UserRole.ADMIN, reason="a test")
ACTIONS = ("memory.store", "memory.search", "note.edit", "chat.ask", "source.add")
COLUMNS = ("log", "at", "actor", "owner", "action", "what", "count", "outcome", "reason", "subject", "seal")


class Days:
    """A clock that is set by hand and moves a second at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def pass_by(self, days: int) -> None:
        self.now += timedelta(days=days)


def open_trail(folder: Path, clock: Callable[[], datetime] | None = None) -> AuditTrail:
    """Open the log of a data directory, as another process would."""
    database = open_database("sqlite:///{data_dir}/audit.db", folder)
    assert database is not None
    keys = AuditKeys(folder / "keys", partial(write_lock, folder / ".locks", "keys"))
    return AuditTrail(database, keys, "audit.db", clock or Days())


def fill(trail: AuditTrail, number: int, chance: random.Random) -> None:
    for position in range(number):
        person = chance.choice(["anna", "bela", "carl"])
        trail.note(Act(person, chance.choice(ACTIONS), person, "memory", position % 7, subject=f"{chance.getrandbits(128):032x}"))


class Attacker:
    """Works on a copy of the database file alone; returns in words what was done."""

    def __init__(self, database: Path, chance: random.Random) -> None:
        self._path, self._chance = database, chance

    def strike(self, way: str) -> str:
        connection = sqlite3.connect(self._path, isolation_level=None)
        try:
            connection.execute("DROP TRIGGER audit_log_no_update")
            connection.execute("DROP TRIGGER audit_log_no_delete")
            numbers = [number for (number,) in connection.execute("SELECT number FROM audit_log ORDER BY number")]
            done: str = getattr(self, f"_{way}")(connection, numbers)
            return f"{way}: {done}"
        finally:
            connection.close()

    def _edit(self, connection: sqlite3.Connection, numbers: list[int]) -> str:
        column = self._chance.choice(COLUMNS)
        number = self._chance.choice(numbers)
        worth = 99 if column == "count" else self._chance.choice(["p0123456789abcdef", "memory.read", "refused", "x" * 64])
        connection.execute(f"UPDATE audit_log SET {column} = ? WHERE number = ?", (worth, number))
        return f"{column} of {number}"

    def _swap(self, connection: sqlite3.Connection, numbers: list[int]) -> str:
        one, other = self._chance.sample(numbers, 2)
        for before, after in ((one, -1), (other, one), (-1, other)):
            connection.execute("UPDATE audit_log SET number = ? WHERE number = ?", (after, before))
        return f"{one} and {other}"

    def _remove(self, connection: sqlite3.Connection, numbers: list[int]) -> str:
        number = self._chance.choice(numbers[:-1])
        connection.execute("DELETE FROM audit_log WHERE number = ?", (number,))
        closing_up = self._chance.random() < 0.5
        if closing_up:
            for later in numbers[number:]:
                connection.execute("UPDATE audit_log SET number = ? WHERE number = ?", (later - 1, later))
        return f"{number}, closing up: {closing_up}"

    def _truncate(self, connection: sqlite3.Connection, numbers: list[int]) -> str:
        kept = self._chance.choice([*numbers[:-1], 0, numbers[-2]])
        connection.execute("DELETE FROM audit_log WHERE number > ?", (kept,))
        return f"after {kept}"


def copy_of(folder: Path, to: Path) -> Path:
    """Copy a data directory at rest and return the place of the copy."""
    shutil.copytree(folder, to)
    return to
