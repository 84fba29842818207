"""`halo bench retrieval DIR`: are the documents judged relevant found first, in a BEIR folder, and how fast."""

from __future__ import annotations

import csv
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import say, settings, show
from halo_app.errors import BadInput, UnreadableFile

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.services.uploads import Upload

DEEP = 100                 # documents ranked per query
WARM_UP = 5                # queries asked before the clock counts


@dataclass(frozen=True, slots=True)
class Collection:
    """A BEIR folder: documents by id, queries by id, and for each query the gain of its relevant documents."""

    documents: dict[str, str]
    queries: dict[str, str]
    judged: dict[str, dict[str, int]]


def register(root: typer.Typer) -> None:
    @root.command()
    def retrieval(
        folder: Annotated[Path, typer.Argument(metavar="DIR", help="A BEIR folder: corpus.jsonl, queries.jsonl and qrels/test.tsv.")],
    ) -> None:
        """Score search: nDCG@10, recall@10 and recall@100 over the judged queries, and how long indexing and asking take."""
        collection = read_collection(folder)
        with tempfile.TemporaryDirectory(prefix="halo-bench-") as data_dir:
            figures = measure(Path(data_dir), collection)
        show(figures, "\n".join(f"{name}: {value}" for name, value in figures.items()))


def read_collection(folder: Path) -> Collection:
    """Read a BEIR folder. Raises BadInput when a file is missing, UnreadableFile when one is something else."""
    try:
        documents = {row["_id"]: _text(row) for row in _rows(folder / "corpus.jsonl")}
        queries = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
        with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        judged: dict[str, dict[str, int]] = {}
        for query, document, gain in (line for line in lines[1:] if line):
            if int(gain) > 0:
                judged.setdefault(query, {})[document] = int(gain)
    except OSError as error:
        raise BadInput(f"cannot read {error.filename or folder}: {error.strerror}", fix="give a BEIR folder") from None
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(f"{folder} is not a BEIR folder: {type(error).__name__} {error}", fix="give a BEIR folder") from None
    return Collection(documents, {query: text for query, text in queries.items() if query in judged}, judged)


def _rows(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


def _text(row: Mapping[str, Any]) -> str:
    return "\n\n".join(part.strip() for part in (row.get("title") or "", row["text"]) if part.strip())


def measure(data_dir: Path, collection: Collection) -> dict[str, Any]:
    """Return the figures, from a new data directory with every document as one source of one notebook."""
    from halo_app.bootstrap import build_app

    app = build_app(settings().model_copy(update={"data_dir": data_dir}))
    try:
        app.first_start(serving=False)
        began = time.perf_counter()
        notebook_id, documents = _fill(app, collection)
        seconds = time.perf_counter() - began
        say(f"asking {len(collection.queries)} queries …")
        found, times = _ask(app, notebook_id, documents, collection.queries)
    finally:
        app.close()
    gains = [(found[query], collection.judged[query]) for query in collection.queries]
    return {
        "ndcg@10": _mean([ndcg(ranked, judged, 10) for ranked, judged in gains]),
        "recall@10": _mean([recall(ranked, judged, 10) for ranked, judged in gains]),
        "recall@100": _mean([recall(ranked, judged, 100) for ranked, judged in gains]),
        "docs": len(collection.documents), "queries": len(collection.queries), "index_seconds": round(seconds, 1),
        "query_p50_ms": _percentile(times, 0.50), "query_p95_ms": _percentile(times, 0.95),
    }


def _fill(app: App, collection: Collection) -> tuple[str, dict[str, str]]:
    """Take every document in through the same door as a user's files; return the notebook and source id -> document id."""
    from halo_app.domain.source import Stage

    notebook = app.notebooks.create("bench")
    by_name = {f"{document}.txt": document for document in collection.documents}
    sources: dict[str, str] = {}
    uploads = (_upload(document, text) for document, text in collection.documents.items() if text)
    for intake in app.ingest.add(uploads, notebook.id):
        if intake.stage is Stage.FAILED:
            raise BadInput(f"{intake.name} was not taken in: {intake.detail}", fix=intake.fix)
        if intake.stage is Stage.READY and intake.source_id:
            sources[intake.source_id] = by_name[intake.name]
            if len(sources) % 500 == 0:
                say(f"{len(sources)} of {len(by_name)} documents")
    return notebook.id, sources


def _upload(document: str, text: str) -> Upload:
    from halo_app.services.uploads import Upload

    content = text.encode("utf-8", "surrogatepass")
    return Upload(f"{document}.txt", lambda: BytesIO(content), origin="pasted text", id=document)


def _ask(
    app: App, notebook_id: str, documents: Mapping[str, str], queries: Mapping[str, str]
) -> tuple[dict[str, list[str]], list[float]]:
    """Return each query's documents, ranked by their best passage, and the seconds of a search as the pages do it.

    The clock runs over `find`, a question seen for the first time; the long list behind its first ten comes from `ranked`,
    which `find` itself is made of.
    """
    from halo_app.domain.chunk import Scope

    scope = Scope(app.user_id, notebook_id)
    for number in range(WARM_UP):
        app.retrieval.find(f"warm up number {number}", scope)
    found: dict[str, list[str]] = {}
    times: list[float] = []
    for query, text in queries.items():
        began = time.perf_counter()
        app.retrieval.find(text, scope, 10)
        times.append(time.perf_counter() - began)
        sources = (one.chunk.source_id for one in app.retrieval.ranked(text, scope))
        found[query] = list(dict.fromkeys(documents[source] for source in sources))[:DEEP]
    return found, times


def ndcg(ranked: Sequence[str], judged: Mapping[str, int], depth: int) -> float:
    """Return the normalised discounted cumulative gain of the first `depth`, with linear gain, 0 to 1."""
    best = sorted(judged.values(), reverse=True)[:depth]
    gained = sum(judged.get(document, 0) / log2(place + 2) for place, document in enumerate(ranked[:depth]))
    return gained / sum(gain / log2(place + 2) for place, gain in enumerate(best))


def recall(ranked: Sequence[str], judged: Mapping[str, int], depth: int) -> float:
    """Return the share of the relevant documents among the first `depth`, 0 to 1."""
    return sum(document in judged for document in ranked[:depth]) / len(judged)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _percentile(seconds: Sequence[float], share: float) -> float:
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0
