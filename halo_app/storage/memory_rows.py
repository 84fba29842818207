"""A memory as a row of `user_memories` and back, field for field."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from halo_app.domain.memory import (
    AgentRun,
    Content,
    Conversation,
    Fact,
    Image,
    Indexed,
    Kind,
    Memory,
    Origin,
    Provenance,
    State,
    Summary,
    Transcription,
)
from halo_app.errors import Damaged
from halo_app.storage.codecs import from_plain, to_plain

_CONTENTS: Mapping[str, type[Content]] = {str(kind.kind): kind for kind in (Conversation, Fact, Image, Transcription, Summary)}
_TIMES = ("created_at", "updated_at", "reworded_at", "occurred_at", "expires_at", "valid_from", "valid_to")
_TYPED = Provenance()
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=to_plain).encode
_STATES, _INDEXED = {str(one): one for one in State}, {str(one): one for one in Indexed}


def content_hash(content: Content) -> str:
    """Return what two contents of the same kind have in common exactly when every field is the same (sha256, hexadecimal)."""
    return _hash(content.kind, _whole(content))


def row_of(memory: Memory) -> dict[str, Any]:
    """Return the columns of a memory but for `id`, its version and who works on it."""
    content = memory.content
    whole = _whole(content)
    row: dict[str, Any] = {name: to_column(getattr(memory, name)) for name in _TIMES}
    row.update(
        user_id=memory.user_id, memory=memory.text, public_id=memory.public_id, kind=str(memory.kind), content=whole,
        content_hash=_hash(memory.kind, whole), model=memory.model, state=str(memory.state), pinned=memory.pinned,
        session_id=session_of(memory), category=content.category if isinstance(content, Fact) else "",
        tags=_json(memory.tags), provenance="{}" if memory.provenance == _TYPED else _json(memory.provenance),
        merged=_json(memory.merged), disputes=_json(memory.disputes), superseded_by=memory.superseded_by,
        indexed=str(memory.indexed), failure=memory.failure)
    return row


def memory_of(row: Any) -> Memory:
    """Return the memory of a row that has been adopted. Raises Damaged when a column cannot be read."""
    try:
        content: Content = from_plain(_CONTENTS[row.kind], json.loads(row.content))
        return Memory(
            content, row.id, row.public_id, row.user_id, row.model,
            tags=() if row.tags == "[]" else tuple(json.loads(row.tags)), pinned=bool(row.pinned), state=_STATES[row.state],
            provenance=_TYPED if row.provenance == "{}" else from_plain(Provenance, json.loads(row.provenance)),
            merged=() if row.merged == "[]" else from_plain(tuple[Provenance, ...], json.loads(row.merged)),
            created_at=_aware(row.created_at), updated_at=_aware(row.updated_at),
            reworded_at=_aware(row.reworded_at), occurred_at=_aware(row.occurred_at),
            expires_at=_aware(row.expires_at), valid_from=_aware(row.valid_from), valid_to=_aware(row.valid_to),
            superseded_by=row.superseded_by, disputes=() if row.disputes == "[]" else tuple(json.loads(row.disputes)),
            indexed=_INDEXED[row.indexed], failure=row.failure)
    except (ValueError, TypeError, KeyError) as error:
        raise Damaged(f"memory {row.id} cannot be read: its row in the database was changed by hand ({error})",
                      fix="correct the row, or delete it") from error


def adopted(row: Any) -> dict[str, Any]:
    """Return the columns that make a plain INSERT of text a memory: a fact."""
    fact = Fact(row.memory)
    whole = _whole(fact)
    return {"kind": str(Kind.FACT), "content": whole, "content_hash": _hash(Kind.FACT, whole), "indexed": str(Indexed.PENDING),
            "compared": False, "provenance": _json(Provenance(Origin.IMPORTED))}


def session_of(memory: Memory) -> str:
    """Return the session that a memory belongs to: its content's, else that of its provenance; "" for none."""
    return getattr(memory.content, "session_id", "") or memory.provenance.session_id


def run_row(run: AgentRun) -> dict[str, Any]:
    return {"session_id": run.session_id, "agent_name": run.agent_name, "run_data": _json(run.run_data), "user_id": run.user_id}


def run_of(row: Any) -> AgentRun:
    """Return the run of a row. Raises Damaged when its data is no JSON object."""
    try:
        data = json.loads(row.run_data)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise Damaged(f"agent run {row.id} cannot be read: its data is no JSON object", fix="correct the row, or delete it")
    return AgentRun(row.session_id, row.agent_name, data, row.user_id, row.id, _aware(row.created_at))


def to_column(when: datetime | None) -> datetime | None:
    """Return a time as the columns hold it: UTC without a zone."""
    return None if when is None else when.astimezone(UTC).replace(tzinfo=None)


def _aware(when: datetime | None) -> datetime | None:
    return None if when is None else when.replace(tzinfo=UTC)


def _json(value: Any) -> str:
    return json.dumps(to_plain(value), ensure_ascii=False) if value else "[]" if isinstance(value, tuple) else "{}"


def _whole(content: Content) -> str:
    """Return every field of a content as JSON."""
    return _ENCODE({one.name: getattr(content, one.name) for one in fields(content)})


def _hash(kind: Kind, whole: str) -> str:
    return hashlib.sha256(f"{kind}\n{whole}".encode()).hexdigest()
