"""Name this process so that another one on this machine can tell for sure whether it has died, even when its number is given again."""

from __future__ import annotations

import os
import secrets
from functools import cache
from pathlib import Path

_PROCESSES = Path("/proc")
_GONE = frozenset("ZX")                  # killed, and not yet fetched by its parent


def worker_name() -> str:
    """Return a name that no other worker ever has: `machine/process number/start/chance`."""
    own = os.getpid()
    return "/".join([_machine(), str(own), _started(own), secrets.token_hex(8)])


def has_died(name: str) -> bool:
    """Tell whether the process of that name is known to have ended; of another machine's it never is."""
    machine, _, rest = name.partition("/")
    number, _, rest = rest.partition("/")
    started, _, _ = rest.partition("/")
    if not machine or machine != _machine() or not number.isdecimal() or not started:
        return False
    return _started(int(number)) != started


@cache
def _machine() -> str:
    """Return what stands for this start of this machine and the processes seen from here (a container has its own); "" if unknown."""
    try:
        boot = (_PROCESSES / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        seen = str((_PROCESSES / "self/ns/pid").readlink())
    except OSError:
        return ""
    return f"{boot}:{seen}" if boot and "/" not in seen else ""


def _started(number: int) -> str:
    """Return when a process began, in ticks since the machine did; "" when there is no such process any more."""
    try:
        fields = (_PROCESSES / str(number) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if len(fields) < 20 or fields[0] in _GONE else fields[19]
