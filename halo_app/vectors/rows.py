"""Turn chunks into rows of an Arrow table and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from halo_app.domain.chunk import Chunk, Scope
from halo_app.ports import Entry, Vectors

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]
    from lancedb.expr import Expr


def schema(dimension: int, model_id: str) -> pa.Schema:
    """Return the columns of a table; the model and its dimension are written into the table itself."""
    import pyarrow as pa

    texts = ("id", "source_id", "notebook_id", "user_id", "text", "language", "words")
    numbers = ("position", "start_char", "end_char")
    columns = [*((name, pa.string()) for name in texts), *((name, pa.int64()) for name in numbers), ("has_vector", pa.bool_())]
    vector = pa.field("vector", pa.list_(pa.float32(), dimension), nullable=True)
    return pa.schema([*columns, vector], metadata={"model_id": model_id, "dimension": str(dimension)})


def table_of(chunks: Sequence[Chunk], entries: Sequence[Entry] | None, shape: pa.Schema) -> pa.Table:
    """Return one row per chunk in the columns of `shape`; `entries` bring the vectors, in the order of the chunks."""
    import pyarrow as pa

    width = shape.field("vector").type.list_size
    has, numbers = _vectors(chunks, entries, width)
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(numbers.ravel(), pa.float32()), width, mask=pa.array(~has))
    columns = {
        "id": [chunk.id for chunk in chunks],
        "source_id": [chunk.source_id for chunk in chunks],
        "notebook_id": [chunk.notebook_id for chunk in chunks],
        "user_id": [chunk.user_id for chunk in chunks],
        "text": [_storable(chunk.text) for chunk in chunks],
        "language": [chunk.language for chunk in chunks],
        "words": [_storable(" ".join(chunk.terms)) for chunk in chunks],
        "position": [chunk.position for chunk in chunks],
        "start_char": [chunk.start for chunk in chunks],
        "end_char": [chunk.end for chunk in chunks],
        "has_vector": has,
        "vector": vectors,
    }
    return pa.table(columns, schema=shape)


def chunks_of(rows: pa.Table) -> list[Chunk]:
    """Return the chunks of the rows, in their order; their text is "" where that column was not read."""
    names = ("id", "source_id", "notebook_id", "user_id", "position", "start_char", "end_char", "text", "language", "words")
    blank = [""] * rows.num_rows
    columns = zip(*(rows[name].to_pylist() if name in rows.column_names else blank for name in names), strict=True)
    return [
        Chunk(id_, source, notebook, user, position, start, end, text, language, tuple(words.split(" ")) if words else ())
        for id_, source, notebook, user, position, start, end, text, language, words in columns
    ]


def vectors_of(rows: pa.Table) -> Vectors | None:
    """Return one row per row, zeros where there is no vector; None when there is none at all."""
    column = rows["vector"].combine_chunks()
    width = column.type.list_size
    has = column.is_valid().to_numpy(zero_copy_only=False)
    if not has.any():
        return None
    vectors = np.zeros((len(has), width), np.float32)
    vectors[has] = column.flatten().to_numpy(zero_copy_only=False).reshape(-1, width)
    return vectors


def condition_of(where: Scope) -> Expr | None:
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


def inside(rows: pa.Table, where: Scope) -> pa.Array:
    """Return which rows lie in the scope, as `condition_of` has it: for what was found in another way."""
    import pyarrow.compute as is_  # type: ignore[import-untyped]

    held = is_.equal(rows["user_id"], where.user_id)
    if where.notebook_id is not None:
        held = is_.and_(held, is_.equal(rows["notebook_id"], where.notebook_id))
    if where.source_ids is not None:
        import pyarrow as pa
        held = is_.and_(held, is_.is_in(rows["source_id"], value_set=pa.array(sorted(where.source_ids), pa.string())))
    return held


def width_of(entries: Sequence[Entry]) -> int:
    """Return how many numbers a vector of the entries has; 0 when there is none."""
    widths = (entry.vectors.shape[1] for entry in entries if entry.vectors is not None and len(entry.chunks))
    return next(widths, 0)


def _vectors(chunks: Sequence[Chunk], entries: Sequence[Entry] | None, width: int) -> tuple[NDArray[np.bool_], Vectors]:
    has, numbers = np.zeros(len(chunks), np.bool_), np.zeros((len(chunks), width), np.float32)
    start = 0
    for entry in entries or ():
        end = start + len(entry.chunks)
        if entry.vectors is not None and end > start:
            has[start:end], numbers[start:end] = True, entry.vectors
        start = end
    return has, numbers


def _storable(text: str) -> str:
    """Arrow takes no lone surrogates."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
