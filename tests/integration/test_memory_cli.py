"""`halo memory`, `halo models` and `halo migrate` as a public contract: every kind goes in and comes out field for field."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from halo_app.cli import main
from halo_app.domain.memory import Memory
from halo_app.services.memory_forms import plain
from tests.integration.test_cli import halo, told
from tests.memory_examples import EVERY_KIND

KEYS = {"id", "user_id", "kind", "memory", "confidence", "created_at", "expires_at"}


def memory(place: Path, *words: object, code: int = 0) -> dict:
    return told("memory", *words, "--data-dir", place, code=code, HALO_AGENT_DB="sqlite:///{data_dir}/memory.db")


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory):
    """A data directory with one memory of each kind, added from one JSON file, and what `add` said of them."""
    place = tmp_path_factory.mktemp("memory")
    (place / "all.json").write_text(json.dumps([plain(Memory(content)) for content in EVERY_KIND]), encoding="utf-8")
    return place, memory(place, "add", "--json-file", place / "all.json")["memories"]


def test_every_kind_added_from_json_comes_back_field_for_field(every_kind):
    place, added = every_kind
    assert all(set(one) >= KEYS for one in added)
    for content, one in zip(EVERY_KIND, added, strict=True):
        [shown] = memory(place, "show", one["id"])["memories"]
        own = {name: value for name, value in plain(Memory(content)).items() if name in _fields_of(content)}
        assert {name: shown[name] for name in own} == own
        assert shown["kind"] == str(content.kind)
        assert [listed["id"] for listed in memory(place, "list", "--kind", content.kind)["memories"]] == [one["id"]]


def test_a_command_finishes_what_waits_so_everything_is_found_by_meaning(every_kind):
    place, _ = every_kind
    assert {one["indexed"] for one in memory(place, "list")["memories"]} == {"ready"}
    [found] = memory(place, "search", "which nuts are dangerous for her?", "--limit", "1")["memories"]
    assert found["kind"] == "fact"
    assert 0 <= found["score"] <= 1
    [spoken] = memory(place, "search", "heat pumps", "--kind", "transcription")["memories"]
    assert spoken["match"]["start_seconds"] == 4.25


def test_memories_are_added_listed_deleted_and_cleared(tmp_path):
    [tea] = memory(tmp_path, "add", "I like tea")["memories"]
    assert {"id", "user_id", "kind", "memory", "confidence", "created_at", "expires_at"} <= set(tea)
    memory(tmp_path, "add", "I live in Lund")
    memory(tmp_path, "add", "Ben is here", "--user", "ben")
    assert [entry["memory"] for entry in memory(tmp_path, "list")["memories"]] == ["I live in Lund", "I like tea"]
    assert memory(tmp_path, "delete", tea["id"])["deleted"] == 1
    assert memory(tmp_path, "clear", code=1)["error"]["fix"]
    assert memory(tmp_path, "clear", "--yes")["deleted"] == 1
    assert memory(tmp_path, "list")["memories"] == []
    assert [entry["memory"] for entry in memory(tmp_path, "list", "--user", "ben")["memories"]] == ["Ben is here"]


def test_a_memory_is_edited_pinned_tagged_and_changed_from_json(tmp_path):
    [tea] = memory(tmp_path, "add", "I like tea", "--tag", "taste", "--private-to", "InsightFace")["memories"]
    assert (tea["tags"], tea["private_to"]) == (["taste"], "InsightFace")
    [edited] = memory(tmp_path, "edit", tea["id"], "I like green tea", "--pin")["memories"]
    assert (edited["id"], edited["memory"], edited["pinned"]) == (tea["id"], "I like green tea", True)
    (tmp_path / "change.json").write_text('{"confidence": 0.5, "private_to": ""}', encoding="utf-8")
    [changed] = memory(tmp_path, "edit", tea["public_id"], "--json-file", tmp_path / "change.json")["memories"]
    assert (changed["confidence"], changed["private_to"], changed["memory"]) == (0.5, "", "I like green tea")
    [found] = memory(tmp_path, "search", "green tea")["memories"]
    assert found["id"] == tea["id"]


def test_text_makes_any_kind_and_an_ephemeral_fact_ends(tmp_path):
    [picture] = memory(tmp_path, "add", "a red lighthouse", "--kind", "image")["memories"]
    assert (picture["kind"], picture["prompt"]) == ("image", "a red lighthouse")
    [brief] = memory(tmp_path, "add", "in Lund this week", "--ephemeral")["memories"]
    assert brief["expires_at"] > brief["created_at"]


def test_all_users_are_cleared_by_one_command_that_is_written_down(tmp_path):
    memory(tmp_path, "add", "I like tea")
    memory(tmp_path, "add", "Ben is here", "--user", "ben")
    assert "--yes" in memory(tmp_path, "clear", "--all-users", code=1)["error"]["fix"]
    assert memory(tmp_path, "clear", "--all-users", "--yes")["deleted"] == 2
    assert memory(tmp_path, "list", "--user", "ben")["memories"] == []


@pytest.mark.parametrize(("words", "kind"), [
    (["add"], "BadInput"), (["add", "x", "--kind", "poem"], "BadInput"), (["add", " "], "BadInput"),
    (["add", "--json-file", "nowhere.json"], "BadInput"), (["list", "--since", "yesterday"], "BadInput"),
    (["show", "4"], "NotFound"), (["show", "x"], "BadInput"), (["edit", "4", "x"], "NotFound"), (["edit", "4"], "BadInput"),
    (["search", " "], "BadInput"), (["list", "--user", "a/b"], "BadInput"),
])
def test_a_wrong_memory_command_says_what_is_wrong(words, kind, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("HALO_AGENT_DB", "sqlite:///{data_dir}/memory.db")
    assert main(["memory", *words, "--data-dir", str(tmp_path), "--json"]) == 1
    error = json.loads(capfd.readouterr().out)["error"]
    assert (error["type"], bool(error["message"]), bool(error["fix"])) == (kind, True, True)


def test_memory_works_out_of_the_box_inside_the_data_directory(tmp_path):
    done = halo("memory", "add", "I like tea", "--data-dir", tmp_path / "data", "--json", HALO_AGENT_DB=None)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "memory.db").stat().st_mode & 0o777 == 0o600


def test_models_are_listed_registered_and_removed(tmp_path):
    def models(*words: object, code: int = 0) -> dict:
        return told("models", *words, "--data-dir", tmp_path, code=code, HALO_AGENT_DB="sqlite:///{data_dir}/memory.db")

    known = {model["name"]: model["specialities"] for model in models("list")["models"]}
    assert known["ControlNet/InstantID"] == ["image control", "identity preservation"]
    [made] = models("register", "my-whisper", "--speciality", "transcription", "--description", "Speech to text")["models"]
    assert (made["name"], made["description"]) == ("my-whisper", "Speech to text")
    assert "my-whisper" in {model["name"] for model in models("list")["models"]}
    models("remove", "my-whisper")
    assert {model["name"] for model in models("list")["models"]} == set(known)
    assert models("remove", "my-whisper", code=1)["error"]["type"] == "NotFound"
    assert "expected one or more of" in models("register", "x", "--speciality", "cooking", code=1)["error"]["message"]


def test_migrate_brings_the_seeds_two_tables_up_to_date(tmp_path):
    with sqlite3.connect(tmp_path / "memory.db") as old:
        old.executescript("""
            CREATE TABLE user_memories (id INTEGER PRIMARY KEY, user_id TEXT NOT NULL, memory TEXT NOT NULL,
                                        created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
            CREATE TABLE agent_runs (id INTEGER PRIMARY KEY, session_id TEXT NOT NULL, agent_name TEXT NOT NULL,
                                     run_data TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP);
            INSERT INTO user_memories(user_id, memory) VALUES ('local-user', 'likes the old tables');""")
    old.close()
    said = told("migrate", "--data-dir", tmp_path, HALO_AGENT_DB="sqlite:///{data_dir}/memory.db")
    assert said["ok"]
    assert said["steps"]
    assert told("migrate", "--data-dir", tmp_path, HALO_AGENT_DB="sqlite:///{data_dir}/memory.db")["steps"] == []
    [found] = memory(tmp_path, "search", "old tables")["memories"]
    assert found["memory"] == "likes the old tables"


def _fields_of(content: object) -> set[str]:
    return {"kind", *content.__dataclass_fields__}


def test_a_fact_and_the_one_that_replaced_it_are_both_listed_and_only_the_new_one_is_found(tmp_path):
    [lund] = memory(tmp_path, "add", "I live in Lund")["memories"]
    [kiel] = memory(tmp_path, "add", "I live in Kiel")["memories"]
    new, old = memory(tmp_path, "list")["memories"]
    assert (new["id"], old["id"], old["superseded_by"]) == (kiel["id"], lund["id"], kiel["public_id"])
    assert old["valid_to"] and old["valid_to"] == new["valid_from"]
    assert [one["memory"] for one in memory(tmp_path, "search", "where do I live")["memories"]] == ["I live in Kiel"]


@pytest.mark.parametrize("text", ["[]", "[1]", '"tea"', "[{}, {}]", "3"])
def test_a_change_that_is_no_single_object_is_refused_in_words(text, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("HALO_AGENT_DB", "sqlite:///{data_dir}/memory.db")
    (tmp_path / "change.json").write_text(text, encoding="utf-8")
    assert main(["memory", "edit", "1", "--json-file", str(tmp_path / "change.json"), "--data-dir", str(tmp_path), "--json"]) == 1
    assert json.loads(capfd.readouterr().out)["error"]["type"] == "BadInput"
