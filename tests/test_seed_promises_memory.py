"""One test per line of the two ancestors' documents on memory, named for the line."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from halo_app import Fact, Memory, MemoryEngine, Sought, Transcription, UserRole
from halo_app.bootstrap import App
from halo_app.embedding.late import LateEmbedder
from halo_app.errors import BadInput, EmbedderUnavailable, NotFound, PermissionDenied
from halo_app.settings import read_settings
from tests.engine_helpers import DATABASE, open_engine
from tests.memory_examples import EVERY_KIND
from tests.promises import ask, open_apps


@pytest.fixture
def opened(tmp_path):
    yield from open_apps(tmp_path)


# Memory Backend, Memory Behavior, Account Page, Schema (first ancestor)

@pytest.fixture
def engine(tmp_path):
    with open_engine(tmp_path / "data") as made:
        yield made


def test_the_shipped_config_enables_memory_inside_the_data_directory(tmp_path):
    settings = read_settings({"data_dir": tmp_path}, environ={})
    assert settings.memory.database.get_secret_value() == "sqlite:///{data_dir}/memory.db"
    assert settings.memory.num_history_runs == 3


def test_agent_memory_for_context_continuity_is_an_agent_run_per_turn(engine):
    engine.add_run("local-user", "s-1", "halo", {"question": "Where to?", "answer": "To Lund."})
    [run] = engine.runs("local-user", session_id="s-1")
    assert (run.agent_name, run.run_data["answer"]) == ("halo", "To Lund.")


def test_agents_use_bounded_history_of_three_runs(engine):
    for number in range(5):
        engine.add_run("ana", "s-1", "halo", {"question": f"question number {number}", "answer": f"answer number {number}"})
    told = engine.context("ana", session_id="s-1").text
    assert all(f"question number {number}" in told for number in (2, 3, 4))
    assert not any(f"question number {number}" in told for number in (0, 1))


COLUMNS = {
    "user_memories": [("id", "INTEGER", None, None, 1), ("user_id", "TEXT", 1, None, 0), ("memory", "TEXT", 1, None, 0),
                      ("created_at", "TIMESTAMP", 0, "CURRENT_TIMESTAMP", 0)],
    "agent_runs": [("id", "INTEGER", None, None, 1), ("session_id", "TEXT", 1, None, 0), ("agent_name", "TEXT", 1, None, 0),
                   ("run_data", "TEXT", 1, None, 0), ("created_at", "TIMESTAMP", 0, "CURRENT_TIMESTAMP", 0)],
}


@pytest.mark.parametrize("table", COLUMNS)
def test_the_table_begins_with_the_columns_of_the_schema(table, engine, tmp_path):
    engine.store_memory("ana", "likes tea")
    with closing(sqlite3.connect(tmp_path / "data" / "memory.db")) as database:
        found = [tuple(row[1:]) for row in database.execute(f"PRAGMA table_info({table})")]
    shown = [(name, kind.upper(), None if key else required, default, key) for name, kind, required, default, key in found]
    assert shown[: len(COLUMNS[table])] == COLUMNS[table]


def test_a_plain_insert_into_user_memories_is_found(engine, tmp_path):
    with closing(sqlite3.connect(tmp_path / "data" / "memory.db")) as database, database:
        database.execute("INSERT INTO user_memories(user_id, memory) VALUES ('ana', 'likes the old way of writing')")
    assert [memory.text for memory in engine.search("ana", "old way of writing")] == ["likes the old way of writing"]


def test_an_id_is_never_given_twice(engine):
    first = engine.store_memory("ana", "likes tea")
    engine.delete("ana", first)
    assert engine.store_memory("ana", "likes milk") > first


def test_an_admin_can_clear_the_database_and_nobody_else(engine):
    engine.store_memory("ana", "likes tea")
    with pytest.raises(PermissionDenied):
        engine.as_user("ana").clear_everyone()
    assert engine.clear_everyone() == 1
    assert [(entry.action, entry.outcome, entry.count) for entry in engine.audit() if "clear" in entry.action] == [
        ("memory.clear all users", "done", 1), ("memory.clear all users", "refused", 1)]


# Memory Types (second ancestor)

@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda content: str(content.kind))
def test_this_memory_type_is_stored_and_retrieved_whole(content, engine):
    assert engine.get("ana", engine.store_memory("ana", content)).content == content


def test_conversations_are_full_chat_history_with_messages(engine):
    stored = engine.get("ana", engine.store_memory("ana", EVERY_KIND[0]))
    assert [message.role for message in stored.content.messages] == ["user", "assistant", "user"]


def test_facts_are_learned_information_with_confidence_scoring(engine):
    assert engine.get("ana", engine.store_memory("ana", Fact("likes tea", confidence=0.4))).confidence == 0.4


def test_images_are_metadata_and_parameters_of_generated_pictures(engine):
    image = engine.get("ana", engine.store_memory("ana", EVERY_KIND[2])).content
    assert (image.model, image.seed, image.parameters["steps"], image.width) == ("RealVisXL_V5.0", 2**63, 30, 1024)


def test_audio_transcription_has_language_detection(engine):
    spoken = Transcription("Bonjour à tous, nous parlons aujourd'hui des pompes à chaleur.")
    content = engine.get("ana", engine.store_memory("ana", spoken)).content
    assert (content.language, content.language_confidence > 0.9) == ("fr", True)


def test_summaries_stand_for_sessions_and_contexts(engine):
    assert engine.get("ana", engine.store_memory("ana", EVERY_KIND[4])).content.covers == "context"


# Multi-User Support

def test_user_account_management_has_the_roles_admin_user_service_and_viewer(engine):
    made = [engine.create_user(role.title(), f"{role}@example.org", role) for role in ("admin", "user", "service", "viewer")]
    assert [user.role for user in made] == list(UserRole)
    assert set(made) <= set(engine.users())


@pytest.mark.parametrize("role", UserRole)
def test_there_is_complete_data_isolation_between_users_whatever_the_role(role, engine):
    engine.store_memory("ana", "keeps a secret garden")
    number = engine.list("ana")[0].id
    engine.create_user("Eve", "eve@example.org", role, user_id="eve")
    eve = engine.as_user("eve")
    for act in (lambda: eve.list("ana"), lambda: eve.count("ana"), lambda: eve.get("ana", number), lambda: eve.search("ana", "garden"),
                lambda: eve.update("ana", number, "x"), lambda: eve.context("ana", "garden"), lambda: eve.runs("ana"),
                lambda: eve.suggested("ana"), lambda: eve.store_memory("ana", "x")):
        with pytest.raises(PermissionDenied):
            act()
    if role is not UserRole.SERVICE:
        assert eve.list("eve") == eve.search("eve", "secret garden") == []
        with pytest.raises(NotFound):
            eve.get("eve", number)


def test_all_operations_are_logged_refused_ones_too(engine):
    number = engine.store_memory("ana", "likes tea")
    engine.search("ana", "tea")
    engine.update("ana", number, "likes milk")
    engine.delete("ana", number)
    with pytest.raises(PermissionDenied):
        engine.as_user("ben").list("ana")
    log = engine.audit()
    assert len(log) >= 5
    assert "refused" in {entry.outcome for entry in log}
    assert not any("tea" in str(entry) or "milk" in str(entry) for entry in log)
    assert engine.verify_audit().ok


# Vector search, performance, security, models

def test_search_is_semantic_with_the_onnx_model_and_its_vectors(tmp_path):
    with MemoryEngine(read_settings(environ={"HALO_DATA_DIR": str(tmp_path), "HALO_AGENT_DB": DATABASE}, home=tmp_path)) as engine:
        engine.store_memories("ana", ["She plays the cello in an orchestra.", "He repairs bicycles on weekends."])
        engine.finish()
        [found] = engine.search("ana", "musician", 1)
        assert "cello" in found.text


def test_memories_are_found_by_words_when_the_model_is_missing(engine):
    def missing():
        raise EmbedderUnavailable("there is no model")

    engine._app.__dict__["embedder"] = LateEmbedder(missing)
    engine.store_memory("ana", "keeps bees in Lund")
    assert [memory.text for memory in engine.search("ana", "bees")] == ["keeps bees in Lund"]


def test_fact_storage_is_non_blocking_and_asynchronous(tmp_path):
    async def act():
        async with open_engine(tmp_path / "data") as engine:
            ticks = asyncio.create_task(_ticks())
            await asyncio.gather(*(engine.astore_memory("ana", f"fact number {number}") for number in range(20)))
            ticks.cancel()
            return await engine.acount("ana")

    async def _ticks():
        while True:
            await asyncio.sleep(0)

    assert asyncio.run(act()) == 20


def test_no_sql_injection(engine):
    nasty = "'; DROP TABLE user_memories; --"
    number = engine.store_memory("ana", nasty)
    assert engine.get("ana", number).text == nasty
    assert [memory.id for memory in engine.search("ana", nasty)] == [number]
    assert engine.list("ana' OR '1'='1") == []
    assert engine.list("ana", where=Sought(words="' OR 1=1 --", tags=("' OR 1=1 --",), category="' OR 1=1 --")) == []
    assert engine.count("ana") == 1


def test_user_input_is_validated(engine):
    with pytest.raises(BadInput, match="email='nobody'"):
        engine.create_user("Ana", "nobody", "user")


@pytest.mark.parametrize(("name", "speciality"), [
    ("Qwen2.5-14B-Instruct", "text generation"), ("Qwen2.5-VL-7B-Instruct", "vision-language"), ("RealVisXL_V5.0", "image generation"),
    ("ControlNet/InstantID", "image control"), ("ControlNet/InstantID", "identity preservation"), ("InsightFace", "face recognition"),
])
def test_this_model_comes_registered_with_its_speciality(name, speciality, engine):
    assert speciality in {model.name: model.specialities for model in engine.models()}[name]


def test_memories_are_scoped_to_models(engine):
    engine.store_memory("ana", Memory(Fact("the face is oval"), model="InsightFace"))
    assert engine.search("ana", "face", where=Sought(model="RealVisXL_V5.0")) == []
    assert len(engine.search("ana", "face", where=Sought(model="InsightFace"))) == 1


def test_health_checks_tell_of_every_component(engine):
    assert all(check.ok for check in engine.health())


def test_ids_are_given_by_the_engine_and_public_ids_too(engine):
    stored = engine.get("ana", engine.store_memory("ana", "likes tea"))
    assert isinstance(stored.id, int)
    assert len(stored.public_id) == 32


# Data Retention, GDPR Compliance (first ancestor); Import/Export, compression, dashboard (the second's roadmap)

def with_memory(opened, place: Path | None = None, **environ: str) -> App:
    return opened(*([place] if place else []), HALO_AGENT_DB=DATABASE, **environ)


def test_data_export_is_one_file_that_an_empty_house_takes_in_again(opened, tmp_path):
    app = with_memory(opened)
    app.memory.store("local-user", EVERY_KIND[0])
    app.memory.store("local-user", "likes tea")
    app.exporting.export(app.principal, "local-user", tmp_path / "mine.zip")
    after = with_memory(opened, tmp_path / "empty")
    list(after.exporting.take(after.principal, tmp_path / "mine.zip"))
    assert [memory.content for memory in after.memory.list("local-user")] == [
        memory.content for memory in app.memory.list("local-user")]


def test_the_right_to_erasure_leaves_a_receipt_and_nothing_of_the_person(opened, tmp_path):
    app = with_memory(opened)
    app.memory.store("local-user", "keeps a very particular garden")
    app.memory.store("ben", "likes coffee")
    receipt = app.erasing.person(app.principal, "local-user")
    assert sum(receipt.residues.values()) == 0
    assert [memory.text for memory in app.memory.list("ben")] == ["likes coffee"]
    assert not any(b"particular garden" in path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())


def test_user_consent_is_obtained_recorded_and_withdrawn(opened):
    app = with_memory(opened)
    assert not app.consent.is_given()
    app.consent.give()
    assert app.consent.is_given()
    app.consent.withdraw()
    assert not app.consent.is_given()
    assert len(app.consent.history()) == 2


def test_an_ephemeral_fact_is_deleted_after_its_days_and_old_chats_by_rule(opened):
    app = with_memory(opened)
    app.memory.store("local-user", Fact("is in Lund this week", ephemeral=True))
    session = ask(app)
    later = with_memory(opened)
    later.clock = lambda: datetime.now(UTC) + timedelta(days=31)
    for made in ("memory_store", "audit", "memory", "recall", "outbox", "retention"):
        later.__dict__.pop(made, None)
    later.retention.change({"chat_days": 30})
    assert later.retention.preview()["chats"] == 1
    later.retention.run()
    assert [chat.id for chat in later.chat.sessions() if chat.id == session] == []
    assert app.memory.list("local-user", Sought(expired=True)) == []


def test_memory_is_user_managed_without_rights_over_others(engine):
    number = engine.as_user("ana").store_memory("ana", "likes tea")
    assert engine.as_user("ana").update("ana", number, "likes milk").text == "likes milk"
    assert engine.as_user("ana").delete("ana", number) == 1
