"""What every memory store keeps to: on SQLite, in a dict, and on PostgreSQL where its driver is installed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from halo_app.domain.memory import (
    AgentRun,
    Conversation,
    Covers,
    Fact,
    Indexed,
    Kind,
    Memory,
    Origin,
    Provenance,
    Sought,
    State,
    Summary,
)
from halo_app.domain.user import Principal, UserRole
from halo_app.errors import BadInput, NotFound, PermissionDenied
from tests.memory_examples import EVERY_KIND
from tests.store_helpers import ANA, BEN, NOW, ROOT, fact

EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)
LATER = NOW + timedelta(days=1)



def texts(memories):
    return [memory.text for memory in memories]


@pytest.mark.parametrize("content", EVERY_KIND, ids=lambda content: str(content.kind))
def test_each_kind_comes_back_field_for_field(store, content):
    draft = Memory(content, user_id="ana", model="A", tags=("two words", "“q”"), pinned=True, state=State.SUGGESTED,
                   provenance=Provenance(Origin.OBSERVED, "s", "t", "n", "halo"), merged=(Provenance(turn_id="u"),), occurred_at=NOW,
                   expires_at=LATER, valid_from=NOW, valid_to=LATER, superseded_by="b" * 32, disputes=("c" * 32,))
    [stored] = store.add(ANA, [draft])
    assert stored.id > 0
    assert len(stored.public_id) == 32
    assert stored == replace(draft, id=stored.id, public_id=stored.public_id, created_at=NOW)
    assert store.get(ANA, "ana", stored.id) == stored
    assert store.get(ANA, "ana", stored.public_id) == stored
    assert store.select(ANA, "ana", EVERYTHING) == [stored]


def test_what_is_known_is_not_stored_twice(store):
    [first] = store.add(ANA, [fact("likes tea")])
    again = store.add(ANA, [fact("likes tea"), fact("likes jam"), fact("likes jam")])
    assert again[0] == first
    assert again[1] == again[2]
    assert again[1].id > first.id
    assert store.count(ANA, "ana") == 2


def test_the_same_words_of_another_user_or_for_another_model_are_another_memory(store):
    store.add(ANA, [fact("likes tea"), fact("likes tea", model="A")])
    store.add(BEN, [fact("likes tea", user="ben")])
    assert (store.count(ANA, "ana"), store.count(BEN, "ben")) == (2, 1)


def test_what_no_longer_holds_can_be_stored_again(store, clock):
    [old] = store.add(ANA, [fact("lives in Lund")])
    store.change(ANA, "ana", old.id, lambda memory: replace(memory, valid_to=NOW, superseded_by="a" * 32))
    [new] = store.add(ANA, [fact("lives in Lund")])
    assert new.id != old.id
    [brief] = store.add(ANA, [fact("is in the bath", expires_at=LATER)])
    clock.move(days=2)
    assert store.add(ANA, [fact("is in the bath")])[0].id != brief.id


def test_a_kept_memory_answers_for_its_suggestion_and_not_the_other_way_round(store):
    [suggested] = store.add(ANA, [fact("likes tea", state=State.SUGGESTED)])
    assert store.add(ANA, [fact("likes tea", state=State.SUGGESTED)]) == [suggested]
    [kept] = store.add(ANA, [fact("likes tea")])
    assert kept.state is State.KEPT
    assert store.add(ANA, [fact("likes tea", state=State.SUGGESTED)]) == [kept]


def test_a_draft_that_brings_a_public_id_keeps_it_and_can_be_sent_again(store):
    name = "0123456789abcdef" * 2
    [stored] = store.add(ANA, [fact("likes tea", public_id=name)])
    assert stored.public_id == name
    assert store.add(ANA, [fact("likes tea with milk", public_id=name)]) == [stored]
    with pytest.raises(BadInput):
        store.add(BEN, [fact("likes tea", user="ben", public_id=name), fact("more", user="ben")])
    assert store.count(BEN, "ben") == 0


def test_ids_rise_and_are_never_given_twice(store):
    first, second = store.add(ANA, [fact("one"), fact("two")])
    assert first.id < second.id
    store.clear(ANA, "ana")
    [third] = store.add(ANA, [fact("three")])
    assert third.id > second.id


def test_what_comes_from_an_export_keeps_numbers_that_were_never_given(store):
    [first] = store.add(ANA, [fact("one")])
    old = NOW - timedelta(days=400)
    before, after, other = store.add(ANA, [
        fact("from before", id=77, created_at=old, updated_at=NOW), fact("as well", id=90, created_at=old),
        fact("given", id=first.id)])
    assert (before.id, before.created_at, before.updated_at, after.id) == (77, old, NOW, 90)
    assert store.get(ANA, "ana", 77) == before
    assert other.id not in (first.id, 77, 90)
    [new] = store.add(ANA, [fact("new")])
    assert new.id > 90
    assert store.add_run(ANA, AgentRun("s", "halo", {}, "ana", id=5)).id == 5
    assert store.add_run(ANA, AgentRun("s", "halo", {}, "ana")).id == 6


def test_many_drafts_of_several_owners_come_back_in_their_order(store):
    drafts = [fact(f"fact {number}", user=f"user {number % 3}") for number in range(1201)]
    granted = Principal("robot", UserRole.SERVICE, frozenset(f"user {number}" for number in range(3)))
    stored = store.add(granted, drafts)
    assert [(one.user_id, one.text) for one in stored] == [(one.user_id, one.text) for one in drafts]
    assert len({one.id for one in stored}) == len(drafts)
    assert store.count(granted, "user 1") == 400


def test_memories_are_listed_newest_first_and_in_parts(store):
    store.add(ANA, [fact(str(number)) for number in range(5)])
    assert texts(store.select(ANA, "ana")) == ["4", "3", "2", "1", "0"]
    assert texts(store.select(ANA, "ana", limit=2, offset=1)) == ["3", "2"]
    assert texts(store.select(ANA, "ana", offset=4)) == ["0"]
    assert store.select(ANA, "ana", limit=0) == []


@pytest.fixture
def shelf(store):
    """Memories that differ in everything that can be sought."""
    drafts = [
        fact("likes green tea", tags=("drink", "daily"), pinned=True, occurred_at=NOW - timedelta(days=10)),
        Memory(Fact("is allergic to nuts", "health"), user_id="ana", model="A", tags=("Drink",)),
        Memory(Summary("talked about Lund", Covers.SESSION, (), "s-1"), user_id="ana", model="B"),
        Memory(Conversation("Über den Tee", [], "s-2"), user_id="ana"),
        fact("may like jazz", state=State.SUGGESTED),
        fact("lived in Malmö", superseded_by="a" * 32, valid_from=NOW - timedelta(days=90), valid_to=NOW - timedelta(days=30)),
        fact("has a cold", expires_at=NOW - timedelta(days=1), occurred_at=NOW - timedelta(days=5)),
        fact("said in chat", provenance=Provenance(session_id="s-3")),
    ]
    store.add(ANA, drafts)
    store.add(BEN, [fact("likes green tea", user="ben", tags=("drink",))])
    return store


@pytest.mark.parametrize(("where", "found"), [
    (Sought(), ["said in chat", "Über den Tee", "talked about Lund", "is allergic to nuts", "likes green tea"]),
    (Sought(kinds=(Kind.SUMMARY, Kind.CONVERSATION)), ["Über den Tee", "talked about Lund"]),
    (Sought(model=""), ["said in chat", "Über den Tee", "likes green tea"]),
    (Sought(model="A"), ["said in chat", "Über den Tee", "is allergic to nuts", "likes green tea"]),
    (Sought(until=NOW), ["likes green tea"]),
    (Sought(since=NOW, kinds=(Kind.FACT,)), ["said in chat", "is allergic to nuts"]),
    (Sought(tags=("drink",)), ["likes green tea"]),
    (Sought(tags=("drink", "daily")), ["likes green tea"]),
    (Sought(tags=("drink", "weekly")), []),
    (Sought(session_id="s-1"), ["talked about Lund"]),
    (Sought(session_id="s-3"), ["said in chat"]),
    (Sought(category="health"), ["is allergic to nuts"]),
    (Sought(pinned=True), ["likes green tea"]),
    (Sought(pinned=False, kinds=(Kind.FACT,)), ["said in chat", "is allergic to nuts"]),
    (Sought(words="TEA green"), ["likes green tea"]),
    (Sought(words="über"), ["Über den Tee"]),
    (Sought(words="100%"), []),
    (Sought(ids=()), []),
    (Sought(states=(State.SUGGESTED,)), ["may like jazz"]),
    (Sought(states=()), []),
    (Sought(superseded=True, words="malmö"), ["lived in Malmö"]),
    (Sought(expired=True, words="cold"), ["has a cold"]),
    (Sought(as_of=NOW - timedelta(days=60)), ["lived in Malmö"]),
    (Sought(as_of=NOW - timedelta(days=4)), ["has a cold", "likes green tea"]),
    (Sought(as_of=NOW - timedelta(days=200)), []),
])
def test_what_is_sought_is_found(shelf, where, found):
    assert texts(shelf.select(ANA, "ana", where)) == found
    assert shelf.count(ANA, "ana", where) == len(found)
    assert texts(shelf.select(ANA, "ana", where, limit=1, offset=1)) == found[1:2]


def test_only_the_users_own_are_found_by_id(shelf):
    [tea, *_] = shelf.select(BEN, "ben")
    mine = shelf.select(ANA, "ana", Sought(tags=("drink",)))[0]
    assert shelf.select(ANA, "ana", Sought(ids=(tea.public_id, mine.public_id))) == [mine]


def test_a_change_is_kept_and_what_it_is_found_by_waits_to_be_read_again(store, clock):
    [memory] = store.add(ANA, [fact("likes tea")])
    store.claim("w", 10, lease_seconds=60)
    store.settle("w", [memory.public_id], {})
    clock.move(hours=1)
    pinned = store.change(ANA, "ana", memory.id, lambda one: replace(one, pinned=True, score=0.5))
    assert (pinned.indexed, pinned.updated_at, pinned.score) == (Indexed.READY, clock.now, None)
    reworded = store.change(ANA, "ana", memory.public_id, lambda one: replace(one, content=Fact("likes jam"), id=7, user_id="ben"))
    assert (reworded.indexed, reworded.id, reworded.user_id, reworded.text) == (Indexed.PENDING, memory.id, "ana", "likes jam")
    assert store.get(ANA, "ana", memory.id) == reworded


def test_a_change_that_fails_changes_nothing(store):
    [memory] = store.add(ANA, [fact("likes tea")])

    def fail(one):
        raise BadInput("no")

    with pytest.raises(BadInput):
        store.change(ANA, "ana", memory.id, fail)
    assert store.get(ANA, "ana", memory.id) == memory


def test_unknown_and_foreign_ids_are_not_told_apart(store):
    [bens] = store.add(BEN, [fact("a secret", user="ben")])
    store.clear(BEN, "ben")
    [bens] = store.add(BEN, [fact("another secret", user="ben")])
    for read in (lambda one: store.get(ANA, "ana", one), lambda one: store.change(ANA, "ana", one, lambda memory: memory)):
        said = []
        for one in (bens.id, bens.id + 1000, 0, -1, 2**40, 10**30, bens.public_id, "f" * 32, "' OR 1=1 --"):
            with pytest.raises(NotFound) as error:
                read(one)
            said.append(error.value.message.replace(str(one), "…"))
        assert len(set(said)) == 1
    assert store.remove(ANA, "ana", [bens.id, bens.public_id, 10**30, -1]) == []
    assert store.get(BEN, "ben", bens.id) == bens


def test_what_is_deleted_is_named_for_the_index(store):
    one, two, three = store.add(ANA, [fact("one"), fact("two"), fact("three")])
    [bens] = store.add(BEN, [fact("one", user="ben")])
    mark, _ = store.removed_since(0)
    assert store.remove(ANA, "ana", [one.id, two.public_id, bens.id, 10_000]) == [one.public_id, two.public_id]
    after, gone = store.removed_since(mark)
    assert sorted(gone) == sorted([one.public_id, two.public_id])
    assert store.clear(ANA, "ana") == [three.public_id]
    assert store.removed_since(after)[1] == [three.public_id]
    newest, nothing = store.removed_since(store.removed_since(after)[0])
    assert (newest > after, nothing) == (True, [])
    assert store.select(BEN, "ben") == [bens]


def test_everyones_memories_and_runs_can_be_cleared(store):
    store.add(ANA, [fact("one"), fact("two")])
    store.add(BEN, [fact("one", user="ben")])
    store.add_run(ANA, AgentRun("s", "halo", {}, "ana"))
    assert store.clear_everyone(ROOT) == 3
    assert (store.count(ANA, "ana"), store.count(BEN, "ben"), store.runs(ANA, "ana")) == (0, 0, [])
    assert len(store.removed_since(0)[1]) == 3


def test_runs_are_their_users_newest_first(store):
    first, second = (store.add_run(ANA, AgentRun(session, "halo", {"asked": "ä", "n": [1, 2]}, "ana")) for session in ("s", "t"))
    bens = store.add_run(BEN, AgentRun("s", "halo", {}, "ben"))
    assert store.runs(ANA, "ana") == [second, first]
    assert store.runs(ANA, "ana", session_id="s") == [first]
    assert store.runs(ANA, "ana", limit=1) == [second]
    assert (first.run_data, first.created_at) == ({"asked": "ä", "n": [1, 2]}, NOW)
    assert store.remove_runs(ANA, "ana", "s") == 1
    assert store.runs(ANA, "ana") == [second]
    assert store.runs(BEN, "ben") == [bens]
    store.clear(ANA, "ana")
    assert store.runs(ANA, "ana") == []


def test_a_refused_draft_among_others_stores_nothing(store):
    with pytest.raises(PermissionDenied):
        store.add(ANA, [fact("mine"), fact("not mine", user="ben")])
    assert (store.count(ANA, "ana"), store.count(BEN, "ben")) == (0, 0)
