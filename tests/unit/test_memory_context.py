"""What a model is told of its user: within the cap, within its scope, and with an account of what was left out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from halo_app.domain.memory import (
    AgentRun,
    Conversation,
    Covers,
    Fact,
    Kind,
    Match,
    Memory,
    Message,
    Provenance,
    Role,
    Sought,
    Summary,
)
from halo_app.domain.user import Principal, UserRole
from halo_app.errors import BadInput, PermissionDenied
from halo_app.services.memory_context import MemoryContextService
from halo_app.services.rolling import ROLLED_BY, RollingService, RollingWhenDue
from tests.memory_fakes import DictMemoryStore

ANA, BOB, VIEWER = Principal("ana"), Principal("bob"), Principal("ana", UserRole.VIEWER)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class InOrder:
    """Finds whatever fits the filter, newest first."""

    def __init__(self, store):
        self.store = store

    def search(self, who, user_id, query, *, limit, where):
        found = self.store.select(who, user_id, where, limit=limit)
        return [Memory(one.content, one.id, one.public_id, match=Match(f"{query}: {one.text}", 0, "ana")) for one in found]


@pytest.fixture
def store():
    return DictMemoryStore(lambda: NOW)


@pytest.fixture
def context(store):
    return MemoryContextService(store, InOrder(store), lambda text: len(text.split()), 200)


@pytest.fixture
def rolling(store):
    return RollingService(store, lambda text: [word.strip(".,").lower() for word in text.split()], lambda text: len(text.split()))


def keep(store, content, **fields) -> Memory:
    return store.add(ANA, [Memory(content, user_id="ana", **fields)])[0]


def talk(session: str, count: int = 12) -> Conversation:
    words = "In {} I measured {} litres of water at pier {}."
    said = [Message(Role.USER, words.format(session, at, at), id=f"{session}-{at}") for at in range(count)]
    return Conversation(f"About {session}", said, session)


def test_pinned_facts_summaries_turns_and_passages_stand_under_their_headings(store, context):
    keep(store, Fact("Is a lawyer"), pinned=True)
    keep(store, Fact("Lives in Leiden"))
    keep(store, Summary("Spoke of the lease."))
    store.add_run(ANA, AgentRun("s1", "HALO", {"question": "And the deposit?", "answer": "Three months."}, "ana"))
    built = context.build(ANA, "ana", "rent", passages=["The rent is 900 euros."])
    assert built.text == (
        "Pinned by the user:\n- Is a lawyer\n\nKnown about the user:\n- Lives in Leiden\n\n"
        "Earlier conversations:\n- Spoke of the lease.\n\nRecent turns:\n- user: And the deposit?\n- HALO: Three months.\n\n"
        "Passages:\n- The rent is 900 euros.")
    assert built.trace["dropped"] == []


def test_what_has_no_room_is_named_with_the_reason(store, context):
    for number in range(60):
        keep(store, Fact(f"Owns boat number {number}"))
    built = context.build(ANA, "ana", "boats")
    assert built.tokens <= 200
    assert len(built.memories) + len(built.trace["dropped"]) == 40
    assert {one["reason"] for one in built.trace["dropped"]} == {"the section's share was used up"}


def test_what_is_private_to_one_model_never_reaches_another(store, context):
    keep(store, Fact("Secret of A"), model="A")
    keep(store, Fact("Secret of A, pinned"), model="A", pinned=True)
    keep(store, Conversation("Talk with A", [Message(Role.USER, "Only for A")]), model="A")
    assert "Secret of A" in context.build(ANA, "ana", "secret", model="A").text
    for other in ("", "B"):
        assert context.build(ANA, "ana", "secret", model=other).text == ""
        assert context.build(ANA, "ana", model=other).text == ""


def test_another_users_context_is_refused(context):
    with pytest.raises(PermissionDenied):
        context.build(BOB, "ana", "anything")


def test_a_cap_without_room_is_refused_in_words(context):
    with pytest.raises(BadInput, match="leaves no room"):
        context.build(ANA, "ana", max_tokens=0)


def test_only_the_last_runs_are_recent_and_the_newest_wins(store, context):
    for number in range(9):
        store.add_run(ANA, AgentRun("s1", "HALO", {"question": f"Question {number}?"}, "ana"))
    assert context.build(ANA, "ana").text == "Recent turns:\n- user: Question 6?\n- user: Question 7?\n- user: Question 8?"
    assert context.build(ANA, "ana", max_tokens=10).text == "Recent turns:\n- user: Question 7?\n- user: Question 8?"


def test_older_turns_roll_into_one_summary_per_session_each_line_tied_to_its_turn(store, rolling):
    for session in ("harbour", "lake"):
        keep(store, talk(session))
    assert rolling.roll(ANA, "ana") == 2
    for memory in store.select(ANA, "ana", Sought(kinds=(Kind.SUMMARY,))):
        summary = memory.content
        assert summary.covers is Covers.SESSION and summary.session_id in ("harbour", "lake")
        lines = summary.text.splitlines()
        assert 0 < len(lines) == len(summary.covered_ids) < 12
        for line, turn in zip(lines, summary.covered_ids, strict=True):
            session, number = turn.split("-")
            assert line == f"In {session} I measured {number} litres of water at pier {number}."


def test_rolling_again_writes_nothing_and_follows_what_is_new(store, rolling):
    keep(store, talk("harbour"))
    assert rolling.roll(ANA, "ana") == 1
    assert rolling.roll(ANA, "ana") == 0
    keep(store, talk("lake"))
    assert rolling.roll(ANA, "ana") == 1
    assert store.count(ANA, "ana", Sought(kinds=(Kind.SUMMARY,))) == 2


def test_many_sessions_become_topics(store, rolling):
    for session in ("harbour", "lake", "river", "canal", "pond", "bay", "sound", "delta", "fjord"):
        keep(store, talk(session, 4))
    rolling.roll(ANA, "ana")
    kinds = [one.content.covers for one in store.select(ANA, "ana", Sought(kinds=(Kind.SUMMARY,)))]
    assert kinds.count(Covers.SESSION) == 9
    assert 0 < kinds.count(Covers.CONTEXT) <= 12


def test_recent_runs_and_runs_without_consent_are_not_summarised(store, rolling):
    for number in range(8):
        said = {"question": f"I own {number} boats in harbour {number}.", "turn_id": f"s1:{number}"}
        store.add_run(ANA, AgentRun("s1", "HALO", said, "ana"))
    silent = RollingService(store, rolling.terms, rolling.count, reads_runs=lambda user_id: False)
    assert silent.roll(ANA, "ana") == 0
    assert rolling.roll(ANA, "ana") == 1
    [memory] = store.select(ANA, "ana", Sought(kinds=(Kind.SUMMARY,)))
    assert {int(turn.split(":")[1]) for turn in memory.content.covered_ids} <= set(range(5))


def test_a_private_conversation_is_summarised_for_its_model_alone(store, rolling):
    keep(store, talk("harbour"), model="A")
    rolling.roll(ANA, "ana")
    assert store.count(ANA, "ana", Sought(kinds=(Kind.SUMMARY,), model="B")) == 0
    assert store.count(ANA, "ana", Sought(kinds=(Kind.SUMMARY,), model="A")) == 1


def test_a_summary_that_somebody_wrote_is_left_as_it_is(store, rolling):
    own = keep(store, Summary("My own words.", session_id="harbour"), provenance=Provenance(agent="Somebody"))
    keep(store, talk("harbour"))
    rolling.roll(ANA, "ana")
    assert store.get(ANA, "ana", own.public_id).text == "My own words."
    assert {one.provenance.agent for one in store.select(ANA, "ana", Sought(kinds=(Kind.SUMMARY,)))} == {"Somebody", ROLLED_BY}


def test_rolling_waits_until_it_is_due_and_leaves_a_viewer_with_what_is_there(store, rolling):
    keep(store, talk("harbour"))
    due = RollingWhenDue(rolling)
    due.prepare(VIEWER, "ana")
    assert store.count(ANA, "ana", Sought(kinds=(Kind.SUMMARY,))) == 0
    due = RollingWhenDue(rolling)
    due.prepare(ANA, "ana")
    keep(store, talk("lake"))
    due.prepare(ANA, "ana")
    assert store.count(ANA, "ana", Sought(kinds=(Kind.SUMMARY,))) == 1
    for number in range(12):
        keep(store, Fact(f"Fact {number}"))
    due.prepare(ANA, "ana")
    assert store.count(ANA, "ana", Sought(kinds=(Kind.SUMMARY,))) == 2
