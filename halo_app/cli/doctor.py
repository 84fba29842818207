"""`halo doctor`: is everything in order, and what to do when not."""

from __future__ import annotations

import typer

from halo_app.cli.frame import leave, opened, show


def register(root: typer.Typer) -> None:
    @root.command()
    def doctor() -> None:
        """Check the installation, the data directory, the model and the memory database."""
        with opened() as app:
            checks = app.health()
        ok = all(check.ok for check in checks)
        value = {"ok": ok, "checks": [{"name": c.name, "ok": c.ok, "detail": c.detail, "fix": c.fix} for c in checks]}
        lines = [f"{'✓' if c.ok else '✗'} {c.name}: {c.detail}" + (f"\n    {c.fix}" if c.fix and not c.ok else "") for c in checks]
        show(value, "\n".join(lines))
        if not ok:
            leave(1)
