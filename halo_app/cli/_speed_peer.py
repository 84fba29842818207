"""Time sentence-transformers on the same weights; run as a program of its own: texts come in as JSON, times go out as JSON."""

from __future__ import annotations

import json
import sys
import time
from importlib.util import find_spec
from typing import Any


def measure(given: dict[str, Any]) -> dict[str, Any] | None:
    """Return seconds per query, one by one, and for all chunks at the peer's best batch size; None when it is not installed."""
    if find_spec("sentence_transformers") is None:
        return None
    import sentence_transformers

    model = sentence_transformers.SentenceTransformer(given["folder"], device="cpu")
    model.max_seq_length = 256
    queries, chunks = given["queries"], given["chunks"]
    model.encode(queries[:5])
    model.encode(chunks[:8])
    each = [_timed(lambda query=query: model.encode([query])) for query in queries]
    whole = {size: min(_timed(lambda size=size: model.encode(chunks, batch_size=size)) for _ in range(2)) for size in (1, 8, 32)}
    best = min(whole, key=whole.__getitem__)
    return {"version": sentence_transformers.__version__, "query_seconds": each, "chunk_seconds": whole[best], "batch": best}


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    answer = measure(json.load(sys.stdin))
    sys.stdout.write("\n" + json.dumps(answer) + "\n")
