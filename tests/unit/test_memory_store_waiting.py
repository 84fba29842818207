"""What every memory store tells those who follow it: versions, what was written since, and what waits for the index."""

from __future__ import annotations

from dataclasses import replace

from halo_app.domain.memory import (
    Fact,
    Indexed,
    State,
)
from tests.store_helpers import ANA, BEN, fact


def test_the_version_of_a_user_rises_with_every_write_of_theirs(store):
    seen = [store.version("ana")]

    def rose():
        seen.append(store.version("ana"))
        return seen[-1] > seen[-2]

    [memory] = store.add(ANA, [fact("likes tea")])
    assert rose()
    store.add(BEN, [fact("likes tea", user="ben")])
    assert not rose()
    store.add(ANA, [fact("likes tea")])
    store.select(ANA, "ana")
    assert not rose()
    store.change(ANA, "ana", memory.id, lambda one: replace(one, pinned=True))
    assert rose()
    store.claim("w", 1, lease_seconds=9)
    store.settle("w", [memory.public_id], {})
    assert rose()
    store.remove(ANA, "ana", [memory.id])
    assert rose()


def test_what_was_written_since_a_version_is_told(store):
    one, two = store.add(ANA, [fact("one"), fact("two", state=State.SUGGESTED)])
    version, written = store.written_since("ana", 0)
    assert written == [one, two]
    assert version == store.version("ana")
    assert store.written_since("ana", version) == (version, [])
    changed = store.change(ANA, "ana", one.id, lambda memory: replace(memory, tags=("new",)))
    assert store.written_since("ana", version)[1] == [changed]


def test_waiting_memories_are_claimed_once_until_the_lease_runs_out(store, clock):
    stored = store.add(ANA, [fact(str(number)) for number in range(5)])
    assert store.claim("one", 3, lease_seconds=60) == stored[:3]
    assert store.claim("two", 10, lease_seconds=60) == stored[3:]
    assert store.claim("three", 10, lease_seconds=60) == []
    clock.move(seconds=61)
    assert store.claim("three", 10, lease_seconds=60) == stored
    store.settle("one", [stored[0].public_id], {})
    assert store.waiting() == 5
    store.settle("three", [one.public_id for one in stored[:4]], {stored[4].public_id: "too long"})
    assert store.waiting() == 0
    assert store.get(ANA, "ana", stored[4].id).failure == "too long"
    assert store.standing()[stored[0].public_id] is Indexed.READY
    assert store.retry(ANA, "ana") == 1
    assert store.get(ANA, "ana", stored[4].id).failure == ""
    assert [one.text for one in store.claim("three", 10, lease_seconds=60)] == ["4"]


def test_what_changed_since_the_claim_stays_waiting(store):
    [memory] = store.add(ANA, [fact("likes tea")])
    store.claim("w", 1, lease_seconds=60)
    store.change(ANA, "ana", memory.id, lambda one: replace(one, content=Fact("likes jam")))
    store.settle("w", [memory.public_id], {})
    assert store.waiting() == 1
    store.claim("w", 1, lease_seconds=60)
    store.remove(ANA, "ana", [memory.id])
    store.settle("w", [memory.public_id], {})
    assert store.waiting() == 0


def test_memories_can_be_made_to_wait_again(store):
    one, two = store.add(ANA, [fact("one"), fact("two")])
    store.claim("w", 2, lease_seconds=60)
    assert store.again([one.public_id, "f" * 32]) == 1
    assert store.claim("v", 5, lease_seconds=60) == [one]
    store.settle("w", [two.public_id], {})
    assert store.again() == 2
    assert store.claim("v", 5, lease_seconds=60) == [one, two]


def test_what_the_dead_hold_is_set_free_and_nothing_else(store):
    one, two = store.add(ANA, [fact("one"), fact("two")])
    store.claim("dead", 1, lease_seconds=60)
    store.claim("alive", 1, lease_seconds=60)
    assert sorted(store.holders()) == ["alive", "dead"]
    assert store.release(["dead", "unknown"]) == 1
    assert store.holders() == ["alive"]
    assert store.claim("third", 5, lease_seconds=60) == [one]
    store.settle("dead", [one.public_id], {})
    assert store.standing()[one.public_id] is Indexed.PENDING
    store.settle("third", [one.public_id], {})
    store.settle("alive", [two.public_id], {})
    assert store.holders() == []


def test_deletions_are_forgotten_in_time_and_whoever_is_behind_is_told(store, clock):
    assert store.forget_removed(30) == 0
    memories = store.add(ANA, [fact(str(number)) for number in range(4)])
    store.remove(ANA, "ana", [memories[0].id])
    early, _ = store.removed_since(0)
    store.remove(ANA, "ana", [memories[1].id])
    behind, _ = store.removed_since(0)
    clock.move(days=31)
    store.remove(ANA, "ana", [memories[2].id])
    assert store.removed_since(behind)[1] == [memories[2].public_id]
    assert store.forget_removed(30) == 2
    assert store.forget_removed(30) == 0
    newest, gone = store.removed_since(early)
    assert (newest > behind, gone) == (True, None)
    assert store.removed_since(behind) == (newest, [memories[2].public_id])      # it has followed all that was forgotten
    assert store.removed_since(0) == (newest, [memories[2].public_id])
    clock.move(days=31)
    assert store.forget_removed(30) == 1
    assert store.removed_since(behind)[1] is None
    store.remove(ANA, "ana", [memories[3].id])
    later, gone = store.removed_since(newest)
    assert (later > newest, gone) == (True, [memories[3].public_id])
