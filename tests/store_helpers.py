"""A memory database in a folder with its audit log, and a clock that is set by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from halo_app.domain.memory import Fact, Memory
from halo_app.domain.user import Principal, UserRole
from halo_app.storage.audit import AuditTrail
from halo_app.storage.audit_keys import AuditKeys
from halo_app.storage.database import open_database
from halo_app.storage.locks import write_lock
from halo_app.storage.sql_memories import SqlMemoryStore

ANA, BEN = Principal("ana"), Principal("ben")
ROOT = Principal("root", UserRole.ADMIN, reason="a test")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now

    def move(self, **how):
        self.now += timedelta(**how)


def open_all(folder: Path, clock=lambda: datetime.now(UTC), url="sqlite:///{data_dir}/memory.db", **how):
    """Open database, audit log and store of a data directory, as another process would."""
    database = open_database(url, folder, **how)
    trail = AuditTrail(database, AuditKeys(folder / "keys", partial(write_lock, folder / ".locks", "keys")), "memory.db", clock)
    return database, trail, SqlMemoryStore(database, trail, clock)


def open_store(folder: Path, clock=lambda: datetime.now(UTC), url="sqlite:///{data_dir}/memory.db"):
    return open_all(folder, clock, url)[2]


def fact(text, user="ana", **fields):
    """A draft of a fact."""
    return Memory(Fact(text), user_id=user, **fields)
