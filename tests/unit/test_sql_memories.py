"""The memory database: the two tables as promised, entries kept apart by user, deletions that leave nothing, errors in words."""

from __future__ import annotations

import sqlite3
import stat
import threading

import pytest

from halo_app.errors import BadInput, BadSetting, HaloError, StoreUnavailable
from halo_app.storage.sql_memories import open_memories, sqlite_path, users_of


@pytest.fixture
def database(tmp_path):
    return tmp_path / "memory.db"


@pytest.fixture
def memories(database):
    opened = open_memories(f"sqlite:///{database}", database.parent)
    yield opened
    opened.close()


def columns(database, table):
    with sqlite3.connect(database) as connection:
        found = connection.execute(f"PRAGMA table_info({table})").fetchall()
    connection.close()
    return [(name, kind, bool(required), default, bool(key)) for _, name, kind, required, default, key in found]


def test_the_two_tables_are_as_promised(memories, database):
    memories.check()
    assert columns(database, "user_memories") == [
        ("id", "INTEGER", True, None, True), ("user_id", "TEXT", True, None, False), ("memory", "TEXT", True, None, False),
        ("created_at", "TIMESTAMP", False, "CURRENT_TIMESTAMP", False)]
    assert [name for name, *_ in columns(database, "agent_runs")] == ["id", "session_id", "agent_name", "run_data", "created_at"]


def test_a_database_made_with_the_old_statements_is_opened_as_it_is(memories, database):
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE user_memories (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, memory TEXT NOT NULL, "
                       "created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)")
    connection.execute("INSERT INTO user_memories (user_id, memory) VALUES ('ana', 'from before')")
    connection.commit()
    connection.close()
    memories.add("ana", "from now")
    assert {entry.memory for entry in memories.entries("ana")} == {"from before", "from now"}


def test_entries_are_the_users_own_newest_first(memories):
    first, second = memories.add("ana", "likes tea"), memories.add("ana", "lives in Lund")
    memories.add("ben", "likes coffee")
    assert [entry.id for entry in memories.entries("ana")] == [second.id, first.id]
    assert memories.entries("carl") == []


def test_only_the_users_own_entries_are_deleted_and_ids_are_never_given_twice(memories):
    mine, other = memories.add("ana", "likes tea"), memories.add("ben", "likes coffee")
    assert memories.delete("ana", [mine.id, other.id]) == 1
    assert memories.clear("ana") == 0
    assert [entry.memory for entry in memories.entries("ben")] == ["likes coffee"]
    assert memories.clear("ben") == 1
    assert memories.add("ana", "again").id > other.id


def test_what_is_deleted_is_in_no_file_any_more(memories, database):
    entry = memories.add("ana", "a very particular secret")
    written = [path.read_bytes() for path in database.parent.iterdir()]
    assert any(b"particular secret" in content for content in written)
    memories.delete("ana", [entry.id])
    assert not any(b"particular secret" in path.read_bytes() for path in database.parent.iterdir())


def test_the_file_is_its_owners_only(memories, database):
    memories.check()
    assert stat.S_IMODE(database.stat().st_mode) == 0o600


def test_two_threads_lose_no_entry(memories):
    threads = [threading.Thread(target=lambda: [memories.add("ana", "x") for _ in range(20)]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memories.entries("ana")) == 40


def test_an_empty_memory_is_refused(memories):
    with pytest.raises(BadInput):
        memories.add("ana", "  ")


def test_an_empty_connection_string_means_disabled(tmp_path):
    assert open_memories("", tmp_path) is None


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:secret@h/db", "sqlite://", "sqlite:///", "://"])
def test_a_wrong_connection_string_is_said_without_its_password(url, tmp_path):
    with pytest.raises(BadSetting) as error:
        open_memories(url, tmp_path)
    assert "secret" not in error.value.message
    assert "sqlite:///" in error.value.fix


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "memory.db").write_text("This is a letter, not a database. " * 100, encoding="utf-8")
    opened = open_memories(f"sqlite:///{tmp_path}/memory.db", tmp_path)
    with pytest.raises(StoreUnavailable, match="not a memory database"):
        opened.entries("ana")
    opened.close()


def test_a_place_that_cannot_be_a_file_is_said(tmp_path):
    (tmp_path / "memory.db").mkdir()
    opened = open_memories(f"sqlite:///{tmp_path}/memory.db", tmp_path)
    with pytest.raises(StoreUnavailable, match="not writable"):
        opened.check()
    opened.close()
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        open_memories(f"sqlite:///{tmp_path}/file/memory.db", tmp_path)


def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path):
    with pytest.raises(HaloError) as error:
        open_memories("postgresql://ana:secret@127.0.0.1:1/db", tmp_path).check()
    assert "secret" not in error.value.message
    assert error.value.fix


def test_a_relative_path_is_taken_from_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert sqlite_path("sqlite:///data/memory.db", tmp_path) == tmp_path / "data" / "memory.db"
    assert sqlite_path("sqlite:///{data_dir}/memory.db", tmp_path / "d") == tmp_path / "d" / "memory.db"
    assert sqlite_path("postgresql://h/db", tmp_path) is None


def test_a_database_shared_by_two_data_directories_is_known(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        open_memories(f"sqlite:///{tmp_path}/shared.db", folder).close()
    assert users_of(tmp_path / "shared.db") == [one, two]
