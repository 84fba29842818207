"""Frozen records to JSON values and back, by their type hints; dates are ISO 8601 in UTC, every record carries its schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from halo_app.domain.agent import AgentConfig
from halo_app.domain.artifact import Artifact, Item, Section
from halo_app.domain.branching import everything
from halo_app.domain.consent import ConsentRecord
from halo_app.domain.conversation import Conversation, Message, Sentence
from halo_app.domain.note import Note, NoteHistory
from halo_app.domain.notebook import Notebook
from halo_app.domain.source import Intake, Source

Record = TypeVar("Record")
_SIMPLE = frozenset((str, int, float, bool))
_SPARSE = (Message, Sentence, Item, Section)        # their empty fields are left out of the file
_DERIVED: dict[type, set[str]] = {Source: {"missing"}}      # worked out when read, never stored


@dataclass(frozen=True, slots=True)
class Codec(Generic[Record]):
    """How one kind of record is written. `modified` gives the file's time; None leaves it to the system."""

    kind: type[Record]
    name: str                                           # in words, for messages
    schema: int = 1
    modified: Callable[[Record], datetime] | None = None

    def encode(self, record: Record) -> dict[str, Any]:
        """Return the JSON object of the record, `schema` first."""
        plain = to_plain(record)
        return {"schema": self.schema, **{key: value for key, value in plain.items() if key != "schema"}}

    def decode(self, tree: Mapping[str, Any]) -> Record:
        """Return the record. Raises ValueError, TypeError or KeyError when the object is not one."""
        return from_plain(self.kind, tree)  # type: ignore[no-any-return]

    def extras(self, tree: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that this version does not know; they are written back unchanged."""
        known = {field.name for field in fields(self.kind)} | {"schema"}  # type: ignore[arg-type]
        return {key: value for key, value in tree.items() if key not in known}


def _last_message(chat: Conversation) -> datetime:
    return max((message.created_at for message in everything(chat.messages)), default=chat.created_at)


CHATS = Codec(Conversation, "chat", schema=2, modified=_last_message)        # 2: turns may have other versions
SOURCES = Codec(Source, "source")
INTAKES = Codec(Intake, "file on its way in")
NOTEBOOKS = Codec(Notebook, "notebook")
NOTES = Codec(Note, "note")
NOTE_HISTORIES = Codec(NoteHistory, "history of a note")
OUTPUTS = Codec(Artifact, "output")
AGENTS = Codec(AgentConfig, "agent")
CONSENTS = Codec(ConsentRecord, "consent")


def to_plain(value: Any) -> Any:
    """Return the value in JSON's own types; dates become `2026-01-31T09:00:00.000000+00:00`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: to_plain(getattr(value, name)) for name, default in _stored(type(value))
                if not (isinstance(value, _SPARSE) and default is not MISSING and not getattr(value, name))}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(to_plain(item) for item in value)
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return _number(value)


def from_plain(hint: Any, value: Any) -> Any:
    """Return `value` as the type hint says, down to the last field. Raises ValueError, TypeError or KeyError."""
    if hint in _SIMPLE and type(value) is hint:
        return value
    if hint is Any:
        return value
    origin, inner = _taken_apart(hint)
    if origin is Union:
        return None if value is None else from_plain(inner, value)
    if origin in (tuple, list):
        _must_be(value, list)
        return origin(from_plain(inner, item) for item in value)
    if origin is dict:
        _must_be(value, dict)
        return {key: from_plain(inner, item) for key, item in value.items()}
    if origin is not None:
        return _record(hint, value)
    return _plain(hint, value)


@cache
def _taken_apart(hint: Any) -> tuple[Any, Any]:
    """Return what a hint is (Union, tuple, list, dict, the class of a record, or None) and the hint for what is in it."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return Union, next(choice for choice in inside if choice is not NoneType)
    if origin in (tuple, list):
        return origin, inside[0]
    if origin is not None and issubclass(origin, Mapping):
        return dict, inside[1]
    return (hint if is_dataclass(hint) else None), None


def _plain(hint: Any, value: Any) -> Any:
    if hint is datetime:
        when = datetime.fromisoformat(value)
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    if issubclass(hint, Enum):
        return hint(value)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    _must_be(value, hint)
    if hint is int and isinstance(value, bool):
        raise TypeError("a number was expected, not true or false")
    return value


def _record(kind: Any, tree: Any) -> Any:
    _must_be(tree, dict)
    hints = _hints(kind)
    given = {}
    for name, default in _stored(kind):
        if name in tree:
            given[name] = from_plain(hints[name], tree[name])
        elif default is MISSING:
            raise KeyError(f"{name} is missing")
    return kind(**given)


@cache
def _stored(kind: type) -> tuple[tuple[str, Any], ...]:
    """Return (name, default or MISSING) of the fields that a file holds."""
    left_out = _DERIVED.get(kind, set())
    return tuple((field.name, field.default if field.default_factory is MISSING else None)
                 for field in fields(kind) if field.name not in left_out)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _must_be(value: Any, kind: type) -> None:
    if not isinstance(value, kind):
        raise TypeError(f"{kind.__name__} was expected, not {type(value).__name__}")


def _number(value: Any) -> Any:
    item = getattr(value, "item", None)          # a numpy number in a trace
    if item is None:
        raise TypeError(f"{type(value).__name__} cannot be written as JSON")
    return item()
