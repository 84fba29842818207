"""Take from a reading process what it does not need: the network, endless time and memory, large files."""

from __future__ import annotations

import contextlib
import ctypes
import platform
import resource
import struct
import sys
from typing import Any

from halo_app.plugins import Limits

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}     # audit architecture, number of socket(2)
_IO_URING_SETUP = 425
_AF_UNIX = 1
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06                          # classic BPF
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13                              # SECCOMP_RET_ERRNO with EACCES
_NETWORK_EVENTS = frozenset({"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"})


def refuse_network() -> bool:
    """Refuse sockets to this process and all it starts; True when the kernel holds it, else only Python does.

    The kernel part is a seccomp filter on Linux (socket(2) of any family but AF_UNIX, and io_uring_setup(2), give
    EACCES). It cannot be taken back.
    """
    sys.addaudithook(_refuse)
    machine = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or machine is None:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    code = b"".join(_filter(*machine))
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def limit_resources(limits: Limits) -> None:
    """Hold this process to the limits: address space, processor seconds, size of a written file, no core dump."""
    memory = limits.memory_mb * 1_000_000
    seconds = int(limits.seconds * 2) + 1             # two threads may work at once; the clock is watched from outside
    for what, amount in (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.size_mb * 4_000_000), (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):    # a lower hard limit is already in force
            resource.setrlimit(what, (amount, amount))


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event in _NETWORK_EVENTS:
        raise PermissionError("a reading process has no network")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _filter(architecture: int, socket_number: int) -> list[bytes]:
    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    return [
        step(_LOAD, 4),                                        # seccomp_data.arch
        step(_JUMP_IF_EQUAL, architecture, yes=0, no=6),       # a foreign architecture: refuse
        step(_LOAD, 0),                                        # seccomp_data.nr
        step(_JUMP_IF_EQUAL, _IO_URING_SETUP, yes=4),
        step(_JUMP_IF_EQUAL, socket_number, yes=0, no=2),
        step(_LOAD, 16),                                       # seccomp_data.args[0], the address family
        step(_JUMP_IF_EQUAL, _AF_UNIX, yes=0, no=1),
        step(_RETURN, _ALLOW),
        step(_RETURN, _REFUSE),
    ]
