"""Every stored fact is related to what was known, behind whoever stored it: once, in one piece, within its user and its model."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from halo_app.domain.memory import Conversation, Fact, Indexed, Memory, Origin, Provenance, Sought, State
from halo_app.domain.reconciling import Judged, Relation
from halo_app.services import weaving
from halo_app.services.weaving import WeavingService
from tests.memory_fakes import DictMemoryStore
from tests.recall_helpers import ANA, Mind, talk
from tests.store_helpers import NOW, HandClock, open_store

EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)


@pytest.fixture(params=["dict", "sqlite"])
def mind(request, tmp_path):
    clock = HandClock()
    store = DictMemoryStore(clock) if request.param == "dict" else open_store(tmp_path, clock)
    yield Mind(store=store, clock=clock, weaving=True)
    store.close()


def tell(mind, *texts, **fields):
    """Store facts one after the other, a minute apart, each related to those before; returns them as they are now."""
    ids = []
    for text in texts:
        ids += mind.remember(Fact(text), **fields)
        mind.store._clock.move(minutes=1) if hasattr(mind.store, "_clock") else mind.store.clock.move(minutes=1)
    return [mind.store.get(ANA, "ana", one) for one in ids]


def now(mind, *memories):
    return [mind.store.get(ANA, "ana", memory.public_id) for memory in memories]


def standing(mind):
    return sorted(memory.text for memory in mind.store.select(ANA, "ana"))


def test_a_fact_that_contradicts_takes_the_place_of_the_older_and_both_stay_visible(mind):
    old, new = now(mind, *tell(mind, "Ana lives in Lund", "Ana lives in Oslo"))
    assert standing(mind) == ["Ana lives in Oslo"]
    assert (old.superseded_by, old.valid_to, new.valid_from) == (new.public_id, NOW + timedelta(minutes=1), NOW + timedelta(minutes=1))
    assert len(mind.store.select(ANA, "ana", EVERYTHING)) == 2
    [then] = mind.store.select(ANA, "ana", Sought(as_of=NOW + timedelta(seconds=30)))
    assert then.text == "Ana lives in Lund"


def test_storing_does_not_wait_for_it(mind):
    mind.remember(Fact("Ana lives in Lund"), Fact("Ana lives in Oslo"), drain=False)
    assert standing(mind) == ["Ana lives in Lund", "Ana lives in Oslo"]
    mind.outbox.drain()
    assert standing(mind) == ["Ana lives in Oslo"]


def test_a_later_statement_holds_though_it_was_stored_first(mind):
    mind.remember(Fact("Ana lives in Oslo"), occurred_at=NOW)
    mind.remember(Fact("Ana lives in Lund"), occurred_at=NOW - timedelta(days=400))
    assert standing(mind) == ["Ana lives in Oslo"]
    [then] = mind.store.select(ANA, "ana", Sought(as_of=NOW - timedelta(days=1)))
    assert then.text == "Ana lives in Lund"


def test_what_says_the_same_becomes_one_with_the_provenance_of_both(mind):
    chat = Provenance(Origin.EXPLICIT, "s1", "s1:0")
    [first] = tell(mind, "Ana has a dog named Rex", tags=("pets",))
    [again] = tell(mind, "ana has a dog, named Rex", provenance=chat, tags=("dogs",))
    first, again = now(mind, first, again)
    assert standing(mind) == ["Ana has a dog named Rex"]
    assert (first.merged, first.tags) == ((chat,), ("pets", "dogs"))
    assert again.superseded_by == first.public_id
    assert not [one for one in mind.store.select(ANA, "ana", Sought(as_of=NOW + timedelta(days=1))) if one.id == again.id]


def test_the_fact_that_says_more_stands_for_both_from_when_it_was_first_said(mind):
    short, long = now(mind, *tell(mind, "Ana works as a nurse", "Ana works as a nurse in Lund"))
    assert standing(mind) == ["Ana works as a nurse in Lund"]
    assert (short.superseded_by, long.valid_from) == (long.public_id, NOW)


def test_in_doubt_both_stay_and_each_names_the_other_once(mind):
    one, two = tell(mind, "is a nurse", "is a painter")
    one, two = now(mind, one, two)
    assert (one.disputes, two.disputes) == ((two.public_id,), (one.public_id,))
    assert len(standing(mind)) == 2


def test_a_pinned_fact_is_never_replaced_the_user_is_asked(mind):
    [pinned] = tell(mind, "Ana lives in Lund", pinned=True)
    [new] = tell(mind, "Ana lives in Oslo")
    pinned, new = now(mind, pinned, new)
    assert (pinned.superseded_by, pinned.disputes, new.disputes) == ("", (new.public_id,), (pinned.public_id,))


def test_what_the_user_settled_is_not_asked_again(mind):
    one, two = tell(mind, "is a nurse", "is a painter")
    for memory in (one, two):
        mind.store.change(ANA, "ana", memory.public_id, lambda old: replace(old, disputes=()))
    mind.store.again()
    mind.outbox.drain()
    assert [memory.disputes for memory in now(mind, one, two)] == [(), ()]


def test_it_never_reaches_over_users_or_what_is_private_to_a_model(mind):
    tell(mind, "Ana lives in Lund", model="A")
    tell(mind, "Ana lives in Oslo", model="B")
    tell(mind, "Ana lives in Rome")
    mind.remember(Fact("Ana lives in Bonn"), user="ben")
    assert standing(mind) == ["Ana lives in Lund", "Ana lives in Oslo", "Ana lives in Rome"]


def test_only_facts_that_are_kept_and_new_here_are_related(mind):
    tell(mind, "Ana lives in Lund")
    mind.remember(Fact("Ana lives in Oslo"), state=State.SUGGESTED)
    mind.remember(Fact("Ana lives in Rome"), created_at=NOW)              # as an export brings it
    mind.remember(talk("Ana: I live in Bonn."), Conversation("Ana lives in Paris"))
    assert mind.store.uncompared(10, pending=True) == []
    assert {"Ana lives in Lund", "Ana lives in Rome"} <= set(standing(mind))


def test_a_suggestion_that_is_accepted_is_related_too(mind):
    [old] = tell(mind, "Ana lives in Lund")
    [new] = mind.remember(Fact("Ana lives in Oslo"), state=State.SUGGESTED, occurred_at=NOW + timedelta(hours=1))
    mind.store.change(ANA, "ana", new, lambda memory: replace(memory, state=State.KEPT))
    mind.outbox.drain()
    assert now(mind, old)[0].superseded_by == new


def test_without_a_model_the_words_decide(mind):
    mind.embedder = False
    tell(mind, "Ana lives in Lund", "Ana plays the cello", "Ana lives in Oslo")
    assert standing(mind) == ["Ana lives in Oslo", "Ana plays the cello"]
    assert mind.store.waiting() == 3


def test_facts_wait_for_their_meaning_while_there_is_a_model(mind):
    mind.remember(Fact("Ana lives in Lund"), drain=False)
    assert mind.store.uncompared(10, pending=False) == []
    assert [one.indexed for one in mind.store.uncompared(10, pending=True)] == [Indexed.PENDING]


def test_several_workers_at_once_come_to_what_one_comes_to(mind):
    towns = ["Lund", "Oslo", "Rome", "Bonn", "Bath", "Nice", "Gent", "Kiel"]
    drafts = [Memory(Fact(f"Ana lives in {town}"), user_id="ana", occurred_at=NOW + timedelta(days=at))
              for at, town in enumerate(towns)]
    mind.store.add(ANA, drafts)
    mind.embedder = False
    step = WeavingService(mind.store, mind.recall.beside, at_once=3).step

    def work():
        while step(by_words=True):
            pass

    workers = [Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert standing(mind) == ["Ana lives in Kiel"]
    told = {memory.text: memory for memory in mind.store.select(ANA, "ana", EVERYTHING)}
    for old in towns[:-1]:
        memory = told[f"Ana lives in {old}"]
        assert memory.superseded_by
        assert memory.valid_to > memory.occurred_at


def test_doing_it_again_changes_nothing(mind):
    tell(mind, "Ana lives in Lund", "Ana lives in Oslo", "Ana works as a nurse", "Ana works as a nurse in Lund", "is a nurse",
         "is a painter")
    before = mind.store.select(ANA, "ana", EVERYTHING)
    given = [one.public_id for one in before]
    for new in before:
        weighed = weaving.woven(new, [one for one in before if one is not new], {})
        assert weighed == []
    assert mind.store.weave(dict.fromkeys(given, given), lambda new, others: weaving.woven(new, others, {})) == []
    assert mind.store.select(ANA, "ana", EVERYTHING) == before


@pytest.mark.parametrize("number", [1000, pytest.param(10_000, marks=pytest.mark.full)])
def test_of_many_facts_each_is_compared_with_a_few_others(monkeypatch, tmp_path, number):
    store = open_store(tmp_path)
    mind = Mind(store=store, clock=store._clock, weaving=True)
    compared = []
    monkeypatch.setattr(weaving, "_compare", lambda *given: compared.append(given[:2]) or Judged(Relation.UNRELATED))
    store.add(ANA, [Memory(Fact(f"Ana read book {_name(at)} by {_name(at + 7)}"), user_id="ana") for at in range(number)])
    mind.embedder = False
    while mind.weaving.step(by_words=True):
        pass
    assert store.uncompared(1, pending=True) == []
    assert len(compared) <= 20 * number
    store.close()


def _name(number):
    digits = (number // 2744 % 14, number // 196 % 14, number // 14 % 14, number % 14)
    return "".join("bdfgklmnprstvz"[digit] + "aeiou"[digit % 5] for digit in digits)


def edit(mind, memory, text, **fields):
    changed = mind.store.change(ANA, "ana", memory.id, lambda one: replace(one, content=replace(one.content, content=text), **fields))
    mind.outbox.drain()
    return changed


def test_a_fact_that_is_given_other_words_is_compared_again_and_says_so_from_then_on(mind):
    first, home = tell(mind, "Ana keeps bees", "Ana lives in Lund")
    edit(mind, first, "Ana lives in Oslo")
    first, home = now(mind, first, home)
    assert standing(mind) == ["Ana lives in Oslo"]                       # though it was stored before the other
    edited = NOW + timedelta(minutes=2)
    assert (home.superseded_by, home.valid_to) == (first.public_id, edited)
    assert (first.valid_from, first.reworded_at) == (edited, edited)
    assert mind.store.uncompared(1, pending=True) == []


def test_a_fact_that_is_given_the_words_of_another_becomes_one_with_it(mind):
    first, other = tell(mind, "Ana drinks green tea", "Ana keeps two cats")
    edit(mind, other, "Ana keeps two grey cats")
    assert len(standing(mind)) == 2
    edit(mind, other, "Ana drinks green tea.")
    first, other = now(mind, first, other)
    assert len(standing(mind)) == 1
    assert {first.superseded_by, other.superseded_by} == {"", first.public_id if other.superseded_by else other.public_id}


def test_what_a_fact_disputed_is_open_again_when_its_words_change(mind):
    nurse, teacher = tell(mind, "The user is a nurse.", "The user is a teacher.")
    nurse, teacher = now(mind, nurse, teacher)
    assert (nurse.disputes, teacher.disputes) == ((teacher.public_id,), (nurse.public_id,))
    edit(mind, teacher, "The user has a garden.")
    assert [one.disputes for one in now(mind, nurse, teacher)] == [(), ()]
    edit(mind, teacher, "The user is a pilot.")
    nurse, teacher = now(mind, nurse, teacher)
    assert (nurse.disputes, teacher.disputes) == ((teacher.public_id,), (nurse.public_id,))


def test_an_edit_that_says_since_when_it_holds_is_as_old_as_that(mind):
    first, _ = tell(mind, "Ana keeps bees", "Ana lives in Lund")
    edit(mind, first, "Ana lived in Oslo", valid_from=NOW - timedelta(days=400), valid_to=NOW - timedelta(days=100))
    assert "Ana lives in Lund" in standing(mind)
    edit(mind, first, "Ana lives in Rome", valid_from=NOW - timedelta(days=300), valid_to=None)
    assert standing(mind) == ["Ana lives in Lund"]


def test_an_edit_of_anything_but_the_words_compares_nothing(mind):
    _, home = tell(mind, "Ana lives in Oslo", "Ana lives in Lund")
    mind.store.change(ANA, "ana", home.id, lambda one: replace(one, pinned=True, content=replace(one.content, confidence=0.5)))
    assert mind.store.uncompared(1, pending=True) == []
    assert mind.store.get(ANA, "ana", home.id).reworded_at is None
