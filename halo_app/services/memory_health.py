"""How the parts of the memory are, each with the time that it took to answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from halo_app.domain.chunk import Scope
from halo_app.domain.health import Check
from halo_app.memory_ports import AuditLog
from halo_app.ports import Embedder, VectorIndex
from halo_app.services.account import COMMAND, DISABLED
from halo_app.services.memory import MemoryService

Found = TypeVar("Found")


@dataclass(frozen=True)
class MemoryHealth:
    """The checks of the memory by name. `open_memory` gives None while it is disabled.

    Each check may raise what its part raises, and gives None when there is nothing to check.
    """

    open_memory: Callable[[], MemoryService | None]
    index: Callable[[], VectorIndex]
    embedder: Callable[[], Embedder]
    audit: Callable[[], AuditLog]
    user_id: str

    def named(self) -> list[tuple[str, Callable[[], Check | None]]]:
        return [("memory", self._database), ("memories", self._memories), ("memory index", self._index),
                ("memory search", self._search), ("memory embedding", self._embedding), ("memory waiting", self._waiting),
                ("audit log", self._audit)]

    def _database(self) -> Check:
        memory = self.open_memory()
        if memory is None:
            return Check("memory", True, DISABLED.removesuffix("."), COMMAND)
        _, took = _timed(memory.kept.check)
        return Check("memory", True, f"{memory.kept.place} can be written ({took})")

    def _memories(self) -> Check | None:
        memory = self.open_memory()
        if memory is None:
            return None
        count, took = _timed(lambda: memory.count(self.user_id))
        if not count:
            return Check("memories", True, f"no memories stored yet ({took})", 'halo memory add "I like tea"')
        return Check("memories", True, f"{count} of {self.user_id} ({took})")

    def _index(self) -> Check | None:
        if self.open_memory() is None:
            return None
        count, took = _timed(lambda: self.index().count(Scope(self.user_id)))
        return Check("memory index", True, f"{count} pieces of {self.user_id} are found by their meaning ({took})")

    def _search(self) -> Check | None:
        memory = self.open_memory()
        if memory is None:
            return None
        _, took = _timed(lambda: memory.search(self.user_id, "is everything in order", limit=1))
        return Check("memory search", True, f"answers ({took})")

    def _embedding(self) -> Check | None:
        if self.open_memory() is None:
            return None
        _, took = _timed(lambda: self.embedder().embed(["ready"], query=True))
        return Check("memory embedding", True, f"{self.embedder().model_id} ({took})")

    def _waiting(self) -> Check | None:
        memory = self.open_memory()
        if memory is None:
            return None
        count, took = _timed(memory.kept.waiting)
        said = f"{count} memories wait to be found by their meaning" if count else "every memory is found by its meaning"
        return Check("memory waiting", True, f"{said} ({took})")

    def _audit(self) -> Check:
        found, took = _timed(lambda: self.audit().inspect())
        if not found.ok:
            return Check("audit log", False, f"{found.problem} (entry {found.at_number})", "restore the database from a backup; see "
                         "docs/administration.md")
        return Check("audit log", True, f"{found.entries} entries, none changed ({took})")


def _timed(work: Callable[[], Found]) -> tuple[Found, str]:
    began = time.perf_counter()
    found = work()
    return found, f"{(time.perf_counter() - began) * 1000:.1f} ms"
