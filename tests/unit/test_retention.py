"""Retention deletes what its rules say and nothing else, for good, and says beforehand what that would be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from halo_app.bootstrap import App
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.memory import AgentRun, Fact, Kind, Memory, Sought, Summary
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.errors import BadInput, BadSetting, StoreUnavailable
from halo_app.services.retention import Aging, Daily, RetentionService, of_records
from halo_app.services.uploads import Upload
from halo_app.settings import Retention, read_settings
from tests.audit_helpers import Days

EVERYTHING = ("chats", "notes", "sources", "outputs", "conversations", "facts", "images", "transcriptions", "summaries", "expired",
              "runs", "audit")


def open_app(data_dir: Path, clock: Days, database: str = "sqlite:///{data_dir}/memory.db") -> App:
    app = App(read_settings(environ={"HALO_DATA_DIR": str(data_dir), "HALO_AGENT_DB": database}, home=data_dir), clock=clock)
    app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter())
    return app


@pytest.fixture
def clock() -> Days:
    return Days()


@pytest.fixture
def app(data_dir: Path, clock: Days) -> Iterator[App]:
    opened = open_app(data_dir, clock)
    yield opened
    opened.close()


def removed(**counts: int) -> dict[str, int]:
    return {**dict.fromkeys(EVERYTHING, 0), **counts}


def chat_of(app: App, notebook_id: str, at: datetime) -> str:
    chat = app.chat.new(notebook_id)
    app.records("chats").put(Conversation(chat.id, "Old", notebook_id, app.user_id, at, at, (Message(Role.USER, "When?", at),)))
    return chat.id


def test_without_rules_nothing_goes(app: App, clock: Days) -> None:
    app.notes.create(app.notebooks.default().id, "Keep", "me")
    app.memory.store("anna", "likes tea")
    clock.pass_by(days=4000)
    assert app.retention.preview() == removed()
    assert app.retention.run() == removed()
    assert app.memory.count("anna") == 1


def test_each_store_goes_by_its_own_rule_and_the_preview_says_the_same(app: App, clock: Days) -> None:
    shelf = app.notebooks.default().id
    list(app.ingest.add([Upload.from_text("Old", "The old source speaks of cats.")], shelf))
    app.notes.create(shelf, "Old", "note")
    old_chat = chat_of(app, shelf, clock())
    app.memory.add_run(AgentRun(old_chat, "halo", {"question": "When?"}, app.user_id))
    for content in (Fact("likes tea"), Summary("spoke of tea")):
        app.memory.store("anna", Memory(content))
    clock.pass_by(days=20)
    list(app.ingest.add([Upload.from_text("New", "The new source speaks of dogs.")], shelf))
    app.notes.create(shelf, "New", "note")
    new_chat = chat_of(app, shelf, clock())
    app.memory.store("anna", Memory(Fact("likes coffee")))
    rules = {"chat_days": 10, "note_days": 10, "source_days": 10, "fact_days": 10, "summary_days": 30}
    app.retention.change(rules)
    expected = removed(chats=1, notes=1, sources=1, facts=1)
    assert app.retention.preview() == expected
    assert app.retention.run() == expected
    assert app.retention.preview() == removed()
    assert [note.title for note in app.notes.of(shelf)] == ["New"]
    assert [source.name for source in app.sources.of(shelf)] == ["New.txt"]
    assert [chat.id for chat in app.chat.sessions()] == [new_chat]
    assert app.memory.runs(app.user_id) == []            # the chat's run went with it
    assert sorted(memory.text for memory in app.memory.list("anna")) == ["likes coffee", "spoke of tea"]


def test_a_pinned_memory_is_never_removed_by_rule(app: App, clock: Days) -> None:
    app.memory.store("anna", Memory(Fact("allergic to nuts"), pinned=True))
    app.memory.store("anna", Memory(Fact("parks on level two", ephemeral=True), pinned=True))
    app.memory.store("anna", Memory(Fact("likes tea")))
    app.retention.change({"fact_days": 1})
    clock.pass_by(days=365)
    assert app.retention.run() == removed(facts=1)
    assert app.memory.count("anna") == 2


def test_an_ephemeral_fact_is_deleted_when_its_time_is_over_and_leaves_no_bytes(app: App, data_dir: Path, clock: Days) -> None:
    lasting = app.memory.store("anna", Memory(Fact("likes tea")))
    fleeting = app.memory.store("anna", Memory(Fact("waits for the xylophone", ephemeral=True)))
    assert fleeting.expires_at - fleeting.created_at < timedelta(days=30, seconds=5)
    clock.pass_by(days=29)
    assert app.retention.run() == removed()
    clock.pass_by(days=2)
    assert app.retention.preview() == removed(expired=1)
    assert app.retention.run() == removed(expired=1)
    assert [memory.id for memory in app.memory.list("anna", Sought(expired=True))] == [lasting.id]
    app.outbox.drain()
    app.close()
    assert not [path for path in data_dir.glob("memory.db*") if b"xylophone" in path.read_bytes()]


def test_runs_go_by_their_own_rule_when_nothing_ran_in_the_chat_since(app: App, clock: Days) -> None:
    app.memory.add_run(AgentRun("one", "halo", {}, "anna"))
    clock.pass_by(days=20)
    app.memory.add_run(AgentRun("two", "halo", {}, "bela"))
    app.retention.change({"run_days": 10})
    assert app.retention.run() == removed(runs=1)
    assert len(app.memory.runs("bela")) == 1


def test_old_entries_of_the_audit_log_go_and_the_log_is_sound(app: App, clock: Days) -> None:
    app.notes.create(app.notebooks.default().id, "Old", "note")
    clock.pass_by(days=20)
    app.retention.change({"audit_days": 10})
    assert app.retention.run() == removed(audit=1)
    assert app.audit.inspect().ok


def test_what_went_is_written_down_by_store_and_number(app: App, clock: Days) -> None:
    for word in ("tea", "milk"):
        app.memory.store("anna", f"likes {word}")
    app.retention.change({"fact_days": 1})
    clock.pass_by(days=2)
    app.retention.run()
    said = [(entry.action, entry.what, entry.count) for entry in app.audit.entries(app.principal)]
    assert ("retention.remove", "facts", 2) in said
    assert ("settings.change", "retention", 1) in said


def test_while_memory_is_disabled_the_rest_still_goes_by_rule(data_dir: Path, clock: Days) -> None:
    app = open_app(data_dir, clock, "")
    app.notes.create(app.notebooks.default().id, "Old", "note")
    app.retention.change({"note_days": 1, "fact_days": 1})
    clock.pass_by(days=2)
    assert app.retention.run() == {"chats": 0, "notes": 1, "sources": 0, "outputs": 0, "audit": 0}
    assert app.audit.inspect().ok
    app.close()


def test_rules_hold_after_a_restart_and_stand_beside_other_settings(data_dir: Path, clock: Days) -> None:
    data_dir.mkdir()
    (data_dir / "config.json").write_text('{"app": {"user_id": "anna"}, "retention": {"chat_days": 5}}', encoding="utf-8")
    app = open_app(data_dir, clock)
    app.retention.change({"note_days": 7})
    assert app.retention.rules().note_days == 7
    app.close()
    settings = read_settings(environ={"HALO_DATA_DIR": str(data_dir)}, home=data_dir)
    assert settings.retention == Retention(chat_days=5, note_days=7)
    assert settings.app.user_id == "anna"


@pytest.mark.parametrize(("rules", "said"), [
    ({"chat_days": -1}, "retention: chat_days=-1: expected a whole number from 0 to 36500"),
    ({"chat_days": 36_501}, "retention: chat_days=36501: expected a whole number from 0 to 36500"),
    ({"chat_days": "soon"}, "retention: chat_days='soon': expected a whole number from 0 to 36500"),
    ({"dog_days": 3}, "retention: dog_days=3: expected one of the rules chat_days, note_days, "),
])
def test_a_rule_that_cannot_hold_is_refused_by_name_value_and_expectation(app: App, data_dir: Path, rules, said) -> None:  # type: ignore[no-untyped-def]
    for act in (app.retention.change, app.retention.preview):
        with pytest.raises(BadInput) as refused:
            act(rules)
        assert refused.value.message.startswith(said)
        assert refused.value.fix
    assert not (data_dir / "config.json").exists()


def test_a_broken_config_file_is_told_and_never_overwritten(app: App, data_dir: Path) -> None:
    app.notebooks.default()
    (data_dir / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadSetting):
        app.retention.change({"chat_days": 3})
    assert (data_dir / "config.json").read_text(encoding="utf-8") == "{"


class Nothing:
    def section(self, name: str) -> dict[str, object]:
        return {}

    def change(self, name: str, values: object) -> None:
        raise AssertionError


def test_a_store_that_fails_does_not_stop_the_others(clock: Days) -> None:
    left = [clock(), clock()]

    def full(before: datetime) -> int:
        raise StoreUnavailable("the disk is full")

    stores = [Aging("chats", "chat_days", lambda before: 1, full),
              of_records("notes", "note_days", lambda: list(left), lambda at: at, left.remove)]
    clock.pass_by(days=2)
    noted: list[object] = []
    service = RetentionService(Retention(chat_days=1, note_days=1), Nothing(), lambda: stores, clock, "anna", noted.append)
    with pytest.raises(StoreUnavailable, match="full"):
        service.run()
    assert left == []
    assert json.dumps([(act.what, act.count, act.outcome) for act in noted]) == '[["chats", 0, "failed"], ["notes", 2, "done"]]'


def test_it_is_done_at_the_start_and_then_again_and_again() -> None:
    done, often = [], Event()

    def act() -> None:
        done.append(True)
        if len(done) == 3:
            often.set()

    daily = Daily("test-daily", act, every_seconds=0.01)
    daily.start()
    assert often.wait(20)
    daily.close()


def test_every_kind_of_memory_has_a_rule() -> None:
    assert {f"{kind}_days" for kind in Kind} < set(Retention.model_fields)
