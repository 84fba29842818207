"""One test per line of the two ancestors' documents that is kept so far, named for the line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from halo_app import MemoryEngine
from halo_app.bootstrap import FOLDERS
from halo_app.domain.chunk import Scope
from halo_app.embedding.late import LateEmbedder
from halo_app.errors import BadInput, EmbedderUnavailable, NotFound, StoreUnavailable
from halo_app.services.ingest import Upload
from halo_app.settings import read_settings
from tests import offline
from tests.promises import ask, open_apps, take_in


@pytest.fixture
def opened(tmp_path):
    yield from open_apps(tmp_path)


# User Identity Model

def test_the_user_id_is_local_user_by_default(opened):
    assert opened().account.identity().user_id == "local-user"


def test_no_authentication_is_required_and_there_is_one_user(opened):
    app = opened()
    take_in(app)
    assert {source.user_id for source in app.records("sources").everyone()} == {"local-user"}


def test_a_custom_user_id_is_set_by_config_json(opened, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.json").write_text('{"app": {"user_id": "custom-user-123"}}', encoding="utf-8")
    app = opened()
    assert app.account.identity().user_id == "custom-user-123"
    ask(app)
    assert [chat.user_id for chat in app.chat.sessions()] == ["custom-user-123"]


# Memory Backend

def test_halo_agent_db_with_sqlite_enables_memory(opened, tmp_path):
    app = opened(HALO_AGENT_DB=f"sqlite:///{tmp_path}/memory.db")
    assert app.account.memory().enabled
    assert (tmp_path / "memory.db").is_file()


def test_sqlite_data_memory_db_is_taken_from_the_working_directory(opened, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert opened(HALO_AGENT_DB="sqlite:///data/memory.db").account.memory().enabled
    assert (tmp_path / "data" / "memory.db").is_file()


def test_user_memories_persist_across_sessions(opened, tmp_path):
    database = {"HALO_AGENT_DB": f"sqlite:///{tmp_path}/memory.db"}
    opened(**database).memory.store("local-user", "likes tea")
    assert [memory.text for memory in opened(**database).memory.list("local-user")] == ["likes tea"]


def test_bounded_history_is_three_runs(opened):
    app = opened()
    assert app.settings.memory.num_history_runs == app.chat.num_history_runs == app.records("agents").get("halo").num_history_runs == 3


# Account Page

def test_the_account_shows_the_user_and_the_memory_entries_and_controls(opened, tmp_path):
    app = opened(HALO_AGENT_DB=f"sqlite:///{tmp_path}/memory.db")
    user_id, memory = app.account.identity().user_id, app.memory
    first, second, third = memory.store_all(user_id, ["likes tea", "lives in Lund", "works at night"])
    assert memory.delete(user_id, [first.id, third.id]) == 2
    assert [entry.id for entry in memory.list(user_id)] == [second.id]
    assert memory.clear(user_id) == 1
    assert memory.list(user_id) == []


# Multi-User Options: separate instances, each with its own data directory

def test_separate_instances_have_their_own_data_directories(opened, tmp_path):
    one, two = opened(tmp_path / "user1"), opened(tmp_path / "user2")
    take_in(one)
    ask(one)
    assert two.sources.of(two.notebooks.default().id) == []
    assert two.chat.sessions() == []
    assert two.retrieval.find("cats", Scope("local-user"), 10) == []


def test_user_isolation_in_a_shared_data_directory(opened):
    ana, ben = opened(HALO_USER_ID="ana"), opened(HALO_USER_ID="ben")
    source, session = take_in(ana), ask(ana)
    assert ben.chat.sessions() == []
    assert ben.retrieval.find("cats", Scope("ben"), 10) == []
    for act in (lambda: ben.sources.get(source.id), lambda: ben.chat.get(session)):
        with pytest.raises(NotFound):
            act()


# Session Management

def test_a_session_is_created_with_the_user_accumulates_persists_and_is_resumed(opened, tmp_path):
    app = opened()
    take_in(app)
    session = ask(app)
    ask(app, session)
    stored = json.loads((tmp_path / "data" / "chat_history" / f"{session}.json").read_text(encoding="utf-8"))
    assert stored["user_id"] == "local-user"
    assert len(stored["messages"]) == 4
    again = opened()
    assert [chat.id for chat in again.chat.sessions()] == [session]
    ask(again, session)
    assert len(again.chat.get(session).messages) == 6


def test_session_files_are_json_one_per_session_in_data_chat_history(opened, tmp_path):
    app = opened()
    sessions = {ask(app), ask(app)}
    files = list((tmp_path / "data" / "chat_history").iterdir())
    assert {path.name for path in files} == {f"{session}.json" for session in sessions}
    assert all(isinstance(json.loads(path.read_text(encoding="utf-8")), dict) for path in files)


def test_rm_rf_data_chat_history_clears_the_sessions_while_the_app_runs(opened, tmp_path):
    app = opened()
    session = ask(app)
    subprocess.run(f"rm -rf '{tmp_path}'/data/chat_history/*", shell=True, check=True)
    assert app.chat.sessions() == []
    with pytest.raises(NotFound):
        ask(app, session)
    assert app.chat.sessions() == []
    fresh = ask(app)
    assert [chat.id for chat in app.chat.sessions()] == [fresh]


def test_find_mtime_30_deletes_chats_older_than_thirty_days(opened, tmp_path):
    app = opened()
    old, new = ask(app), ask(app)
    path = tmp_path / "data" / "chat_history" / f"{old}.json"
    month_ago = path.stat().st_mtime - 32 * 86_400
    os.utime(path, (month_ago, month_ago))
    subprocess.run(["find", str(path.parent), "-mtime", "+30", "-delete"], check=True)
    assert [chat.id for chat in app.chat.sessions()] == [new]


# Data Isolation

def test_halo_data_dir_names_the_data_directory(opened, tmp_path):
    assert opened(tmp_path / "elsewhere").account.places()["data"] == tmp_path / "elsewhere"


@pytest.mark.parametrize("folder", ["chat_history", "lancedb", "sources", "notes", "outputs", "agents"])
def test_the_data_structure_has_this_folder_after_the_first_start(folder, opened, tmp_path):
    opened()
    assert (tmp_path / "data" / folder).is_dir()
    assert folder in FOLDERS


def test_uploaded_files_saved_notes_outputs_and_agents_lie_in_their_folders(opened, tmp_path):
    app, data = opened(), tmp_path / "data"
    source = take_in(app)
    notebook = app.notebooks.default()
    note = app.notes.create(notebook.id, "Title", "Text")
    output = list(app.studio.make("summary", Scope(app.user_id, notebook.id)))[-1]
    assert Path(app.sources.original(source.id)).is_relative_to(data / "sources")
    assert (data / "notes" / f"{note.id}.json").is_file()
    assert (data / "outputs" / f"{output.id}.json").is_file()
    assert json.loads((data / "agents" / "halo.json").read_text(encoding="utf-8"))["id"] == "halo"
    assert list((data / "lancedb").iterdir())


# Troubleshooting

def test_memory_backend_disabled_is_said_with_the_command_that_enables_it(opened):
    status = opened().account.memory()
    assert not status.enabled
    assert "Memory backend disabled" in status.message
    assert "HALO_AGENT_DB" in status.message
    assert status.command == 'export HALO_AGENT_DB="sqlite:///data/memory.db"'
    assert opened().memory is None
    with pytest.raises(BadInput, match="memory backend disabled"):
        MemoryEngine(opened().settings).initialize()


def test_an_empty_halo_agent_db_disables_memory(opened):
    assert not opened(HALO_AGENT_DB="", DATABASE_URL="sqlite:////nowhere/memory.db").account.memory().enabled


def test_a_database_file_that_is_not_writable_is_said(opened, tmp_path):
    (tmp_path / "memory.db").mkdir()
    app = opened(HALO_AGENT_DB=f"sqlite:///{tmp_path}/memory.db")
    assert "not writable" in app.account.memory().message
    with pytest.raises(StoreUnavailable):
        app.memory.store("local-user", "likes tea")


def test_an_invalid_connection_string_is_said_with_the_right_form(opened):
    status = opened(HALO_AGENT_DB="sqlite:/data/memory.db").account.memory()
    assert not status.enabled
    assert "connection string" in status.message
    assert "sqlite:///data/memory.db" in status.message


def test_no_memories_stored_yet_is_an_empty_list_and_no_error(opened, tmp_path):
    assert opened(HALO_AGENT_DB=f"sqlite:///{tmp_path}/memory.db").memory.list("local-user") == []


def test_a_database_query_error_is_said_and_logged_places_are_known(opened, tmp_path):
    (tmp_path / "memory.db").write_text("This is a letter, not a database. " * 100, encoding="utf-8")
    app = opened(HALO_AGENT_DB=f"sqlite:///{tmp_path}/memory.db")
    with pytest.raises(StoreUnavailable, match="not a memory database"):
        app.memory.list("local-user")
    assert app.account.places()["log"] == tmp_path / "data" / "halo.log"


# Memory model: configuration

@pytest.mark.parametrize(("name", "value", "read"), [
    ("DATABASE_URL", "postgresql://user:password@host:5432/db", lambda s: s.memory.database.get_secret_value()),
    ("REDIS_URL", "redis://host:6379", lambda s: s.cache.redis_url.get_secret_value()),
    ("EMBEDDING_MODEL_PATH", "./models/all-MiniLM-L6-v2.onnx", lambda s: f"./{s.embedding.path}"),
    ("EMBEDDING_DIMENSION", "384", lambda s: str(s.embedding.dimension)),
    ("SEARCH_TOP_K", "10", lambda s: str(s.retrieval.top_k)),
    ("SIMILARITY_THRESHOLD", "0.7", lambda s: str(s.retrieval.similarity_threshold)),
    ("CACHE_SIZE", "1000", lambda s: str(s.cache.size)),
    ("EPHEMERAL_FACT_TTL_DAYS", "30", lambda s: str(s.memory.ephemeral_fact_ttl_days)),
    ("MAX_CONTEXT_TOKENS", "4000", lambda s: str(s.memory.max_context_tokens)),
    ("DB_POOL_SIZE", "5", lambda s: str(s.memory.pool_size)),
])
def test_this_variable_is_read(name, value, read, tmp_path):
    assert read(read_settings({"data_dir": tmp_path}, environ={name: value}, home=tmp_path)) == value


def test_rust_log_became_halo_log_with_levels_per_module(opened, tmp_path):
    import logging
    opened(HALO_LOG="info,halo_app.services=debug")
    assert logging.getLogger("halo_app").level == logging.INFO
    assert logging.getLogger("halo_app.services").level == logging.DEBUG
    logging.getLogger("halo_app.services").setLevel(logging.NOTSET)


def test_the_log_is_private_and_says_nothing_of_what_people_wrote(opened, tmp_path):
    app = opened(HALO_LOG="debug")
    take_in(app, "A very particular secret lies in the garden of the old house by the sea.", "particular.txt")
    app.chat.answer("Where is the particular secret?", Scope(app.user_id, app.notebooks.default().id))
    list(app.ingest.add([Upload.from_bytes("particular-failure.bin", b"\x00particular\x01")], app.notebooks.default().id))
    log = tmp_path / "data" / "halo.log"
    assert log.stat().st_mode & 0o777 == 0o600
    assert "particular" not in log.read_text(encoding="utf-8")


def test_full_text_search_is_the_fallback_when_there_is_no_model(opened, tmp_path):
    def missing():
        raise EmbedderUnavailable("there is no model")

    app = opened()
    app.__dict__["embedder"] = LateEmbedder(missing)
    source = take_in(app)
    [passage] = app.retrieval.find("sleeping cats", Scope(app.user_id, app.notebooks.default().id), 10)
    assert passage.chunk.source_id == source.id


def test_the_whole_first_visit_works_with_python_alone(tmp_path):
    code = "from halo_app.cli import main; raise SystemExit(main(['sources', 'list', '--json']))"
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "HALO_DATA_DIR": str(tmp_path / "data"),
                   **offline.surroundings()}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert json.loads(done.stdout) == {"sources": []}
