"""Time `MemoryEngine.search` over very many memories: `python -m benchmarks.memory_scale [--memories 1000000] [--folder DIR]`.

One user has all but 10,000 of them, another 10,000; both search as themselves. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from halo_app.bootstrap import build_app
from halo_app.cli._memory_crowd import Crowd
from halo_app.settings import read_settings

FEW = 10_000                 # memories of the second user
QUESTIONS = 200


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--memories", type=int, default=1_000_000)
    arguments.add_argument("--folder", type=Path, help="keep the data here, and use what an earlier run left")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="halo-bench-") as folder:
        print(json.dumps(measure(given.folder or Path(folder), given.memories), indent=1))


def measure(folder: Path, memories: int) -> dict[str, Any]:
    """Return the figures for a user with nearly all memories, and for one with 10,000 of them."""
    given = read_settings({"data_dir": folder})
    kept = given.memory.model_copy(update={"database": SecretStr("sqlite:///{data_dir}/memory.db")})
    app = build_app(given.model_copy(update={"memory": kept}))
    try:
        app.first_start(serving=False)
        crowd = Crowd(app, {"many": memories - FEW, "few": FEW})
        began = time.perf_counter()
        crowd.fill()
        filled = round(time.perf_counter() - began, 1)
        return {"machine": platform.machine(), "memories": memories, "fill_seconds": filled,
                "many": crowd.ask("many", QUESTIONS), "few": crowd.ask("few", QUESTIONS)}
    finally:
        app.close()


if __name__ == "__main__":
    main()
