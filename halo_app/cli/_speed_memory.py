"""How long storing a memory takes and searching very many, beside mem0 too, and how long 500 at once hold an event loop up."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from halo_app.cli._peers import ask_peer
from halo_app.cli._speed_texts import pages
from halo_app.cli._timing import seconds, timed

if TYPE_CHECKING:
    from halo_app.settings import Settings

T = TypeVar("T")
_TICK_SECONDS = 0.001
_REST_SECONDS = 1.0
_QUESTIONS = 100
_FOUND = 10


def memory_figures(given: Settings, memories: int) -> dict[str, Any]:
    """Return p50_ms, p95_ms and n of storing one by one, and beside it:

    `bare` are the same figures of a row written by SQLite alone, with the same care; `together` says of n stored at once how many
    seconds they took and for how long the event loop stood still at most, `rest_ms` for how long it does with nothing to do.
    """
    from pydantic import SecretStr

    from halo_app.engine import MemoryEngine
    from halo_app.settings import Memory
    database = Memory(database=SecretStr("sqlite:///{data_dir}/memory.db"))
    with MemoryEngine(given.model_copy(update={"memory": database})) as engine:
        engine.store_memory("warm", "the first one makes the tables and opens the model")
        engine.finish()
        each = [seconds(partial(engine.store_memory, "ana", _fact(number))) for number in range(memories)]
        engine.finish()
        return {**timed(each), "bare": timed(_bare(given.data_dir / "bare.db", memories)),
                "together": asyncio.run(_together(engine, memories))}


def memory_search_figures(given: Settings, memories: int) -> dict[str, Any]:
    """Return the times of searching as one user of ten, each with a tenth of the memories, also right behind a write."""
    from pydantic import SecretStr

    from halo_app.bootstrap import build_app
    from halo_app.cli._memory_crowd import Crowd
    from halo_app.settings import Memory
    app = build_app(given.model_copy(update={"memory": Memory(database=SecretStr("sqlite:///{data_dir}/memory.db"))}))
    try:
        app.first_start(serving=False)
        crowd = Crowd(app, {f"user-{number}": memories // 10 for number in range(10)})
        crowd.fill()
        asked = crowd.ask("user-4", _QUESTIONS)
        return {**asked, "of_memories": memories, "after_writing": crowd.ask_after_writing("user-4", _QUESTIONS)}
    finally:
        app.close()


def memory_beside_peer(given: Settings, folder: Path, memories: int) -> dict[str, Any] | None:
    """Return the times of mem0, without a language model, and under `halo` those of the engine on the same texts and weights:

    `store` and `search`, whether the memory that a question is about was among ten (`found_in_10`, a share), and how long one
    memory takes until it is found by meaning too (`settled_ms`: the engine does that behind the answer). None without mem0,
    {"name", "failed"} when it cannot be measured.
    """
    from halo_app.embedding.weights import package_folder
    weights = package_folder()
    asked = list(pages(memories, sentences=2))
    texts, questions = [page.text for page in asked], [page.question for page in asked]
    (folder / "peer").mkdir(parents=True)
    told = {"texts": texts, "questions": questions, "limit": _FOUND, "model": str(weights), "folder": str(folder / "peer")}
    found = ask_peer("mem0", "_speed_mem0.py", told) if weights else None
    if found is None or "failed" in found:
        return found and {"name": "mem0", **found}
    halo = _beside(given.model_copy(update={"data_dir": folder / "data"}), texts, questions)
    stored, searched = timed(found["store_seconds"]), timed(found["search_seconds"])
    return {"name": f"mem0 {found['version']}", "store": stored, "search": searched, "found_in_10": round(found["found"], 3),
            "settled_ms": round(sum(found["store_seconds"]) / memories * 1000, 2), "threads": found["threads"], "halo": halo,
            "ratio_store": round(stored["p50_ms"] / halo["store"]["p50_ms"], 2),
            "ratio_search": round(searched["p50_ms"] / halo["search"]["p50_ms"], 2)}


def _beside(given: Settings, texts: list[str], questions: list[str]) -> dict[str, Any]:
    from pydantic import SecretStr

    from halo_app.engine import MemoryEngine
    from halo_app.settings import Memory
    database = Memory(database=SecretStr("sqlite:///{data_dir}/memory.db"))
    with MemoryEngine(given.model_copy(update={"memory": database})) as engine:
        engine.store_memory("warm", "the first one makes the tables and opens the model")
        engine.finish()
        began = time.perf_counter()
        stored = [_took(partial(engine.store_memory, "ana", text)) for text in texts]
        engine.finish()
        settled = (time.perf_counter() - began) / len(texts)
        engine.search("ana", "a first question, to warm up", _FOUND)
        searched = [_took(partial(engine.search, "ana", question, _FOUND)) for question in questions]
    own = [number in [memory.id for memory in results] for (_, number), (_, results) in zip(stored, searched, strict=True)]
    return {"store": timed([took for took, _ in stored]), "search": timed([took for took, _ in searched]),
            "found_in_10": round(sum(own) / len(own), 3), "settled_ms": round(settled * 1000, 2)}


def _took(work: Callable[[], T]) -> tuple[float, T]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


async def _together(engine: Any, memories: int) -> dict[str, Any]:
    gaps: list[float] = []
    watch = asyncio.create_task(_watch(gaps))
    await asyncio.sleep(_REST_SECONDS)
    rest = max(gaps)
    gaps.clear()
    began = time.perf_counter()
    await asyncio.gather(*(engine.astore_memory("ben", _fact(number)) for number in range(memories)))
    took = time.perf_counter() - began
    watch.cancel()
    return {"n": memories, "seconds": round(took, 2), "stall_ms": round(max(gaps) * 1000, 1), "rest_ms": round(rest * 1000, 1)}


async def _watch(gaps: list[float]) -> None:
    """Note by how much each tick came late."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_TICK_SECONDS)
        gaps.append(time.perf_counter() - began - _TICK_SECONDS)


def _bare(path: Path, rows: int) -> list[float]:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                               "CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT)")
        return [seconds(partial(database.execute, "INSERT INTO rows (text) VALUES (?)", (_fact(number),))) for number in range(rows)]


def _fact(number: int) -> str:
    return f"On day {number} the pump in house {number % 17} used {number * 3 % 101} kilowatt hours and made no noise."
