"""Kill -9 at any moment and two processes on one memory database: nothing acknowledged is lost, nothing is done twice."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing

import pytest

from halo_app.domain.user import Principal
from tests import memory_workers, workers
from tests.store_helpers import ANA, ROOT, fact, open_all

ROUNDS = [10, pytest.param(100, marks=pytest.mark.full)]


def killed(work, *arguments):
    """Run the work, kill it at a random moment, and return what it had acknowledged."""
    process, pipe = workers.start(work, *arguments)
    assert pipe.recv() == "begin"
    time.sleep(random.uniform(0, 0.15))
    process.kill()
    told = workers.reports(pipe)
    process.join()
    pipe.close()
    return told


def check_sound(folder):
    with closing(sqlite3.connect(folder / "memory.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database, trail, store = open_all(folder)
    assert trail.inspect().ok
    texts = {memory.text for memory in store.select(ANA, "ana")}
    stored = sum(entry.count for entry in trail.entries(ROOT) if entry.action == "memory.store")
    database.close()
    return texts, stored


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_killed_process_loses_no_memory_that_it_acknowledged(tmp_path, rounds):
    told, begin = set(), 0
    for _ in range(rounds):
        told |= set(killed(memory_workers.store_memories, tmp_path, begin, 100_000))
        texts, stored = check_sound(tmp_path)
        assert told <= texts
        assert stored == len(texts)                     # each memory stands in the audit log, and nothing else does
        numbers = [text.removeprefix("fact ").split(".") for text in texts]
        begin = 1 + max((int(number) for number, _ in numbers), default=-1)
        wholes = {int(number): 0 for number, _ in numbers}
        for number, _ in numbers:
            wholes[int(number)] += 1
        assert all(count == 1 + number % 3 for number, count in wholes.items())       # each call all or nothing
    assert told


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_killed_process_brings_nothing_back_that_was_deleted(tmp_path, rounds):
    database, _, store = open_all(tmp_path)
    store.add(ANA, [fact(f"zebra {number}") for number in range(150 * rounds)])
    database.close()
    gone = set()
    for _ in range(rounds):
        gone |= set(killed(memory_workers.change_and_remove, tmp_path))
        with closing(sqlite3.connect(tmp_path / "memory.db")) as connection:
            left = {text for (text,) in connection.execute("SELECT memory FROM user_memories")}
            tombs = connection.execute("SELECT count(*), count(DISTINCT public_id) FROM removed_memories").fetchone()
        assert not gone & left
        assert tombs == (150 * rounds - len(left),) * 2
    database, trail, store = open_all(tmp_path)
    store.clear(ANA, "ana")
    assert trail.inspect().ok
    database.close()
    assert not any(b"zebra" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_two_processes_store_side_by_side_and_embed_each_memory_once(tmp_path):
    running = [workers.start(memory_workers.store_memories, tmp_path, begin, 60, user)
               for begin, user in ((0, "ana"), (1000, "ana"), (0, "ben"))]
    for process, pipe in running:
        workers.reports(pipe)
        process.join()
        pipe.close()
        assert process.exitcode == 0
    database, trail, store = open_all(tmp_path)
    assert (store.count(ANA, "ana"), store.count(Principal("ben"), "ben")) == (240, 120)
    assert trail.inspect().ok
    running = [workers.start(memory_workers.embed_everything, tmp_path, worker) for worker in ("one", "two")]
    claimed = []
    for process, pipe in running:
        claimed += [one for told in workers.reports(pipe) if told != "begin" for one in told]
        process.join()
        pipe.close()
    assert len(claimed) == len(set(claimed)) == 360
    assert store.waiting() == 0
    database.close()
