"""`halo search QUERY`: the passages most useful for a question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import opened, show
from halo_app.cli.naming import NOTEBOOK, SOURCES, named_scope
from halo_app.errors import BadInput

if TYPE_CHECKING:
    from halo_app.domain.chunk import Passage


def register(root: typer.Typer) -> None:
    @root.command()
    def search(
        query: Annotated[str, typer.Argument(metavar="QUERY")],
        notebook: NOTEBOOK = None,
        source: SOURCES = None,
        limit: Annotated[int | None, typer.Option(help="The most passages shown.", min=1, max=1000)] = None,
    ) -> None:
        """Find passages, best first, each with its exact place."""
        if not query.strip():
            raise BadInput("there is nothing to search for", fix="give at least one word")
        with opened() as app:
            scope = named_scope(app, notebook, source)
            found = app.retrieval.find(query, scope, limit or app.settings.retrieval.top_k)
        lines = [_lines(number, passage) for number, passage in enumerate(found, 1)] or ["Nothing found."]
        show({"hits": [_plain(passage) for passage in found]}, "\n\n".join(lines))


def _plain(passage: Passage) -> dict[str, Any]:
    chunk = passage.chunk
    return {"source_id": chunk.source_id, "source": passage.source, "locator": passage.locator.label if passage.locator else "",
            "start": chunk.start, "end": chunk.end, "text": chunk.text, "score": round(float(passage.score), 6)}


def _lines(number: int, passage: Passage) -> str:
    place = f", {passage.locator.label}" if passage.locator else ""
    text = " ".join(passage.chunk.text.split())
    return f"{number}. {passage.source}{place}\n   {text[:300]}{'…' if len(text) > 300 else ''}"
