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
    within: dict[str, dict[str, Any]] = {}
    schema = _schema_of(hint, within, ())
    return {**schema, "$defs": within} if within else schema


def _schema_of(hint: Any, within: dict[str, dict[str, Any]], above: tuple[Any, ...]) -> dict[str, Any]:
    """Return the schema; `within` takes up what holds itself, as a message whose other versions are messages."""
    origin = get_origin(hint)
    if hint in _PLAIN:
        return {"type": _PLAIN[hint]}
    if hint is datetime:
        return {"type": "string", "format": "date-time"}
    if is_dataclass(hint):
        return _object(hint, within, above)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    if origin in (Union, UnionType):
        return {"anyOf": [_schema_of(choice, within, above) for choice in get_args(hint)]}
    if origin in (tuple, list, frozenset, set):
        return {"type": "array", "items": _schema_of(get_args(hint)[0], within, above)}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema_of(get_args(hint)[1], within, above)}
    return {}


def _object(kind: Any, within: dict[str, dict[str, Any]], above: tuple[Any, ...]) -> dict[str, Any]:
    inside = {"$ref": f"#/$defs/{kind.__name__}"}
    if kind in above:
        within[kind.__name__] = {}
        return inside
    hints = get_type_hints(kind)
    needed = [one.name for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    properties = {one.name: _schema_of(hints[one.name], within, (*above, kind)) for one in fields(kind)}
    schema = {"type": "object", "required": needed, "properties": properties}
    if within.get(kind.__name__) == {}:
        within[kind.__name__] = schema
        return inside
    return schema
