"""Lend shelves to searches, one search at a time each, brought up to what the store and the index hold now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, RLock

from halo_app.domain.chunk import Chunk, Scope
from halo_app.memory_ports import MemoryStore
from halo_app.ports import VectorIndex
from halo_app.services.memory_far import FarSearch, FarShelf
from halo_app.services.memory_pieces import Cutting
from halo_app.services.memory_shelf import MemoryShelf

Kept = MemoryShelf | FarShelf


@dataclass
class _Place:
    lock: RLock = field(default_factory=RLock)
    kept: Kept | None = None

    @property
    def pieces(self) -> int:
        return self.kept.pieces.length if isinstance(self.kept, MemoryShelf) else 0


class MemoryShelves:
    """The shelves used last. Safe for several threads."""

    def __init__(self, store: MemoryStore, index: VectorIndex, cutting: Cutting, far: FarSearch, *, exact: int, pieces: int) -> None:
        """Of a user with more than `exact` memories only a sample is kept; at most `pieces` in all are kept over all users."""
        self._store, self._index, self._cutting, self._far = store, index, cutting, far
        self._exact, self._most = exact, pieces
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def lent(self, user_id: str, memories: Callable[[], int]) -> Iterator[Kept]:
        """Lend the user's shelf; `memories` tells how many the user has, should it have to be read."""
        with self._lock:
            place = self._places.setdefault(user_id, _Place())
            self._places.move_to_end(user_id)
        with place.lock:
            place.kept = self._followed(place.kept, user_id, memories)
            yield place.kept
        self._let_go()

    def clear(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._places.clear()

    def _followed(self, kept: Kept | None, user_id: str, memories: Callable[[], int]) -> Kept:
        model_id = self._index.model_id()
        if kept is None or kept.model_id != model_id:
            is_far = memories() > self._exact or self._index.count(Scope(user_id)) > self._exact
            return self._far.sample(user_id) if is_far else self._read(user_id, model_id)
        if isinstance(kept, FarShelf):
            return kept
        if kept.pieces.length > self._exact:
            return self._followed(None, user_id, memories)
        return self._read(user_id, model_id) if kept.is_worn else self._caught_up(kept)

    def _caught_up(self, shelf: MemoryShelf) -> MemoryShelf:
        if self._store.version(shelf.user_id) == shelf.version:
            return shelf
        shelf.mark, gone = self._store.removed_since(shelf.mark)
        if gone is None:
            return self._read(shelf.user_id, shelf.model_id)
        shelf.drop(gone)
        shelf.version, written = self._store.written_since(shelf.user_id, shelf.version)
        bare = shelf.take(written, self._cutting, {})
        if bare:
            shelf.give(*self._index.rows(Scope(shelf.user_id, source_ids=frozenset(bare))))
        return shelf

    def _read(self, user_id: str, model_id: str) -> MemoryShelf:
        mark, _ = self._store.removed_since(0)
        version, memories = self._store.written_since(user_id, 0)
        rows, vectors = self._index.rows(Scope(user_id))
        shelf = MemoryShelf(user_id, 0 if vectors is None else vectors.shape[1], model_id)
        shelf.version, shelf.mark = version, mark
        held: dict[str, list[Chunk]] = {}
        for chunk in rows:
            held.setdefault(chunk.source_id, []).append(chunk)
        shelf.take(memories, self._cutting, held)
        shelf.give(rows, vectors)
        return shelf

    def _let_go(self) -> None:
        with self._lock:
            while len(self._places) > 1 and sum(place.pieces for place in self._places.values()) > self._most:
                self._places.popitem(last=False)
