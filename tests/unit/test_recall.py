"""Search in memories: who may see what is decided before anything is ranked; words do at once, meaning a moment later."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from halo_app.domain.memory import Fact, Image, Indexed, Kind, Segment, State, Transcription
from halo_app.domain.user import Principal, UserRole
from halo_app.errors import EmbedderUnavailable, PermissionDenied
from tests.recall_helpers import ADMIN, ANA, NOW, Mind, talk

CATS = Fact("Ana keeps two grey cats called Milo and Otis", category="pets", confidence=0.9)
TEA = Fact("Ana drinks green tea every morning")


class NoModel:
    """An embedder that cannot be opened."""

    dimension = 384

    @property
    def model_id(self):
        raise EmbedderUnavailable("there is no model")

    def embed(self, texts, *, query=False):
        raise EmbedderUnavailable("there is no model")


@pytest.fixture
def mind():
    return Mind()


def test_a_memory_is_found_by_its_words_before_it_is_embedded_and_stays_found_after(mind):
    [cats, _] = mind.remember(CATS, TEA, drain=False)
    assert mind.found("grey cats") == [cats]
    mind.outbox.drain()
    assert mind.found("grey cats")[0] == cats
    assert {memory.indexed for memory in mind.store.held.values()} == {Indexed.READY}


def test_what_waits_is_found_among_what_is_embedded(mind):
    mind.remember(TEA, Fact("Ana has a red bicycle"))
    assert mind.found("tea")
    [cats] = mind.remember(CATS, drain=False)
    assert mind.found("what are the cats called")[0] == cats


def test_words_alone_do_without_a_model():
    mind = Mind(embedder=NoModel())
    [cats, _] = mind.remember(CATS, TEA)
    assert mind.store.waiting() == 2
    assert mind.found("cats") == [cats]
    assert mind.found("submarine") == []


def test_the_best_message_of_a_conversation_is_told_with_its_speaker(mind):
    mind.remember(talk("Ben: How was the trip?", "Ana: The ferry to Gotland was late by an hour.", "Ben: Oh no."))
    [memory] = mind.recall.search(ANA, "ana", "Gotland ferry")
    assert memory.match.text == "The ferry to Gotland was late by an hour."
    assert (memory.match.position, memory.match.speaker) == (1, "Ana")
    assert 0 <= memory.score <= 1


def test_the_segment_of_a_transcription_is_told_with_its_time(mind):
    said = (Segment(0.0, 4.0, "Welcome to the meeting."), Segment(4.0, 9.5, "The budget for the bridge is approved."))
    mind.remember(Transcription(" ".join(part.text for part in said), "en", segments=said))
    [memory] = mind.recall.search(ANA, "ana", "bridge budget")
    assert (memory.match.position, memory.match.start_seconds) == (1, 4.0)


def test_a_picture_is_found_by_its_prompt(mind):
    [picture, _] = mind.remember(Image("a lighthouse in a storm, oil painting"), TEA)
    [found, *_] = mind.recall.search(ANA, "ana", "lighthouse")
    assert found.public_id == picture
    assert found.match.position is None


def test_messages_are_ranked_one_by_one_when_asked_for(mind):
    mind.remember(talk("Ana: I planted tomatoes.", "Ben: Nice day.", "Ana: The tomatoes are ripe now."))
    found = mind.recall.pieces(ANA, "ana", "tomatoes", limit=5)
    assert {memory.match.position for memory in found[:2]} == {0, 2}
    assert len(mind.recall.search(ANA, "ana", "tomatoes")) == 1


def test_nobody_finds_what_is_anothers(mind):
    mind.remember(CATS)
    mind.remember(Fact("Ben keeps three grey cats"), user="ben")
    assert [memory.user_id for memory in mind.recall.search(ANA, "ana", "grey cats")] == ["ana"]
    with pytest.raises(PermissionDenied):
        mind.recall.search(ANA, "ben", "grey cats")
    with pytest.raises(PermissionDenied):
        mind.recall.search(ADMIN, "ana", "grey cats")
    assert len(mind.recall.search(replace(ADMIN, reason="a request of Ana's"), "ana", "grey cats")) == 1
    assert len(mind.recall.search(Principal("bot", UserRole.SERVICE, frozenset(["ana"])), "ana", "grey cats")) == 1
    assert [user for user, *_ in mind.store.refused] == ["ana", "root"]


def test_a_refusal_is_written_down_even_when_the_question_is_empty(mind):
    with pytest.raises(PermissionDenied):
        mind.recall.search(ANA, "ben", " ")
    assert mind.recall.search(ANA, "ana", " ") == []
    assert mind.store.refused


def test_what_is_private_to_a_model_is_seen_by_it_and_by_the_owner_only(mind):
    [shared] = mind.remember(CATS)
    [private] = mind.remember(Fact("Ana keeps grey cats in secret"), model="model-a")
    assert set(mind.found("grey cats")) == {shared, private}
    assert set(mind.found("grey cats", model="model-a")) == {shared, private}
    assert mind.found("grey cats", model="model-b") == [shared]
    assert mind.found("grey cats", model="") == [shared]


def test_filters_come_before_the_limit(mind):
    mind.remember(*(Fact(f"Ana saw grey cats number {number}") for number in range(40)))
    [tagged] = mind.remember(Fact("Ana heard of cats"), tags=("zoo",))
    [pinned] = mind.remember(Fact("Ana likes cats"), pinned=True)
    [old] = mind.remember(Fact("Ana once had cats"), occurred_at=NOW - timedelta(days=400))
    assert mind.found("grey cats", limit=1, tags=("zoo",)) == [tagged]
    assert mind.found("grey cats", limit=1, pinned=True) == [pinned]
    assert mind.found("grey cats", limit=1, until=NOW - timedelta(days=1)) == [old]
    assert mind.found("grey cats", limit=1, words="heard of") == [tagged]
    assert mind.found("grey cats", limit=1, ids=()) == []
    assert mind.found("grey cats", kinds=(Kind.IMAGE,)) == []


def test_what_is_suggested_superseded_or_expired_comes_only_when_asked_for(mind):
    [kept] = mind.remember(Fact("Ana lives in Turin"))
    [suggested] = mind.remember(Fact("Ana lives in Turin, perhaps"), state=State.SUGGESTED)
    [superseded] = mind.remember(Fact("Ana lives in Genoa, not Turin"), superseded_by=kept,
                                 valid_from=datetime(2020, 1, 1, tzinfo=UTC), valid_to=NOW)
    [expired] = mind.remember(Fact("Ana is in Turin today"), expires_at=NOW - timedelta(seconds=1))
    assert mind.found("Turin") == [kept]
    assert set(mind.found("Turin", states=(State.SUGGESTED,))) == {suggested}
    assert set(mind.found("Turin", superseded=True)) == {kept, superseded}
    assert set(mind.found("Turin", expired=True)) == {kept, expired}
    assert mind.found("Turin", as_of=datetime(2021, 1, 1, tzinfo=UTC)) == [superseded]


def test_every_write_is_seen_by_the_next_search(mind):
    [cats] = mind.remember(CATS)
    assert mind.found("cats") == [cats]
    mind.store.change(ANA, "ana", cats, lambda memory: replace(memory, content=Fact("Ana keeps one brown dog")))
    assert mind.recall.search(ANA, "ana", "brown dog")[0].match.text == "Ana keeps one brown dog"
    mind.outbox.drain()
    assert mind.recall.search(ANA, "ana", "dog")[0].public_id == cats
    mind.store.change(ANA, "ana", cats, lambda memory: replace(memory, pinned=True))
    assert mind.found("dog", pinned=True) == [cats]
    mind.store.remove(ANA, "ana", [cats])
    assert mind.found("dog") == []


def test_a_thousand_writes_leave_search_as_it_is_made_anew(mind):
    for number in range(120):
        ids = mind.remember(*(Fact(f"Ana noted number {number} of the {thing}") for thing in ("harbour", "valley", "mill")))
        if number % 3 == 0:
            mind.store.remove(ANA, "ana", ids[:1])
        mind.found("valley")
    found = mind.recall.search(ANA, "ana", "number 77 of the valley", limit=20)
    mind.recall.forget()
    assert mind.recall.search(ANA, "ana", "number 77 of the valley", limit=20) == found
    assert found[0].content.content == "Ana noted number 77 of the valley"


def test_a_day_that_is_asked_for_finds_what_was_said_then_or_about_then(mind):
    may = datetime(2025, 5, 20, tzinfo=UTC)
    [then] = mind.remember(talk("Ana: I met Carla for lunch.", title="x"), occurred_at=may)
    mind.remember(talk("Ana: I met Carla for lunch.", title="y"), occurred_at=may - timedelta(days=90))
    [later] = mind.remember(talk("Ana: Last month I met Carla's brother for lunch.", title="z"), occurred_at=may + timedelta(days=30))
    assert mind.found("Whom did Ana meet in May 2025?", limit=1)[0] in {then, later}
    assert set(mind.found("lunch in May 2025", limit=2)) == {then, later}


def test_only_what_is_likely_comes_unasked(mind):
    mind = Mind(threshold=0.7)
    [cats, *_] = mind.remember(CATS, TEA, Fact("Ana moved house in March"))
    assert [memory.public_id for memory in mind.recall.unasked(ANA, "ana", CATS.content)] == [cats]
    assert mind.recall.unasked(ANA, "ana", "the orbit of Neptune") == []
    assert len(mind.recall.search(ANA, "ana", "the orbit of Neptune")) == 3


def test_a_long_text_is_found_by_its_end_and_shown_there(mind):
    filler = " ".join(f"word{number} of no interest at all." for number in range(900))
    mind.remember(Transcription(f"{filler} The treasure lies under the oak.", "en"))
    [memory] = mind.recall.search(ANA, "ana", "treasure oak")
    assert "treasure lies under the oak" in memory.match.text
    assert len(memory.match.text) < len(filler) / 2


def test_a_search_asks_the_store_once(mind):
    mind.remember(CATS, TEA)
    mind.found("cats")
    before = mind.store.selected
    mind.found("tea")
    assert mind.store.selected == before + 1


def test_many_ask_and_write_at_once(mind):
    mind.remember(CATS, TEA)

    def ask(number):
        if number % 5 == 0:
            mind.remember(Fact(f"Ana counted {number} boats"), drain=False)
        return mind.found("grey cats", limit=1)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(60)))
    assert all(len(answer) == 1 for answer in answers)


@pytest.fixture
def far():
    """A user with more memories than are compared one by one."""
    mind = Mind(exact=30)
    mind.remember(*(Fact(f"Ana noted number {number} of the {('harbour', 'valley', 'mill')[number % 3]}") for number in range(90)))
    return mind


def test_among_very_many_the_same_is_found_first(far):
    near = Mind(store=far.store, index=far.index)
    for query in ("number 77 of the mill", "what did Ana note of the harbour, number 42", "valley 31"):
        assert far.found(query, limit=1) == near.found(query, limit=1)
    assert isinstance(far.recall.search(ANA, "ana", "number 77")[0].match.text, str)


def test_among_very_many_filters_come_before_the_limit_too(far):
    [tagged, *_] = far.remember(Fact("Ana saw the mill once"), tags=("old",))
    [private] = far.remember(Fact("Ana hides in the mill"), model="model-a")
    far.remember(Fact("Ben noted number 5 of the mill"), user="ben")
    assert far.found("mill", limit=2, tags=("old",)) == [tagged]
    assert private in far.found("who hides in the mill", model="model-a")
    assert private not in far.found("who hides in the mill", model="model-b", limit=200)
    assert {memory.user_id for memory in far.recall.search(ANA, "ana", "number 5 of the mill", limit=50)} == {"ana"}


def test_among_very_many_new_memories_are_found_by_words_at_once_and_deleted_ones_never(far):
    far.found("mill")
    [otter] = far.remember(Fact("Ana saw an otter"), drain=False)
    assert far.found("otter", limit=1) == [otter]
    far.store.remove(ANA, "ana", [otter])
    assert otter not in far.found("otter")


def test_among_very_many_the_messages_around_count():
    mind = Mind(exact=3)
    mind.remember(talk("Ben: Where did you go on holiday?", "Ana: Lisbon, for two weeks.", "Ben: Lovely."), TEA, CATS,
                  Fact("Ana holidays rarely"))
    assert mind.recall.search(ANA, "ana", "go on holiday where?", limit=2)
