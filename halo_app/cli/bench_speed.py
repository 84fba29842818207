"""`halo bench speed`: how long the parts take, on generated texts in a temporary data directory."""

from __future__ import annotations

import http.client
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli import _speed_house
from halo_app.cli._peers import ask_peer
from halo_app.cli._speed_memory import memory_beside_peer, memory_figures, memory_search_figures
from halo_app.cli._speed_texts import Page, pages
from halo_app.cli._timing import Times, quantile, seconds, timed
from halo_app.cli.frame import say, settings, show
from halo_app.errors import StoreUnavailable

if TYPE_CHECKING:
    from halo_app.bootstrap import App

START_SECONDS = 60.0
BESIDE = 300                           # memories stored and searched here and by the peer
ROUNDS_DRAWN = 20                      # how often each page of the full house is drawn
CHUNKS, ROUNDS = 128, 3                # full chunks embedded at once; the best round counts, here and for the peer


def register(root: typer.Typer) -> None:
    @root.command()
    def speed(
        sources: Annotated[int, typer.Option(min=10, help="How many generated sources to search in.")] = 300,
        questions: Annotated[int, typer.Option(min=10, help="How many different questions to ask.")] = 100,
        starts: Annotated[int, typer.Option(min=0, help="How often to start the app; 0 needs no network interface.")] = 5,
        memories: Annotated[int, typer.Option(min=10, help="How many memories to store, one by one and all at once.")] = 500,
        crowd: Annotated[int, typer.Option(min=100, help="How many memories of ten users to search in.")] = 100_000,
        house: Annotated[int, typer.Option(min=1, help="How full the house is whose pages are drawn: so many chats, twice as many "
                                                       "sources, five times as many notes.")] = 1000,
    ) -> None:
        """Time embedding, search, reading, answers, memory, the start of the app, its first page and the pages of a full house."""
        with tempfile.TemporaryDirectory(prefix="halo-bench-") as folder:
            figures = measure(Path(folder), sources, questions, starts, memories, crowd)
            if starts:
                say(f"drawing the pages of {house} chats, {2 * house} sources and {5 * house} notes …")
                full = _speed_house.House(house, 2 * house, 5 * house)
                figures["pages"] = _speed_house.measure(settings(), Path(folder) / "house", full, ROUNDS_DRAWN, _server)
        show(figures, _table(figures))


def measure(folder: Path, sources: int, questions: int, starts: int, memories: int = 500, crowd: int = 100_000) -> dict[str, Any]:
    """Return the figures by part, each with p50_ms, p95_ms and n, and the machine they come from."""
    from halo_app.bootstrap import build_app

    given = settings().model_copy(update={"data_dir": folder / "data"})
    texts = list(pages(sources))
    app = build_app(given)
    try:
        app.first_start(serving=False)
        say("embedding …")
        figures: dict[str, Any] = {"machine": _machine(), "embedding": _embedding(app, texts, questions)}
        say(f"reading {sources} sources …")
        figures["ingest"] = _ingest(app, texts)
        say(f"asking {questions} questions …")
        asked = [page.question for page in texts[:: max(1, len(texts) // questions)]][:questions]
        figures["search"], figures["ask"] = _search(app, asked), _ask(app, asked)
    finally:
        app.close()
    say(f"storing {memories} memories one by one, then all at once …")
    figures["memory"] = memory_figures(given.model_copy(update={"data_dir": folder / "memory"}), memories)
    figures["memory_peer"] = memory_beside_peer(given, folder / "beside", min(memories, BESIDE))
    say(f"searching {crowd} memories …")
    figures["memory_search"] = memory_search_figures(given.model_copy(update={"data_dir": folder / "crowd"}), crowd)
    if not starts:
        return figures
    say(f"starting the app {starts} times …")
    return {**figures, **_starts(folder / "data", starts)}


# parts

def _embedding(app: App, texts: Sequence[Page], questions: int) -> dict[str, Any]:
    queries = [page.question for page in texts[:questions]]
    whole = " ".join(page.text.replace("\n\n", " ") for page in pages(60, seed=7))       # without paragraphs chunks are full
    chunks = [whole[start:end] for start, end in app.splitter.split(whole)][:CHUNKS]
    embedder = app.embedder
    embedder.embed([*queries[:5], *chunks[:4]])
    each = [seconds(partial(embedder.embed, [query], query=True)) for query in queries]
    rate = len(chunks) / min(seconds(partial(embedder.embed, chunks)) for _ in range(ROUNDS))
    peer = _peer(queries, chunks)
    if peer and "failed" not in peer:
        peer["ratio_query"] = round(peer["p50_ms"] / (quantile(each, 0.5) * 1000), 2)
        peer["ratio_chunks"] = round(rate / peer["chunks_per_second"], 2)
    return {**timed(each), "chunks_per_second": round(rate, 1), "chunks": len(chunks), "model": embedder.model_id, "peer": peer}


def _peer(queries: Sequence[str], chunks: Sequence[str]) -> dict[str, Any] | None:
    from halo_app.embedding.weights import package_folder

    folder = package_folder()
    given = {"folder": str(folder), "queries": list(queries), "chunks": list(chunks)}
    found = ask_peer("sentence_transformers", "_speed_peer.py", given) if folder else None
    if found is None or "failed" in found:
        return found and {"name": "sentence-transformers", **found}
    rate = round(len(chunks) / found["chunk_seconds"], 1)
    name = f"sentence-transformers {found['version']}"
    return {"name": name, **timed(found["query_seconds"]), "chunks_per_second": rate, "batch": found["batch"]}


def _ingest(app: App, texts: Iterable[Page]) -> dict[str, Any]:
    notebook = app.notebooks.default().id
    began = time.perf_counter()
    each = [seconds(partial(_read, app, notebook, page)) for page in texts]
    chunks = sum(source.chunks for source in app.sources.of(notebook))
    return {**timed(each), "chunks": chunks, "chunks_per_second": round(chunks / (time.perf_counter() - began), 1)}


def _read(app: App, notebook: str, page: Page) -> None:
    from halo_app.services.uploads import Upload

    for _ in app.ingest.add([Upload.from_text(page.name, page.text)], notebook):
        pass


def _search(app: App, asked: Sequence[str]) -> dict[str, Any]:
    from halo_app.domain.chunk import Scope

    scope = Scope(app.settings.app.user_id, app.notebooks.default().id)
    app.retrieval.find("a first question, to warm up", scope)
    return timed([seconds(partial(app.retrieval.find, question, scope)) for question in asked])


def _ask(app: App, asked: Sequence[str]) -> dict[str, Any]:
    from halo_app.domain.chunk import Scope

    scope = Scope(app.settings.app.user_id, app.notebooks.default().id)
    return timed([seconds(partial(app.chat.answer, question, scope)) for question in asked])


def _starts(data_dir: Path, starts: int) -> dict[str, Any]:
    ready: Times = []
    opened: Times = []
    for _ in range(starts):
        with _server(data_dir) as (took, port, link):
            ready.append(took)
            _, cookie = _get(port, link)
            opened += [seconds(partial(_page, port, cookie)) for _ in range(20)]
    return {"start": timed(ready), "page": timed(opened)}


@contextmanager
def _server(data_dir: Path) -> Iterator[tuple[float, int, str]]:
    """Start the app; give the seconds until it is healthy, its port, and the path of the link that it prints."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "halo_app.ui.server", "--port", str(port), "--no-browser", "--data-dir", str(data_dir)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        while _get(port, "/_stcore/health")[0] != http.client.OK:
            if process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                raise StoreUnavailable("the app did not start", fix="run: halo doctor")
            time.sleep(0.02)
        took = time.perf_counter() - began
        assert process.stdout is not None
        yield took, port, process.stdout.readline().strip().rpartition(f":{port}")[2]
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _page(port: int, cookie: str) -> None:
    status, _ = _get(port, "/", {"Cookie": cookie})
    if status != http.client.OK:
        raise StoreUnavailable(f"the first page answered {status}", fix="run: halo doctor")


def _get(port: int, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Return the status, 0 when nobody answers, and the cookie that was set."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        answer.read()
        return answer.status, (answer.getheader("Set-Cookie") or "").partition(";")[0]
    except OSError:
        return 0, ""
    finally:
        connection.close()


# figures

def _machine() -> dict[str, Any]:
    return {"system": f"{platform.system()} {platform.machine()}", "processors": os.cpu_count(), "python": platform.python_version()}


def _table(figures: dict[str, Any]) -> str:
    rows = [f"{'':10} {'p50':>9} {'p95':>9} {'n':>5}"]
    for part, found in figures.items():
        if part in ("machine", "memory", "memory_search", "memory_peer"):
            continue
        rows.append(f"{part:10} {found['p50_ms']:>6} ms {found['p95_ms']:>6} ms {found['n']:>5}")
    rows += [f"{'  ' + page:10} {took['p50_ms']:>6} ms {took['p95_ms']:>6} ms {took['n']:>5}"
             for page, took in figures.get("pages", {}).get("each", {}).items()]
    held = figures["embedding"]
    rows.append(f"{held['chunks_per_second']} chunks embedded per second (n {held['chunks']})")
    if peer := held["peer"]:
        rows.append(_failed(peer) or f"{peer['name']}: query {peer['p50_ms']} ms ({peer['ratio_query']}x), "
                    f"{peer['chunks_per_second']} chunks per second ({peer['ratio_chunks']}x)")
    return "\n".join([*rows, *memory_lines(figures)])


def memory_lines(figures: dict[str, Any]) -> list[str]:
    """Return what is said of memory, line by line."""
    stored = figures["memory"]
    rows = [f"memory     {stored['p50_ms']:>6} ms {stored['p95_ms']:>6} ms {stored['n']:>5}  stored (a bare SQLite row: "
            f"{stored['bare']['p50_ms']} ms)"]
    for name, found in (("searched", figures["memory_search"]), ("searched after a write", figures["memory_search"]["after_writing"])):
        rows.append(f"memory     {found['p50_ms']:>6} ms {found['p95_ms']:>6} ms {found['n']:>5}  {name}")
    together = stored["together"]
    rows.append(f"{together['n']} memories stored at once: the event loop stood still for {together['stall_ms']} ms at most "
                f"({together['rest_ms']} ms at rest)")
    if peer := figures["memory_peer"]:
        rows += [_failed(peer)] if "failed" in peer else _beside(peer)
    return rows


def _beside(peer: dict[str, Any]) -> list[str]:
    rows = [f"{peer['name']} beside HALO, {peer['store']['n']} memories:"]
    for part in ("store", "search"):
        there, here = peer[part], peer["halo"][part]
        rows.append(f"  {part} p50 {there['p50_ms']} ms, p95 {there['p95_ms']} ms; "
                    f"HALO {here['p50_ms']} ms, {here['p95_ms']} ms ({peer['ratio_' + part]}x)")
    return rows


def _failed(peer: dict[str, Any]) -> str:
    return f"{peer['name']} was not measured: {peer['failed']}" if "failed" in peer else ""
