"""The launch token: made once, kept in the data directory for its owner alone, shown as the link that opens HALO."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from halo_app.errors import StoreUnavailable

NAME = "launch-token"
_INSTANCE, _TOKEN = re.compile(r"[0-9a-f]{8}"), re.compile(r"[A-Za-z0-9_-]{43,100}")


@dataclass(frozen=True, slots=True)
class Launch:
    """`instance` tells two data directories apart in one browser; `token` opens this one."""

    instance: str          # 8 hexadecimal digits
    token: str             # 43 characters, 256 random bits


def launch_of(data_dir: Path) -> Launch:
    """Return the launch token of a data directory, made on first use with mode 0600.

    Two servers starting at once agree on one token. A file that does not hold a token is replaced.
    Raises StoreUnavailable when the folder cannot be written.
    """
    path = data_dir / NAME
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _read(path) or _make(path)
    except OSError as error:
        words = f"cannot keep the launch token in {data_dir}: {error.strerror}"
        raise StoreUnavailable(words, fix="make the folder writable, or set HALO_DATA_DIR") from error


def _read(path: Path) -> Launch | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, encoding="ascii", errors="replace") as file:
        os.fchmod(descriptor, 0o600)
        instance, _, token = file.read(200).strip().partition(" ")
    return Launch(instance, token) if _INSTANCE.fullmatch(instance) and _TOKEN.fullmatch(token) else None


def _make(path: Path) -> Launch:
    launch = Launch(secrets.token_hex(4), secrets.token_urlsafe(32))
    draft = path.with_name(f".{NAME}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"{launch.instance} {launch.token}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)                       # fails when another server was first
    except FileExistsError:
        if other := _read(path):
            return other
        draft.replace(path)
        return launch
    finally:
        draft.unlink(missing_ok=True)
    return launch
