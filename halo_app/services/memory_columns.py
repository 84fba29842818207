"""Columns that grow: the facts by which memories are filtered and their pieces ranked, as numpy arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from halo_app.domain.memory import Conversation, Kind, Memory, Sought, State
from halo_app.domain.ranking import Mask

KINDS = tuple(Kind)
STATES = tuple(State)
_NEVER = float("inf")


class Codes:
    """Numbers for names, given in the order of their first appearance."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self.names: list[str] = []

    def of(self, name: str) -> int:
        """Return the number of a name."""
        code = self._codes.setdefault(name, len(self.names))
        if code == len(self.names):
            self.names.append(name)
        return code

    def known(self, name: str) -> int:
        """Return the number of a name, -1 when it has none."""
        return self._codes.get(name, -1)


class Columns:
    """Arrays of one length that grow at their end."""

    def __init__(self, kinds: Mapping[str, Any], *, width: int = 0) -> None:
        """`kinds` are the columns' numpy types; `width` > 0 gives every row a vector `vectors` besides."""
        self.length = 0
        self._room = 0
        self._held = {name: np.zeros(0, kind) for name, kind in kinds.items()}
        self._vectors = np.zeros((0, width), np.float32)

    def __getitem__(self, name: str) -> Any:
        """Return a column, or `vectors`; writing into it changes the rows."""
        return (self._vectors if name == "vectors" else self._held[name])[: self.length]

    def append(self, rows: Sequence[Mapping[str, Any]]) -> range:
        """Add rows, their vectors zero, and return their numbers."""
        added = range(self.length, self.length + len(rows))
        self._make_room(added.stop)
        self.length = added.stop
        for name, column in self._held.items():
            column[added.start : added.stop] = [row[name] for row in rows]
        return added

    def _make_room(self, rows: int) -> None:
        if rows <= self._room:
            return
        self._room = max(rows, self._room * 3 // 2, 64)
        for name, column in self._held.items():
            self._held[name] = np.concatenate([column[: self.length], np.zeros(self._room - self.length, column.dtype)])
        blank = np.zeros((self._room - self.length, self._vectors.shape[1]), np.float32)
        self._vectors = np.concatenate([self._vectors[: self.length], blank])


MEMORY = {
    "number": np.int64, "kind": np.int8, "model": np.int32, "state": np.int8, "when": float, "expires": float, "valid_from": float,
    "valid_to": float, "superseded": bool, "pinned": bool, "alive": bool, "session": np.int32,
}


def columns_of(memory: Memory, models: Codes, sessions: Codes) -> dict[str, Any]:
    """Return what stands in the columns of MEMORY for this one; times are seconds since 1970."""
    return {
        "number": memory.id, "kind": KINDS.index(memory.kind), "model": models.of(memory.model), "state": STATES.index(memory.state),
        "when": _seconds(memory.when, -_NEVER), "expires": _seconds(memory.expires_at, _NEVER),
        "valid_from": _seconds(memory.valid_from or memory.when, -_NEVER), "valid_to": _seconds(memory.valid_to, _NEVER),
        "superseded": bool(memory.superseded_by), "pinned": memory.pinned, "alive": True, "session": sessions.of(session_of(memory)),
    }


def session_of(memory: Memory) -> str:
    """Return the session that a memory's turns belong to: what is not a conversation stands for itself."""
    if isinstance(memory.content, Conversation):
        return memory.content.session_id or memory.provenance.session_id or memory.public_id
    return memory.public_id


def meant(memories: Columns, models: Codes, where: Sought, now: datetime) -> Mask:
    """Return which memories may be what is sought, by everything that columns can tell; the store has the last word."""
    inside: Mask = memories["alive"].copy()
    if where.kinds:
        inside &= np.isin(memories["kind"], [KINDS.index(kind) for kind in where.kinds])
    if where.model is not None:
        inside &= np.isin(memories["model"], [models.known(""), models.known(where.model)])
    inside &= _one_of(memories["state"], [STATES.index(state) for state in where.states])
    if where.since is not None:
        inside &= memories["when"] >= _seconds(where.since)
    if where.until is not None:
        inside &= memories["when"] < _seconds(where.until)
    if where.pinned is not None:
        inside &= memories["pinned"] == where.pinned
    then = _seconds(where.as_of or now)
    if not where.expired:
        inside &= memories["expires"] > then
    if where.as_of is not None:
        inside &= (memories["valid_from"] <= then) & (then < memories["valid_to"])
    elif not where.superseded:
        inside &= ~memories["superseded"] & (then < memories["valid_to"])
    return inside


def _one_of(column: Any, codes: Sequence[int]) -> Mask:
    found: Mask = column == codes[0] if len(codes) == 1 else np.isin(column, codes)
    return found


def _seconds(when: datetime | None, otherwise: float = 0.0) -> float:
    return otherwise if when is None else when.timestamp()
