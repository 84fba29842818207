"""The chain of the audit log: every entry is sealed with a key, together with the seal of the one before it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from halo_app.domain.audit import Inspection

Row = Sequence[Any]              # the number, then what the entry says, in a fixed order


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the chain; number 0 is the place before the first entry."""

    number: int
    seal: str


@dataclass(frozen=True, slots=True)
class Ends:
    """What is kept apart from the database: the entries after `first`, up to `last` at least, must be there."""

    first: Mark
    last: Mark


def subkey(key: bytes, purpose: str) -> bytes:
    """Return the 32 bytes that `key` gives for one purpose; those of one purpose tell nothing about another's."""
    return hmac.digest(key, purpose.encode(), "sha256")


def opening(key: bytes) -> Mark:
    """Return the place before the first entry."""
    return Mark(0, seal(key, "", ("opening",)))


def seal(key: bytes, before: str, row: Row) -> str:
    """Return the seal (64 hex digits) of an entry that follows the one sealed `before`: HMAC-SHA256 over both."""
    said = json.dumps([before, *row], separators=(",", ":"), default=repr)
    return hmac.new(key, said.encode(), "sha256").hexdigest()


def inspect(key: bytes, ends: Ends, rows: Iterable[tuple[Row, Any]]) -> tuple[Inspection, Mark]:
    """Check (entry, seal) pairs, ordered by number, against the ends; return what was found and the last sound place.

    An entry is sound when its number is the next one and its seal right. Sound entries after `ends.last` are welcome: what
    is kept apart may lag behind.
    """
    at = ends.first
    for row, sealed in rows:
        number = at.number + 1
        right = seal(key, at.seal, row)
        if row[0] != number or sealed != right:
            return _broken(ends, at, f"entry {number} was changed, moved or removed"), at
        if number == ends.last.number and right != ends.last.seal:
            return _broken(ends, at, f"entry {number} is not the one that was written"), at
        at = Mark(number, right)
    if at.number < ends.last.number:
        return _broken(ends, at, f"the entries from {at.number + 1} to {ends.last.number} were cut off"), at
    return Inspection(True, at.number - ends.first.number), at


def _broken(ends: Ends, at: Mark, problem: str) -> Inspection:
    return Inspection(False, at.number - ends.first.number, problem, at.number + 1)
