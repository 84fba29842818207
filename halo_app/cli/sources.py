"""`halo sources list | show | delete`: what was taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import group, opened, show
from halo_app.cli.naming import NOTEBOOK, named_notebook

if TYPE_CHECKING:
    from halo_app.domain.source import Source

ID = Annotated[str, typer.Argument(metavar="ID", help="The source's id, as `halo sources list` shows it.")]


def register(root: typer.Typer) -> None:
    sources = group("List, read and delete sources.")

    @sources.command("list")
    def listed(notebook: NOTEBOOK = None) -> None:
        """List the sources of a notebook, newest first."""
        with opened() as app:
            found = app.sources.of(named_notebook(app, notebook).id)
        lines = [_line(source) for source in found] or ["No sources yet: halo ingest FILE"]
        show({"sources": [_plain(source) for source in found]}, "\n".join(lines))

    @sources.command("show")
    def shown(source_id: ID) -> None:
        """Show one source with its whole stored text."""
        with opened() as app:
            source = app.sources.get(source_id)
            text = app.sources.parsed(source_id).text
        more = {"notebook_id": source.notebook_id, "title": source.title, "language": source.language, "sha256": source.sha256,
                "size_bytes": source.size_bytes, "origin": source.origin, "remarks": list(source.remarks), "missing": source.missing}
        show({**_plain(source), **more, "text": text}, f"{_line(source)}\n\n{text}")

    @sources.command()
    def delete(source_id: ID) -> None:
        """Delete a source with its passages, its text and its original."""
        with opened() as app:
            source = app.sources.delete(source_id)
        show({"deleted": source.id, "name": source.name}, f"“{source.name}” is deleted.")

    root.add_typer(sources, name="sources")


def _plain(source: Source) -> dict[str, Any]:
    pages = {} if source.pages is None else {"pages": source.pages}
    return {"source_id": source.id, "name": source.name, "type": source.type, **pages, "chunks": source.chunks,
            "created_at": source.created_at.isoformat()}


def _line(source: Source) -> str:
    pages = f", {source.pages} pages" if source.pages else ""
    missing = ", original missing" if source.missing else ""
    return f"{source.id}  {source.name} ({source.type}{pages}, {source.chunks} passages{missing})"
