"""The ledger of what was sent to models outside this machine: JSON lines, added to and never changed, 0600."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from halo_app.domain.ledger import Sending, SentSpan
from halo_app.storage.atomic import lines_of, make_folder, worded


class LedgerFile:
    """One line per sending. `lock` is held while a line is added, by one process at a time."""

    def __init__(self, path: Path, lock: Callable[[], AbstractContextManager[Any]]) -> None:
        self.path = path
        self._lock = lock

    def note(self, sending: Sending) -> None:
        """Add an entry, durable on return. Raises StoreUnavailable."""
        value = {**asdict(sending), "at": sending.at.isoformat()}
        line = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        make_folder(self.path.parent)
        with self._lock():
            try:
                self._add(line)
            except OSError as error:
                raise worded(error, self.path.name, self.path.parent) from error

    def all(self, user_id: str) -> list[Sending]:
        """Return the user's entries, newest first; a line that cannot be read is counted in `damaged`."""
        read = [_read(line) for line in lines_of(self.path)]
        return [sending for sending in reversed(read) if sending and sending.user_id == user_id]

    def damaged(self) -> int:
        """Return how many lines cannot be read; they stay where they are."""
        return sum(_read(line) is None for line in lines_of(self.path))

    def _add(self, line: bytes) -> None:
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "r+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size and os.pread(file.fileno(), 1, size - 1) != b"\n":      # a killed writer left half a line
                line = b"\n" + line
            file.write(line)
            os.fsync(file.fileno())



def _read(line: bytes) -> Sending | None:
    try:
        value = json.loads(line)
        spans = tuple(SentSpan(str(span["source_id"]), int(span["start"]), int(span["end"])) for span in value["spans"])
        return Sending(datetime.fromisoformat(value["at"]), str(value["user_id"]), str(value["place"]), str(value["model"]),
                       str(value["session_id"]), spans, int(value["turns"]))
    except (ValueError, TypeError, KeyError):
        return None
