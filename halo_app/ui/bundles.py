"""Downloads of several sources that were asked for in this process: a number for the address, and which sources are meant."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock

ADDRESS = "/files/bundle"
KEPT = 32

_lock = Lock()
_asked: OrderedDict[str, tuple[str, ...]] = OrderedDict()


def offer(source_ids: Iterable[str]) -> str:
    """Return the address at which these sources can be fetched as one file."""
    name = secrets.token_hex(16)
    with _lock:
        _asked[name] = tuple(source_ids)
        while len(_asked) > KEPT:
            _asked.popitem(last=False)
    return f"{ADDRESS}/{name}"


def asked(name: str) -> tuple[str, ...]:
    """Return the sources of an address, none when it is not known (any more)."""
    with _lock:
        return _asked.get(name, ())
