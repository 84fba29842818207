"""Time mem0 with a Qdrant of its own and no network; run as a program of its own: texts come in as JSON, times go out as JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

_REACHING_OUT = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}


def measure(given: dict[str, Any]) -> dict[str, Any] | None:
    """Return seconds per text stored and per question searched, and the share of questions whose own text was found.

    `given` has `texts`, as many `questions` (the n-th is about the n-th text), `limit` of memories found, `model`, a folder
    with the weights, and `folder`, where everything is written. None when mem0 is not installed.
    """
    if find_spec("mem0") is None:
        return None
    os.environ.update({"MEM0_DIR": given["folder"], "MEM0_TELEMETRY": "False", "OPENAI_API_KEY": "never used"})
    sys.addaudithook(_refuse)
    import mem0

    memory = mem0.Memory.from_config(_config(given["folder"], given["model"]))
    memory.add("the first one opens the model", user_id="warm", infer=False)
    search: dict[str, Any] = {"top_k": given["limit"], "filters": {"user_id": "ana"}}
    threads = _best_threads(lambda: memory.search("a first question, to warm up", **search))
    ids, store_seconds = [], []
    for text in given["texts"]:
        began = time.perf_counter()
        added = memory.add(text, user_id="ana", infer=False)
        store_seconds.append(time.perf_counter() - began)
        ids.append(added["results"][0]["id"])
    found, search_seconds = 0, []
    for own, question in zip(ids, given["questions"], strict=True):
        began = time.perf_counter()
        results = memory.search(question, **search)["results"]
        search_seconds.append(time.perf_counter() - began)
        found += own in [result["id"] for result in results]
    return {"version": mem0.__version__, "threads": threads, "found": found / len(ids),
            "store_seconds": store_seconds, "search_seconds": search_seconds}


def _best_threads(work: Callable[[], object]) -> int | None:
    """Let torch use all its threads or one, whichever is faster now (other programs make many slow); None without torch."""
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    took: dict[int, float] = {}
    for threads in (torch.get_num_threads(), 1):
        torch.set_num_threads(threads)
        work()
        began = time.perf_counter()
        for _ in range(10):
            work()
        took[threads] = time.perf_counter() - began
    best = min(took, key=took.__getitem__)
    torch.set_num_threads(best)
    return best


def _config(folder: str, model: str) -> dict[str, Any]:
    return {
        "vector_store": {"provider": "qdrant", "config": {"path": f"{folder}/qdrant", "embedding_model_dims": 384}},
        "embedder": {"provider": "huggingface", "config": {"model": model, "model_kwargs": {"device": "cpu"}}},
        "history_db_path": f"{folder}/history.db",
    }


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _REACHING_OUT:
        raise PermissionError(f"no network while measuring: {event}")


if __name__ == "__main__":
    answer = measure(json.load(sys.stdin))
    sys.stdout.write("\n" + json.dumps(answer) + "\n")
