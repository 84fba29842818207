"""`halo bench documents DIR`: is the known phrase of each real file found in its stored text, at a place of its own?"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import say, settings, show
from halo_app.domain.source import Stage
from halo_app.errors import BadInput, UnreadableFile

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.source import Parsed


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file of the manifest and the phrase that a correct reader finds in it."""

    file: str
    phrase: str


def register(root: typer.Typer) -> None:
    @root.command()
    def documents(folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of files with a manifest.json.")]) -> None:
        """Score reading: the share of known phrases found in the stored text of real files, and of those with a place."""
        wanted = read_manifest(folder)
        with tempfile.TemporaryDirectory(prefix="halo-bench-") as data:
            figures = measure(Path(data), folder, wanted)
        show(figures, f"found {figures['found']} of {figures['total']}, {figures['located']} of them with a place\n"
             + "\n".join(f"missed {file}: {reason}" for file, reason in figures["reasons"].items()))


def read_manifest(folder: Path) -> list[Wanted]:
    """Return the lines of `manifest.json`. Raises BadInput when there is none, UnreadableFile when it is something else."""
    try:
        return [Wanted(str(line["file"]), str(line["phrase"])) for line in json.loads((folder / "manifest.json").read_text("utf-8"))]
    except OSError as error:
        raise BadInput(f"cannot read {folder / 'manifest.json'}: {error.strerror}", fix="give a folder with a manifest.json") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(f"{folder / 'manifest.json'} is no list of files and phrases: {error}",
                             fix='write [{"file": …, "phrase": …}, …]') from None


def measure(data_dir: Path, folder: Path, wanted: Sequence[Wanted]) -> dict[str, Any]:
    """Take every file in through the ingest service, each on its own, and look for its phrase in what was stored.

    `located` counts the phrases found that have a locator; `missed` names the files whose phrase was not found, with
    why in `reasons`.
    """
    from halo_app.bootstrap import build_app

    found = located = 0
    reasons: dict[str, str] = {}
    places: dict[str, str] = {}
    app = build_app(settings(data_dir=data_dir))
    try:
        app.first_start(serving=False)
        notebook_id = app.notebooks.default().id
        for number, line in enumerate(wanted, start=1):
            if number % 10 == 0:
                say(f"read {number} of {len(wanted)}")
            parsed, reason = _taken_in(app, folder / line.file, notebook_id)
            span = find(parsed.text, line.phrase) if parsed else None
            if parsed is None or span is None:
                reasons[line.file] = reason or _unheard(parsed)
                continue
            found += 1
            place = parsed.locate(*span)
            located += place is not None
            places[line.file] = place.label if place else ""
    finally:
        app.close()
    return {"found": found, "located": located, "total": len(wanted), "missed": list(reasons), "reasons": reasons, "places": places}


def find(text: str, phrase: str) -> tuple[int, int] | None:
    """Return where the phrase stands in the text, any run of white space counting as one; None when it does not."""
    words = phrase.split()
    match = re.search(r"\s+".join(re.escape(word) for word in words), text) if words else None
    return match.span() if match else None


def _taken_in(app: App, path: Path, notebook_id: str) -> tuple[Parsed | None, str]:
    """Return what is stored of the file, or None and the reason why it was refused."""
    from halo_app.services.ingest import Upload

    intake = list(app.ingest.add([Upload.from_path(path)], notebook_id))[-1]
    if intake.source_id is None or intake.stage not in (Stage.READY, Stage.DUPLICATE):
        return None, f"{intake.detail} ({intake.fix})" if intake.fix else intake.detail
    return app.sources.parsed(intake.source_id), ""


def _unheard(parsed: Parsed | None) -> str:
    remarks = "; ".join(parsed.remarks) if parsed else ""
    return f"the phrase is not in the stored text{': ' + remarks if remarks else ''}"
