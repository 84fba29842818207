"""One line of `halo doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` says what was found, `fix` what to do when it is not `ok`, `latency_ms` how long it took to answer."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    latency_ms: float | None = None
