"""Every store of personal data, in one list: what is not in it cannot be exported, erased or checked, and a test looks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from halo_app.ports import PersonalStore

#: what lies in a data directory and says nothing of a person
IMPERSONAL = (".locks/*", ".welcomed", "launch-token", "ballast", "README.md")


@dataclass(frozen=True)
class Stores:
    """The stores in the order in which erasure goes through them: what repeats a source comes before the source's text."""

    all: Sequence[PersonalStore]

    def __post_init__(self) -> None:
        names = [store.name for store in self.all]
        if len(names) != len(set(names)):
            raise ValueError(f"a store is named twice: {names}")

    def __getitem__(self, name: str) -> PersonalStore:
        return next(store for store in self.all if store.name == name)

    @property
    def exported(self) -> list[PersonalStore]:
        return [store for store in self.all if not store.derived]

    @property
    def erased(self) -> list[PersonalStore]:
        return [store for store in self.all if not store.kept]

    def kept(self) -> dict[str, str]:
        """Return store -> why it stays when a person is erased."""
        return {store.name: store.kept for store in self.all if store.kept}

    def owners(self, name: str) -> list[str]:
        """Return the stores that cover a file, by its path below the data directory."""
        return [store.name for store in self.all if any(fnmatchcase(name, pattern) for pattern in store.covers)]

    def strangers(self, data_dir: Path) -> list[str]:
        """Return the files of a data directory that no store covers and that are not known to be impersonal."""
        names = [path.relative_to(data_dir).as_posix() for path in sorted(data_dir.rglob("*")) if path.is_file()]
        return [name for name in names if not self.owners(name) and not any(fnmatchcase(name, known) for known in IMPERSONAL)]

    def unknown_tables(self, tables: Iterable[str]) -> list[str]:
        """Return the tables that no store covers."""
        known = {table for store in self.all for table in store.tables}
        return sorted(set(tables) - known)
