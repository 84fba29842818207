"""The lines of properties that Markdown files of other programs begin with: read as far as they are plain, and written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Value = str | list[str]
_BEGIN = re.compile(r"\A\ufeff?---[ \t]*\r?\n")
_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"^([\w][\w .-]*):(?:[ \t]+(.*))?$")
_ITEM = re.compile(r"^[ \t]*-[ \t]+(.*)$")


def parted(text: str) -> tuple[dict[str, Value], str]:
    """Return the properties (names in lower case; a list where one was written) and the text after them; ({}, text) without any."""
    begin = _BEGIN.match(text)
    end = _END.search(text, begin.end()) if begin else None
    if not begin or not end:
        return {}, text.removeprefix("\ufeff")
    found: dict[str, Value] = {}
    name = ""
    for line in text[begin.end():end.start()].splitlines():
        if field := _FIELD.match(line):
            name = field[1].strip().lower()
            found[name] = _value(field[2] or "")
        elif (item := _ITEM.match(line)) and name:
            known = found[name]
            found[name] = [*(known if isinstance(known, list) else [known] if known else []), _plain(item[1])]
    return found, text[end.end():].lstrip("\r\n")


def written(fields: Mapping[str, str | Sequence[str]]) -> str:
    """Return the properties as lines to begin a file with, "" when none says anything."""
    lines = []
    for name, value in fields.items():
        if isinstance(value, str):
            lines += [f"{name}: {_quoted(value)}"] if value else []
        elif value:
            lines += [f"{name}:", *(f"  - {_quoted(one)}" for one in value)]
    return "\n".join(["---", *lines, "---", "", ""]) if lines else ""


def _value(written: str) -> Value:
    inside = written.strip()
    if inside.startswith("[") and inside.endswith("]"):
        return [_plain(one) for one in inside[1:-1].split(",") if _plain(one)]
    return _plain(inside)


def _plain(written: str) -> str:
    inside = written.strip()
    if len(inside) > 1 and inside[0] == inside[-1] and inside[0] in "\"'":
        return inside[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return inside.partition(" #")[0].strip()


def _quoted(value: str) -> str:
    plain = bool(re.fullmatch(r"[\w][\w /.-]*", value)) and value.casefold() not in {"true", "false", "null", "yes", "no"}
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return value if plain else f'"{escaped}"'
