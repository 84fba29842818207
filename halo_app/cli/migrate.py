"""`halo migrate`: bring the memory database up to date."""

from __future__ import annotations

import typer

from halo_app.cli.frame import opened, show


def register(root: typer.Typer) -> None:
    @root.command()
    def migrate() -> None:
        """Bring the memory database up to date; every other command does so, too, when it first opens it."""
        from halo_app.services.account import disabled
        with opened() as app:
            if app.database is None:
                raise disabled()
            steps, place = app.migrate(), app.database.place
        show({"ok": True, "database": place, "steps": steps},
             f"{place}: {f'{len(steps)} steps done' if steps else 'up to date already'}.")
