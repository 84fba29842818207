"""One lock per store, in a folder apart from the records; a lock file is never removed, so its meaning never splits."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from halo_app.errors import StoreUnavailable
from halo_app.storage.atomic import make_folder, worded

PATIENCE_SECONDS = 20.0
_LOOK_AGAIN_SECONDS = 0.004


@contextmanager
def write_lock(folder: Path, name: str, timeout: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Hold the lock `name` against every thread and process while the block runs; not re-entrant.

    `folder` holds the lock files, `timeout` is in seconds. Raises StoreUnavailable naming the process that
    holds the lock when it is not had in time.
    """
    from filelock import FileLock, Timeout

    make_folder(folder)
    who = folder / f"{name}.who"
    lock = FileLock(folder / f"{name}.lock", mode=0o600, poll_interval=_LOOK_AGAIN_SECONDS)
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        raise StoreUnavailable(
            f"{name} is being written by {_holder(who)}, and was not free within {timeout:g} seconds",
            fix="try again; if that process hangs, end it",
        ) from None
    except OSError as error:
        raise worded(error, f"the lock of {name}", folder) from error
    try:
        _sign(who)
        yield
    finally:
        lock.release()


class Presence:
    """A lock held for a process's life under a name of its own, by which others see whether it still works."""

    def __init__(self, folder: Path, name: str) -> None:
        from filelock import FileLock

        make_folder(folder)
        self._path = folder / f"{name}.alive"
        self._lock = FileLock(self._path, mode=0o600, thread_local=False)
        self._lock.acquire(timeout=0)

    def close(self) -> None:
        """Leave; the name is never used again, so its file may go."""
        self._path.unlink(missing_ok=True)
        self._lock.release()


def is_present(folder: Path, name: str) -> bool:
    """Tell whether a living process holds the presence `name`; the file of a dead one is removed."""
    from filelock import FileLock, Timeout

    path = folder / f"{name}.alive"
    if not path.exists():
        return False
    lock = FileLock(path, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    path.unlink(missing_ok=True)
    lock.release()
    return False


def present(folder: Path) -> list[str]:
    """Return the names of all presences held by living processes."""
    if not folder.is_dir():
        return []
    names = [path.stem for path in folder.glob("*.alive")]
    return [name for name in names if is_present(folder, name)]


def _sign(who: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(who, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, f"process {os.getpid()} ({Path(sys.argv[0] or 'python').name})".encode())
        finally:
            os.close(descriptor)


def _holder(who: Path) -> str:
    try:
        return who.read_text(encoding="utf-8") or "another process"
    except (OSError, UnicodeDecodeError):
        return "another process"
