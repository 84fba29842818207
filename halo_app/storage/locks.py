"""One lock per store, in a folder apart from the records; a lock file is never removed, so its meaning never splits."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from halo_app.errors import StoreUnavailable
from halo_app.storage.atomic import make_folder, worded

if TYPE_CHECKING:
    from filelock import BaseFileLock

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


class AttendanceBook:
    """Each process at work holds the lock of a file named for it; a file whose lock is free belongs to one that died."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._guard = Lock()
        self._depth = 0
        self._held: tuple[str, BaseFileLock] | None = None

    @contextmanager
    def working(self) -> Iterator[str]:
        """Be seen at work while the block runs; blocks may nest and overlap between threads."""
        name = self._enter()
        try:
            yield name
        finally:
            self._leave()

    def others(self) -> bool:
        """Tell whether another living process is at work."""
        return any(self.is_at_work(name) for name in self._names() if not self._held or name != self._held[0])

    def is_at_work(self, name: str) -> bool:
        """Tell whether the process of that name lives and is at work."""
        from filelock import FileLock, Timeout

        if self._held and name == self._held[0]:
            return True
        path = self._path(name)
        if not name or not path.exists():
            return False
        lock = FileLock(path, mode=0o600, thread_local=False)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False

    def dead(self) -> list[str]:
        """Return the names of those who died at work."""
        return [name for name in self._names() if not self.is_at_work(name)]

    def bury(self, names: Sequence[str]) -> None:
        """Forget the dead."""
        for name in names:
            self._path(name).unlink(missing_ok=True)

    def _enter(self) -> str:
        from filelock import FileLock

        with self._guard:
            if self._held is None:
                make_folder(self._folder)
                name = secrets.token_hex(16)
                lock = FileLock(self._path(name), mode=0o600, thread_local=False)
                try:
                    lock.acquire(timeout=0)
                except OSError as error:
                    raise worded(error, "the data directory", self._folder) from error
                self._held = (name, lock)
            self._depth += 1
            return self._held[0]

    def _leave(self) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth or self._held is None:
                return
            name, lock = self._held
            self._held = None
            self._path(name).unlink(missing_ok=True)       # the name is never used again
            lock.release()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.at-work"

    def _names(self) -> list[str]:
        return [path.stem for path in self._folder.glob("*.at-work")] if self._folder.is_dir() else []


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
