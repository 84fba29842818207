"""`halo doctor`: is everything in order, and what to do when not."""

from __future__ import annotations

from dataclasses import asdict

import typer

from halo_app.cli.frame import leave, opened, show
from halo_app.domain.health import Check


def register(root: typer.Typer) -> None:
    @root.command()
    def doctor() -> None:
        """Check the installation, the data directory, the model and the memory database."""
        with opened() as app:
            checks = app.health()
        ok = all(check.ok for check in checks)
        show({"ok": ok, "checks": [asdict(check) for check in checks]}, "\n".join(map(_line, checks)))
        if not ok:
            leave(1)


def _line(check: Check) -> str:
    took = "" if check.latency_ms is None or check.detail.endswith(" ms)") else f" ({check.latency_ms:.1f} ms)"
    remedy = f"\n    {check.fix}" if check.fix and not check.ok else ""
    return f"{'✓' if check.ok else '✗'} {check.name}: {check.detail}{took}{remedy}"
