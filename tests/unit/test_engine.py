"""The memory engine as a library: the README's usage runs, every kind comes back field for field, and each act has its twin."""

from __future__ import annotations

import asyncio
import inspect
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import halo_app
from halo_app import (
    BadInput,
    Config,
    Conversation,
    Fact,
    Kind,
    Memory,
    MemoryEngine,
    Message,
    NotFound,
    PermissionDenied,
    Role,
    Segment,
    Sought,
    State,
    Summary,
    Transcription,
    UserRole,
)
from tests.engine_helpers import open_engine
from tests.memory_examples import EVERY_KIND

ROOT = Path(__file__).resolve().parents[2]
KINDS = pytest.mark.parametrize("content", EVERY_KIND, ids=lambda content: str(content.kind))


@pytest.fixture
def engine(data_dir):
    with open_engine(data_dir) as opened:
        yield opened


@pytest.mark.parametrize(("document", "says"), [("README.md", r"Found 1 memories\n"), ("docs/memory.md", r"(0\.\d+ .*\n)+")])
def test_the_usage_block_runs_as_it_stands(document, says, tmp_path):
    [block] = re.findall(r"```python\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HALO_", "DATABASE_URL"))}
    environ = {**kept, "HALO_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, env=environ, cwd=tmp_path, check=False)
    assert re.fullmatch(says, done.stdout), done.stdout + done.stderr
    assert done.returncode == 0


def test_importing_halo_opens_no_database_library_and_no_index():
    code = ("import sys, halo_app\nfrom halo_app import Memory, Conversation, Message, Role, Config, UserModel\n"
            "print([name for name in ('lancedb', 'sqlalchemy', 'streamlit', 'onnxruntime', 'pyarrow') if name in sys.modules])")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)
    assert done.stdout.strip() == "[]"


def test_every_name_that_is_offered_is_there():
    assert all(getattr(halo_app, name) is not None for name in halo_app.__all__)
    assert isinstance(Config.default(), Config)
    with pytest.raises(AttributeError):
        halo_app.Nothing  # noqa: B018


# every kind, field for field

@KINDS
def test_every_kind_is_stored_listed_read_and_deleted_field_for_field(engine, content):
    number = engine.store_memory("ana", Memory(content, model="RealVisXL_V5.0", tags=("a", "b"), pinned=True))
    assert isinstance(number, int)
    engine.finish()                                     # or the next two lines could find it before and after it is embedded
    [listed] = engine.list("ana", where=Sought(kinds=(content.kind,)))
    by_number, by_public_id = (replace(engine.get("ana", given), indexed=listed.indexed) for given in (number, listed.public_id))
    assert listed == by_number == by_public_id                 # but for how far it is found: that moves on behind
    assert listed.content == content
    assert (listed.user_id, listed.model, listed.tags, listed.pinned) == ("ana", "RealVisXL_V5.0", ("a", "b"), True)
    assert listed.created_at is not None
    assert engine.delete("ana", number) == 1
    with pytest.raises(NotFound):
        engine.get("ana", number)


@pytest.mark.parametrize(("kind", "query", "matched"), [
    (Kind.CONVERSATION, "sleeper train Lund", "sleeper train"), (Kind.FACT, "peanuts", "peanuts"),
    (Kind.IMAGE, "lighthouse fog", "lighthouse"), (Kind.TRANSCRIPTION, "heat pumps", "heat pumps"),
    (Kind.SUMMARY, "plans a trip", "trip"),
])
def test_every_kind_is_found_by_its_own_words(engine, kind, query, matched):
    engine.store_memories("ana", list(EVERY_KIND))
    engine.finish()
    [found] = engine.search("ana", query, 1, where=Sought(kinds=(kind,)))
    assert found.content in EVERY_KIND
    assert found.score is not None
    assert matched in found.match.text
    if kind is Kind.TRANSCRIPTION:
        assert found.match.start_seconds == 4.25
    if kind is Kind.CONVERSATION:
        assert (found.match.position, found.match.speaker) == (2, "user")


@pytest.mark.parametrize(("content", "changes"), [
    (EVERY_KIND[0], {"title": "Another title"}), (EVERY_KIND[1], {"confidence": 0.5, "content": "not so sure"}),
    (EVERY_KIND[2], {"seed": 7, "parameters": {"steps": 1}}), (EVERY_KIND[3], {"language": "sv"}),
    (EVERY_KIND[4], {"covered_ids": ["x"]}),
], ids=[str(content.kind) for content in EVERY_KIND])
def test_every_kind_is_edited_field_by_field(engine, content, changes):
    number = engine.store_memory("ana", content)
    changed = engine.update("ana", number, changes)
    wanted = {name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()}
    assert changed.content == replace(content, **wanted)
    assert engine.get("ana", number) == changed
    assert changed.updated_at is not None


def test_a_memory_is_given_as_text_json_content_or_record(engine):
    for given in ("likes tea", {"kind": "fact", "content": "likes coffee"}, Fact("likes milk"), Memory(Fact("likes water"))):
        engine.store_memory("ana", given)
    assert [memory.text for memory in engine.list("ana")] == ["likes water", "likes milk", "likes coffee", "likes tea"]


def test_the_same_words_twice_are_one_memory(engine):
    assert engine.store_memory("ana", "likes tea") == engine.store_memory("ana", "likes tea")
    assert engine.count("ana") == 1


def test_an_unknown_field_or_a_bad_value_stores_nothing(engine):
    with pytest.raises(BadInput, match=r"confidence=2: expected a number from 0 to 1"):
        engine.store_memories("ana", ["likes tea", {"kind": "fact", "content": "x", "confidence": 2}])
    with pytest.raises(BadInput, match="user_id='ben'"):
        engine.store_memory("ana", {"kind": "fact", "content": "x", "user_id": "ben"})
    assert engine.count("ana") == 0


def test_the_language_of_a_transcription_is_told_when_it_is_missing_and_left_when_it_is_given(engine):
    told = engine.get("ana", engine.store_memory("ana", Transcription("Guten Morgen, heute sprechen wir über Wärmepumpen im Altbau.")))
    assert told.content.language == "de"
    assert 0.5 < told.content.language_confidence <= 1
    given = engine.get("ana", engine.store_memory("ana", Transcription("Guten Tag.", "sv")))
    assert (given.content.language, given.content.language_confidence) == ("sv", None)
    nothing = engine.get("ana", engine.store_memory("ana", Transcription("12:00 — 13:00")))
    assert (nothing.content.language, nothing.content.language_confidence) == ("", 0.0)


def test_an_ephemeral_fact_ends_after_its_days_and_a_lasting_one_never(engine):
    brief = engine.get("ana", engine.store_memory("ana", Fact("is in Lund this week", ephemeral=True)))
    lasting = engine.get("ana", engine.store_memory("ana", Fact("lives in Lund")))
    assert timedelta(days=30) <= brief.expires_at - brief.created_at + timedelta(minutes=1) < timedelta(days=30, minutes=2)
    assert lasting.expires_at is None
    assert engine.update("ana", brief.id, {"ephemeral": False}).expires_at is None


def test_clearing_one_user_leaves_the_others(engine):
    engine.store_memories("ana", ["likes tea", "likes milk"])
    engine.store_memory("ben", "likes coffee")
    assert engine.clear("ana") == 2
    assert (engine.count("ana"), engine.count("ben")) == (0, 1)
    assert engine.clear_everyone() == 1


def test_suggested_memories_count_when_they_are_accepted(engine):
    first, second = engine.store_memories("ana", [Memory(Fact("likes tea"), state=State.SUGGESTED),
                                                  Memory(Fact("likes milk"), state=State.SUGGESTED)])
    assert engine.list("ana") == []
    assert len(engine.suggested("ana")) == 2
    engine.accept("ana", first)
    engine.reject("ana", second)
    assert [memory.id for memory in engine.list("ana")] == [first]
    with pytest.raises(BadInput, match="kept"):
        engine.reject("ana", first)


def test_what_is_private_to_one_model_is_not_seen_by_another(engine):
    engine.store_memory("ana", Memory(Fact("the lighthouse is red"), model="RealVisXL_V5.0"))
    engine.store_memory("ana", "the lighthouse stands in Kullen")
    seen = {model: {memory.text for memory in engine.search("ana", "lighthouse", where=Sought(model=model))}
            for model in ("RealVisXL_V5.0", "InsightFace", "")}
    assert seen["RealVisXL_V5.0"] == {"the lighthouse is red", "the lighthouse stands in Kullen"}
    assert seen["InsightFace"] == seen[""] == {"the lighthouse stands in Kullen"}
    assert "red" not in engine.context("ana", "lighthouse", model="InsightFace").text
    assert "red" in engine.context("ana", "lighthouse", model="RealVisXL_V5.0").text


# users and roles

def test_a_user_is_created_once_and_acts_as_themself(engine):
    ana = engine.create_user("Ana", "ana@example.org", UserRole.USER)
    engine.as_user(ana.id).store_memory(ana.id, "likes tea")
    assert engine.get_user(ana.id) == ana
    assert ana in engine.users()
    with pytest.raises(BadInput, match=r"email|username"):
        engine.create_user("ana", "ANA@example.org", "user")
    with pytest.raises(PermissionDenied):
        engine.as_user(ana.id).search("local-user", "anything")
    with pytest.raises(PermissionDenied):
        engine.as_user(ana.id).create_user("Ben", "ben@example.org")


def test_a_viewer_writes_nothing_and_a_service_acts_for_whom_it_was_granted(engine):
    engine.create_user("Vera", "vera@example.org", UserRole.VIEWER, user_id="vera")
    engine.create_user("Bot", "bot@example.org", UserRole.SERVICE, user_id="bot", grants=["ana"])
    viewer, service = engine.as_user("vera"), engine.as_user("bot")
    for act in (lambda: viewer.store_memory("vera", "x"), lambda: viewer.clear("vera"), lambda: service.store_memory("bot", "x"),
                lambda: service.list("ben")):
        with pytest.raises(PermissionDenied):
            act()
    assert service.search("ana", "tea") == viewer.list("vera") == []
    service.store_memory("ana", "likes tea")
    assert engine.count("ana") == 1


def test_an_admin_reads_anothers_memory_only_with_a_reason_and_the_log_keeps_it(engine):
    engine.store_memory("ana", "likes tea")
    engine.create_user("Root", "root@example.org", UserRole.ADMIN, user_id="root")
    with pytest.raises(PermissionDenied, match="why"):
        engine.as_user("root").list("ana")
    assert len(engine.as_user("root", reason="a ticket of Ana's").list("ana")) == 1
    log = engine.audit()
    assert {entry.outcome for entry in log} >= {"done", "refused"}
    assert "a ticket of Ana's" in {entry.reason for entry in log}
    assert engine.verify_audit().ok


def test_the_known_models_come_registered_and_others_are_added(engine):
    names = {model.name for model in engine.models()}
    assert {"Qwen2.5-14B-Instruct", "Qwen2.5-VL-7B-Instruct", "RealVisXL_V5.0", "ControlNet/InstantID", "InsightFace"} <= names
    engine.register_model("my-whisper", ["transcription"], "Speech to text")
    assert "my-whisper" in {model.name for model in engine.models()}
    engine.remove_model("my-whisper")
    assert {model.name for model in engine.models()} == names
    with pytest.raises(BadInput, match="specialities"):
        engine.register_model("x", ["cooking"])


# twins, processes, health

def test_every_method_has_a_twin_to_be_awaited():
    methods = {name for name, _ in inspect.getmembers(MemoryEngine, inspect.isfunction) if not name.startswith("_")}
    twins = {name for name in methods if inspect.iscoroutinefunction(getattr(MemoryEngine, name))}
    assert twins == {f"a{name}" for name in methods - twins}


def test_the_twins_do_the_same_work_many_at_once(data_dir):
    async def act():
        async with open_engine(data_dir) as engine:
            numbers = await asyncio.gather(*(engine.astore_memory("ana", f"fact number {n}") for n in range(40)))
            assert len(set(numbers)) == await engine.acount("ana") == 40
            [found] = await engine.asearch("ana", "number 17", 1)
            assert (await engine.aget("ana", found.id)).text == "fact number 17"
            return await engine.adelete("ana", *numbers)

    assert asyncio.run(act()) == 40


def test_what_was_stored_is_there_for_the_next_process(data_dir):
    with open_engine(data_dir) as engine:
        number = engine.store_memory("ana", Conversation("Plans", [Message(Role.USER, "To Lund by train")]))
    with open_engine(data_dir) as again:
        assert again.get("ana", number).content == Conversation("Plans", [Message(Role.USER, "To Lund by train")])
        assert [memory.id for memory in again.search("ana", "train to Lund")] == [number]


def test_a_disabled_memory_says_so(data_dir):
    engine = open_engine(data_dir, HALO_AGENT_DB="")
    with pytest.raises(BadInput, match="HALO_AGENT_DB is not set"):
        engine.initialize()
    engine.close()


def test_health_tells_the_time_of_each_part(engine):
    engine.store_memory("ana", "likes tea")
    checks = {check.name: check for check in engine.health()}
    assert set(checks) == {"memory", "memories", "memory index", "memory search", "memory model", "memory waiting", "audit log"}
    assert all(check.ok and " ms)" in check.detail for check in checks.values()), checks


def test_the_context_stays_under_its_cap_and_tells_what_was_dropped(engine):
    engine.store_memories("ana", [Fact(f"fact number {n} about tea and its many kinds") for n in range(60)])
    engine.store_memory("ana", Memory(Fact("is allergic to peanuts"), pinned=True))
    context = engine.context("ana", "tea", max_tokens=100)
    assert context.tokens <= 100
    assert "peanuts" in context.text
    assert context.trace["dropped"]


def test_agent_runs_are_kept_per_user(engine):
    engine.add_run("ana", "s-1", "halo", {"question": "?", "answer": "!"})
    engine.add_run("ben", "s-2", "halo", {})
    [run] = engine.runs("ana")
    assert (run.session_id, run.agent_name, dict(run.run_data)) == ("s-1", "halo", {"question": "?", "answer": "!"})


def test_a_segment_and_a_summary_are_read_from_json(engine):
    number = engine.store_memory("ana", {"kind": "transcription", "text": "Hello there, everybody.", "segments": [
        {"start_seconds": 0, "end_seconds": 1.5, "text": "Hello there, everybody."}]})
    assert engine.get("ana", number).content.segments == (Segment(0, 1.5, "Hello there, everybody."),)
    number = engine.store_memory("ana", {"kind": "summary", "text": "A greeting.", "covers": "context"})
    assert isinstance(engine.get("ana", number).content, Summary)


def test_a_new_fact_replaces_the_one_it_contradicts_and_both_stay_visible(engine):
    old = engine.remember("ana", "I live in Lund")
    new = engine.remember("ana", "I live in Oslo")
    assert [memory.id for memory in engine.list("ana")] == [new.id]
    before = engine.get("ana", old.id)
    assert (before.superseded_by, before.valid_to is not None) == (new.public_id, True)
    assert {memory.id for memory in engine.list("ana", where=Sought(superseded=True))} == {old.id, new.id}
    assert [memory.id for memory in engine.list("ana", where=Sought(as_of=before.created_at))] == [old.id]
