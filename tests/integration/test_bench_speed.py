"""`halo bench speed` measures every part and prints one JSON value."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from halo_app.cli._speed_texts import pages
from halo_app.cli.bench_speed import _quantile

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")}
    environ |= {"PYTHONPATH": str(ROOT), "HALO_DATA_DIR": str(tmp_path_factory.mktemp("own") / "data")}
    command = [sys.executable, "-m", "halo_app", "bench", "speed", "--sources", "10", "--questions", "10", "--starts", "1", "--json"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert not Path(environ["HALO_DATA_DIR"]).exists(), "the reader's own data was touched"
    return json.loads(done.stdout)


@pytest.mark.parametrize(("part", "n"), [("embedding", 10), ("search", 10), ("ingest", 10), ("ask", 10), ("start", 1), ("page", 20)])
def test_each_part_has_its_figures(figures: dict, part: str, n: int) -> None:
    assert figures[part]["n"] == n
    assert 0 < figures[part]["p50_ms"] <= figures[part]["p95_ms"]


def test_the_machine_and_the_peer_stand_beside_them(figures: dict) -> None:
    assert figures["machine"]["processors"] >= 1
    assert figures["embedding"]["peer"] is None
    assert figures["ingest"]["chunks"] >= 10


def test_the_texts_are_the_same_every_time_and_all_different() -> None:
    first, second = list(pages(20)), list(pages(20))
    assert first == second
    assert len({page.text for page in first}) == len({page.question for page in first}) == 20


def test_a_quantile_is_a_time_that_was_measured() -> None:
    times = [float(number) for number in range(1, 101)]
    assert [_quantile(times, share) for share in (0.5, 0.95, 1.0)] == [50.0, 95.0, 100.0]
    assert _quantile([3.0], 0.95) == 3.0
