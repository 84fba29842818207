"""The tables of one index folder: those that serve, those being filled, and which is which."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from halo_app.errors import Damaged
from halo_app.vectors.pointer import FILE, Pointer, read_pointer, write_pointer
from halo_app.vectors.rows import schema
from halo_app.vectors.upkeep import first_line

if TYPE_CHECKING:
    from lancedb.table import Table

REINDEX = "run halo reindex; it is built again from the stored texts"


class Tables:
    """Opens each table once; `dimension` is that of new vectors. A folder that is not there has none."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self.folder = folder
        self._dimension = dimension
        self._open: dict[str, Table] = {}
        self._connection: Any = None

    def pointer(self) -> Pointer:
        """Return which table serves. Raises Damaged."""
        try:
            return read_pointer(self.folder)
        except (OSError, ValueError, TypeError) as error:
            raise self.damaged("read", error) from error

    def point(self, pointer: Pointer, *, drop: bool = True) -> Pointer:
        """Write down which table serves, and remove those that neither serve nor are filled."""
        written = write_pointer(self.folder, pointer)
        if drop:
            self.drop_unused()
        return written

    def create(self, model_id: str, width: int) -> str:
        """Make an empty table and return its name."""
        name = f"chunks_{secrets.token_hex(6)}"
        self._open[name] = self._database().create_table(name, schema=schema(width or self._dimension, model_id))
        return name

    def __getitem__(self, name: str) -> Table:
        if name not in self._open:
            self._open[name] = self._database().open_table(name)
        return self._open[name]

    def both(self) -> Iterator[tuple[Table, Path]]:
        """Yield the table that serves and the one kept aside, with their folders."""
        pointer = self.pointer()
        for name in filter(None, (pointer.serving, pointer.aside)):
            yield self[name], self.folder / f"{name}.lance"

    def every(self) -> Iterator[Table]:
        """Yield every table that lies in the folder, also those that serve nobody."""
        for path in sorted(self.folder.glob("chunks_*.lance")):
            yield self._database().open_table(path.stem)

    def drop_unused(self) -> None:
        """Remove the tables that neither serve nor are filled."""
        pointer = self.pointer()
        for path in self.folder.glob("chunks_*.lance"):
            if path.stem not in (pointer.serving, pointer.aside):
                self.let_go(path.stem)
                shutil.rmtree(path, ignore_errors=True)

    def reset(self) -> None:
        """Remove all of them."""
        self.close()
        (self.folder / FILE).unlink(missing_ok=True)
        for path in [*self.folder.glob("chunks_*.lance"), *self.folder.glob(".tmp*")]:
            shutil.rmtree(path, ignore_errors=True)

    def let_go(self, name: str) -> None:
        """Open the table anew when it is next asked for."""
        self._open.pop(name, None)

    def close(self) -> None:
        """Let go of all tables; the next call opens them again."""
        self._open.clear()
        self._connection = None

    def damaged(self, done: str, error: Exception) -> Damaged:
        """Return the words for a folder that cannot be `done`: "read" or "written"."""
        return Damaged(f"the search index in {self.folder} cannot be {done}: {first_line(error)}", fix=REINDEX)

    def _database(self) -> Any:
        if self._connection is None:
            import lancedb

            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = lancedb.connect(self.folder, read_consistency_interval=timedelta(0))
        return self._connection
