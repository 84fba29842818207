"""How the parts of the memory are, each with the time that it took to answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from halo_app.domain.chunk import Scope
from halo_app.domain.health import Check
from halo_app.domain.memory import Indexed
from halo_app.memory_ports import AuditLog
from halo_app.ports import Embedder, VectorIndex
from halo_app.services.account import COMMAND, DISABLED
from halo_app.services.memory import MemoryService

Found = TypeVar("Found")
REBUILD = "run halo reindex; when several data directories share one memory database, run it for each of them"


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
                ("memory search", self._search), ("memory model", self._embedding), ("memory waiting", self._waiting),
                ("audit log", self._audit)]

    def _database(self) -> Check:
        memory = self.open_memory()
        if memory is None:
            return Check("memory", True, DISABLED.removesuffix("."), COMMAND)
        _, took = _timed(memory.kept.check)
        return _answered("memory", f"{memory.kept.place} can be written", took)

    def _memories(self) -> Check | None:
        memory = self.open_memory()
        if memory is None:
            return None
        count, took = _timed(lambda: memory.count(self.user_id))
        if not count:
            return _answered("memories", "no memories stored yet", took, 'halo memory add "I like tea"')
        return _answered("memories", f"{count} of {self.user_id}", took)

    def _index(self) -> Check | None:
        memory = self.open_memory()
        if memory is None:
            return None
        count, took = _timed(lambda: self.index().count(Scope(self.user_id)))
        ready = {one for one, how in memory.kept.standing().items() if how is Indexed.READY}
        lacking = ready - self.index().held().keys() if ready else set()
        if lacking:
            return Check("memory index", False, f"{len(lacking)} of {len(ready)} memories are not in the index of this data directory "
                         f"and are found by their words only ({took:.1f} ms)", REBUILD, round(took, 1))
        return _answered("memory index", f"{count} pieces of {self.user_id} are found by their meaning", took)

    def _search(self) -> Check | None:
        memory = self.open_memory()
        if memory is None:
            return None
        _, took = _timed(lambda: memory.search(self.user_id, "is everything in order", limit=1))
        return _answered("memory search", "answers", took)

    def _embedding(self) -> Check | None:
        if self.open_memory() is None:
            return None
        _, took = _timed(lambda: self.embedder().embed(["ready"], query=True))
        return _answered("memory model", self.embedder().model_id, took)

    def _waiting(self) -> Check | None:
        memory = self.open_memory()
        if memory is None:
            return None
        count, took = _timed(memory.kept.waiting)
        said = f"{count} memories wait to be found by their meaning" if count else "every memory is found by its meaning"
        return _answered("memory waiting", said, took)

    def _audit(self) -> Check:
        found, took = _timed(lambda: self.audit().inspect())
        if not found.ok:
            return Check("audit log", False, f"{found.problem} (entry {found.at_number})", "restore the database from a backup; see "
                         "docs/administration.md")
        return _answered("audit log", f"{found.entries} entries, none changed", took)


def _answered(name: str, detail: str, took_ms: float, fix: str = "") -> Check:
    return Check(name, True, f"{detail} ({took_ms:.1f} ms)", fix, round(took_ms, 1))


def _timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """Return what came of the work, and the milliseconds that it took."""
    began = time.perf_counter()
    found = work()
    return found, (time.perf_counter() - began) * 1000
