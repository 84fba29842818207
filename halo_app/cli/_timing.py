"""Times as figures: what `halo bench` prints of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

Times = list[float]


def seconds(work: Callable[[], object]) -> float:
    """Return how long the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def quantile(times: Sequence[float], share: float) -> float:
    """Return the smallest time that at least `share` of all times do not pass."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def timed(times: Sequence[float]) -> dict[str, Any]:
    """Return p50_ms, p95_ms and n of times in seconds."""
    return {"p50_ms": round(quantile(times, 0.5) * 1000, 2), "p95_ms": round(quantile(times, 0.95) * 1000, 2), "n": len(times)}
