"""`halo memory add | list | delete | clear`: what is remembered of you."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import group, opened, show
from halo_app.cli.naming import USER
from halo_app.errors import BadInput

if TYPE_CHECKING:
    from halo_app.domain.memory import MemoryEntry


def register(root: typer.Typer) -> None:
    memory = group("What is remembered of you, when a memory database is set.")

    @memory.command()
    def add(text: Annotated[str, typer.Argument(metavar="TEXT")], user: USER = None) -> None:
        """Remember something."""
        with opened(app__user_id=user) as app:
            _show([app.account.add(text)])

    @memory.command("list")
    def listed(user: USER = None) -> None:
        """List everything that is remembered, newest first."""
        with opened(app__user_id=user) as app:
            _show(app.account.memories())

    @memory.command()
    def delete(ids: Annotated[list[int], typer.Argument(metavar="ID…")], user: USER = None) -> None:
        """Delete memories for good."""
        with opened(app__user_id=user) as app:
            deleted = app.account.delete(ids)
        show({"deleted": deleted}, f"{deleted} deleted.")

    @memory.command()
    def clear(yes: Annotated[bool, typer.Option("--yes", help="Really delete all of it.")] = False, user: USER = None) -> None:
        """Delete everything that is remembered, for good."""
        if not yes:
            raise BadInput("this deletes everything that is remembered", fix="add --yes if that is meant")
        with opened(app__user_id=user) as app:
            deleted = app.account.clear()
        show({"deleted": deleted}, f"{deleted} deleted.")

    root.add_typer(memory, name="memory")


def _show(entries: list[MemoryEntry]) -> None:
    lines = [f"{entry.id}  {entry.memory}" for entry in entries] or ["No memories stored yet."]
    show({"memories": [_plain(entry) for entry in entries]}, "\n".join(lines))


def _plain(entry: MemoryEntry) -> dict[str, Any]:
    return {"id": entry.id, "user_id": entry.user_id, "kind": "fact", "memory": entry.memory, "confidence": 1.0,
            "created_at": entry.created_at.isoformat(), "expires_at": None}
