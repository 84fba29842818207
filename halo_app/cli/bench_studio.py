"""`halo bench studio DIR`: are outputs quoted word for word, without repetition, and do summaries hold what their texts are about?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli._studio_rules import faults, redundancy, unfounded
from halo_app.cli._timing import seconds, timed
from halo_app.cli.frame import say, settings, show
from halo_app.domain.chunk import Scope
from halo_app.errors import BadInput, HaloError

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.artifact import Artifact
    from halo_app.domain.source import Source
    from halo_app.services.uploads import Upload

LEAD = 3                       # sentences that a summary and the beginning of its text may have
TERMS = 20                     # key terms of a text that both should hold
BOUND = 0.6                    # share of words that no two sentences of an output should have in common


def register(root: typer.Typer) -> None:
    @root.command()
    def studio(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of documents, or of a corpus.jsonl.")],
        limit: Annotated[int, typer.Option(metavar="N", help="Read no more documents than these.")] = 100,
    ) -> None:
        """Score Studio: statements word for word, repetition, structure, and key terms against those of the first sentences."""
        with tempfile.TemporaryDirectory(prefix="halo-bench-") as data:
            figures = measure(Path(data), folder, limit)
        show(figures, f"{figures['verbatim']} of {figures['statements']} statements word for word; repeated {figures['redundancy']}; "
             f"key terms {figures['coverage']} against {figures['lead_coverage']} of the first {LEAD} sentences; "
             f"faults: {figures['faults'] or 'none'}")


def measure(data_dir: Path, folder: Path, limit: int) -> dict[str, Any]:
    """Make every output there is from all documents together, and a summary of three sentences from each alone."""
    from halo_app.bootstrap import build_app

    app = build_app(settings(data_dir=data_dir))
    try:
        app.first_start(serving=False)
        notebook_id = app.notebooks.default().id
        list(app.ingest.add(_uploads(folder, limit), notebook_id))
        sources = app.sources.of(notebook_id)
        if not sources:
            raise BadInput(f"nothing in {folder} can be read", fix="give a folder of documents")
        say(f"{len(sources)} documents are read")
        return {"documents": len(sources), **_outputs(app, notebook_id), **_summaries(app, notebook_id, sources)}
    finally:
        app.close()


def _uploads(folder: Path, limit: int) -> Iterator[Upload]:
    from halo_app.services.uploads import Upload

    corpus = folder / "corpus.jsonl"
    if corpus.is_file():
        for number, line in enumerate(corpus.read_text("utf-8").splitlines()[:limit]):
            row = json.loads(line)
            yield Upload.from_bytes(f"{row.get('_id', number)}.txt", f"{row.get('title', '')}\n\n{row['text']}".encode())
        return
    try:
        paths = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name != "manifest.json"]
    except OSError as error:
        raise BadInput(f"cannot read {folder}: {error.strerror}", fix="give a folder of documents") from None
    yield from (Upload.from_path(path) for path in paths[:limit])


def _outputs(app: App, notebook_id: str) -> dict[str, Any]:
    made: list[Artifact] = []
    times: list[float] = []
    for template in app.studio.templates():
        say(f"making {template.title}")
        times.append(seconds(partial(_keep, made, app, template.name, notebook_id)))
    statements = sum(1 for one in made for section in one.sections for _ in section.said)
    wrong = sum(unfounded(one, lambda source_id: app.texts.get(source_id).text) for one in made)
    repeats = {one.template: round(redundancy(one), 3) for one in made}
    return {"templates": len(made), "statements": statements, "verbatim": statements - wrong, "redundancy": max(repeats.values()),
            "redundancy_bound": BOUND, "repeats": repeats, "faults": {one.template: found for one in made if (found := faults(one))},
            "making": timed(times)}


def _summaries(app: App, notebook_id: str, sources: Sequence[Source]) -> dict[str, Any]:
    """Compare the key terms in three chosen sentences of each text with those in its first three, over texts that have more."""
    from halo_app.domain.corpus import Text
    from halo_app.domain.summarising import key_terms

    held: list[tuple[float, float]] = []
    for source in sources:
        text = Text(source.id, source.name, app.texts.get(source.id), source.language, app.analyzer.terms)
        whole = [one for one in text.said if one.is_whole]
        terms = key_terms(text.parsed, text.language, text.terms, TERMS)
        wanted = {stem for term in terms for stem in text.terms(term, text.language)}
        if len(whole) <= LEAD or not wanted:
            continue
        summary = _made(app, "summary", notebook_id, source.id, {"sentences": str(LEAD)})
        chosen = {stem for section in summary.sections for one in section.said for stem in text.terms(one.text, text.language)}
        first = {stem for one in whole[:LEAD] for stem in one.terms}
        held.append((len(wanted & chosen) / len(wanted), len(wanted & first) / len(wanted)))
    mean = [round(sum(column) / len(held), 3) if held else 0.0 for column in (zip(*held, strict=True) if held else ((), ()))]
    gain = round(mean[0] / mean[1] - 1, 3) if mean[1] else 0.0
    return {"coverage": mean[0], "lead_coverage": mean[1], "gain": gain, "summaries": len(held)}


def _keep(made: list[Artifact], app: App, template: str, notebook_id: str) -> None:
    made.append(_made(app, template, notebook_id))


def _made(app: App, template: str, notebook_id: str, source_id: str = "", options: dict[str, str] | None = None) -> Artifact:
    from halo_app.domain.artifact import Artifact

    scope = Scope(app.user_id, notebook_id, frozenset({source_id}) if source_id else None)
    made = [event for event in app.studio.make(template, scope, options) if isinstance(event, Artifact)]
    if not made:
        raise HaloError(f"the template {template} made nothing")
    return made[-1]
