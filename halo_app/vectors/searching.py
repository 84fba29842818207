"""Ask a LanceDB table for what is nearest to a vector or has some words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from halo_app.ports import Hit, Vectors
from halo_app.vectors.rows import chunks_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from lancedb.expr import Expr
    from lancedb.table import Table

PROBES, REFINED = 50, 10            # 0.999 of the true neighbours among a million
ROUGHLY = 4                         # in place of REFINED where what is found is compared exactly afterwards

Search = Callable[["Table", "Expr | None", int], "pa.Table"]        # table, filter, limit


def nearest_to(vector: Vectors, *, places: bool = False) -> Search:
    """Return a search for the rows nearest to a vector, with their `_distance`; or only for their places, `_rowid`."""
    def search(table: Table, filter_by: Expr | None, limit: int) -> pa.Table:
        query: Any = table.search(np.asarray(vector, np.float32), vector_column_name="vector")
        query = query.distance_type("cosine").nprobes(PROBES).refine_factor(ROUGHLY if places else REFINED)
        return _found(query.select(["_distance"]).with_row_id(True) if places else query, filter_by, limit)

    return search


def with_words(terms: Sequence[str], *, places: bool = False) -> Search:
    """Return a search for the rows that have some of the words, with their `_score`; or only for their places, `_rowid`."""
    def search(table: Table, filter_by: Expr | None, limit: int) -> pa.Table:
        from lancedb.query import MatchQuery

        asked: Any = MatchQuery(" ".join(terms), "words")  # type: ignore[call-arg]
        query: Any = table.search(asked, query_type="fts")
        return _found(query.select(["_score"]).with_row_id(True) if places else query, filter_by, limit)

    return search


def _found(query: Any, filter_by: Expr | None, limit: int) -> pa.Table:
    return (query if filter_by is None else query.where(filter_by, prefilter=True)).limit(limit).to_arrow()


def hits_of(found: pa.Table | None, score: str) -> list[Hit]:
    """Return rows as hits, best first; a `_distance` becomes a cosine."""
    if found is None:
        return []
    scores = found[score].to_numpy()
    scores = 1 - scores if score == "_distance" else scores
    hits = [Hit(chunk, float(each)) for chunk, each in zip(chunks_of(found), scores, strict=True)]
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk.id))
