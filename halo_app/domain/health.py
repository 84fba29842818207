"""One line of `halo doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """`detail` says what was found, `fix` what to do when it is not `ok`."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
