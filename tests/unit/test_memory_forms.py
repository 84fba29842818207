"""Memories and users at the edge: every kind comes back field for field, and every bad value is refused by its field's name."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from halo_app.domain.memory import Fact, Image, Memory, Origin, Provenance
from halo_app.domain.user import UserRole
from halo_app.errors import BadInput
from halo_app.services.memory_checks import read_user
from halo_app.services.memory_forms import plain, read_change, read_memory, read_memory_id, read_user_id
from tests.memory_examples import BAD_MEMORIES, BAD_MEMORY_IDS, BAD_USER_IDS, BAD_USERS, EVERY_KIND, NOON


@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda content: str(content.kind))
def test_every_kind_comes_back_from_its_json_field_for_field(content):
    memory = Memory(content, 7, "0" * 32, "ana", "Qwen2.5-14B-Instruct", ("a", "b"), True, created_at=NOON, occurred_at=NOON,
                    provenance=Provenance(Origin.OBSERVED, "s", "t", "n", "halo"), merged=(Provenance(),), disputes=("1" * 32,))
    assert read_memory(json.loads(json.dumps(plain(memory)))) == memory
    assert read_memory(memory) == memory
    assert read_memory(content).content == content


def test_the_keys_of_the_command_line_come_first():
    keys = list(plain(Memory(Fact("likes tea"))))
    assert keys[:7] == ["id", "user_id", "kind", "memory", "confidence", "created_at", "expires_at"]
    assert "score" not in keys
    assert plain(replace(Memory(Fact("likes tea")), score=0.5))["score"] == 0.5


def test_text_alone_is_a_fact_that_is_sure():
    assert read_memory("likes tea") == Memory(Fact("likes tea", confidence=1.0))


def test_an_image_has_a_model_of_its_own_beside_the_one_the_memory_is_private_to():
    memory = read_memory({"kind": "image", "prompt": "a cat", "model": "RealVisXL_V5.0", "private_to": "InsightFace"})
    assert isinstance(memory.content, Image)
    assert (memory.content.model, memory.model) == ("RealVisXL_V5.0", "InsightFace")


def test_titles_and_tags_are_brought_to_one_normal_form_and_words_are_left_as_they_are():
    memory = read_memory({"kind": "conversation", "title": "Cafe\u0301", "tags": ["e\u0301te\u0301"],
                          "messages": [{"role": "user", "content": "Cafe\u0301"}]})
    assert memory.content.title == "Caf\u00e9"
    assert memory.tags == ("\u00e9t\u00e9",)
    assert memory.content.messages[0].content == "Cafe\u0301"


def test_at_least_sixty_bad_memories_are_tried():
    assert len(BAD_MEMORIES) >= 60


@pytest.mark.parametrize(("given", "field"), BAD_MEMORIES, ids=range(len(BAD_MEMORIES)))
def test_a_bad_memory_is_refused_by_field_value_and_expectation(given, field):
    with pytest.raises(BadInput) as refusal:
        read_memory(given)
    assert refusal.value.message.startswith((f"{field}=", f"{field} is missing"))
    assert "expected" in refusal.value.message
    assert refusal.value.fix
    assert len(refusal.value.message) < 300
    refusal.value.message.encode()


@pytest.mark.parametrize(("given", "field"), BAD_USERS, ids=range(len(BAD_USERS)))
def test_a_bad_user_is_refused_by_field_value_and_expectation(given, field):
    with pytest.raises(BadInput, match=f"^{field}=.*expected"):
        read_user(*given)


@pytest.mark.parametrize("given", BAD_USER_IDS, ids=range(len(BAD_USER_IDS)))
def test_a_bad_user_id_is_refused(given):
    with pytest.raises(BadInput, match=r"^user_id=.*expected"):
        read_user_id(given)


@pytest.mark.parametrize("given", BAD_MEMORY_IDS, ids=range(len(BAD_MEMORY_IDS)))
def test_a_bad_memory_id_is_refused(given):
    with pytest.raises(BadInput, match=r"^id=.*expected"):
        read_memory_id(given)


def test_good_users_and_ids_are_taken():
    assert read_user("Åsa-Lena O'Neil", "asa@exämple.org", "viewer") == ("Åsa-Lena O'Neil", "asa@exämple.org", UserRole.VIEWER)
    assert [read_user_id(name) for name in ("local-user", "custom-user-123", "Anna Karlsson", "auth0|7@x")]
    assert (read_memory_id("17"), read_memory_id(17), read_memory_id("a" * 32)) == (17, 17, "a" * 32)


def test_a_change_touches_what_it_names_and_refuses_what_is_not_anybodys_to_change():
    memory = Memory(Fact("likes tea", "taste"), 7, "0" * 32, "ana", tags=("a",), created_at=NOON)
    changed = read_change(memory, {"content": "likes coffee", "tags": ["b"]})
    assert changed == replace(memory, content=Fact("likes coffee", "taste"), tags=("b",))
    assert read_change(memory, "likes milk").content == Fact("likes milk", "taste")
    assert read_change(memory, Fact("likes milk")).content == Fact("likes milk")
    for name, value in (("id", 8), ("user_id", "ben"), ("kind", "summary"), ("created_at", None), ("colour", 1)):
        with pytest.raises(BadInput, match=f"^{name}="):
            read_change(memory, {name: value})


def test_what_was_shown_can_be_changed_and_given_back_whole():
    memory = Memory(Fact("likes tea"), 7, "0" * 32, "ana", created_at=NOON)
    assert read_change(memory, plain(memory) | {"content": "likes milk"}).text == "likes milk"


@pytest.mark.parametrize(("fields", "said"), [
    ({"provenance": 5}, "provenance=5: expected an object of named fields"),
    ({5: 5}, "5=5: expected a field whose name is text"),
    ({"score": "good"}, "score='good': expected a number"),
])
def test_what_a_form_itself_refuses_is_told_in_our_words(fields, said):
    with pytest.raises(BadInput) as refused:
        read_memory({"kind": "fact", "content": "likes tea", **fields})
    assert refused.value.message == said
