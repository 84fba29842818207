"""Move and copy sources from one notebook to another; their texts and passages follow, and nothing is read or embedded again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from halo_app.domain.audit import Act
from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.source import Source, source_id_of
from halo_app.errors import Damaged, NotFound
from halo_app.ports import Attendance, Entry, Records, Texts, VectorIndex
from halo_app.services.acting import Acts, telling, unheard
from halo_app.services.removing import by_source, put_by_model

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Carried:
    """`went`: the sources as they are in the other notebook; `stayed`: those whose bytes were there already."""

    went: tuple[Source, ...] = ()
    stayed: tuple[Source, ...] = ()
    ids: tuple[tuple[str, str], ...] = ()      # (id here, id there) of all of them


@dataclass(frozen=True)
class MovingService:
    """In another notebook a source has another id: the same bytes in the same notebook are one source, wherever they came from."""

    records: Records[Source]
    texts: Texts
    index: VectorIndex
    attendance: Attendance
    check_notebook: Callable[[str], object]        # raises NotFound for one that is not the user's
    user_id: str
    acts: Acts = unheard

    def copy(self, source_ids: Sequence[str], notebook_id: str) -> Carried:
        """Copy sources into a notebook. Raises NotFound for a source or a notebook that is not there, Damaged for a lost text."""
        sources = self._mine(source_ids, notebook_id)
        return self._carry(sources, notebook_id, "source.copy") if sources else Carried()

    def move(self, source_ids: Sequence[str], notebook_id: str) -> Carried:
        """Move sources into a notebook; what was written about them finds them there by the ids that they had.

        Each is complete in the other notebook before it leaves this one. Raises like `copy`.
        """
        sources = self._mine(source_ids, notebook_id)
        return self._carry(sources, notebook_id, "source.move") if sources else Carried()

    def _mine(self, source_ids: Sequence[str], notebook_id: str) -> list[Source]:
        self.check_notebook(notebook_id)
        sources = [self.records.get(source_id) for source_id in dict.fromkeys(source_ids)]
        if any(source.user_id != self.user_id for source in sources):
            raise NotFound("one of these sources is not there", fix="choose them from the list")
        return [source for source in sources if source.notebook_id != notebook_id]

    def _carry(self, sources: Sequence[Source], notebook_id: str, action: str) -> Carried:
        with telling(self.acts, self._act(action, sources)), self.attendance.working():
            return self._carried(sources, notebook_id, moved=action == "source.move")

    def _carried(self, sources: Sequence[Source], notebook_id: str, *, moved: bool) -> Carried:
        so_far = Carried()
        for start in range(0, len(sources), AT_ONCE):
            group = {self._id_in(source, notebook_id): source for source in sources[start:start + AT_ONCE]}
            there = {new_id for new_id in group if self._is_there(new_id)}
            going = {new_id: source for new_id, source in group.items() if new_id not in there}
            went = list(self._arrived(going, notebook_id, moved=moved))
            if moved:
                self._leave([source.id for source in going.values()])
            so_far = Carried((*so_far.went, *went), (*so_far.stayed, *(group[new_id] for new_id in there)),
                             (*so_far.ids, *((source.id, new_id) for new_id, source in group.items())))
        return so_far

    def _arrived(self, going: dict[str, Source], notebook_id: str, *, moved: bool) -> Iterator[Source]:
        if not going:
            return
        scope = Scope(self.user_id, None, frozenset(source.id for source in going.values()))
        passages = by_source(*self.index.rows(scope))
        entries = []
        for new_id, source in going.items():
            chunks, vectors = passages.get(source.id, ((), None))
            if source.chunks and not chunks:
                raise Damaged("the search index is missing or incomplete",
                              fix="run halo reindex; it is built again from the stored texts")
            entries.append(Entry(new_id, tuple(_rehomed(chunk, new_id, notebook_id) for chunk in chunks), vectors))
        self.texts.put_all({new_id: self.texts.get(source.id) for new_id, source in going.items()})
        put_by_model(self.index, entries, self.index.model_id())
        new = [replace(source, id=new_id, notebook_id=notebook_id, missing=False, earlier=_earlier(source, new_id) if moved else ())
               for new_id, source in going.items()]
        self.records.put_all(new)                  # last: from now on it is there
        yield from new

    def _leave(self, source_ids: Sequence[str]) -> None:
        for source_id in source_ids:
            self.records.remove(source_id)
        self.index.remove_all(source_ids)
        for source_id in source_ids:
            self.texts.remove(source_id)

    def _id_in(self, source: Source, notebook_id: str) -> str:
        return source_id_of(self.user_id, notebook_id, source.sha256)

    def _is_there(self, source_id: str) -> bool:
        try:
            self.records.get(source_id)
        except NotFound:
            return False
        return True

    def _act(self, action: str, sources: Sequence[Source]) -> Act:
        only = sources[0].id if len(sources) == 1 else ""
        return Act(self.user_id, action, self.user_id, count=len(sources), subject=only)


def _rehomed(chunk: Chunk, source_id: str, notebook_id: str) -> Chunk:
    return replace(chunk, id=f"{source_id}-{chunk.position}", source_id=source_id, notebook_id=notebook_id)


def _earlier(source: Source, new_id: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in (*source.earlier, source.id) if one != new_id))
