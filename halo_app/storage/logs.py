"""The program log: `halo.log` in the data directory, rotating, for its owner only, without source, chat or memory text."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from halo_app.errors import BadSetting
from halo_app.storage.atomic import make_folder

LEVELS = ("debug", "info", "warning", "error", "critical")
_LARGEST_BYTES, _KEPT_FILES = 2_000_000, 3


class _PrivateFile(RotatingFileHandler):
    def _open(self):  # type: ignore[no-untyped-def]
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the name of the library
        """Go on without the line: on a full disk the command says what failed, and a log that cannot be written adds nothing."""

    def close(self) -> None:
        with suppress(OSError):            # the line that did not fit
            super().close()


def log_place(data_dir: Path) -> Path:
    """Return where the log lies."""
    return data_dir / "halo.log"


def levels(setting: str) -> dict[str, str]:
    """Return module -> level from `info,halo_app.services=debug`; the module "" holds for all. Raises BadSetting."""
    found = {"": "info"}
    for part in (piece.strip() for piece in setting.split(",")):
        module, _, level = part.rpartition("=")
        if part and level.lower() not in LEVELS:
            raise BadSetting(f"HALO_LOG={setting!r}: {level!r} is not a level",
                             fix=f"use {', '.join(LEVELS)}, as in info,halo_app.services=debug")
        if part:
            found[module.strip()] = level.lower()
    return found


def start_log(data_dir: Path, setting: str) -> Path:
    """Write the log from now on and return its place; calling it again for the same place changes nothing."""
    place = log_place(data_dir)
    chosen = levels(setting)
    top = logging.getLogger("halo_app")
    for handler in [h for h in top.handlers if isinstance(h, _PrivateFile)]:
        if handler.baseFilename == os.path.abspath(place):  # noqa: PTH100  as the handler spells it
            return place
        top.removeHandler(handler)
        handler.close()
    make_folder(data_dir)
    try:
        handler = _PrivateFile(place, maxBytes=_LARGEST_BYTES, backupCount=_KEPT_FILES, delay=True)
    except OSError:
        return place                       # a data directory that cannot be written is reported by what needs it
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    top.addHandler(handler)
    top.setLevel(chosen.pop("").upper())
    for module, level in chosen.items():
        logging.getLogger(module).setLevel(level.upper())
    return place


def stop_log() -> None:
    """Close the log file."""
    top = logging.getLogger("halo_app")
    for handler in [h for h in top.handlers if isinstance(h, _PrivateFile)]:
        top.removeHandler(handler)
        handler.close()
