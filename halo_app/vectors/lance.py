"""Keep chunks and vectors in LanceDB: one table per embedding model, one writer at a time, any number of readers."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.chunking import chunks_hash
from halo_app.domain.ranking import bm25, top
from halo_app.errors import StoreUnavailable
from halo_app.ports import Entry, Held, Hit, Vectors
from halo_app.vectors.pointer import Pointer
from halo_app.vectors.proposing import Proposals, proposals, with_spare
from halo_app.vectors.rows import chunks_of, condition_of, inside, table_of, vectors_of, width_of
from halo_app.vectors.searching import Search, hits_of, nearest_to, with_words
from halo_app.vectors.tables import Tables
from halo_app.vectors.upkeep import (
    chunks_of_every_version,
    erase_rows,
    has_word_index,
    index_all,
    purge,
    sweep,
    with_deletions,
)

if TYPE_CHECKING:
    from lancedb.expr import Expr
    from lancedb.table import Table

Lock = Callable[[], AbstractContextManager[None]]
Read = TypeVar("Read")

EXACT = 50_000              # rows from which on approximate indexes pay
AT_MOST = 500               # ids in one filter
TIDY_EVERY = 32             # writes; each leaves a small file behind
KEEP_OLD = timedelta(minutes=5)   # for readers in the middle of a version
AT_ONCE = timedelta(milliseconds=1)
NO_SPACE = ("No space left", "os error 28", "StorageFull")

log = logging.getLogger(__name__)


class LanceIndex:
    """A VectorIndex in a folder. What is in it is derived: a lost folder is an empty index, a damaged one raises Damaged."""

    def __init__(self, folder: Path, lock: Lock, dimension: int = 384, *, exact: int = EXACT) -> None:
        """`lock` gives the write lock of this folder, held against threads and processes; `dimension` is that of new vectors."""
        self._tables = Tables(folder, dimension)
        self._lock = lock
        self._exact = exact
        self._few: set[tuple[str, str | None]] = set()      # users and notebooks that have not nearly all rows

    # writing

    def put(self, source_id: str, chunks: Sequence[Chunk], vectors: Vectors | None, *, model_id: str = "") -> None:
        self.put_all([Entry(source_id, chunks, vectors)], model_id=model_id)

    def put_all(self, entries: Sequence[Entry], *, model_id: str = "") -> None:
        with self._writing():
            width = width_of(entries) if model_id else 0
            has_vectors = width > 0
            pointer = self._serving(model_id if has_vectors else "", width)
            if has_vectors and pointer.model_id != model_id:
                self._fill(entries, model_id)
            elif pointer.aside:
                self._replace(pointer.aside, [replace(entry, vectors=None) for entry in entries])
            serves = has_vectors and pointer.model_id == model_id
            self._replace(pointer.serving, entries if serves else [replace(entry, vectors=None) for entry in entries])

    def fill(self, entries: Sequence[Entry], *, model_id: str) -> None:
        with self._writing():
            self._fill(entries, model_id)

    def switch(self, model_id: str) -> None:
        with self._writing():
            pointer = self._tables.pointer()
            if pointer.aside and pointer.aside_model_id == model_id:
                self._tables.point(Pointer(serving=pointer.aside, model_id=model_id))

    def remove(self, source_id: str) -> None:
        self.remove_all([source_id])

    def remove_all(self, source_ids: Sequence[str]) -> None:
        from lancedb.expr import col

        if not source_ids:
            return
        with self._writing():
            for table, _ in self._tables.both():
                theirs = [col("source_id").isin(list(source_ids[at : at + AT_MOST])) for at in range(0, len(source_ids), AT_MOST)]
                found = [those for those in theirs if table.count_rows(those.to_sql())]
                for those in found:
                    table.delete(those)
                if found:
                    table.optimize(cleanup_older_than=AT_ONCE)     # deleted means the bytes go too

    def erase(self, where: Scope) -> int:
        """Erase all passages of the scope from every file of the index, with the lock held, and return how many there were.

        After it no older version of a table, no full-text index and no leftover of a killed writer holds them.
        """
        condition = condition_of(where)
        if condition is None:
            return 0
        with self._writing():
            self.close()
            self._tables.drop_unused()
            gone = sum(erase_rows(table, place, condition) for table, place in self._tables.both())
            sweep(self._tables.folder)
            self.close()
        return gone

    def purge(self) -> None:
        with self._writing():
            for table, place in self._tables.both():
                if with_deletions(place) and table.count_rows() <= self._exact:
                    purge(table, place)

    def everything(self) -> Iterator[Chunk]:
        """Yield the passages of every version of every table that lies in the folder, also of those that serve nobody."""
        for table in self._tables.every():
            yield from chunks_of_every_version(table)

    def tidy(self) -> None:
        """Join small files and index what has grown large now, not at some later write."""
        with self._writing():
            if serving := self._tables.pointer().serving:
                self._tidy(self._tables[serving])

    def reset(self) -> None:
        with self._lock():
            self._tables.reset()

    # reading

    def model_id(self) -> str:
        return self._tables.pointer().model_id

    def version(self) -> int:
        pointer = self._tables.pointer()
        return (pointer.epoch << 32) + self._read(lambda table: int(table.version), 0)

    def held(self, model_id: str = "") -> dict[str, Held]:
        def count(table: Table) -> dict[str, Held]:
            found = table.search().select(["source_id", "has_vector"]).limit(None).to_arrow()
            sources = found["source_id"].to_pylist()
            chunks = Counter(sources)
            vectors = Counter(source for source, has in zip(sources, found["has_vector"].to_pylist(), strict=True) if has)
            return {source: Held(number, vectors[source]) for source, number in chunks.items()}

        return self._read(count, {}, model_id=model_id)

    def count(self, where: Scope) -> int:
        condition = condition_of(where)
        if condition is None:
            return 0
        return self._read(lambda table: int(table.count_rows(condition.to_sql())), 0)

    def rows(self, where: Scope, *, limit: int | None = None) -> tuple[list[Chunk], Vectors | None]:
        return self._rows(condition_of(where), limit=limit)

    def some(self, ids: Sequence[str], *, where: Scope) -> tuple[list[Chunk], Vectors | None]:
        from lancedb.expr import col

        if not ids or condition_of(where) is None:
            return [], None
        sources = {one.rpartition("-")[0] for one in ids}           # few and indexed; the scope is looked at row by row
        return self._rows(col("source_id").isin(sorted(sources)) & col("id").isin(list(ids)), among=where)

    def nearest(self, vector: Vectors, *, where: Scope, limit: int) -> list[Hit]:
        if condition_of(where) is None or limit < 1 or self._width() != len(vector):
            return []
        return self._best(nearest_to(vector), "_distance", where, limit)

    def matching(self, terms: Sequence[str], *, where: Scope, limit: int) -> list[Hit]:
        condition = condition_of(where)
        if condition is None or not terms or limit < 1:
            return []
        if not self._read(has_word_index, False):
            chunks, _ = self._rows(condition, with_vectors=False)
            scores = bm25([chunk.terms for chunk in chunks], terms)
            return [Hit(chunks[at], float(scores[at])) for at in top(scores, limit, scores > 0)]
        return self._best(with_words(terms), "_score", where, limit)

    def proposed(
        self, terms: Sequence[str], vector: Vectors | None, *, where: Scope, limit: int
    ) -> tuple[list[Chunk], Vectors | None]:
        if condition_of(where) is None or limit < 1:
            return [], None
        sides = [with_words(terms, places=True)] if terms else []
        near = vector if vector is not None and self._width() == len(vector) else None
        sides += [] if near is None else [nearest_to(near, places=True)]
        owner = (where.user_id, where.notebook_id)
        is_large: bool = bool(sides) and self._read(has_word_index, False)
        while is_large:
            filtered = owner in self._few or where.source_ids is not None
            ask = partial(proposals, sides=sides, where=where, limit=limit, filtered=filtered)
            found: Proposals | None = self._read(ask, None)
            if found is None:
                break
            if found.enough:
                return chunks_of(found.rows), vectors_of(found.rows)
            self._few.add(owner)
        hits = [*self.matching(terms, where=where, limit=limit)]
        hits += [] if near is None else self.nearest(near, where=where, limit=limit)
        return self.some(list(dict.fromkeys(hit.chunk.id for hit in hits)), where=where)

    def _best(self, search: Search, score: str, where: Scope, limit: int) -> list[Hit]:
        """Return the `limit` best rows of the scope.

        For an owner of nearly all rows a filter would cost more than the search: a few more are asked for without one, and
        those of others left out. When too few are left, the filter does it, from then on.
        """
        owner = (where.user_id, where.notebook_id)
        if where.source_ids is None and owner not in self._few and self._read(has_word_index, False):
            most = with_spare(limit)
            found = self._read(lambda table: search(table, None, most), None)
            own = found.filter(inside(found, where)) if found else found
            if not found or own.num_rows >= limit or found.num_rows < most:
                return hits_of(own, score)[:limit]
            self._few.add(owner)
        return hits_of(self._read(lambda table: search(table, condition_of(where), limit), None), score)

    def verify(self, source_id: str) -> str:
        from lancedb.expr import col, lit

        return chunks_hash(self._rows(col("source_id") == lit(source_id), with_vectors=False)[0])

    def close(self) -> None:
        """Let go of the tables; the next call opens them again."""
        self._tables.close()

    # how

    def _rows(
        self, condition: Expr | None, *, among: Scope | None = None, limit: int | None = None, with_vectors: bool = True
    ) -> tuple[list[Chunk], Vectors | None]:
        if condition is None:
            return [], None
        found = self._read(lambda table: table.search().where(condition).limit(limit).to_arrow(), None)
        if found is None:
            return [], None
        if among is not None:
            found = found.filter(inside(found, among))
        found = found.sort_by([("source_id", "ascending"), ("position", "ascending")])
        return chunks_of(found), vectors_of(found) if with_vectors else None

    def _width(self) -> int:
        return self._read(lambda table: int(table.schema.field("vector").type.list_size), 0)

    def _read(self, read: Callable[[Table], Read], empty: Read, *, model_id: str = "") -> Read:
        """Return what `read` makes of the table; a second time when another process switched tables meanwhile."""
        for attempt in (1, 2):
            pointer = self._tables.pointer()
            name = pointer.serving if model_id in ("", pointer.model_id) else ""
            name = name or (pointer.aside if model_id == pointer.aside_model_id and model_id else "")
            if not name:
                return empty
            try:
                return read(self._tables[name])
            except (RuntimeError, ValueError, OSError) as error:
                self._tables.let_go(name)
                if attempt == 2:
                    raise self._tables.damaged("read", error) from error
        raise AssertionError("unreachable")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock():
            try:
                yield
            except (RuntimeError, ValueError, OSError) as error:
                if any(sign in str(error) for sign in NO_SPACE):
                    full = f"no space left to write {self._tables.folder}"
                    raise StoreUnavailable(full, fix="free some space and try again") from error
                raise self._tables.damaged("written", error) from error

    def _serving(self, model_id: str, width: int) -> Pointer:
        """Return the pointer, with a table that can take words and, when nothing else serves, the vectors of `model_id`."""
        pointer = self._tables.pointer()
        if not pointer.serving:
            return self._tables.point(replace(pointer, serving=self._tables.create(model_id, width), model_id=model_id), drop=False)
        if model_id and not pointer.model_id:
            name = self._tables.create(model_id, width)
            words_only = self._tables[pointer.serving].search().limit(None).to_arrow()
            if words_only.num_rows:
                self._tables[name].add(table_of(chunks_of(words_only), None, self._tables[name].schema))
            pointer = self._tables.point(replace(pointer, serving=name, model_id=model_id))
        return pointer

    def _fill(self, entries: Sequence[Entry], model_id: str) -> None:
        pointer = self._tables.pointer()
        if pointer.model_id == model_id and pointer.serving:
            self._replace(pointer.serving, entries)
            return
        if pointer.aside_model_id != model_id or not pointer.aside:
            name = self._tables.create(model_id, width_of(entries))
            pointer = self._tables.point(replace(pointer, aside=name, aside_model_id=model_id))
        self._replace(pointer.aside, entries)

    def _replace(self, name: str, entries: Sequence[Entry]) -> None:
        """Put the entries in place of what their sources have, in one transaction."""
        from lancedb.expr import col

        table = self._tables[name]
        new = table_of([chunk for entry in entries for chunk in entry.chunks], entries, table.schema)
        theirs = col("source_id").isin([entry.source_id for entry in entries])
        if not table.count_rows(theirs.to_sql()):
            if new.num_rows:
                table.add(new, on_bad_vectors="null")
        elif not new.num_rows:
            table.delete(theirs)
        else:
            merge = table.merge_insert("id").when_matched_update_all().when_not_matched_insert_all()
            merge.when_not_matched_by_source_delete(theirs).execute(new, on_bad_vectors="null")
        if int(table.version) % TIDY_EVERY == 0:
            self._tidy(table)

    def _tidy(self, table: Table) -> None:
        """Join small files, and index what has grown large."""
        if table.count_rows() > self._exact and not has_word_index(table):
            index_all(table)
        table.optimize(cleanup_older_than=KEEP_OLD)
