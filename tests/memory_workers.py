"""What other processes do to a memory database: they are killed in the middle of it, or work beside each other."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from halo_app.domain.user import Principal
from tests.store_helpers import fact, open_store


def store_memories(pipe: Connection, folder: Path, begin: int, times: int, user_id: str = "ana") -> None:
    """Store memories one by one and in small groups, reporting the text of each once it is acknowledged."""
    store = open_store(folder)
    store.check()
    pipe.send("begin")
    for number in range(begin, begin + times):
        texts = [f"fact {number}.{part}" for part in range(1 + number % 3)]
        for memory in store.add(Principal(user_id), [fact(text, user=user_id) for text in texts]):
            pipe.send(memory.text)
    store.close()


def change_and_remove(pipe: Connection, folder: Path) -> None:
    """Delete memories one by one, newest first, reporting each once that is acknowledged."""
    store = open_store(folder)
    who = Principal("ana")
    memories = store.select(who, "ana")
    pipe.send("begin")
    for memory in memories:
        store.remove(who, "ana", [memory.id])
        pipe.send(memory.text)
    store.close()


def embed_everything(pipe: Connection, folder: Path, worker: str) -> None:
    """Claim and settle what waits until nothing does, reporting what was claimed."""
    store = open_store(folder)
    pipe.send("begin")
    while claimed := store.claim(worker, 7, lease_seconds=60):
        store.settle(worker, [memory.public_id for memory in claimed], {})
        pipe.send([memory.public_id for memory in claimed])
    store.close()
