"""Connection strings and places: what a database is named by, whose file it is, and what is said when it cannot be used."""

from __future__ import annotations

import stat

import pytest

from halo_app.bootstrap import build_app
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.errors import BadSetting, HaloError, StoreUnavailable
from halo_app.settings import read_settings
from halo_app.storage.database import open_database, sqlite_path, users_of
from tests.fakes import HereReader


def use(database):
    with database.transaction(writing=True) as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS one (id INTEGER)")


def test_the_file_is_its_owners_only(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/memory.db", tmp_path)
    use(database)
    database.close()
    assert stat.S_IMODE((tmp_path / "memory.db").stat().st_mode) == 0o600


def test_an_empty_connection_string_means_disabled(tmp_path):
    assert open_database("", tmp_path) is None


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:secret@h/db", "sqlite://", "sqlite:///", "://"])
def test_a_wrong_connection_string_is_said_without_its_password(url, tmp_path):
    with pytest.raises(BadSetting) as error:
        open_database(url, tmp_path)
    assert "secret" not in error.value.message
    assert "sqlite:///" in error.value.fix


def test_a_file_that_is_no_database_is_said(tmp_path):
    (tmp_path / "memory.db").write_text("This is a letter, not a database. " * 100, encoding="utf-8")
    opened = open_database(f"sqlite:///{tmp_path}/memory.db", tmp_path)
    with pytest.raises(StoreUnavailable, match="not a memory database"):
        use(opened)
    opened.close()


def test_a_place_that_cannot_be_a_file_is_said(tmp_path):
    (tmp_path / "memory.db").mkdir()
    opened = open_database(f"sqlite:///{tmp_path}/memory.db", tmp_path)
    with pytest.raises(StoreUnavailable, match="not writable"):
        use(opened)
    opened.close()
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable):
        use(open_database(f"sqlite:///{tmp_path}/file/memory.db", tmp_path))


def test_a_database_that_does_not_answer_is_said_without_its_password(tmp_path):
    with pytest.raises(HaloError) as error:
        use(open_database("postgresql://ana:secret@127.0.0.1:1/db", tmp_path))
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
        open_database(f"sqlite:///{tmp_path}/shared.db", folder).close()
    assert users_of(tmp_path / "shared.db") == [one, two]


def test_doctor_tells_a_second_data_directory_that_its_index_lacks_the_shared_memories(tmp_path):
    def opened(name):
        given = {"HALO_DATA_DIR": str(tmp_path / name), "HALO_AGENT_DB": f"sqlite:///{tmp_path}/shared.db"}
        app = build_app(read_settings(environ=given, home=tmp_path))
        app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter(), reader=HereReader())
        app.first_start(serving=False)
        return app

    first, second = opened("first"), opened("second")
    first.memory.store("local-user", "likes tea")
    first.memory.store("ana", "keeps cats")
    first.outbox.drain()
    found = {check.name: check for app in (first, second) for check in app.health()}
    assert found["memory index"].detail.startswith("2 of 2 memories are not in the index of this data directory")
    assert not found["memory index"].ok
    assert "halo reindex" in found["memory index"].fix
    assert not found["memory place"].ok
    for _ in second.rebuild():
        pass
    for app in (first, second):
        assert next(check for check in app.health() if check.name == "memory index").ok
        assert all(check.latency_ms is not None for check in app.health())
        app.close()
