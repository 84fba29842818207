"""The stores of one data directory that retention clears, each with the rule that it goes by.

A new store that ages is a line here and a rule in `settings.Retention`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from halo_app.domain.memory import Kind
from halo_app.services.retention import Aging, RetentionService, of_owners, of_records

if TYPE_CHECKING:
    from halo_app.memory_parts import MemoryParts
    from halo_app.services.memory import MemoryService
    from halo_app.storage.database import Database


_MANY = {Kind.SUMMARY: "summaries"}
Delete = Callable[[str, str], object]          # a kind of record and an id


def retention_of(app: MemoryParts, delete: Delete) -> RetentionService:
    """Return the service; `delete` removes a record by kind and id, as a person would. No store is opened yet."""
    from halo_app.storage.config_file import ConfigFile
    from halo_app.storage.locks import write_lock

    overlay = ConfigFile(app.data_dir / "config.json", partial(write_lock, app.locks, "config"))
    return RetentionService(app.settings.retention, overlay, lambda: _stores(app, delete), app.clock, app.user_id, app.acts)


def _stores(app: MemoryParts, delete: Delete) -> Iterator[Aging]:
    def records(kind: str, rule: str, when: Callable[[Any], datetime]) -> Aging:
        return of_records(kind, rule, lambda: app.records(kind).all(app.user_id), when, lambda one: delete(kind, one.id))

    yield records("chats", "chat_days", lambda chat: chat.updated_at)
    yield records("notes", "note_days", lambda note: note.updated_at)
    yield records("sources", "source_days", lambda source: source.created_at)
    yield records("outputs", "output_days", lambda output: output.created_at)
    if app.memory and app.database:
        yield from _memories(app.memory, app.database)
    yield Aging("audit", "audit_days", app.audit.count, app.audit.prune)


def _memories(memory: MemoryService, database: Database) -> Iterator[Aging]:
    """Yield the kinds of memory, for all users, as the local operator may clear them."""
    from halo_app.storage.sql_aging import SqlAging

    aging = SqlAging(database)
    for kind in Kind:
        yield of_owners(_MANY.get(kind, f"{kind}s"), f"{kind}_days", partial(aging.older, kind), memory.delete)
    yield of_owners("expired", "", aging.expired, memory.delete)
    yield of_owners("runs", "run_days", aging.old_sessions,
                    lambda owner, sessions: sum(memory.remove_runs(owner, session) for session in sessions))
