"""Connection strings and places: what a database is named by, whose file it is, and what is said when it cannot be used."""

from __future__ import annotations

import stat

import pytest

from halo_app.errors import BadSetting, HaloError, StoreUnavailable
from halo_app.storage.database import open_database, sqlite_path, users_of


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
