"""What a chat keeps, suggests, accepts and rejects is one step each: after a fault everything stands as before."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from halo_app.domain.memory import Fact, Memory, Sought, State
from halo_app.errors import StoreUnavailable
from halo_app.services.reconciling import ReconcilingService
from tests.memory_fakes import DictMemoryStore
from tests.store_helpers import ANA, HandClock, fact, open_all, open_store

EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)
LUND, OSLO = "The user lives in Lund.", "The user lives in Oslo."


@pytest.fixture(params=["dict", "sqlite"])
def keeping(request, tmp_path):
    store = DictMemoryStore(HandClock()) if request.param == "dict" else open_store(tmp_path, HandClock())
    yield ReconcilingService(store, HandClock())
    store.close()


@contextmanager
def failing_from(database, number):
    """Let SQLite fail from the write of that number on, as on a full disk."""
    writes = []

    def count(connection, cursor, statement, *_):
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            writes.append(statement)
            if len(writes) >= number:
                raise sqlite3.OperationalError("database or disk is full")

    event.listen(database._engine, "before_cursor_execute", count)
    yield
    event.remove(database._engine, "before_cursor_execute", count)


def suggestion(text):
    return replace(fact(text), state=State.SUGGESTED)


ACTS = {
    "replace": ("The user lives in Lund.", lambda keeping: keeping.keep(ANA, fact("The user lives in Oslo."))),
    "dispute": ("The user is a nurse.", lambda keeping: keeping.keep(ANA, fact("The user is a teacher."))),
    "suggest against": ("The user lives in Lund.", lambda keeping: keeping.keep(ANA, suggestion("The user lives in Oslo."))),
    "merge": ("The user lives in Lund.", lambda keeping: keeping.keep(ANA, fact("The user lives in Lund with two cats."))),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_is_kept_beside_another_is_written_whole_or_not_at_all(name, tmp_path):
    database, _, store = open_all(tmp_path, HandClock())
    keeping = ReconcilingService(store, HandClock())
    words, act = ACTS[name]
    keeping.keep(ANA, fact(words))
    before = store.select(ANA, "ana", EVERYTHING)
    faults = 0
    for number in range(1, 40):
        with failing_from(database, number):
            try:
                act(keeping)
                break
            except StoreUnavailable:
                faults += 1
        assert store.select(ANA, "ana", EVERYTHING) == before
    assert 3 < faults < 39
    after = store.select(ANA, "ana", EVERYTHING)
    assert after != before
    for memory in after:
        assert bool(memory.superseded_by) == (memory.valid_to is not None)
        assert all(memory.public_id in other.disputes for other in after if other.public_id in memory.disputes)
    database.close()


def test_what_contradicts_takes_the_place_of_the_other_in_one_step(keeping):
    old = keeping.keep(ANA, fact(LUND)).memory
    new = keeping.keep(ANA, fact(OSLO)).memory
    old = keeping.store.get(ANA, "ana", old.public_id)
    assert (old.superseded_by, old.valid_to, new.valid_from) == (new.public_id, keeping.clock(), keeping.clock())


def test_an_accepted_suggestion_ends_what_it_contradicts_and_what_they_disputed(keeping):
    old = keeping.keep(ANA, fact(LUND)).memory
    new = keeping.keep(ANA, suggestion(OSLO)).memory
    assert keeping.store.get(ANA, "ana", old.public_id).disputes == (new.public_id,)
    kept = keeping.accept(ANA, new).memory
    old = keeping.store.get(ANA, "ana", old.public_id)
    assert (kept.state, kept.disputes, old.disputes, old.superseded_by) == (State.KEPT, (), (), kept.public_id)


def test_an_accepted_suggestion_that_says_the_same_is_taken_in_and_gone(keeping):
    old = keeping.store.add(ANA, [fact(LUND)])[0]
    new = keeping.store.add(ANA, [suggestion("The user lives in Lund with two cats.")])[0]
    kept = keeping.accept(ANA, new).memory
    assert (kept.public_id, kept.text) == (old.public_id, "The user lives in Lund with two cats.")
    assert [one.public_id for one in keeping.store.select(ANA, "ana", EVERYTHING)] == [old.public_id]


@pytest.mark.parametrize("holds", [True, False])
def test_a_settled_dispute_has_one_winner(keeping, holds):
    old = keeping.keep(ANA, fact("The user is a nurse.")).memory
    new = keeping.keep(ANA, fact("The user is a teacher.")).memory
    settled = keeping.settle(ANA, new, holds=holds)
    old = keeping.store.get(ANA, "ana", old.public_id)
    assert (settled.disputes, old.disputes) == ((), ())
    assert (settled.superseded_by, old.superseded_by) == (("", new.public_id) if holds else (old.public_id, ""))


def test_all_of_a_dispute_may_hold(keeping):
    old = keeping.keep(ANA, fact("The user is a nurse.")).memory
    new = keeping.agree(ANA, keeping.keep(ANA, fact("The user is a teacher.")).memory)
    assert (new.disputes, keeping.store.get(ANA, "ana", old.public_id).disputes) == ((), ())
    assert len(keeping.store.select(ANA, "ana")) == 2


def test_what_was_rejected_is_known_by_its_words_until_that_is_let_go(keeping):
    nurse = keeping.keep(ANA, fact("The user is a nurse.")).memory
    new = keeping.keep(ANA, suggestion("The user is a Teacher.")).memory
    keeping.reject(ANA, new)
    assert keeping.store.get(ANA, "ana", nurse.public_id).disputes == ()
    assert keeping.rejected(ANA, "ana", ["The user is a teacher", "The user is a nurse."]) == {"The user is a teacher"}
    assert keeping.store.forget_rejected(ANA, "ana") == 1
    assert keeping.rejected(ANA, "ana", ["The user is a teacher"]) == set()


def test_clearing_a_users_memory_lets_go_of_what_they_rejected(keeping):
    keeping.reject(ANA, keeping.store.add(ANA, [suggestion(LUND)])[0])
    assert keeping.rejected(ANA, "ana", [LUND]) == {LUND}
    keeping.store.clear(ANA, "ana")
    assert keeping.rejected(ANA, "ana", [LUND]) == set()


def test_what_a_person_asks_to_be_remembered_is_kept_though_it_was_rejected_as_a_suggestion(keeping):
    keeping.reject(ANA, keeping.store.add(ANA, [suggestion(LUND)])[0])
    assert keeping.keep(ANA, Memory(Fact(LUND), user_id="ana")).memory.state is State.KEPT
