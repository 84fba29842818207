"""Close the network for the tests and for every process they start, and tell who tried to leave all the same.

Where the kernel allows it, the whole run lives in a network namespace with nothing but loopback, which every process inherits,
whatever it is written in; the namespace counts what found no way out. Everywhere, a hook in each Python process refuses and notes.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
import tempfile
from pathlib import Path

from tests.offline import sitecustomize

HOOK = Path(sitecustomize.__file__).parent
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_CAPABILITIES_3 = 0x20080522
_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 0x1


def close() -> str:
    """Close the network to this process and its children; returns who holds it closed. Call it before any thread starts."""
    handle, record = tempfile.mkstemp(prefix="halo-offline-")
    os.close(handle)
    os.environ[sitecustomize.RECORD] = record
    os.environ["PYTHONPATH"] = joined(os.environ.get("PYTHONPATH", ""))
    sitecustomize.watch()
    sys.addaudithook(_every_child_is_watched)
    return "the kernel" if _close_by_the_kernel() else "Python"


def joined(path: str) -> str:
    """Return a PYTHONPATH with the hook before what stands in it."""
    return os.pathsep.join(filter(None, (str(HOOK), path)))


def surroundings(path: str = "") -> dict[str, str]:
    """Return the variables that carry the hook into a process whose surroundings are made from nothing; `path` is its PYTHONPATH."""
    return {"PYTHONPATH": joined(path), sitecustomize.RECORD: os.environ[sitecustomize.RECORD]}


def new_tries(*, sixth: bool = True) -> list[str]:
    """Return what was tried since the last call: a line for each that a hook noted, and one when the namespace counted more.

    Without `sixth`, IPv6 does not count: Chromium asks its kernel for a route there again and again, and sends nothing.
    """
    noted, (fourth_now, sixth_now) = _noted(), _counted()
    new, more = noted[_seen["noted"]:], fourth_now - _seen["fourth"] + (sixth_now - _seen["sixth"] if sixth else 0)
    if more > 0:
        new.append(f"{more} times something found no way out of this machine")
    _seen.update(noted=len(noted), fourth=fourth_now, sixth=sixth_now)
    return new


def forget() -> None:
    """Remove the record."""
    Path(os.environ[sitecustomize.RECORD]).unlink(missing_ok=True)


def is_held() -> bool:
    """Tell whether the kernel holds the network closed."""
    return bool(_held)


def _noted() -> list[str]:
    return Path(os.environ[sitecustomize.RECORD]).read_text(encoding="utf-8").splitlines()


def _counted() -> tuple[int, int]:
    """Return how often anything in our namespace has found no way to an address, by IPv4 and by IPv6."""
    if not _held:
        return 0, 0
    names, values = (line.split() for line in Path("/proc/self/net/snmp").read_text().splitlines() if line.startswith("Ip:"))
    table = Path("/proc/self/net/snmp6")           # not there without IPv6
    sixth = dict(line.split() for line in table.read_text().splitlines()) if table.exists() else {}
    return int(values[names.index("OutNoRoutes")]), int(sixth.get("Ip6OutNoRoutes", 0))


_seen = {"noted": 0, "fourth": 0, "sixth": 0}
_held: list[bool] = []


def _close_by_the_kernel() -> bool:
    """Move into a namespace of our own where that is allowed, which a child finds out first: half of the way there is no way back."""
    if sys.platform != "linux":
        return False
    child = os.fork()
    if child == 0:
        try:
            _enter_namespace()
        except OSError:
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1] != 0:
        return False
    _enter_namespace()
    _held.append(True)
    return True


def _enter_namespace() -> None:
    """Move into a namespace whose only interface is loopback, and open that. Raises OSError where this is not allowed."""
    import fcntl

    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if user == 0:
        _done(libc.unshare(_NEW_NETWORK))
    else:
        _done(libc.unshare(_NEW_USER | _NEW_NETWORK))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        asked = fcntl.ioctl(any_socket, _GET_FLAGS, struct.pack("16sh14x", b"lo", 0))
        [flags] = struct.unpack("16xh14x", asked)
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", flags | _UP))
    if user != 0:                          # a namespace of one's own makes one its root, who may read every file
        _done(libc.capset(struct.pack("=II", _CAPABILITIES_3, 0), bytes(24)))


def _done(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "the kernel does not allow it")


def _every_child_is_watched(event: str, arguments: tuple[object, ...]) -> None:
    if event != "subprocess.Popen":
        return
    _, words, _, environ = arguments
    told = " ".join(map(str, words)) if isinstance(words, (list, tuple)) else str(words)
    closes_itself = "halo_app.parsing.worker" in told
    if not closes_itself and isinstance(environ, dict) and sitecustomize.RECORD not in environ:
        sitecustomize.note(f"started without the watch: {told}")
