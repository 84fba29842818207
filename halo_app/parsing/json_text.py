"""JSON and JSON Lines: names and values as written, without escapes; the path to a value is its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.encodings import decode
from halo_app.parsing.plain_text import add_lines
from halo_app.plugins import Limits

_INDENT = "  "


class _Literal(str):
    """A number as it was written: 1.10 stays 1.10."""


class _Pairs(list[tuple[str, Any]]):
    """An object with its names in order, also when one stands twice."""


@dataclass(frozen=True)
class Json:
    """JSON files: the path to a value is its place; in JSON Lines the line is."""

    types: Mapping[str, str] = field(default_factory=lambda: {"json": "json", "geojson": "json", "jsonl": "jsonl", "ndjson": "jsonl"})
    about: str = "names and values; places are paths such as users[2].name (lines in JSON Lines)"
    libraries: tuple[str, ...] = ("charset_normalizer",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        text, _ = decode(path.read_bytes(), name)
        builder = TextBuilder(name, limits)
        try:
            if self.types.get(name.rpartition(".")[2].lower()) == "jsonl":
                for number, line in enumerate(text.split("\n"), start=1):
                    if line.strip():
                        _add(builder, _load(line), Locator(Place.LINE, str(number)))
            else:
                _add(builder, _load(text), None)
        except ValueError as error:
            builder = TextBuilder(name, limits)
            add_lines(builder, text)
            return builder.build(remarks=[f"not valid JSON, read as plain text: {error}"])
        return builder.build()


def _load(text: str) -> Any:
    return json.loads(text, parse_float=_Literal, parse_int=_Literal, parse_constant=_Literal, object_pairs_hook=_Pairs)


def _add(builder: TextBuilder, tree: Any, line: Locator | None) -> None:
    for text, path in _lines(tree, "", "", ""):
        builder.add(text, line or (Locator(Place.PATH, path) if path else None))


def _lines(value: Any, path: str, indent: str, label: str) -> Iterator[tuple[str, str]]:
    """Yield (line, path) of a value; brackets have no path of their own."""
    if isinstance(value, _Pairs):
        yield f"{indent}{label}{{", ""
        for key, inner in value:
            yield from _lines(inner, f"{path}.{key}" if path else key, indent + _INDENT, f'"{key}": ')
        yield f"{indent}}}", ""
    elif isinstance(value, list):
        yield f"{indent}{label}[", ""
        for number, inner in enumerate(value):
            yield from _lines(inner, f"{path}[{number}]", indent + _INDENT, "")
        yield f"{indent}]", ""
    else:
        yield f"{indent}{label}{_scalar(value)}", path or "value"


def _scalar(value: Any) -> str:
    if isinstance(value, _Literal):
        return str(value)
    return f'"{value}"' if isinstance(value, str) else {True: "true", False: "false", None: "null"}[value]


PARSER = Json()
