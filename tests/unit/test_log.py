"""The log: bounded in size, its owner's only, and no reason for anything to fail."""

from __future__ import annotations

import logging
import stat

import pytest

from halo_app.storage import logs
from halo_app.storage.logs import start_log, stop_log

_log = logging.getLogger("halo_app.tests")


@pytest.fixture(autouse=True)
def closed():
    yield
    stop_log()


def test_the_log_turns_over_and_keeps_three_old_files_for_its_owner_only(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "_LARGEST_BYTES", 10_000)
    start_log(tmp_path / "data", "info")
    for number in range(1000):
        _log.info("line %04d %s", number, "x" * 80)
    files = sorted((tmp_path / "data").glob("halo.log*"))
    assert [path.name for path in files] == ["halo.log", "halo.log.1", "halo.log.2", "halo.log.3"]
    assert all(path.stat().st_size <= 10_000 for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    lines = [line for path in reversed(files) for line in path.read_text(encoding="utf-8").splitlines()]
    numbers = [int(line.split("line ")[1][:4]) for line in lines]
    assert numbers == list(range(numbers[0], 1000))            # the newest, whole and in order


def test_a_log_that_cannot_turn_over_stops_nobody(tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "_LARGEST_BYTES", 1000)
    start_log(tmp_path, "info")
    (tmp_path / "halo.log.1" / "in the way").mkdir(parents=True)
    for _ in range(50):
        _log.info("x" * 80)
    assert (tmp_path / "halo.log").exists() or (tmp_path / "halo.log.1").exists()
