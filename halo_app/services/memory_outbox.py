"""Make stored memories findable by meaning, behind the one who stored them, and let the index follow what was deleted."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from functools import cached_property
from math import inf
from threading import RLock
from time import monotonic, sleep

import numpy as np

from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.memory import Indexed, Memory
from halo_app.errors import Damaged, EmbedderUnavailable
from halo_app.memory_ports import MemoryStore
from halo_app.ports import Embedder, Entry, VectorIndex, Vectors
from halo_app.services.background import Background
from halo_app.services.memory_pieces import Cutting

AT_ONCE, MOST_AT_ONCE = 32, 512     # memories per step: more while steps are short
STEP_SECONDS = 2.0
LEASE_SECONDS = 120.0       # much more than a step takes; what a killed process held is free after that
LOOK_SECONDS = 0.25
DAY_SECONDS = 24 * 60 * 60.0
REMEMBERED_DAYS = 30.0      # for which an index can follow single deletions; whoever is further behind is held against the store
MANY = 2000                 # deletions from which on the index is asked first which of them it has
_Cut = tuple[list[Chunk], list[str]]

log = logging.getLogger(__name__)


class MemoryOutbox:
    """One step at a time: claim, embed, write to the index, settle. A memory that cannot be embedded is FAILED, with the reason.

    Several processes may work on one store: what one has claimed no other touches. Without a model memories stay PENDING
    and are found by their words. `index` holds what is derived; the store is the truth. `weave` relates some of the facts that
    are embedded by now (given True: of all) to what was known, and tells whether there were any.
    """

    def __init__(self, store: MemoryStore, index: VectorIndex, cutting: Cutting, embedder: Callable[[], Embedder | None], *,
                 at_once: int = AT_ONCE, lease_seconds: float = LEASE_SECONDS,
                 weave: Callable[[bool], bool] = lambda by_words: False, worker: str = "",
                 has_died: Callable[[str], bool] = lambda worker: False) -> None:
        self._store, self._index, self._cutting, self._embedder = store, index, cutting, embedder
        self._at_once, self._lease, self._weave = at_once, lease_seconds, weave
        self._worker, self._has_died = worker or secrets.token_hex(8), has_died
        self._mark = 0
        self._pruned = -inf
        self._unchecked = False
        self._stepping = RLock()

    # for the app

    def begin(self) -> None:
        """Hold the index against the store and do what waits: for the start of a process that stays."""
        self._unchecked = True
        self._behind.wake()

    def wake(self) -> None:
        """Tell that something was stored, changed or deleted."""
        self._behind.wake()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing waits, at most so long; False when work is left."""
        return self._behind.wait(seconds)

    def drain(self, seconds: float = 600.0) -> int:
        """Do here and now what waits, before a short-lived process ends; returns how many memories still wait.

        What another process has claimed is waited for, and taken over when it died; without a model nothing is embedded.
        """
        until = monotonic() + seconds
        self.follow()
        while monotonic() < until:
            if self._step() or self._weave(self._model() is None):
                continue
            if self._model() is None or not self._store.waiting():
                break
            if not self._take_over():
                sleep(min(LOOK_SECONDS, max(until - monotonic(), 0.0)))
        self.follow()
        return self._store.waiting()

    def close(self) -> None:
        """Stop after the step at hand; what waits is done at the next start."""
        self._behind.close()

    def waiting(self) -> int:
        """Return how many memories are not yet found by meaning."""
        return self._store.waiting()

    # what keeps the index true

    def check(self) -> int:
        """Hold the index against the store: what it lacks becomes PENDING again, what is not stored any more goes.

        Finds an index that was lost or damaged, a new embedding model, and what a killed process left. Returns how many
        memories are embedded again.
        """
        model = self._model()
        with self._stepping:
            before = self._store.standing()
            try:
                held = self._index.held()
                mine = self._index.held(model.model_id) if model else held
            except Damaged:
                log.warning("the index of memories cannot be read and is built again")
                self._index.reset()
                held = mine = {}
            self._index.remove_all(sorted({*held, *mine} - set(self._store.standing())))     # what came meanwhile is no stranger
            whole = {public_id for public_id, one in mine.items() if one.vectors == one.chunks}
            lost = [public_id for public_id, found in before.items() if found is Indexed.READY and public_id not in whole]
            return self._store.again(lost) if model and lost else 0

    def follow(self) -> None:
        """Take out of the index what was deleted from the store, by whichever process."""
        with self._stepping:
            mark, gone = self._store.removed_since(self._mark)
            if gone is None:                      # this process slept for longer than deletions are remembered
                self.check()
                gone = []
            if len(gone) > MANY:
                gone = sorted(set(gone) & {*self._index.held(), *self._index.held(self._model_id())})
            self._index.remove_all(gone)
            self._index.purge()
            self._mark = mark

    # how

    @cached_property
    def _behind(self) -> Background:
        return Background("halo-memories", self._turn)

    def _turn(self) -> bool:
        if self._unchecked:
            self.check()
            self._unchecked = False
        self.follow()
        self._prune()
        if self._step() or self._weave(self._model() is None):
            return True
        self.follow()
        if self._model() is None or not self._store.waiting():
            return False
        if self._take_over():
            return True
        sleep(LOOK_SECONDS)                       # another process is at it
        return not self._behind.closing

    def _take_over(self) -> bool:
        """Free what is held by those who died at it; False when there is nothing of the kind."""
        with self._stepping:                      # then this one holds nothing, but for what it could not put back
            dead = [worker for worker in self._store.holders() if worker == self._worker or self._has_died(worker)]
            return bool(dead) and bool(self._store.release(dead))

    def _prune(self) -> None:
        """Let go, daily, of what was deleted so long ago that whoever has not followed it looks at everything anew."""
        if monotonic() - self._pruned >= DAY_SECONDS:
            self._store.forget_removed(REMEMBERED_DAYS)
            self._pruned = monotonic()

    def _step(self) -> bool:
        """Embed some of what waits; False when there is nothing to claim, or no model."""
        model = self._model()
        if model is None:
            return False
        with self._stepping:
            began = monotonic()
            claimed = self._store.claim(self._worker, self._at_once, lease_seconds=self._lease)
            if not claimed:
                self._switch(model)
                return False
            done = False
            try:
                entries, failed = self._entries(claimed, model)
                self._write(entries, model)
                self._store.settle(self._worker, [entry.source_id for entry in entries], failed)
                done = True
            finally:
                if not done:                      # then nobody need wait for the lease to run out
                    self._store.again([memory.public_id for memory in claimed])
            fits = self._at_once * STEP_SECONDS / max(monotonic() - began, 0.01)
            self._at_once = int(min(max(fits, 1), 2 * self._at_once, MOST_AT_ONCE))
            return True

    def _entries(self, memories: Sequence[Memory], model: Embedder) -> tuple[list[Entry], dict[str, str]]:
        cuts = {memory.public_id: self._cutting.cut(memory) for memory in memories}
        try:
            vectors = model.embed([text for _, texts in cuts.values() for text in texts])
            return _apart(cuts, vectors), {}
        except EmbedderUnavailable:
            return self._one_by_one(cuts, model)

    def _one_by_one(self, cuts: dict[str, _Cut], model: Embedder) -> tuple[list[Entry], dict[str, str]]:
        """Find the memory that the model cannot read; when it can read none, that is no memory's fault."""
        entries: list[Entry] = []
        failed: dict[str, str] = {}
        for public_id, (chunks, texts) in cuts.items():
            try:
                entries.append(Entry(public_id, chunks, model.embed(texts)))
            except EmbedderUnavailable as error:
                failed[public_id] = error.message
        if not entries:
            raise EmbedderUnavailable(next(iter(failed.values())), fix="run halo doctor")
        return entries, failed

    def _write(self, entries: Sequence[Entry], model: Embedder) -> None:
        """Write to the vectors that serve; of a model that does not serve yet, beside them."""
        serving = self._index.model_id()
        if serving in ("", model.model_id):
            self._index.put_all(entries, model_id=model.model_id)
            return
        serves = [self._serves(entry) for entry in entries]
        if known := [entry for entry, is_known in zip(entries, serves, strict=True) if is_known]:
            self._index.fill(known, model_id=model.model_id)
        if new := [entry for entry, is_known in zip(entries, serves, strict=True) if not is_known]:
            self._index.put_all(new, model_id=model.model_id)

    def _serves(self, entry: Entry) -> bool:
        """Tell whether the index has just these rows with vectors of the model that serves."""
        scope = Scope(entry.chunks[0].user_id, source_ids=frozenset([entry.source_id]))
        rows, vectors = self._index.rows(scope)
        return vectors is not None and bool(np.any(vectors, axis=1).all()) and rows == list(entry.chunks)

    def _switch(self, model: Embedder) -> None:
        if self._index.model_id() not in ("", model.model_id) and not self._store.waiting():
            self._index.switch(model.model_id)

    def _model_id(self) -> str:
        model = self._model()
        return model.model_id if model else ""

    def _model(self) -> Embedder | None:
        try:
            model = self._embedder()
            return model if model is not None and model.model_id else None
        except EmbedderUnavailable as error:
            log.warning("memories are found by words only: %s", error.message)
            return None


def _apart(cuts: dict[str, _Cut], vectors: Vectors) -> list[Entry]:
    entries, start = [], 0
    for public_id, (chunks, _) in cuts.items():
        entries.append(Entry(public_id, chunks, vectors[start : start + len(chunks)]))
        start += len(chunks)
    return entries
