"""`halo bench speed` measures every part and prints one JSON value."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from halo_app.cli._peers import PEER_PYTHON, ask_peer
from halo_app.cli._speed_memory import memory_beside_peer
from halo_app.cli._speed_texts import pages
from halo_app.cli._timing import quantile
from halo_app.cli.bench_speed import memory_lines
from halo_app.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
MEM0 = """
import json, os, socket, time
from pathlib import Path
__version__ = "9.9"

class Memory:
    @classmethod
    def from_config(cls, config):
        assert os.environ["MEM0_TELEMETRY"] == "False"
        assert Path(config["embedder"]["config"]["model"], "model.safetensors").is_file()
        memory = cls()
        memory.texts, memory.log = [], Path(config["vector_store"]["config"]["path"]).with_name("log.json")
        return memory

    def add(self, messages, *, user_id, infer):
        assert infer is False
        self.texts.append((user_id, messages))
        refused = 0
        for reach in (lambda: socket.create_connection(("127.0.0.1", 9)), lambda: socket.getaddrinfo("localhost", 80)):
            try:
                reach()
            except PermissionError:
                refused += 1
        self.log.write_text(json.dumps({"texts": self.texts, "refused": refused}))
        return {"results": [{"id": str(len(self.texts) - 1)}]}

    def search(self, query, *, top_k, filters):
        time.sleep(0.001)
        station = next((part for part in query.split(" at ") if "station" in part), "").split(" of ")[-1]
        own = [number for number, (user, text) in enumerate(self.texts) if user == filters["user_id"] and f"{station} at" in text]
        return {"results": [{"id": str(number)} for number in own[:top_k]]}
"""
BROKEN = "raise RuntimeError('one line\\nthe wheel came off')\n"


def mem0_package(folder: Path, code: str) -> str:
    """Write a package named mem0; return what PYTHONPATH must be for it."""
    (folder / "mem0").mkdir()
    (folder / "mem0" / "__init__.py").write_text(code)
    return str(folder)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("HALO_")}
    broken = mem0_package(tmp_path_factory.mktemp("peer"), BROKEN)
    environ |= {"HALO_DATA_DIR": str(tmp_path_factory.mktemp("own") / "data"), "PYTHONPATH": broken}
    command = [sys.executable, "-m", "halo_app", "bench", "speed", "--sources", "10", "--questions", "10", "--starts", "1",
               "--memories", "20", "--crowd", "200", "--house", "2", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert not Path(environ["HALO_DATA_DIR"]).exists(), "the reader's own data was touched"
    return json.loads(done.stdout)


@pytest.mark.parametrize(("part", "n"), [
    ("embedding", 10), ("search", 10), ("ingest", 10), ("ask", 10), ("memory", 20), ("memory_search", 100), ("start", 1),
    ("page", 20), ("pages", 100)])
def test_each_part_has_its_figures(figures: dict, part: str, n: int) -> None:
    assert figures[part]["n"] == n
    assert 0 < figures[part]["p50_ms"] <= figures[part]["p95_ms"]


def test_every_page_of_the_full_house_is_drawn(figures: dict) -> None:
    assert figures["pages"]["each"].keys() == {"chat", "sources", "notes", "studio", "account"}
    assert (figures["pages"]["chats"], figures["pages"]["sources"], figures["pages"]["notes"]) == (2, 4, 10)


def test_the_machine_and_the_peer_stand_beside_them(figures: dict) -> None:
    assert figures["machine"]["processors"] >= 1
    assert figures["embedding"]["peer"] is None
    assert figures["ingest"]["chunks"] >= 10
    assert figures["memory"]["together"]["n"] == 20
    assert figures["memory"]["together"]["stall_ms"] > 0
    assert (figures["memory_search"]["memories"], figures["memory_search"]["of_memories"]) == (20, 200)
    assert figures["memory_search"]["found_in_10"] > 0.9
    assert figures["memory_search"]["after_writing"]["n"] == 100


def test_a_broken_peer_costs_the_bench_one_line(figures: dict) -> None:
    assert figures["memory_peer"] == {"name": "mem0", "failed": "the wheel came off"}
    assert memory_lines(figures)[-1] == "mem0 was not measured: the wheel came off"


def test_mem0_is_measured_on_the_same_texts_without_telemetry_and_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PEER_PYTHON, sys.executable)
    monkeypatch.setenv("PYTHONPATH", mem0_package(tmp_path, MEM0))
    monkeypatch.setenv("MEM0_TELEMETRY", "True")
    peer = memory_beside_peer(Settings(data_dir=tmp_path), tmp_path / "beside", 12)
    assert peer is not None
    assert (peer["name"], peer["threads"], peer["found_in_10"], peer["halo"]["found_in_10"]) == ("mem0 9.9", None, 1.0, 1.0)
    for part in ("store", "search"):
        for times in (peer[part], peer["halo"][part]):
            assert times["n"] == 12
            assert 0 < times["p50_ms"] <= times["p95_ms"]
        assert peer[f"ratio_{part}"] == round(peer[part]["p50_ms"] / peer["halo"][part]["p50_ms"], 2)
    log = json.loads((tmp_path / "beside" / "peer" / "log.json").read_text())
    assert [text for user, text in log["texts"] if user == "ana"] == [page.text for page in pages(12, sentences=2)]
    assert log["refused"] == 2


def test_a_peer_that_is_not_installed_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PEER_PYTHON, raising=False)
    assert memory_beside_peer(Settings(data_dir=tmp_path), tmp_path / "none", 10) is None
    monkeypatch.setenv(PEER_PYTHON, sys.executable)
    assert memory_beside_peer(Settings(data_dir=tmp_path), tmp_path / "not there either", 10) is None


def test_a_peer_without_its_python_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PEER_PYTHON, "/not/a/python")
    failed = ask_peer("mem0", "_speed_mem0.py", {})
    assert failed is not None
    assert "/not/a/python" in failed["failed"]


def test_the_texts_are_the_same_every_time_and_all_different() -> None:
    first, second = list(pages(20)), list(pages(20))
    assert first == second
    assert len({page.text for page in first}) == len({page.question for page in first}) == 20


def test_a_quantile_is_a_time_that_was_measured() -> None:
    times = [float(number) for number in range(1, 101)]
    assert [quantile(times, share) for share in (0.5, 0.95, 1.0)] == [50.0, 95.0, 100.0]
    assert quantile([3.0], 0.95) == 3.0
