"""Kill -9 while memories are embedded, and two processes that embed: every memory ends up findable by meaning, embedded by one."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from halo_app.domain.chunk import Scope
from halo_app.domain.memory import Fact, Indexed, Memory, Sought
from tests import outbox_workers, workers
from tests.store_helpers import HandClock

ROUNDS = [10, pytest.param(100, marks=pytest.mark.full)]


def held(app):
    rows, vectors = app.memory_index.rows(Scope("ana"))
    assert vectors is not None
    assert (vectors != 0).any(axis=1).all()
    return [row.id for row in rows]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_killed_worker_leaves_nothing_half_done(tmp_path, rounds):
    app = outbox_workers.memory_app(tmp_path)
    kept = set()
    for number in range(rounds):
        stored = app.memory_store.add(app.principal, outbox_workers.drafts(number))
        kept |= {memory.public_id for memory in stored}
        process, pipe = workers.start(outbox_workers.embed, tmp_path)
        assert pipe.recv() == "begin"
        time.sleep(random.uniform(0, 0.25))
        process.kill()
        process.join()
        pipe.close()
        gone = app.memory_store.remove(app.principal, "ana", [stored[0].public_id])
        kept -= set(gone)
    app.outbox.check()
    assert app.outbox.drain() == 0
    ids = held(app)
    assert len(ids) == len(set(ids))
    assert {one.rpartition("-")[0] for one in ids} == kept
    assert set(app.memory_store.standing().values()) == {Indexed.READY}
    assert app.recall.search(app.principal, "ana", "fact 5 of round 0", limit=1)[0].content == Fact("Ana noted fact 5 of round 0")
    app.close()


def test_a_lease_of_a_killed_worker_runs_out(tmp_path):
    clock = HandClock()
    app = outbox_workers.memory_app(tmp_path, clock)
    app.memory_store.add(app.principal, outbox_workers.drafts(0))
    assert len(app.memory_store.claim("a worker that dies", 5, lease_seconds=120)) == 5
    app.outbox.drain(seconds=0.1)
    assert app.memory_store.waiting() == 5                  # nobody knows whether a worker of that name lives
    clock.move(seconds=121)
    assert app.outbox.drain() == 0
    app.close()


def test_what_a_killed_process_held_is_finished_by_the_next_without_waiting_for_its_lease(tmp_path):
    app = outbox_workers.memory_app(tmp_path)
    app.memory_store.add(app.principal, outbox_workers.drafts(0))
    process, pipe = workers.start(outbox_workers.hold, tmp_path)
    assert pipe.recv() == "claimed"
    app.outbox.drain(seconds=0.1)
    assert app.memory_store.waiting() == outbox_workers.EACH // 2       # of the living nothing is taken
    process.kill()
    process.join()
    assert app.outbox.drain(seconds=60) == 0                # the lease would last for 600
    assert len(held(app)) == outbox_workers.EACH
    app.close()


def test_two_processes_never_embed_a_memory_twice(tmp_path):
    app = outbox_workers.memory_app(tmp_path)
    for number in range(4):
        app.memory_store.add(app.principal, outbox_workers.drafts(number))
    running = [workers.start(outbox_workers.embed, tmp_path) for _ in range(2)]
    read = []
    for process, pipe in running:
        read += [text for text in workers.reports(pipe) if text != "begin"]
        process.join()
        assert process.exitcode == 0
    app.outbox.drain()
    assert len(read) == len(set(read)) == 4 * outbox_workers.EACH
    assert app.memory_store.waiting() == 0
    assert len(held(app)) == 4 * outbox_workers.EACH
    app.close()


def homes(number):
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=20 * number)
    end = chr(97 + number // 26) + chr(97 + number % 26)             # no town is told twice: it would be known
    return [Memory(Fact(f"Ana lives in {town}{end}"), user_id="ana", occurred_at=start + timedelta(days=at))
            for at, town in enumerate(["Lund", "Oslo", "Rome", "Bonn", "Bath", "Nice", "Gent", "Kiel"])]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_kill_while_facts_are_related_leaves_none_half_replaced(tmp_path, rounds):
    app = outbox_workers.memory_app(tmp_path)
    everything = Sought(superseded=True)
    for number in range(rounds):
        stored = app.memory_store.add(app.principal, homes(number))
        process, pipe = workers.start(outbox_workers.weave, tmp_path)
        assert pipe.recv() == "begin"
        time.sleep(random.uniform(0, 0.5))
        process.kill()
        process.join()
        pipe.close()
        for memory in app.memory_store.select(app.principal, "ana", everything):
            assert bool(memory.superseded_by) == (memory.valid_to is not None)
        app.outbox.drain()
        [holds] = app.memory_store.select(app.principal, "ana")
        assert holds.public_id == stored[-1].public_id
    assert app.memory_store.count(app.principal, "ana", everything) == 8 * rounds
    app.close()


def test_two_processes_relate_each_fact_once(tmp_path):
    app = outbox_workers.memory_app(tmp_path)
    stored = [memory for number in range(5) for memory in app.memory_store.add(app.principal, homes(number))]
    running = [workers.start(outbox_workers.weave, tmp_path) for _ in range(2)]
    for process, pipe in running:
        assert list(workers.reports(pipe)) == ["begin"]
        process.join()
        assert process.exitcode == 0
    [holds] = app.memory_store.select(app.principal, "ana")
    assert holds.public_id == stored[-1].public_id
    assert app.memory_store.uncompared(1, pending=True) == []
    app.close()
