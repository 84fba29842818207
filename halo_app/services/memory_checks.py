"""What is asked of the memory, checked as strictly as what is put into it: which memories are meant, agent runs, accounts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from halo_app.domain.memory import AgentRun, Kind, Sought, State
from halo_app.domain.user import UserModel, UserRole
from halo_app.services import memory_fields as are
from halo_app.services.memory_fields import Expected
from halo_app.services.memory_forms import read_user_id

MOST_RUN_CHARS = 5_000_000
MOST_LISTED = 2**31 - 1
Choice = TypeVar("Choice", bound=StrEnum)


def read_sought(where: Any) -> Sought:
    """Return which memories are meant, checked, times in UTC. Raises BadInput naming the field: a typo is no empty list."""
    if not isinstance(where, Sought):
        raise are.bad("where", where, "a Sought")
    if where == Sought():
        return where
    checks: dict[str, Callable[[Any], Any]] = {
        "kinds": partial(_several_of, Kind), "states": partial(_several_of, State), "tags": are.tags, "ids": _known_ids,
        **dict.fromkeys(("since", "until", "as_of"), _moment),
        **dict.fromkeys(("superseded", "expired"), are.flag),
        **dict.fromkeys(("session_id", "category", "words"), partial(are.text, most=10_000)),
        "model": lambda value: value if value is None else are.name(value, most=200, least=0),
        "pinned": lambda value: value if value is None else are.flag(value),
    }
    return Sought(**{one.name: are.checked(one.name, getattr(where, one.name), checks[one.name]) for one in fields(Sought)})


def read_page(limit: Any, offset: Any) -> tuple[int | None, int]:
    """Return how many are asked for, from which on. Raises BadInput."""
    whole = partial(are.whole, least=0, most=MOST_LISTED)
    return None if limit is None else are.checked("limit", limit, whole), are.checked("offset", offset, whole)


def read_run(run: AgentRun) -> AgentRun:
    """Return a run that can be read again: named, of a user, its data a JSON object. Raises BadInput."""
    line = partial(are.name, most=200)
    return replace(run, user_id=read_user_id(run.user_id), session_id=are.checked("session_id", run.session_id, line),
                   agent_name=are.checked("agent_name", run.agent_name, line), run_data=are.checked("run_data", run.run_data, _object))


def read_grants(value: Any) -> tuple[str, ...]:
    """Return the users that a service may act for, each once. Raises BadInput."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise are.bad("grants", value, "a list of user ids")
    return tuple(dict.fromkeys(read_user_id(one) for one in value))


def read_user(username: Any, email: Any, role: Any) -> tuple[str, str, UserRole]:
    """Return a user's name, e-mail and role, checked and in normal form. Raises BadInput naming the field."""
    return read_username(username), read_email(email), read_role(role)


def read_username(value: Any) -> str:
    taken: str = are.checked("username", value, _username)
    return taken


def read_email(value: Any) -> str:
    taken: str = are.checked("email", value, are.email)
    return taken


def read_role(value: Any) -> UserRole:
    if not isinstance(value, str) or value not in list(UserRole):
        raise are.bad("role", value, f"one of {', '.join(UserRole)}")
    return UserRole(value)


def read_account(before: UserModel, after: Any) -> UserModel:
    """Return a changed account, what was changed in it checked. Raises BadInput naming the field."""
    if not isinstance(after, UserModel):
        raise are.bad("user", after, "the changed UserModel")
    checks: dict[str, Callable[[Any], Any]] = {
        "username": read_username, "email": read_email, "role": read_role, "grants": read_grants,
        "disabled": lambda value: are.checked("disabled", value, are.flag)}
    changed = [name for name in checks if getattr(after, name) != getattr(before, name)]
    return replace(before, **{name: checks[name](getattr(after, name)) for name in changed})


def _username(value: Any) -> str:
    taken = are.name(value, most=64)
    if any(not (sign.isalnum() or sign in " ._-'’") for sign in taken):
        raise Expected("a name of 1 to 64 letters, digits, spaces and . _ - '")
    return taken


def _several_of(kind: type[Choice], value: Any) -> tuple[Choice, ...]:
    if not isinstance(value, tuple | list | set | frozenset) or any(one not in list(kind) for one in value):
        raise Expected(f"some of {', '.join(kind)}")
    return tuple(kind(one) for one in value)


def _known_ids(value: Any) -> tuple[str, ...] | None:
    if value is not None and (isinstance(value, str) or not isinstance(value, Iterable)):
        raise Expected("a list of public ids")
    return None if value is None else tuple(are.public_id(one) for one in value)


def _moment(value: Any) -> datetime | None:
    return None if value is None else are.moment(value)


def _object(value: Any) -> Any:
    wanted = f"an object of plain JSON values of at most {MOST_RUN_CHARS} characters"
    try:
        encoded = json.dumps(value, allow_nan=False, ensure_ascii=False) if isinstance(value, Mapping) else ""
        encoded.encode("utf-8")
    except (TypeError, ValueError, RecursionError):
        raise Expected(wanted) from None
    if not 0 < len(encoded) <= MOST_RUN_CHARS:
        raise Expected(wanted)
    return json.loads(encoded)
