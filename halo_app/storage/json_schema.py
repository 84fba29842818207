"""The JSON Schema of a frozen record, from its type hints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}


def schema_of(hint: Any) -> dict[str, Any]:
    """Return the schema of what `codecs.to_plain` makes of a value of this type; further fields are allowed."""
    origin = get_origin(hint)
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if hint is datetime:
        return {"type": "string", "format": "date-time"}
    if is_dataclass(hint):
        return _object(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(choice) for choice in get_args(hint)]}
    if origin in (tuple, list, frozenset, set):
        return {"type": "array", "items": schema_of(get_args(hint)[0])}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": schema_of(get_args(hint)[1])}
    return {}


def _object(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    return {"type": "object", "required": needed, "properties": {one.name: schema_of(hints[one.name]) for one in fields(kind)}}
