"""What the processes do that embed memories in the tests of their deaths."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event

from halo_app.adapters import utc_now
from halo_app.bootstrap import App
from halo_app.domain.memory import Fact, Memory
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.ports import Clock
from halo_app.settings import read_settings
from halo_app.storage.workers import has_died, worker_name

EACH = 40


class TellingEmbedder(HashedEmbedder):
    """Reports every text that it reads."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self._pipe = pipe

    def embed(self, texts, *, query=False):
        for text in texts:
            self._pipe.send(text)
        return super().embed(texts, query=query)


def memory_app(folder: Path, clock: Clock = utc_now) -> App:
    """Return the real application with its memory in the folder, and an embedder that hashes."""
    database = "sqlite:///{data_dir}/memory.db"
    given = {"data_dir": folder, "app.user_id": "ana", "memory.database": database}
    app = App(read_settings(given, environ={}, home=folder), clock=clock)
    app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter())
    return app


def drafts(number: int) -> list[Memory]:
    """Return the memories of one round."""
    return [Memory(Fact(f"Ana noted fact {at} of round {number}"), user_id="ana") for at in range(EACH)]


def embed(pipe: Connection, folder: Path) -> None:
    """Embed what waits, in small steps, reporting each text."""
    from halo_app.services.memory_outbox import MemoryOutbox
    app = memory_app(folder)
    assert app.memory_store is not None
    outbox = MemoryOutbox(app.memory_store, app.memory_index, app.cutting, lambda: TellingEmbedder(pipe), at_once=5,
                          worker=worker_name(), has_died=has_died)
    pipe.send("begin")
    outbox.drain()
    app.close()


def hold(pipe: Connection, folder: Path) -> None:
    """Claim some of what waits as the app does, and never get on with it."""
    app = memory_app(folder)
    assert app.memory_store is not None
    app.memory_store.claim(app.outbox._worker, EACH // 2, lease_seconds=600)
    pipe.send("claimed")
    Event().wait()


def weave(pipe: Connection, folder: Path) -> None:
    """Relate what waits to what was known, two facts at a time, by words."""
    from halo_app.services.weaving import WeavingService
    app = memory_app(folder)
    assert app.memory_store is not None
    weaving = WeavingService(app.memory_store, app.recall.beside, at_once=2)
    pipe.send("begin")
    while weaving.step(by_words=True):
        pass
    app.close()
