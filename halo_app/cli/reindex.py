"""`halo reindex`: build the search index again from the stored texts."""

from __future__ import annotations

import sys

import typer

from halo_app.cli.frame import leave, opened, say, show


def register(root: typer.Typer) -> None:
    @root.command()
    def reindex() -> None:
        """Build the search index again from the stored texts, and what is missing of the memories' from their database."""
        with opened() as app:
            for state in app.reindexing.run():
                if sys.stderr.isatty():
                    say(f"\r\x1b[K{state.done} of {state.total} sources", end="")
            memories = app.outbox.check() if app.memory_store is not None else 0
            if memories:
                app.outbox.drain()
        if sys.stderr.isatty():
            say("")
        ready = state.total - len(state.failed)
        lines = [f"{ready} of {state.total} sources indexed, {state.chunks} passages", *state.failed]
        lines[1:1] = [f"{memories} memories indexed"] if memories else []
        show({"sources": ready, "chunks": state.chunks, "memories": memories, "failed": list(state.failed)}, "\n".join(lines))
        if state.failed:
            leave(1)
