"""The stores of personal data of one data directory, in the order in which erasure goes through them.

A new place for personal data is a line here, whatever keeps it: files, an index, a database, a cache outside this process.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from halo_app.adapters import STORES, part
from halo_app.domain.erasure import Subject
from halo_app.errors import HaloError
from halo_app.memory_parts import MemoryParts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from halo_app.domain.erasure import Target
    from halo_app.memory_ports import AuditLog
    from halo_app.ports import PersonalStore
    from halo_app.services.backups import BackupService
    from halo_app.services.erasing import ErasingService
    from halo_app.services.exporting import ExportingService
    from halo_app.services.stores import Stores
    from halo_app.storage.database import Database
    from halo_app.storage.erasure_files import ErasureFiles
    from halo_app.storage.snapshots import HouseFiles

BUILT_AGAIN = "it is built again from what is exported"
WORK = ".work"                # below the data directory: what exports, backups and restores are in the middle of


def stores_of(app: Holdings) -> Stores:
    """Return every store of personal data. Nothing is opened yet but the index."""
    from halo_app.services.stores import Stores

    return Stores([*_records(app), *_plain(app), *_tables(app), *_indexes(app), *_sources(app)])


class Holdings(MemoryParts):
    """What is done with all stores of personal data together: erasing, exporting, backing up."""

    @part
    def stores(self) -> Stores:
        """Every store of personal data."""
        return stores_of(self)

    @part
    def database_at_hand(self) -> Database | None:
        """The memory database, also one that lies here from before memory was disabled."""
        from halo_app.storage.database import open_database
        if self.database is not None or not (self.data_dir / "memory.db").is_file():
            return self.database
        left = open_database("sqlite:///{data_dir}/memory.db", self.data_dir)
        return self._closing(left) if left else None

    @part
    def erasing(self) -> ErasingService:
        from halo_app.services.erasing import ErasingService
        return ErasingService(self.stores, self._erasure_files, self._exclusive, self.attendance, self._audit, self.clock,
                              self.forget, self.settle)

    @part
    def exporting(self) -> ExportingService:
        from halo_app.services.exporting import ExportingService
        from halo_app.storage.archive import open_archive, write_archive
        return ExportingService(self.stores, partial(write_archive, house=self.data_dir), open_archive, self._exclusive,
                                self._audit, self.clock, self.data_dir / WORK, self.rebuild)

    @part
    def backups(self) -> BackupService:
        from halo_app.services.backups import BackupService
        from halo_app.storage.archive import open_archive, write_archive
        return BackupService(house_of(self), self.stores, partial(write_archive, house=self.data_dir), open_archive, self._exclusive,
                             lambda: self._erasure_files.unfinished() is not None, self.erasing.again, self._audit, self.clock,
                             self._not_copied, self.forget)

    def forget(self) -> None:
        """Let go of everything that this process remembers."""

    def settle(self, target: Target) -> None:
        """End the work of this process on what is erased."""

    def rebuild(self) -> Iterable[object]:
        """Build again what was derived, in steps."""
        return ()

    def finish_restore(self) -> None:
        """Finish a restore that was killed, before anything else of the data directory is looked at."""
        if house_of(self).is_unfinished():
            self.backups.finish()

    def finish_erasure(self) -> None:
        """Take up what a killed erasure left, before anything else looks at it, and keep space for the next one."""
        if self._erasure_files.is_unfinished:
            try:
                self.erasing.resume()
            except HaloError as error:
                logging.getLogger(__name__).error("an erasure could not be finished: %s", error.message)
        self._erasure_files.set_space_aside()

    @part
    def _erasure_files(self) -> ErasureFiles:
        from halo_app.storage.erasure_files import ErasureFiles
        return ErasureFiles(self.data_dir)

    def _exclusive(self) -> AbstractContextManager[None]:
        """Hold the lock of erasure, export, backup and restore."""
        from halo_app.storage.locks import write_lock
        return write_lock(self.locks, "erasure")

    def _audit(self) -> AuditLog:
        return self.audit

    def _not_copied(self) -> str:
        """Say which database is not in a backup, "" when all are."""
        return "the memory database is a server of its own: use its own backup" if "postgresql" in self.memory_url else ""


def house_of(app: MemoryParts) -> HouseFiles:
    """Return the files of the data directory, for copies of all of it."""
    from halo_app.storage.locks import write_lock
    from halo_app.storage.snapshots import HouseFiles

    names = [*(Path(folder).name for folder, _ in STORES.values()), "lancedb", "lancedb-memory", "ledger", "config"]
    return HouseFiles(app.data_dir, app.data_dir / WORK, [partial(write_lock, app.locks, name) for name in sorted(names)],
                      partial(_databases, app))


def _databases(app: MemoryParts) -> dict[str, Path]:
    """Return the SQLite files that hold something of this data directory, by name."""
    from halo_app.storage.database import sqlite_path

    memory = sqlite_path(app.memory_url, app.data_dir)
    return {path.name: path for path in (app.data_dir / "audit.db", memory) if path is not None}


def _records(app: MemoryParts) -> list[PersonalStore]:
    from halo_app.storage.kept_records import RecordStore, brought_it, is_it

    def store(name: str, folder: str, made: bool = False) -> PersonalStore:
        return RecordStore(name=name, covers=_covers(folder), records=app.records(name.replace(" ", "_")), made=made,
                           goes=is_it if name == "sources" else brought_it if name == "intakes" else RecordStore.goes)

    return [store("sources", "sources"), store("intakes", "sources/intake"), store("chats", "chat_history", made=True),
            store("notes", "notes"), store("note histories", "notes/history"),
            RecordStore(name="outputs", covers=("outputs/*",), records=app.records("outputs"), made=True),
            store("notebooks", "notebooks"), store("consents", "consent"),
            RecordStore(name="agents", covers=_covers("agents"), records=app.records("agents"), always=("halo",))]


def _covers(folder: str) -> tuple[str, ...]:
    return (f"{folder}/[!/]*.json", f"{folder}/damaged/*", f"{folder}/.halo-*.tmp")


def _plain(app: MemoryParts) -> list[PersonalStore]:
    from halo_app.storage.kept import Kept, LedgerLines, LogFiles, Overlay, WorkingCopies
    from halo_app.storage.locks import write_lock

    house = app.data_dir
    return [
        LedgerLines(name="ledger", covers=("ledger.jsonl",), path=house / "ledger.jsonl",
                    lock=partial(write_lock, app.locks, "ledger")),
        Overlay(name="settings", covers=("config.json",), path=house / "config.json", user_id=app.user_id,
                lock=partial(write_lock, app.locks, "config")),
        LogFiles(name="log", covers=("halo.log*",), derived="it names no content", folder=house),
        WorkingCopies(name="working copies", covers=(f"{WORK}/*",), derived="they are copies", folder=house / WORK),
        Kept(name="receipts", covers=("receipts.jsonl", "erasure.todo"), derived="they belong to the data directory that signed them",
             kept="they prove what was erased, by counts and keyed hashes"),
    ]


def _tables(app: Holdings) -> list[PersonalStore]:
    from halo_app.storage.kept import Kept

    audit = Kept(name="audit", covers=("keys/*", "audit.db*"), tables=("audit_log",),
                 derived="the person's entries go along to be read, the log itself belongs to the data directory",
                 kept="it says what was done under pseudonyms, without content; the key of the person's pseudonym is destroyed")
    database = app.database_at_hand
    if database is None:
        return [audit]
    from halo_app.storage.kept_tables import tables_of
    place = Path(database.place)
    inside = place.is_relative_to(app.data_dir)
    return [*tables_of(database, (f"{place.relative_to(app.data_dir).as_posix()}*",) if inside else ()), audit]


def _indexes(app: Holdings) -> list[PersonalStore]:
    from halo_app.vectors.kept_index import IndexStore

    def outdated(user_id: str) -> set[str]:
        from halo_app.storage.kept_tables import memories_of
        return memories_of(app.database_at_hand).outdated(user_id) if app.database_at_hand else set()

    covers = ("lancedb/serving.json*", "lancedb/chunks_*", "lancedb/.tmp*", "lancedb/__manifest/*")
    return [IndexStore("source index", app.index, covers, Subject.SOURCE),
            IndexStore("memory index", app.memory_index, ("lancedb/memory/*",), Subject.MEMORY, outdated)]


def _sources(app: MemoryParts) -> list[PersonalStore]:
    """What is looked into while the rest is cleaned, so it goes last."""
    from halo_app.storage.kept_notes import AttachmentStore
    from halo_app.storage.kept_sources import OriginalStore, TextStore

    sources, intakes = app.records("sources"), app.records("intakes")
    return [AttachmentStore(name="note files", covers=("notes/files/*",), attached=app.note_originals, notes=app.records("notes")),
            OriginalStore(name="originals", covers=("sources/originals/*",), originals=app.originals,
                          sources=sources, intakes=intakes),
            TextStore(name="texts", covers=("sources/texts/*",), texts=app.texts, sources=sources)]
