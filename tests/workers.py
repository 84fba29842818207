"""What the other processes of the tests do: they are killed in the middle of it, or work beside each other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from halo_app.bootstrap import App, build_app
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Message, Role
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.services.ingest import Upload
from halo_app.settings import read_settings
from halo_app.storage.codecs import CHATS
from halo_app.storage.json_files import JsonRecords
from tests.fakes import HereReader

# Not lancedb, which is not made to be forked: each process imports it for itself.
PRELOADED = ["sqlalchemy", "pyarrow", "halo_app.vectors.lance", "halo_app.services.ingest", "halo_app.language.snowball",
             "halo_app.services.retrieval", "halo_app.parsing.registry", "halo_app.parsing.plain_text", "tests.workers"]


def start(work: Callable[..., None], *arguments: Any) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    """Start the work in a process of its own, with its heavy parts imported, and return what it reports through."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(theirs, *arguments))
    process.start()
    theirs.close()
    return process, ours


def reports(pipe: Connection) -> list[Any]:
    """Return everything that was reported until the process ended."""
    told = []
    try:
        while True:
            told.append(pipe.recv())
    except EOFError:
        return told


def small_app(data_dir: Path, user_id: str | None = None) -> App:
    """Return the real application, but words are counted and hashed instead of understood, and files are read in this process."""
    app = build_app(read_settings({"data_dir": data_dir, "app.user_id": user_id}, environ={}, home=data_dir))
    app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter(), reader=HereReader())
    return app


def remembering_app(data_dir: Path, user_id: str | None = None) -> App:
    """The same, with its memory database in the data directory."""
    given = {"data_dir": data_dir, "app.user_id": user_id, "memory.database": "sqlite:///{data_dir}/memory.db"}
    app = build_app(read_settings(given, environ={}, home=data_dir))
    app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter(), reader=HereReader())
    return app


def write_chat(pipe: Connection, folder: Path, chat_id: str, start_at: int, times: int) -> None:
    """Add messages to a chat, reporting the number of each once it is acknowledged."""
    chats = JsonRecords(folder, CHATS)
    pipe.send("begin")
    for number in range(start_at, start_at + times):
        message = Message(Role.USER, f"{number} " + "word " * 200, datetime.now(UTC))
        chats.change(chat_id, lambda chat, message=message: replace(chat, messages=(*chat.messages, message)))
        pipe.send(number)


def take_in(pipe: Connection, data_dir: Path, names: list[str]) -> None:
    """Take small files in, reporting every stage of each."""
    app = small_app(data_dir)
    app.first_start(serving=False)
    notebook = app.notebooks.default()
    app.index.held()                     # its slow first opening is done before we begin
    pipe.send("begin")
    for intake in app.ingest.add([upload(name) for name in names], notebook.id):
        pipe.send((intake.name, intake.stage.value))
    app.close()


def queue_up(pipe: Connection, data_dir: Path, names: list[str]) -> None:
    """Put small files in the queue, reporting each once its intake is acknowledged, and work it off."""
    app = small_app(data_dir)
    app.first_start(serving=False)
    notebook = app.notebooks.default()
    app.index.held()
    pipe.send("begin")
    for name in names:
        app.ingest.start([upload(name)], notebook.id)
        pipe.send(name)
    app.ingest.wait(60)
    app.close()


def delete_all(pipe: Connection, data_dir: Path) -> None:
    """Delete every source, reporting each once it is acknowledged as gone."""
    app = small_app(data_dir)
    app.first_start(serving=False)
    notebook = app.notebooks.default()
    pipe.send("begin")
    for source in app.sources.of(notebook.id):
        app.sources.delete(source.id)
        pipe.send(source.id)
    app.close()


def write_index(pipe: Connection, folder: Path, begin: int) -> None:
    """Replace all passages of ten sources again and again, each time by more of them, reporting the number of each write."""
    from tests.index_helpers import MODEL, entry, lance, vector

    index = lance(folder)
    index.held()
    pipe.send("begin")
    for number in range(begin, begin + 10_000):
        texts = [f"version {number} passage {at}" for at in range(1 + number % 5)]
        vectors = [vector(1, number) for _ in texts]
        index.put_all([entry(*texts, source=f"s{source}", vectors=vectors) for source in range(10)], model_id=MODEL)
        pipe.send(number)


def search_on(pipe: Connection, data_dir: Path, times: int) -> None:
    """Search again and again, reporting (found source ids, recorded source ids afterwards)."""
    app = small_app(data_dir)
    app.first_start(serving=False)
    pipe.send("begin")
    for _ in range(times):
        found = {passage.chunk.source_id for passage in app.retrieval.find("whale number", Scope("local-user"), 50)}
        recorded = {source.id for source in app.records("sources").everyone()}
        pipe.send((found, recorded))
    app.close()


def restore(pipe: Connection, data_dir: Path, first: Path, other: Path) -> None:
    """Back up what is there, then restore the one and the other in turn."""
    from tests.erasing_helpers import ADMIN

    app = small_app(data_dir)
    app.first_start(serving=False)
    if not other.exists():
        app.backups.backup(ADMIN, other)
    pipe.send("begin")
    while True:
        for path in (first, other):
            app.backups.restore(ADMIN, path)


def erase(pipe: Connection, data_dir: Path, source_id: str = "") -> None:
    """Erase everything of the local user, or one source."""
    from tests.erasing_helpers import ADMIN, ME

    app = remembering_app(data_dir)
    app.first_start(serving=False)
    pipe.send("begin")
    receipt = app.erasing.source(ADMIN, ME, source_id) if source_id else app.erasing.person(ADMIN, ME)
    pipe.send(receipt.id)
    app.close()


def upload(name: str) -> Upload:
    return Upload.from_bytes(name, f"The whale number {name} swims through {name} seas. {'Water everywhere. ' * 40}".encode())
