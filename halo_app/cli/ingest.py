"""`halo ingest PATH…`: take files and folders in."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import leave, opened, say, show
from halo_app.cli.naming import NOTEBOOK, made_notebook

if TYPE_CHECKING:
    from halo_app.domain.source import Intake


def register(root: typer.Typer) -> None:
    @root.command()
    def ingest(
        paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, and folders with all that is in them.")],
        notebook: NOTEBOOK = None,
    ) -> None:
        """Take files and folders in, each as a source of a notebook (made when there is none of that name)."""
        from halo_app.services.ingest import from_paths
        with opened() as app:
            place = made_notebook(app, notebook)
            ends = _watched(app.ingest.add(from_paths(paths), place.id))
        value = {"sources": [_plain(intake) for intake in ends]}
        failed = sum(1 for source in value["sources"] if source["status"] == "failed")
        total = "1 file" if len(ends) == 1 else f"{len(ends)} files"
        show(value, f"{total} into “{place.name}”: {len(ends) - failed} there, {failed} failed")
        if failed:
            leave(1)


def _watched(intakes: Iterable[Intake]) -> list[Intake]:
    """Tell each step on standard error; return the last state of every file, in the order they were given."""
    ends: dict[str, Intake] = {}
    for intake in intakes:
        ends[intake.id] = intake
        if intake.stage.over:
            _line(f"{_mark(intake)} {intake.name}: {_outcome(intake)}")
        elif sys.stderr.isatty():
            steps = f" {intake.done} of {intake.total}" if intake.total else ""
            say(f"\r\x1b[K  {intake.name}: {intake.stage.value}{steps}", end="")
    return list(ends.values())


def _line(text: str) -> None:
    say(f"\r\x1b[K{text}" if sys.stderr.isatty() else text)


def _mark(intake: Intake) -> str:
    return "✗" if _status(intake) == "failed" else "✓"


def _outcome(intake: Intake) -> str:
    if _status(intake) == "failed":
        return f"{intake.detail}" + (f" ({intake.fix})" if intake.fix else "")
    passages = "1 passage" if intake.chunks == 1 else f"{intake.chunks} passages"
    return f"already here, {passages}" if _status(intake) == "duplicate" else passages


def _status(intake: Intake) -> str:
    return {"ready": "ready", "already here": "duplicate"}.get(intake.stage.value, "failed")


def _plain(intake: Intake) -> dict[str, Any]:
    return {"source_id": intake.source_id, "name": intake.name, "status": _status(intake), "chunks": intake.chunks,
            "detail": intake.detail, "fix": intake.fix}
