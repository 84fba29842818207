"""Keep chunks and vectors in LanceDB: one table per embedding model, one writer at a time, any number of readers."""

from __future__ import annotations

import logging
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.chunking import chunks_hash
from halo_app.domain.ranking import bm25, top
from halo_app.errors import Damaged, StoreUnavailable
from halo_app.ports import Entry, Held, Hit, Vectors
from halo_app.vectors.pointer import FILE, Pointer, read_pointer, write_pointer
from halo_app.vectors.rows import chunks_of, schema, table_of, vectors_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from lancedb.expr import Expr
    from lancedb.table import Table

Lock = Callable[[], AbstractContextManager[None]]
Read = TypeVar("Read")

EXACT = 50_000              # rows from which on approximate indexes pay
TIDY_EVERY = 32             # writes; each leaves a small file behind
KEEP_OLD = timedelta(minutes=5)   # for readers in the middle of a version
AT_ONCE = timedelta(milliseconds=1)
NO_SPACE = ("No space left", "os error 28", "StorageFull")
REINDEX = "run halo reindex; it is built again from the stored texts"

log = logging.getLogger(__name__)


class LanceIndex:
    """A VectorIndex in a folder. What is in it is derived: a lost folder is an empty index, a damaged one raises Damaged."""

    def __init__(self, folder: Path, lock: Lock, dimension: int = 384, *, exact: int = EXACT) -> None:
        """`lock` gives the write lock of this folder, held against threads and processes; `dimension` is that of new vectors."""
        self._folder = folder
        self._lock = lock
        self._dimension = dimension
        self._exact = exact
        self._tables: dict[str, Table] = {}
        self._connection: Any = None

    # writing

    def put(self, source_id: str, chunks: Sequence[Chunk], vectors: Vectors | None, *, model_id: str = "") -> None:
        self.put_all([Entry(source_id, chunks, vectors)], model_id=model_id)

    def put_all(self, entries: Sequence[Entry], *, model_id: str = "") -> None:
        with self._writing():
            width = _width(entries) if model_id else 0
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
            pointer = self._pointer()
            if pointer.aside and pointer.aside_model_id == model_id:
                write_pointer(self._folder, Pointer(serving=pointer.aside, model_id=model_id))
                self._drop_unused()

    def remove(self, source_id: str) -> None:
        from lancedb.expr import col, lit

        with self._writing():
            pointer = self._pointer()
            for name in filter(None, (pointer.serving, pointer.aside)):
                table = self._table(name)
                of_source = col("source_id") == lit(source_id)
                if table.count_rows(of_source.to_sql()):
                    table.delete(of_source)
                    table.optimize(cleanup_older_than=AT_ONCE)     # deleted means the bytes go too

    def reset(self) -> None:
        with self._lock():
            self._tables.clear()
            self._connection = None
            (self._folder / FILE).unlink(missing_ok=True)
            for path in [*self._folder.glob("chunks_*.lance"), *self._folder.glob(".tmp*")]:
                shutil.rmtree(path, ignore_errors=True)

    # reading

    def model_id(self) -> str:
        return self._pointer().model_id

    def version(self) -> int:
        pointer = self._pointer()
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
        condition = _condition(where)
        if condition is None:
            return 0
        return self._read(lambda table: int(table.count_rows(condition.to_sql())), 0)

    def rows(self, where: Scope, *, limit: int | None = None) -> tuple[list[Chunk], Vectors | None]:
        return self._rows(_condition(where), limit=limit)

    def some(self, ids: Sequence[str], *, where: Scope) -> tuple[list[Chunk], Vectors | None]:
        from lancedb.expr import col

        condition = _condition(where)
        return self._rows(condition & col("id").isin(list(ids)) if condition is not None and ids else None)

    def nearest(self, vector: Vectors, *, where: Scope, limit: int) -> list[Hit]:
        condition = _condition(where)
        if condition is None or limit < 1:
            return []

        def search(table: Table) -> pa.Table:
            query: Any = table.search(np.asarray(vector, np.float32), vector_column_name="vector")
            query = query.distance_type("cosine").where(condition, prefilter=True)
            return query.nprobes(50).refine_factor(10).limit(limit).to_arrow()

        if self._width() != len(vector):
            return []
        found = self._read(search, None)
        return _hits(found, 1 - found["_distance"].to_numpy()) if found is not None else []

    def matching(self, terms: Sequence[str], *, where: Scope, limit: int) -> list[Hit]:
        condition = _condition(where)
        if condition is None or not terms or limit < 1:
            return []
        if not self._read(_has_word_index, False):
            chunks, _ = self._rows(condition, with_vectors=False)
            scores = bm25([chunk.terms for chunk in chunks], terms)
            return [Hit(chunks[at], float(scores[at])) for at in top(scores, limit, scores > 0)]

        def search(table: Table) -> pa.Table:
            from lancedb.query import MatchQuery

            asked: Any = MatchQuery(" ".join(terms), "words")  # type: ignore[call-arg]
            return table.search(asked, query_type="fts").where(condition, prefilter=True).limit(limit).to_arrow()

        found = self._read(search, None)
        return _hits(found, found["_score"].to_numpy()) if found is not None else []

    def verify(self, source_id: str) -> str:
        from lancedb.expr import col, lit

        return chunks_hash(self._rows(col("source_id") == lit(source_id), with_vectors=False)[0])

    def close(self) -> None:
        """Let go of the tables; the next call opens them again."""
        self._tables.clear()
        self._connection = None

    # how

    def _rows(
        self, condition: Expr | None, *, limit: int | None = None, with_vectors: bool = True
    ) -> tuple[list[Chunk], Vectors | None]:
        if condition is None:
            return [], None
        found = self._read(lambda table: table.search().where(condition).limit(limit).to_arrow(), None)
        if found is None:
            return [], None
        found = found.sort_by([("source_id", "ascending"), ("position", "ascending")])
        return chunks_of(found), vectors_of(found) if with_vectors else None

    def _width(self) -> int:
        return self._read(lambda table: int(table.schema.field("vector").type.list_size), 0)

    def _read(self, read: Callable[[Table], Read], empty: Read, *, model_id: str = "") -> Read:
        """Return what `read` makes of the table; a second time when another process switched tables meanwhile."""
        for attempt in (1, 2):
            pointer = self._pointer()
            name = pointer.serving if model_id in ("", pointer.model_id) else ""
            name = name or (pointer.aside if model_id == pointer.aside_model_id and model_id else "")
            if not name:
                return empty
            try:
                return read(self._table(name))
            except (RuntimeError, ValueError, OSError) as error:
                self._tables.pop(name, None)
                if attempt == 2:
                    raise Damaged(f"the search index in {self._folder} cannot be read: {_first_line(error)}", fix=REINDEX) from error
        raise AssertionError("unreachable")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock():
            try:
                yield
            except (RuntimeError, ValueError, OSError) as error:
                if any(sign in str(error) for sign in NO_SPACE):
                    raise StoreUnavailable(f"no space left to write {self._folder}", fix="free some space and try again") from error
                raise Damaged(f"the search index in {self._folder} cannot be written: {_first_line(error)}", fix=REINDEX) from error

    def _pointer(self) -> Pointer:
        try:
            return read_pointer(self._folder)
        except (OSError, ValueError, TypeError) as error:
            raise Damaged(f"the search index in {self._folder} cannot be read: {_first_line(error)}", fix=REINDEX) from error

    def _serving(self, model_id: str, width: int) -> Pointer:
        """Return the pointer, with a table that can take words and, when nothing else serves, the vectors of `model_id`."""
        pointer = self._pointer()
        if not pointer.serving:
            return write_pointer(self._folder, replace(pointer, serving=self._create(model_id, width), model_id=model_id))
        if model_id and not pointer.model_id:
            name = self._create(model_id, width)
            words_only = self._table(pointer.serving).search().limit(None).to_arrow()
            if words_only.num_rows:
                self._table(name).add(table_of(chunks_of(words_only), None, self._schema(name)))
            pointer = write_pointer(self._folder, replace(pointer, serving=name, model_id=model_id))
            self._drop_unused()
        return pointer

    def _fill(self, entries: Sequence[Entry], model_id: str) -> None:
        pointer = self._pointer()
        if pointer.model_id == model_id and pointer.serving:
            self._replace(pointer.serving, entries)
            return
        if pointer.aside_model_id != model_id or not pointer.aside:
            name = self._create(model_id, _width(entries))
            pointer = write_pointer(self._folder, replace(pointer, aside=name, aside_model_id=model_id))
            self._drop_unused()
        self._replace(pointer.aside, entries)

    def _replace(self, name: str, entries: Sequence[Entry]) -> None:
        """Put the entries in place of what their sources have, in one transaction."""
        from lancedb.expr import col

        table = self._table(name)
        shape = self._schema(name)
        new = table_of([chunk for entry in entries for chunk in entry.chunks], entries, shape)
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
        from lancedb.index import FTS, BTree, IvfRq

        if table.count_rows() > self._exact and not _has_word_index(table):
            log.info("indexing %d passages", table.count_rows())
            for column in ("source_id", "notebook_id", "user_id"):
                table.create_index(column, config=BTree())
            off = ("stem", "remove_stop_words", "lower_case", "ascii_folding", "with_position")     # our terms are ready to count
            plain: dict[str, Any] = dict.fromkeys(off, False)
            table.create_index("words", config=FTS(base_tokenizer="whitespace", **plain))
            if table.count_rows("has_vector"):
                table.create_index("vector", config=IvfRq(distance_type="cosine"))
        table.optimize(cleanup_older_than=KEEP_OLD)

    def _create(self, model_id: str, width: int) -> str:
        name = f"chunks_{secrets.token_hex(6)}"
        self._tables[name] = self._database().create_table(name, schema=schema(width or self._dimension, model_id))
        return name

    def _schema(self, name: str) -> pa.Schema:
        return self._table(name).schema

    def _table(self, name: str) -> Table:
        if name not in self._tables:
            self._tables[name] = self._database().open_table(name)
        return self._tables[name]

    def _database(self) -> Any:
        if self._connection is None:
            import lancedb

            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = lancedb.connect(self._folder, read_consistency_interval=timedelta(0))
        return self._connection

    def _drop_unused(self) -> None:
        pointer = self._pointer()
        for path in self._folder.glob("chunks_*.lance"):
            if path.stem not in (pointer.serving, pointer.aside):
                self._tables.pop(path.stem, None)
                shutil.rmtree(path, ignore_errors=True)


def _condition(where: Scope) -> Expr | None:
    """Return the scope as a filter, None when nothing can lie in it. Values never become text of a query by our hand."""
    from lancedb.expr import col, lit

    if where.source_ids is not None and not where.source_ids:
        return None
    condition = col("user_id") == lit(where.user_id)
    if where.notebook_id is not None:
        condition = condition & (col("notebook_id") == lit(where.notebook_id))
    if where.source_ids is not None:
        condition = condition & col("source_id").isin(sorted(where.source_ids))
    return condition


def _width(entries: Sequence[Entry]) -> int:
    """Return how many numbers a vector of the entries has; 0 when there is none."""
    widths = (entry.vectors.shape[1] for entry in entries if entry.vectors is not None and len(entry.chunks))
    return next(widths, 0)


def _has_word_index(table: Table) -> bool:
    return any("words" in index.columns for index in table.list_indices())


def _hits(found: pa.Table, scores: Any) -> list[Hit]:
    hits = [Hit(chunk, float(score)) for chunk, score in zip(chunks_of(found), scores, strict=True)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
