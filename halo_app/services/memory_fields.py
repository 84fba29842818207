"""The kinds of field that memories and users are made of: what is taken, in words that a refusal can say."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from halo_app.errors import BadInput

MOST_IDS = 10_000
MOST_TAGS = 50
MOST_PARAMETER_CHARS = 65_536
SHOWN_CHARS = 60                       # of a refused value
_PUBLIC_ID = re.compile(r"[0-9a-f]{32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_EMAIL = re.compile(r"(?P<local>[^\s@\"(),:;<>\[\\\]]{1,64})@(?P<host>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63})")


class Form(BaseModel):
    """What comes from outside: unknown fields are refused, values are taken as they are and never converted by guessing."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=(), allow_inf_nan=False)


_OTHERWISE = {      # what a form refuses by itself, before any check of ours
    **dict.fromkeys(("model_type", "model_attributes_type", "dict_type"), "an object of named fields"),
    "invalid_key": "a field whose name is text", **dict.fromkeys(("float_type", "float_parsing"), "a number"),
}


class Expected(ValueError):
    """Says what a field expects."""


def checked(name: str, value: Any, check: Callable[[Any], Any]) -> Any:
    """Return the value as the check gives it. Raises BadInput naming the field, its value and the expectation."""
    try:
        return check(value)
    except Expected as error:
        raise bad(name, value, str(error)) from None


def bad(name: str, value: Any, expectation: str) -> BadInput:
    """Return the refusal of a field's value."""
    return BadInput(f"{name}={shown(value)}: expected {expectation}", fix=f"correct {name}; nothing was changed")


def shown(value: Any) -> str:
    """Return a value as an error shows it: cut short, on one line, and writable everywhere."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def refused(error: ValidationError, tags: Iterable[str] = ()) -> BadInput:
    """Return the first thing that a form refuses, as one error; `tags` are the names of union members, which nobody typed."""
    first = error.errors(include_url=False)[0]
    place = [str(part) for at, part in enumerate(first["loc"]) if at or part not in set(tags)]
    name = ".".join(place) or "memory"
    if first["type"] == "extra_forbidden":
        return BadInput(f"{name}={shown(first['input'])}: expected no field of this name", fix="leave it out, or correct its name")
    if first["type"] == "missing":
        return BadInput(f"{name} is missing: expected a value", fix=f"add {name}")
    ours = first["msg"].removeprefix("Value error, ") if first["type"] == "value_error" else ""
    return bad(name, first["input"], ours or _OTHERWISE.get(first["type"], "another kind of value"))


# checks: each returns the value as it is kept, or raises Expected

def text(value: Any, *, most: int, least: int = 0, lines: bool = True) -> str:
    """Take text of `least` to `most` characters as it stands; with `lines` it may have line breaks and tabs."""
    wanted = f"text of {f'{least} to ' if least else 'at most '}{most} characters"
    if not isinstance(value, str) or not least <= len(value) <= most or (least and not value.strip()):
        raise Expected(wanted)
    for sign in value if not value.isprintable() else "":
        category = unicodedata.category(sign)
        if category == "Cs" or (category == "Cc" and not (lines and sign in "\n\r\t")) or (not lines and category in {"Zl", "Zp"}):
            raise Expected(f"{wanted} without control characters")
    return value


def name(value: Any, *, most: int, least: int = 1) -> str:
    """Take one line of visible characters in Unicode normal form C, without space around it."""
    taken = unicodedata.normalize("NFC", text(value, most=most, least=least, lines=False))
    if taken != taken.strip() or not taken.isprintable():
        raise Expected(f"a line of {least} to {most} visible characters without space around it")
    return taken


def identity(value: Any, *, most: int = 200) -> str:
    """Take the id of a user or of a turn: exactly what it was, so nothing is normalised here."""
    wanted = f"an id of 1 to {most} visible characters in Unicode normal form C, without space around it, / or \\"
    try:
        taken = name(value, most=most)
    except Expected:
        raise Expected(wanted) from None
    if taken != value or set(taken) & set("/\\") or taken in {".", ".."}:
        raise Expected(wanted)
    return taken


def public_id(value: Any) -> str:
    if not isinstance(value, str) or (value and not _PUBLIC_ID.fullmatch(value)):
        raise Expected("32 hexadecimal characters in small letters")
    return value


def memory_id(value: Any) -> int | str:
    """Take the number or the public id of a memory."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63:
        return value
    if isinstance(value, str) and value and _PUBLIC_ID.fullmatch(value):
        return value
    raise Expected("the number of a memory, or its public id of 32 characters")


def email(value: Any) -> str:
    wanted = "an address like name@example.org of at most 254 characters"
    if not isinstance(value, str) or len(value) > 254 or not value.isprintable():        # RFC 5321
        raise Expected(wanted)
    taken = unicodedata.normalize("NFC", value)
    match = _EMAIL.fullmatch(taken)
    if not match or match["local"][0] == "." or match["local"][-1] == "." or ".." in match["local"]:
        raise Expected(wanted)
    return taken


def whole(value: Any, *, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Expected(f"a whole number from {least} to {most}")
    return value


def number(value: Any, *, least: float = 0, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not least <= value <= most:
        raise Expected(f"a number from {least:.15g} to {most:.15g}")
    return float(value)


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Expected("true or false")
    return value


def moment(value: Any) -> datetime:
    """Take a time with its zone, as a datetime or in ISO 8601, and return it in UTC."""
    wanted = "a time with its zone, like 2026-01-31T18:00:00+00:00"
    try:
        taken = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(taken, datetime) or taken.tzinfo is None:
            raise Expected(wanted)
        return taken.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Expected(wanted) from None


def language(value: Any) -> str:
    if not isinstance(value, str) or (value and not _LANGUAGE.fullmatch(value)):
        raise Expected("a language code of two small letters, like en")
    return value


def ids(value: Any) -> tuple[str, ...]:
    """Take ids, each once."""
    taken = _several(value, f"at most {MOST_IDS} ids, each once", MOST_IDS)
    found = tuple(identity(one) for one in taken)
    if len(set(found)) != len(found):
        raise Expected(f"at most {MOST_IDS} ids, each once")
    return found


def public_ids(value: Any) -> tuple[str, ...]:
    return tuple(public_id(one) for one in ids(value))


def tags(value: Any) -> tuple[str, ...]:
    """Take tags, none twice even in other letters' case."""
    wanted = f"at most {MOST_TAGS} tags, each once"
    found = tuple(name(one, most=100) for one in _several(value, wanted, MOST_TAGS))
    if len({one.casefold() for one in found}) != len(found):
        raise Expected(wanted)
    return found


def parameters(value: Any) -> dict[str, Any]:
    """Take an object of plain JSON values, keys being text."""
    wanted = f"an object of plain JSON values of at most {MOST_PARAMETER_CHARS} characters"
    try:
        encoded = json.dumps(value, allow_nan=False, ensure_ascii=False) if isinstance(value, Mapping) else ""
        encoded.encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        raise Expected(wanted) from None
    if not 0 < len(encoded) <= MOST_PARAMETER_CHARS or "\\u0000" in encoded or json.loads(encoded) != value:
        raise Expected(wanted)
    return dict(value)


def _several(value: Any, wanted: str, most: int) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise Expected(wanted)
    return list(value)


# the same as annotations

def _field(check: Callable[..., Any], **limits: Any) -> BeforeValidator:
    return BeforeValidator(partial(check, **limits))


Line = Annotated[str, _field(name, most=200, least=0)]
Title = Annotated[str, _field(name, most=500)]
Words = Annotated[str, _field(text, most=100_000, least=1)]
LongWords = Annotated[str, _field(text, most=5_000_000, least=1)]
AnyWords = Annotated[str, _field(text, most=5_000_000)]
Place = Annotated[str, _field(text, most=4096, lines=False)]
PublicId = Annotated[str, _field(public_id)]
PublicIds = Annotated[tuple[str, ...], _field(public_ids)]
Ids = Annotated[tuple[str, ...], _field(ids)]
Tags = Annotated[tuple[str, ...], _field(tags)]
Share = Annotated[float, _field(number, most=1)]
Seconds = Annotated[float, _field(number, most=31_536_000)]
Pixels = Annotated[int, _field(whole, least=1, most=1_000_000)]
Seed = Annotated[int, _field(whole, least=-(2**63), most=2**64 - 1)]
Position = Annotated[int, _field(whole, least=0, most=2**63 - 1)]
Flag = Annotated[bool, _field(flag)]
Moment = Annotated[datetime, _field(moment)]
LanguageCode = Annotated[str, _field(language)]
Parameters = Annotated[dict[str, Any], _field(parameters)]
