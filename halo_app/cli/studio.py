"""`halo studio list | make TEMPLATE`: outputs made from sources."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import group, opened, say, show
from halo_app.cli.naming import NOTEBOOK, SOURCES, named_scope
from halo_app.errors import BadInput, StoreUnavailable

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.artifact import Artifact
    from halo_app.domain.chunk import Scope


DEFAULT_FORMAT = "html"


def register(root: typer.Typer) -> None:
    studio = group("Make outputs from sources.")

    @studio.command("list")
    def listed() -> None:
        """List the templates."""
        with opened() as app:
            templates = app.studio.templates()
        show({"templates": [{"template": one.name, "title": one.title, "purpose": one.purpose} for one in templates]},
             "\n".join(f"{one.name}: {one.title}. {one.purpose}" for one in templates))

    @studio.command()
    def make(
        template: Annotated[str, typer.Argument(metavar="TEMPLATE", help="A name from `halo studio list`.")],
        notebook: NOTEBOOK = None,
        source: SOURCES = None,
        form: Annotated[str | None, typer.Option("--format", metavar="F", help="The file's format; else as --out ends.")] = None,
        focus: Annotated[str, typer.Option(metavar="WORDS", help="What it should be about.")] = "",
        length: Annotated[str, typer.Option(metavar="LENGTH", help="short, medium or long.")] = "",
        language: Annotated[str, typer.Option(metavar="CODE", help="en or de: the language of HALO's own words in it.")] = "",
        wish: Annotated[list[str] | None, typer.Option("--wish", metavar="NAME=VALUE",
                                                       help="A wish of the template; may be repeated.")] = None,
        out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to write it; else the data directory.")] = None,
    ) -> None:
        """Make an output from the sources of a notebook and write it to a file."""
        with opened() as app:
            suffix = _suffix(app, form or (out.suffix.lstrip(".") if out else ""))
            if out and not out.absolute().parent.is_dir():
                raise BadInput(f"there is no folder {out.absolute().parent}", fix="make it first, or name another place with --out")
            options = {"focus": focus, "length": length, "language": language, **_wishes(wish or [])}
            made = _made(app, template, named_scope(app, notebook, source), {name: value for name, value in options.items() if value})
            content, _, _ = app.studio.export(made.id, suffix)
            house = app.data_dir
        path = (out or house / "outputs" / f"{made.id}.{suffix}").absolute()
        _write(path, content, house)
        show({"output_id": made.id, "template": made.template, "path": str(path), "citations": _citations(made)},
             f"{made.title}: {path}")

    root.add_typer(studio, name="studio")


def _suffix(app: App, wanted: str) -> str:
    """Return the format to write, known before anything is made."""
    known = app.studio.formats()
    suffix = wanted.lower() or (DEFAULT_FORMAT if DEFAULT_FORMAT in known else known[0])
    if suffix not in known:
        raise BadInput(f"cannot write .{suffix}", fix=f"choose one of {', '.join(known)}")
    return suffix


def _wishes(given: list[str]) -> dict[str, str]:
    for one in given:
        if "=" not in one:
            raise BadInput(f"--wish {one!r} is no NAME=VALUE", fix="write for example --wish columns=price,power")
    return dict(one.split("=", 1) for one in given)


def _made(app: App, template: str, scope: Scope, options: dict[str, str]) -> Artifact:
    from halo_app.domain.artifact import Artifact
    last: Artifact | None = None
    for event in app.studio.make(template, scope, options):
        if isinstance(event, Artifact):
            last = event
        else:
            say(event.text)
    assert last is not None
    return last


def _citations(made: Artifact) -> list[dict[str, Any]]:
    return [asdict(citation) for section in made.sections for sentence in section.said for citation in sentence.citations]


def _write(path: Path, content: bytes, house: Path) -> None:
    try:
        path.write_bytes(content)
        if path.is_relative_to(house):
            path.chmod(0o600)
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be written: {error.strerror or error}", fix="name another place with --out") from error
