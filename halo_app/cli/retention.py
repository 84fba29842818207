"""`halo retention run | show | set`: delete what is older than its rule allows, or say what would be."""

from __future__ import annotations

from typing import Annotated

import typer

from halo_app.cli.frame import WrongUsage, group, opened, show

DRY = Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")]
RULES = Annotated[list[str], typer.Argument(metavar="RULE=DAYS…", help="For example chat_days=30; 0 keeps everything.")]


def register(root: typer.Typer) -> None:
    retention = group("Delete what is older than its rule allows. The running app does it at its start and daily.")

    @retention.command()
    def run(dry_run: DRY = False) -> None:
        """Delete for good what is over by the rules, and facts whose time is over."""
        with opened() as app:
            removed = app.retention.preview() if dry_run else app.retention.run()
            if app.memory:
                app.outbox.drain()                  # the search index follows before this process ends
        word = "would be deleted" if dry_run else "deleted"
        lines = [f"{name}: {number} {word}" for name, number in removed.items() if number]
        show({"removed": removed, "dry_run": dry_run}, "\n".join(lines) or f"Nothing {word}.")

    @retention.command("show")
    def shown() -> None:
        """Show the rules: days until something is deleted, 0 for what is kept."""
        with opened() as app:
            rules = app.retention.rules().model_dump()
        show({"rules": rules}, "\n".join(f"{name}={days}" for name, days in rules.items()))

    @retention.command("set")
    def change(rules: RULES) -> None:
        """Set rules, also for the running app."""
        given = dict(map(_rule, rules))
        with opened() as app:
            now = app.retention.change(given).model_dump()
        show({"rules": now}, "\n".join(f"{name}={days}" for name, days in now.items()))

    root.add_typer(retention, name="retention")


def _rule(given: str) -> tuple[str, int]:
    name, equals, days = given.partition("=")
    if not equals or not days.strip().isdecimal():
        raise WrongUsage(f"{given!r} is not a rule", fix="write for example chat_days=30")
    return name.strip(), int(days)
