"""Write files whole or not at all, readable by their owner only, and sweep what a killed process left half-written."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from halo_app.errors import StoreUnavailable

_UNFINISHED = re.compile(r"\.halo-[0-9a-f]{16}\.tmp")
_YOUNG_SECONDS = 60.0         # a file this new may have been made a moment before its writer locks it
_AT_ONCE = 64                 # files open together


def make_folder(folder: Path) -> None:
    """Make the folder, 0700, and those above it where they are missing. Raises StoreUnavailable."""
    try:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise worded(error, "the data directory", folder) from error


def close_folder(folder: Path) -> None:
    """Let nobody but its owner into the folder. Raises StoreUnavailable."""
    try:
        folder.chmod(0o700)
    except OSError as error:
        raise worded(error, "the data directory", folder) from error


def write_atomic(path: Path, content: bytes, *, modified: datetime | None = None) -> None:
    """Put `content` at `path`, durable and 0600 when this returns; a reader sees the old file or the new, never a part.

    `modified` becomes the file's modification time. Raises StoreUnavailable, and then the old file is untouched.
    """
    try:
        with unfinished(path.parent) as (file, finish):
            file.write(content)
            finish(path, modified)
    except OSError as error:
        raise worded(error, path.name, path.parent) from error


def lines_of(path: Path) -> list[bytes]:
    """Return the lines of a file that is added to, without blank ones; none when there is no file. Raises StoreUnavailable."""
    try:
        return [line for line in path.read_bytes().split(b"\n") if line.strip()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise worded(error, path.name, path.parent) from error


def write_all(folder: Path, contents: Mapping[str, bytes], *, modified: Mapping[str, datetime] | None = None) -> None:
    """Put several files (name -> content) into one folder like `write_atomic`, but wait for the disk much less often.

    Of up to 64 files, all are written before the first gets its name, so a full disk changes nothing; of more, those of a
    later 64 may be missing when it raises StoreUnavailable. None is ever there in part.
    """
    names, times = list(contents), modified or {}
    if not names:
        return
    try:
        for start in range(0, len(names), _AT_ONCE):
            with ExitStack() as open_files:
                drafts = [(open_files.enter_context(unfinished(folder)), name) for name in names[start : start + _AT_ONCE]]
                for (file, _), name in drafts:
                    file.write(contents[name])
                    file.flush()
                for (_, finish), name in drafts:
                    finish.give_name(folder / name, times.get(name))
        sync_folder(folder)
    except OSError as error:
        raise worded(error, folder.name, folder) from error


class Finish:
    """Gives the unfinished file its name; called once, after the last byte."""

    def __init__(self, file: BinaryIO, temporary: Path) -> None:
        self._file, self._temporary = file, temporary

    def __call__(self, path: Path, modified: datetime | None = None) -> None:
        self.give_name(path, modified)
        sync_folder(path.parent)

    def give_name(self, path: Path, modified: datetime | None = None) -> None:
        """Make the bytes durable and name them; the name itself is durable once the folder is synchronised."""
        self._file.flush()
        os.fsync(self._file.fileno())
        if modified is not None:
            seconds = modified.timestamp()
            os.utime(self._temporary, (seconds, seconds))
        self._temporary.replace(path)


@contextmanager
def unfinished(folder: Path) -> Iterator[tuple[BinaryIO, Finish]]:
    """Give a file under a temporary name, locked while it is written, and the call that names it; else it is removed."""
    make_folder(folder)
    temporary = folder / f".halo-{secrets.token_hex(8)}.tmp"
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            _try_lock(file.fileno())
            yield file, Finish(file, temporary)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def sweep(folder: Path) -> int:
    """Remove the unfinished files of dead writers and return their number; nothing else is touched."""
    if not folder.is_dir():
        return 0
    removed = 0
    for path in folder.iterdir():
        if _UNFINISHED.fullmatch(path.name) and _is_left_over(path):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def sync_folder(folder: Path) -> None:
    """Make renames and removals in the folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def worded(error: OSError, what: str, place: Path) -> StoreUnavailable:
    """Return the error in words: disk full, not writable, or the system's own reason."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreUnavailable(f"{what} was not saved: the disk that holds {place} is full",
                                fix="free some space and try again; what was saved before is untouched")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreUnavailable(f"{what} cannot be used: no permission in {place}",
                                fix="check the owner and permissions of that folder")
    return StoreUnavailable(f"{what} cannot be used in {place}: {error.strerror or error}", fix="check that folder and its disk")


def _is_left_over(path: Path) -> bool:
    try:
        if time.time() - path.stat().st_mtime < _YOUNG_SECONDS:
            return False
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return _try_lock(descriptor)
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:           # where there is no fcntl, an open file cannot be removed anyway
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
