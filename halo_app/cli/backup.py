"""`halo backup FILE` and `halo restore FILE`: everything of a data directory in one file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from halo_app.cli.frame import opened, show

FILE = Annotated[Path, typer.Argument(metavar="FILE", help="A .zip file outside of the data directory.")]


def register(root: typer.Typer) -> None:
    @root.command()
    def backup(file: FILE) -> None:
        """Copy everything into one file, also while HALO runs. Keep it as safe as the data itself."""
        with opened() as app:
            done = app.backups.backup(app.principal, file)
        show({"path": str(file.absolute()), "files": done.files, "bytes": done.size_bytes, "left_out": done.left_out},
             f"{done.files} files are in {file.absolute()}." + (f" Not in it: {done.left_out}." if done.left_out else ""))

    @root.command()
    def restore(file: FILE) -> None:
        """Put a backup in place of everything that is here."""
        with opened() as app:
            done = app.backups.restore(app.principal, file)
        again = " What was erased since then is in the backup, so it was erased again just now" if done.erased_again else ""
        again += f" ({done.erased_again} times)." if done.erased_again > 1 else "." if again else ""
        show({"made_at": done.made_at.isoformat(), "files": done.files, "erased_again": done.erased_again},
             f"Everything is as it was on {done.made_at:%Y-%m-%d %H:%M} (UTC).{again} If HALO is running, start it again.")
