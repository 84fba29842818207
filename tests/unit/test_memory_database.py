"""The memory database itself: how it came to its form, rows put in by hand, deletion that leaves nothing, faults in words."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import inspect

from halo_app.domain.conversation import Role
from halo_app.domain.memory import AgentRun, Conversation, Fact, Kind, Message, Origin, Sought
from halo_app.domain.registry import KNOWN, RegisteredModel, Speciality
from halo_app.domain.user import Principal
from halo_app.errors import Damaged, NotFound, PermissionDenied, StoreUnavailable
from halo_app.settings import CHECKOUT
from halo_app.storage.database import open_database
from halo_app.storage.migrations import STEPS, bring_up_to_date
from halo_app.storage.sql_models import SqlModels
from halo_app.storage.sql_tables import metadata
from tests.store_helpers import ANA, ROOT, HandClock, fact, open_all, open_store

READ_ONLY = """
import sys
from pathlib import Path
from halo_app.errors import StoreUnavailable
from tests.store_helpers import ANA, fact, open_store
store = open_store(Path(sys.argv[1]))
for write in (lambda: store.add(ANA, [fact("two")]), store.check):
    try:
        write()
    except StoreUnavailable as error:
        print("not writable" if "not writable" in error.message else error.message)
print(store.count(ANA, "ana"))
store.close()
"""
SEED = """
CREATE TABLE user_memories (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    memory TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE agent_runs (
    id INTEGER PRIMARY KEY,
    session_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    run_data TEXT NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
"""
PLAIN = "INSERT INTO user_memories (user_id, memory) VALUES (?, ?)"


def by_hand(folder, script="", *rows):
    """Do something to the database file with nothing of ours."""
    with closing(sqlite3.connect(folder / "memory.db")) as connection:
        connection.executescript(script)
        connection.executemany(PLAIN, rows)
        connection.commit()


def open_file(folder, **how):
    return open_database("sqlite:///{data_dir}/memory.db", folder, **how)


# how it came to its form

def test_the_steps_make_the_tables_that_are_used(tmp_path):
    database = open_file(tmp_path)
    assert bring_up_to_date(database) == list(range(1, len(STEPS) + 1))
    assert bring_up_to_date(open_file(tmp_path)) == []
    with database.transaction() as connection:
        made = inspect(connection)
        for table in metadata.sorted_tables:
            columns = {column["name"]: column for column in made.get_columns(table.name)}
            assert list(columns) == [column.name for column in table.columns]
            for column in table.columns:
                assert bool(columns[column.name]["nullable"]) == bool(column.nullable), (table.name, column.name)
    database.close()


def test_a_database_of_the_seeds_two_statements_is_taken_over_as_it_stands(tmp_path):
    by_hand(tmp_path, SEED, ("ana", "from before"), ("ben", "bens own"))
    by_hand(tmp_path, "INSERT INTO agent_runs (session_id, agent_name, run_data) VALUES ('s', 'halo', '{}'); "
                      "UPDATE user_memories SET created_at = '2025-01-02 03:04:05', id = id + 40;")
    store = open_store(tmp_path)
    [memory] = store.select(ANA, "ana")
    assert (memory.id, memory.text, memory.kind, memory.created_at.isoformat()) == (
        41, "from before", Kind.FACT, "2025-01-02T03:04:05+00:00")
    assert memory.provenance.origin is Origin.IMPORTED
    store.remove(Principal("ben"), "ben", [42])
    [new] = store.add(ANA, [fact("from now")])
    assert new.id == 43                   # 42 was given once
    store.close()


def test_columns_that_somebody_added_stay(tmp_path):
    by_hand(tmp_path, SEED + "ALTER TABLE user_memories ADD COLUMN \"my \"\"note\" TEXT;"
                             "INSERT INTO user_memories VALUES (1, 'ana', 'from before', '2025-01-01 00:00:00', 'mine');")
    store = open_store(tmp_path)
    assert store.count(ANA, "ana") == 1
    store.close()
    with closing(sqlite3.connect(tmp_path / "memory.db")) as connection:
        assert connection.execute('SELECT "my ""note" FROM user_memories').fetchall() == [("mine",)]


def test_a_database_of_a_newer_version_is_left_alone(tmp_path):
    store = open_store(tmp_path)
    store.add(ANA, [fact("one")])
    store.close()
    by_hand(tmp_path, "INSERT INTO schema_version (version) VALUES (999);")
    newer = open_store(tmp_path)
    with pytest.raises(StoreUnavailable, match="newer version"):
        newer.select(ANA, "ana")
    newer.close()


def test_many_at_once_bring_a_database_up_to_date_once(tmp_path):
    by_hand(tmp_path, SEED, ("ana", "from before"))
    stores, found = [open_store(tmp_path) for _ in range(4)], []
    threads = [threading.Thread(target=lambda store=store: found.append(store.count(ANA, "ana"))) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1, 1, 1, 1]
    for store in stores:
        store.close()


def test_the_known_models_come_registered_and_others_are_added_by_an_admin(tmp_path):
    database, trail, _ = open_all(tmp_path, HandClock())
    models = SqlModels(database, trail, HandClock())
    assert {(one.name, one.specialities, one.description) for one in models.all()} == {
        (one.name, one.specialities, one.description) for one in KNOWN}
    own = models.register(ROOT, RegisteredModel("whisper", (Speciality.TRANSCRIPTION,), "hears"))
    assert models.get("whisper") == own
    models.register(ROOT, replace(own, description="hears well"))
    assert models.get("whisper").description == "hears well"
    with pytest.raises(PermissionDenied):
        models.register(ANA, own)
    models.remove(ROOT, "whisper")
    for gone in (lambda: models.get("whisper"), lambda: models.remove(ROOT, "whisper")):
        with pytest.raises(NotFound, match="whisper"):
            gone()
    database.close()


# rows put in by hand

def test_a_plain_insert_becomes_a_memory_by_the_next_access(tmp_path):
    store = open_store(tmp_path)
    store.add(ANA, [fact("by us")])
    before = store.version("ana")
    by_hand(tmp_path, "", ("ana", "by hand"), ("new", "of somebody new"))
    assert store.version("ana") > before
    assert store.waiting() == 3
    [memory, _] = store.select(ANA, "ana", Sought())
    assert (memory.text, memory.content) == ("by hand", Fact("by hand"))
    assert store.get(ANA, "ana", memory.id).public_id == memory.public_id
    assert store.add(ANA, [fact("by hand")]) == [memory]
    assert "by hand" in [one.text for one in store.claim("w", 5, lease_seconds=9)]
    by_hand(tmp_path, "", ("ana", "and again"))
    assert store.clear(ANA, "ana")[-1]
    store.close()


def test_a_row_spoilt_by_hand_is_said_and_not_taken_for_nothing(tmp_path):
    store = open_store(tmp_path)
    [memory] = store.add(ANA, [fact("one")])
    by_hand(tmp_path, "UPDATE user_memories SET content = 'nonsense';")
    with pytest.raises(Damaged, match=f"memory {memory.id} "):
        store.select(ANA, "ana")
    store.add_run(ANA, AgentRun("s", "halo", {}, "ana"))
    by_hand(tmp_path, "UPDATE agent_runs SET run_data = '[]';")
    with pytest.raises(Damaged, match="agent run"):
        store.runs(ANA, "ana")
    store.close()


# deletion that leaves nothing

def residues(folder, *words):
    """Return the files in which one of the words stands."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if any(word.encode() in path.read_bytes() for word in words)]


@pytest.fixture
def filled(tmp_path):
    """A store with enough in it that deleted rows lie on pages of every sort, and long texts that take pages of their own."""
    store = open_store(tmp_path)
    talk = Conversation("zebra talk", [Message(Role.USER, f"zebra {number} " + "x" * 900) for number in range(30)])
    store.add(ANA, [fact(f"zebra number {number}", tags=("zebratag",)) for number in range(2000)] + [replace(fact(""), content=talk)])
    store.add_run(ANA, AgentRun("s", "halo", {"asked": "zebra run"}, "ana"))
    store.add(Principal("ben"), [fact(f"giraffe {number}", user="ben") for number in range(2000)])
    yield store
    store.close()


def test_what_is_deleted_is_in_no_file_any_more(filled, tmp_path):
    assert residues(tmp_path, "zebra")                  # the search finds what is there
    kept = filled.select(Principal("ben"), "ben")
    assert len(filled.clear(ANA, "ana")) == 2001
    assert residues(tmp_path, "zebra") == []
    assert filled.select(Principal("ben"), "ben") == kept


def test_what_was_said_before_an_edit_is_in_no_file_any_more(filled, tmp_path):
    [memory] = filled.add(ANA, [fact("the quagga is extinct")])
    filled.change(ANA, "ana", memory.id, lambda one: replace(one, content=Fact("it is extinct")))
    assert residues(tmp_path, "quagga") == []


def test_a_reader_that_keeps_deleted_rows_is_noticed_and_they_go_when_it_has_gone(tmp_path):
    database, _, store = open_all(tmp_path)
    [memory, _] = store.add(ANA, [fact("a zebra"), fact("a horse")])
    with closing(sqlite3.connect(tmp_path / "memory.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM user_memories").fetchone()
        store.remove(ANA, "ana", [memory.id])
        assert database.holds_deleted
        assert residues(tmp_path, "zebra")
        reader.execute("ROLLBACK")
    store.add(ANA, [fact("a cow")])
    assert not database.holds_deleted
    assert residues(tmp_path, "zebra") == []
    store.close()


# faults in words

def test_a_full_disk_is_said_and_what_is_there_can_still_be_read(tmp_path):
    store = open_store(tmp_path)
    [first] = store.add(ANA, [fact("the first")])
    stored, (soft, hard) = 1, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((tmp_path / "memory.db").stat().st_size + 400_000, hard))
    try:
        with pytest.raises(StoreUnavailable, match="the disk is full") as error:
            for number in range(1000):
                store.add(ANA, [fact(f"{number} " + "x" * 2000)])
                stored += 1
        assert "free some space" in error.value.fix
        assert store.get(ANA, "ana", first.id) == first
        assert store.count(ANA, "ana") == stored
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.add(ANA, [fact("there is room again")])[0].id
    store.close()


def test_a_database_that_another_process_writes_to_for_long_is_said_to_be_busy(tmp_path):
    store = open_all(tmp_path, busy_ms=50)[2]
    store.add(ANA, [fact("one")])
    with closing(sqlite3.connect(tmp_path / "memory.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="busy with another process"):
            store.add(ANA, [fact("two")])
        assert store.count(ANA, "ana") == 1             # reading waits for nobody
        other.execute("ROLLBACK")
    assert store.add(ANA, [fact("two")])[0].id
    store.close()


def test_a_database_that_is_read_only_is_said_and_can_still_be_read(tmp_path):
    store = open_store(tmp_path)
    store.add(ANA, [fact("one")])
    store.close()
    (tmp_path / "memory.db").chmod(0o400)
    as_anybody = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []    # root may write anything
    done = subprocess.run([*as_anybody, sys.executable, "-c", READ_ONLY, str(tmp_path)], capture_output=True, text=True, cwd=CHECKOUT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["not writable", "not writable", "1"]


def test_two_threads_lose_nothing(tmp_path):
    store = open_store(tmp_path)
    threads = [threading.Thread(target=lambda part=part: [store.add(ANA, [fact(f"{part} {number}")]) for number in range(30)])
               for part in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.count(ANA, "ana") == 90
    assert len({one.id for one in store.select(ANA, "ana")}) == 90
    store.close()
