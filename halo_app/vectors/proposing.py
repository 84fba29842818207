"""Ask a LanceDB table by meaning and by words at once, and read what either proposes together, a row once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from halo_app.domain.chunk import Scope
from halo_app.vectors.rows import condition_of, inside
from halo_app.vectors.searching import Search

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from lancedb.table import Table

SPARE = 8                   # rows of others that are got over
_FAULTS = (RuntimeError, ValueError, OSError)


class Proposals(NamedTuple):
    """Rows without their text; `enough` unless so many of others' were left out that more should have been asked for."""

    rows: pa.Table
    enough: bool


def with_spare(limit: int) -> int:
    """Return how many to ask for without a filter, for the owner of nearly all rows to be left with `limit`."""
    return limit + limit // 4 + SPARE


def proposals(table: Table, sides: Sequence[Search], where: Scope, limit: int, *, filtered: bool) -> Proposals | None:
    """Return the rows that are among the `limit` best of the scope on one of the sides, which give places only.

    Unless `filtered`, rows of others are left out afterwards. None when another wrote meanwhile: places hold for one version.
    """
    version = table.version
    condition, most = (condition_of(where), limit) if filtered else (None, with_spare(limit))
    try:
        with ThreadPoolExecutor(len(sides), thread_name_prefix="propose") as pool:
            found = list(pool.map(lambda side: side(table, condition, most)["_rowid"].to_pylist(), sides))
        rows = _at(table, list(dict.fromkeys(place for places in found for place in places)))
    except _FAULTS:
        if table.version == version:
            raise
        return None
    rows = rows.filter(inside(rows, where))
    held = rows["_rowid"].to_pylist()
    mine = [[place for place in places if place in set(held)] for places in found]
    enough = all(len(some) >= limit or len(places) < most for some, places in zip(mine, found, strict=True))
    best = {place for some in mine for place in some[:limit]}
    rows = rows.take([at for at, place in enumerate(held) if place in best]) if len(best) < len(held) else rows
    return Proposals(rows, filtered or enough) if table.version == version else None


def _at(table: Table, places: list[int]) -> pa.Table:
    columns = [name for name in table.schema.names if name != "text"]
    if not places:
        return table.search().where("false").select(columns).with_row_id(True).to_arrow()
    query: Any = table.take_row_ids(places)
    return query.select(columns).with_row_id().to_arrow()
