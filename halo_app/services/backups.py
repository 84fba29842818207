"""Keep a copy of a whole data directory in one file, and put it back in place of what is there, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from halo_app.domain.audit import Act
from halo_app.domain.permissions import Action, refusal
from halo_app.domain.user import Principal
from halo_app.errors import BadInput, PermissionDenied
from halo_app.memory_ports import AuditLog
from halo_app.ports import Clock
from halo_app.services.exporting import Opening, Writing
from halo_app.services.stores import Stores

FORM, VERSION = "HALO backup", 1


class House(Protocol):
    """The files of a data directory."""

    def snapshot(self) -> AbstractContextManager[list[tuple[str, Path]]]: ...

    @property
    def staging(self) -> Path: ...

    def replace(self) -> None: ...

    def finish(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Backup:
    """What was copied or put back, and what was erased again because it had been erased since the copy was made."""

    made_at: datetime
    files: int
    size_bytes: int
    left_out: str = ""
    erased_again: int = 0


@dataclass(frozen=True)
class BackupService:
    """Backs up and restores everything of a data directory. `left_out` says what cannot be copied, in words."""

    house: House
    stores: Stores
    write: Writing
    open: Opening
    exclusive: Callable[[], AbstractContextManager[Any]]
    unfinished_erasure: Callable[[], bool]
    erase_again: Callable[[Principal, datetime], int]
    audit: Callable[[], AuditLog | None]
    clock: Clock
    left_out: Callable[[], str]
    reopen: Callable[[], None]

    def backup(self, who: Principal, path: Path) -> Backup:
        """Copy everything as it is at this moment into one file, also while HALO runs. Raises BadInput, StoreUnavailable."""
        self._allow(who, "account.backup")
        with self.exclusive():
            if self.unfinished_erasure():
                raise BadInput("an erasure is not finished, and would be undone by a backup", fix="start HALO, which finishes it")
            now = self.clock()
            with self.house.snapshot() as files:
                about = {"format": FORM, "version": VERSION, "created_at": now.isoformat(), "left_out": self.left_out()}
                manifest = self.write(path, about, ((f"data/{name}", place) for name, place in files))
        self._note(who, "account.backup", len(manifest["files"]))
        return _told(manifest)

    def restore(self, who: Principal, path: Path) -> Backup:
        """Put a backup in place of everything that is here. All of it is checked and unpacked first.

        What was erased since the backup was made is erased again. Raises RefusedFile for a file that was changed.
        """
        self._allow(who, "account.restore")
        with self.exclusive():
            with self.open(path, FORM, VERSION) as archive:
                staging = self.house.staging
                for name in archive.names:
                    archive.put(name, staging / name.removeprefix("data/"))
                told = _told(archive.manifest)
            self.house.replace()
            self._forget()
        again = self.erase_again(who, told.made_at)
        self._note(who, "account.restore", told.files)
        return Backup(told.made_at, told.files, told.size_bytes, told.left_out, again)

    def finish(self) -> bool:
        """Finish a restore that was killed; False when there was none."""
        with self.exclusive():
            done = self.house.finish()
            self._forget()
        return done

    def _forget(self) -> None:
        for store in self.stores.all:
            store.forget()
        self.reopen()

    def _allow(self, who: Principal, action: str) -> None:
        why = refusal(who, Action.CLEAR_ALL, "")
        if why:
            self._note(who, action, 0, "refused")
            raise PermissionDenied(why, fix="ask an administrator")

    def _note(self, who: Principal, action: str, count: int, outcome: str = "done") -> None:
        if (audit := self.audit()) is not None:
            audit.note(Act(who.user_id, action, "", "data directory", count, outcome, who.reason))


def _told(manifest: dict[str, Any]) -> Backup:
    files = manifest["files"]
    return Backup(datetime.fromisoformat(manifest["created_at"]), len(files), sum(int(entry["bytes"]) for entry in files.values()),
                  str(manifest.get("left_out", "")))

