"""Options that several commands share, and what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from halo_app.errors import NotFound

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.chunk import Scope
    from halo_app.domain.notebook import Notebook

NOTEBOOK = Annotated[str | None, typer.Option("--notebook", metavar="NAME", help="A notebook by name or id; else the default one.")]
SOURCES = Annotated[list[str] | None, typer.Option("--source", metavar="ID", help="Only this source; may be given several times.")]
USER = Annotated[str | None, typer.Option("--user", metavar="USER", help="Another user than the configured one.")]


def named_notebook(app: App, name: str | None) -> Notebook:
    """Return the notebook of that name or id, the default one for None. Raises NotFound."""
    return app.notebooks.find(name) if name is not None else app.notebooks.default()


def made_notebook(app: App, name: str | None) -> Notebook:
    """The same, but a notebook that is not there is made."""
    try:
        return named_notebook(app, name)
    except NotFound:
        return app.notebooks.create(name or "")


def named_scope(app: App, notebook: str | None, sources: list[str] | None) -> Scope:
    """Return what may be read: the named sources, or all of the notebook. Raises NotFound for what is unknown or elsewhere."""
    from halo_app.domain.chunk import Scope
    if not sources:
        return Scope(app.user_id, named_notebook(app, notebook).id)
    chosen = [app.sources.get(source_id) for source_id in sources]
    place = named_notebook(app, notebook) if notebook is not None else None
    for source in chosen:
        if place is not None and source.notebook_id != place.id:
            raise NotFound(f"“{source.name}” is not in notebook “{place.name}”", fix="leave --notebook out, or choose another source")
    return Scope(app.user_id, place.id if place else None, frozenset(source.id for source in chosen))
