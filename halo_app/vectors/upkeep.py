"""Index a Lance table, and erase rows from it so that no file of it holds them any more."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any

from halo_app.domain.chunk import Chunk
from halo_app.vectors.rows import chunks_of

if TYPE_CHECKING:
    from lancedb.expr import Expr
    from lancedb.table import Table

AT_ONCE = timedelta(milliseconds=1)
_ROUNDS = 3
_AT_ONCE = 20_000             # rows in memory together
log = logging.getLogger(__name__)


def has_word_index(table: Table) -> bool:
    return any("words" in index.columns for index in table.list_indices())


def index_all(table: Table) -> None:
    """Make the indexes, anew when there are some."""
    from lancedb.index import FTS, BTree, IvfRq

    log.info("indexing %d passages", table.count_rows())
    for column in ("source_id", "notebook_id", "user_id"):
        table.create_index(column, config=BTree())
    off = ("stem", "remove_stop_words", "lower_case", "ascii_folding", "with_position")     # our terms are ready to count
    plain: dict[str, Any] = dict.fromkeys(off, False)
    table.create_index("words", config=FTS(base_tokenizer="whitespace", **plain))
    if table.count_rows("has_vector"):
        table.create_index("vector", config=IvfRq(distance_type="cosine"))


def erase_rows(table: Table, place: Path, condition: Expr) -> int:
    """Delete the rows, rewrite the files that held them and make the indexes anew; returns how many rows there were.

    `place` is the table's folder. Only with the write lock held: cleaning up unverified files beside a writer destroys the table.
    """
    count = table.count_rows(condition.to_sql())
    if count:
        table.delete(condition)
    purge(table, place)
    if has_word_index(table):               # it holds the words of deleted rows until it is made anew
        index_all(table)
    _clean_up(table)                        # again: what the first left behind was not older than a millisecond
    return count


def purge(table: Table, place: Path) -> None:
    """Rewrite the files in which deleted rows still lie: Lance itself does that only where a tenth of a file is deleted."""
    _clean_up(table)
    for _ in range(_ROUNDS):
        if not (parts := with_deletions(place)):
            return
        rows = table.search().with_row_id(True).limit(None).select(["id"]).to_arrow()
        inside = [name for name, row in zip(rows["id"].to_pylist(), rows["_rowid"].to_pylist(), strict=True) if row >> 32 in parts]
        for start in range(0, len(inside), _AT_ONCE):
            _rewrite(table, inside[start : start + _AT_ONCE])
        _clean_up(table)


def _rewrite(table: Table, ids: Sequence[str]) -> None:
    """Put the rows into a new file, in one transaction, as they are."""
    from lancedb.expr import col

    same = table.search().where(col("id").isin(list(ids))).limit(None).to_arrow()
    table.merge_insert("id").when_matched_update_all().execute(same, on_bad_vectors="null")


def sweep(folder: Path) -> None:
    """Remove what killed writers left hidden, which no cleaning up of Lance's does."""
    for path in folder.rglob(".tmp*"):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def with_deletions(place: Path) -> set[int]:
    """Return the numbers of the files that hold deleted rows: Lance keeps a list beside each, named for it."""
    return {int(path.name.partition("-")[0]) for path in (place / "_deletions").glob("*-*")}


def _clean_up(table: Table) -> None:
    sleep(2 * AT_ONCE.total_seconds())
    table.optimize(cleanup_older_than=AT_ONCE, delete_unverified=True)


def chunks_of_every_version(table: Table) -> Iterator[Chunk]:
    """Yield the rows of the table as it is and as it was."""
    for version in [entry["version"] for entry in table.list_versions()]:
        table.checkout(version)
        yield from chunks_of(table.search().limit(None).to_arrow())


def first_line(error: Exception) -> str:
    """Return the first line of what Lance says, at most 200 characters."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
