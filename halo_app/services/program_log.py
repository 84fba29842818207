"""The program log as people read it: its last lines, newest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from halo_app.errors import StoreUnavailable

READ_BYTES = 400_000
_BEGINS = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ([A-Z]+) ")
GRAVE = frozenset({"WARNING", "ERROR", "CRITICAL"})


@dataclass(frozen=True)
class ProgramLog:
    """The log at one place; it need not be there yet."""

    place: Path

    def entries(self, limit: int, *, grave: bool = False) -> list[str]:
        """Return the newest entries, newest first, each with the lines that follow it; with `grave`, warnings and errors alone."""
        found: list[str] = []
        is_wanted = False
        for line in self._end().splitlines():
            if begun := _BEGINS.match(line):
                is_wanted = not grave or begun[1] in GRAVE
                if is_wanted:
                    found.append(line)
            elif is_wanted and found:
                found[-1] += "\n" + line
        return found[-limit:][::-1]

    def whole(self) -> bytes:
        """Return all of it; b"" before there is any. Raises StoreUnavailable."""
        return self._read(0)

    def _end(self) -> str:
        return self._read(READ_BYTES).decode("utf-8", "replace")

    def _read(self, most: int) -> bytes:
        try:
            with self.place.open("rb") as file:
                size = file.seek(0, 2)
                file.seek(max(0, size - most) if most else 0)
                return file.read()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise StoreUnavailable(f"cannot read {self.place}: {error.strerror}", fix="make it readable for you") from error
