"""Build the search index again from the stored texts: after it was lost or damaged, or when the embedding model changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from halo_app.domain.source import Source
from halo_app.errors import Damaged, HaloError, NotFound
from halo_app.ports import Attendance, Records, Texts, VectorIndex
from halo_app.services.indexing import Preparation, Prepared

GROUP_SOURCES = 64
GROUP_CHUNKS = 256
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How far the rebuilding is: `done` of `total` sources, and what could not be read, in words."""

    done: int
    total: int
    chunks: int = 0
    failed: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReindexService:
    """Rebuilds what is derived. The old vectors serve until those of another model are complete."""

    records: Records[Source]
    texts: Texts
    index: VectorIndex
    preparation: Preparation
    attendance: Attendance

    def is_needed(self) -> bool:
        """True when the index was lost or damaged, or a source's vectors are of another model than the one in use."""
        sources = [source for source in self.records.everyone() if source.chunks]
        model = self.preparation.model()
        if model is not None and any(source.embedder != model.model_id for source in sources):
            return True
        try:
            return not {source.id for source in sources} <= set(self.index.held())
        except Damaged:
            return True

    def run(self) -> Iterator[Reindexed]:
        """Index every source of every user again, yielding how far it is; safe to stop and to start over at any time."""
        sources = sorted(self.records.everyone(), key=lambda source: (source.created_at, source.id))
        so_far = Reindexed(0, len(sources))
        with self.attendance.working():
            self._drop_strangers({source.id for source in sources})
            yield so_far
            group: list[Prepared] = []
            for source in sources:
                try:
                    group.append(self._prepared(source))
                except HaloError as error:
                    _log.warning("a source could not be indexed again: %s", type(error).__name__)
                    so_far = replace(so_far, failed=(*so_far.failed, f"“{source.name}”: {error.message}"))
                so_far = replace(so_far, done=so_far.done + 1)
                if len(group) >= GROUP_SOURCES or sum(len(one.chunks) for one in group) >= GROUP_CHUNKS:
                    so_far = replace(so_far, chunks=so_far.chunks + self._index(group))
                    group = []
                    yield so_far
            so_far = replace(so_far, chunks=so_far.chunks + self._index(group))
            if model := self.preparation.model():
                self.index.switch(model.model_id)
            yield so_far

    def _prepared(self, source: Source) -> Prepared:
        parsed = self.texts.get(source.id)
        return self.preparation.prepare(parsed, source_id=source.id, notebook_id=source.notebook_id, user_id=source.user_id)

    def _index(self, group: Sequence[Prepared]) -> int:
        """Write the passages of a group and what their records say of them; returns how many passages."""
        if not group:
            return 0
        entries, model_id = self.preparation.entries(group)
        self.index.put_all(entries, model_id=model_id)
        for one in group:
            self._note(one, model_id)
        return sum(len(one.chunks) for one in group)

    def _note(self, one: Prepared, model_id: str) -> None:
        chunks = len(one.chunks)
        try:
            known = self.records.get(one.source_id)
            if (known.chunks, known.embedder) != (chunks, model_id):
                self.records.change(one.source_id, lambda old: replace(old, chunks=chunks, embedder=model_id))
        except NotFound:                     # deleted meanwhile
            self.index.remove(one.source_id)

    def _drop_strangers(self, known: set[str]) -> None:
        """Forget passages of sources that are no more; an index that cannot be read is begun anew."""
        try:
            for source_id in set(self.index.held()) - known:
                self.index.remove(source_id)
        except Damaged:
            self.index.reset()
