"""How much room each kind of thing takes in the data directory, and what of it can go without losing anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Protocol

KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (      # the first pattern that fits a path below the data directory counts
    ("originals", ("sources/originals/*",)),
    ("texts", ("sources/texts/*",)),
    ("index", ("lancedb/*",)),
    ("chats", ("chat_history/*",)),
    ("notes", ("notes/*",)),
    ("outputs", ("outputs/*",)),
    ("memories", ("memory.db*",)),
    ("log", ("halo.log*",)),
    ("space set aside", ("ballast",)),
    ("everything else", ("*",)),
)
OLD_LOGS = "halo.log.*"


class Tidied(Protocol):
    """What keeps older versions of itself until it is tidied."""

    def tidy(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """How much of one kind there is."""

    kind: str
    size_bytes: int
    files: int


@dataclass(frozen=True)
class RoomService:
    """`memory_place` is the memory database when it is a file, `work` the folder of copies in the middle, guarded by `exclusive`."""

    data_dir: Path
    memory_place: Callable[[], Path | None]
    work: Path
    indexes: Callable[[], Iterable[Tidied]]
    exclusive: Callable[[], AbstractContextManager[Any]]

    def taken(self) -> list[Taken]:
        """Return what each kind takes, in a fixed order; kinds that take nothing too."""
        sizes = {kind: [0, 0] for kind, _ in KINDS}
        for path, kind in self._files():
            with suppress(FileNotFoundError):             # gone since it was listed
                sizes[kind][0] += path.stat().st_size
                sizes[kind][1] += 1
        return [Taken(kind, *sizes[kind]) for kind, _ in KINDS]

    def spare(self) -> int:
        """Return how many bytes older logs and left-over copies take; what older versions of the index take shows when they go."""
        return sum(_size(path) for path in self._spare())

    def free(self) -> int:
        """Delete older logs, left-over copies and older versions of the index; returns how many bytes that gave back."""
        before = sum(one.size_bytes for one in self.taken())
        with self.exclusive():                            # nobody is in the middle of a copy
            for path in self._spare():
                path.unlink(missing_ok=True)
        for index in self.indexes():
            index.tidy()
        return max(0, before - sum(one.size_bytes for one in self.taken()))

    def _files(self) -> Iterator[tuple[Path, str]]:
        for path in self.data_dir.rglob("*"):
            if path.is_file():
                yield path, _kind(path.relative_to(self.data_dir).as_posix())
        place = self.memory_place()
        if place is not None and not place.is_relative_to(self.data_dir):
            yield from ((path, "memories") for path in place.parent.glob(f"{place.name}*") if path.is_file())

    def _spare(self) -> Sequence[Path]:
        left = [path for path in self.work.rglob("*") if path.is_file()] if self.work.is_dir() else []
        return [*self.data_dir.glob(OLD_LOGS), *left]


def _kind(name: str) -> str:
    return next(kind for kind, patterns in KINDS if any(fnmatchcase(name, pattern) for pattern in patterns))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
