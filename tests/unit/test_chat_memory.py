"""A chat remembers with consent, merges what it knows, asks in doubt, and forgets nothing it was told to keep."""

from __future__ import annotations

from dataclasses import replace

import pytest

from halo_app.domain.consent import Standing
from halo_app.domain.conversation import Answer, Citation, Sentence, Verdict
from halo_app.domain.memory import Fact, Memory, Origin, Provenance, Sought, State
from halo_app.domain.reconciling import Relation
from halo_app.domain.user import Principal, UserRole
from halo_app.errors import BadInput, PermissionDenied, StoreUnavailable
from halo_app.services.chat_memory import ChatMemory, Told, why
from halo_app.services.consent import ConsentService
from halo_app.services.memory import MemoryService
from halo_app.services.observing import ObservingService, Turn
from halo_app.services.reconciling import ReconcilingService
from tests.answers_helpers import MemoryRecords, clock
from tests.memory_fakes import DictMemoryStore

ME = Principal("me")
EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)


class Found:
    """A search that finds everything, best first."""

    def __init__(self, store):
        self.store = store

    def unasked(self, who, user_id, query, *, limit, where):
        return [replace(one, score=0.9) for one in self.store.select(who, user_id, where, limit=limit)]


class House:
    """Everything that a chat's memory is made of, over one store."""

    def __init__(self, who=ME, reads=None, similar=None, off=()):
        self.store = DictMemoryStore()
        self.consent = ConsentService(MemoryRecords(), "me", clock(), withdrawn=lambda one: self.store.forget_rejected(ME, one))
        self.keeping = ReconcilingService(self.store, clock(), similar)
        more = {"reads": reads} if reads else {}
        self.observing = ObservingService(self.keeping, self.consent, who, clock(), is_on=lambda one: one not in off, **more)
        self.memory = ChatMemory(self.store, Found(self.store), self.keeping, self.observing, who, clock())

    def keep(self, text, *, model="", state=State.KEPT, turn="", session=""):
        where = Provenance(Origin.OBSERVED, session, turn)
        return self.keeping.keep(ME, Memory(Fact(text, "", 0.8, (turn,) if turn else ()), user_id="me", model=model, state=state,
                                            provenance=where))

    def all(self, **where):
        return self.store.select(ME, "me", replace(EVERYTHING, **where))

    def texts(self):
        return sorted(one.text for one in self.store.select(ME, "me", Sought()))

    def say(self, text, notebook="n", session="s"):
        self.memory.note(Told(session, notebook, 0, text, Answer("answer", False)))
        assert self.observing.wait(10)


@pytest.fixture
def house():
    return House()


# reconciling

def test_what_is_known_already_is_merged_with_where_it_was_said_again(house):
    first = house.keep("The user lives in Leiden.", turn="a:0", session="a").memory
    again = house.keep("The user lives in Leiden with two cats.", turn="b:4", session="b")
    assert again.judged.relation is Relation.NEAR
    [only] = house.all()
    assert only.public_id == first.public_id
    assert only.text == "The user lives in Leiden with two cats."
    assert only.content.source_turn_ids == ("a:0", "b:4")
    assert [where.session_id for where in only.merged] == ["b"]


def test_a_contradiction_replaces_the_old_fact_and_both_stay_visible(house):
    old = house.keep("The user lives in Leiden.").memory
    new = house.keep("The user moved to Lisbon.")
    assert new.judged.relation is Relation.CONTRADICTS
    assert house.texts() == ["The user moved to Lisbon."]
    before = house.store.get(ME, "me", old.public_id)
    assert before.superseded_by == new.memory.public_id
    assert before.valid_to == new.memory.valid_from is not None
    assert len(house.all()) == 2


def test_in_doubt_both_stay_and_name_each_other_until_the_user_decides(house):
    nurse = house.keep("The user is a nurse.").memory
    teacher = house.keep("The user is a teacher.").memory
    assert teacher.disputes == (nurse.public_id,)
    assert house.store.get(ME, "me", nurse.public_id).disputes == (teacher.public_id,)
    assert house.texts() == ["The user is a nurse.", "The user is a teacher."]
    settled = house.keeping.settle(ME, teacher)
    assert settled.disputes == ()
    assert house.texts() == ["The user is a teacher."]
    assert house.store.get(ME, "me", nurse.public_id).disputes == ()


def test_what_is_private_to_one_model_never_meets_what_another_knows(house):
    house.keep("The user lives in Leiden.", model="A")
    house.keep("The user moved to Lisbon.", model="B")
    house.keep("The user lives in Leiden.", model="")
    found = house.all()
    assert len(found) == 3
    assert not any(one.superseded_by or one.merged or one.disputes for one in found)


def test_a_suggestion_replaces_nothing_before_it_is_accepted(house):
    old = house.keep("The user lives in Leiden.").memory
    suggested = house.keep("The user moved to Lisbon.", state=State.SUGGESTED).memory
    assert suggested.disputes == (old.public_id,)
    assert house.texts() == ["The user lives in Leiden."]
    house.memory.accept(suggested.public_id)
    assert house.texts() == ["The user moved to Lisbon."]
    assert not any(one.disputes for one in house.all())


def test_a_suggestion_of_what_is_known_only_adds_where_it_was_said(house):
    house.keep("The user lives in Leiden.")
    house.keep("The user lives in Leiden.", state=State.SUGGESTED, session="later", turn="later:0")
    [only] = house.all()
    assert only.state is State.KEPT
    assert [where.session_id for where in only.merged] == ["later"]


def test_a_suggestion_that_says_more_waits_and_a_rejected_one_leaves_no_trace(house):
    old = house.keep("The user lives in Leiden.").memory
    more = house.keep("The user lives in Leiden with two cats.", state=State.SUGGESTED).memory
    assert house.texts() == ["The user lives in Leiden."]
    assert house.memory.accept(more.public_id).memory.text == "The user lives in Leiden with two cats."
    assert [one.public_id for one in house.all()] == [old.public_id]
    other = house.keep("The user moved to Lisbon.", state=State.SUGGESTED).memory
    house.memory.reject(other.public_id)
    [only] = house.all()
    assert only.disputes == ()


def test_meaning_joins_what_is_said_in_other_words():
    house = House(similar=lambda text, others: [0.97] * len(others))
    house.keep("The user is fond of hiking.")
    assert house.keep("The user is keen on hiking.").judged.relation is Relation.NEAR


def test_the_verbs_of_memory_compare_what_is_remembered_and_what_is_accepted(house):
    memory = MemoryService(house.store, None, None, None, clock(), ME, keeping=house.keeping)
    memory.remember("me", "The user lives in Leiden.")
    assert memory.remember("me", "The user moved to Lisbon.").valid_from
    assert [one.text for one in memory.list("me")] == ["The user moved to Lisbon."]
    suggested = house.keep("The user is based in Porto.", state=State.SUGGESTED).memory
    assert memory.accept("me", suggested.id).text == "The user is based in Porto."
    assert [one.text for one in memory.list("me")] == ["The user is based in Porto."]
    other = house.keep("The user has a cat.", state=State.SUGGESTED).memory
    memory.reject("me", other.id)
    assert memory.suggested("me") == []
    assert len(house.all()) == 3


# observing

def test_nothing_is_observed_before_the_user_agreed(house):
    house.say("I live in Leiden.")
    assert house.all() == []
    house.consent.refuse()
    house.say("I live in Leiden.")
    assert house.all() == []
    assert house.consent.state() is Standing.REFUSED


def test_with_consent_a_fact_is_suggested_with_its_turn_and_not_more(house):
    house.consent.give()
    house.say("I live in Leiden, what does the contract say?", notebook="n1", session="s1")
    [one] = house.all()
    assert (one.text, one.state, one.provenance) == (
        "The user lives in Leiden.", State.SUGGESTED, Provenance(Origin.OBSERVED, "s1", "s1:0", "n1", "HALO"))
    assert [other.public_id for other in house.memory.suggested("s1")] == [one.public_id]
    assert house.memory.suggested("s2") == []


def test_after_withdrawing_nothing_is_observed(house):
    house.consent.give()
    house.consent.withdraw()
    house.say("I live in Leiden.")
    assert house.all() == []


def test_a_notebook_that_is_switched_off_is_not_observed():
    house = House(off={"quiet"})
    house.consent.give()
    house.say("I live in Leiden.", notebook="quiet")
    assert house.all() == []
    house.say("I live in Leiden.", notebook="other")
    assert len(house.all()) == 1


def test_what_the_answer_quotes_is_no_fact_about_the_user(house):
    house.consent.give()
    quote = Citation("s", "novel.txt", "", "I live in a small house by the sea.", 0, 35)
    answer = Answer("…", False, (Sentence(quote.quote, Verdict.VERIFIED, (quote,)),))
    house.memory.note(Told("s", "n", 0, "I live in a small house by the sea", answer))
    assert house.observing.wait(10)
    assert house.all() == []


def test_a_model_takes_the_place_of_the_rules():
    house = House(reads=lambda turn, *, turn_id="", sources=(): [Fact(f"read by a model: {turn}", "", 2.0, (turn_id,))])
    house.consent.give()
    house.say("whatever")
    assert [(one.text, one.confidence) for one in house.all()] == [("read by a model: whatever", 1.0)]


def test_a_failure_is_a_note_and_the_next_turn_is_observed_again(house):
    house.consent.give()
    working = house.store.add

    def broken(who, drafts):
        raise StoreUnavailable("the disk is full")

    house.store.add = broken
    house.say("I live in Leiden.")
    assert house.observing.problem == "the disk is full"
    house.store.add = working
    house.say("I live in Leiden.")
    assert house.observing.problem == ""
    assert len(house.all()) == 1


def test_a_viewer_is_refused():
    house = House(Principal("me", UserRole.VIEWER))
    house.consent.give()
    with pytest.raises(PermissionDenied):
        house.observing.look(Turn("me", "I live in Leiden."))


# chat

def test_each_turn_is_a_run_under_the_agents_name_without_secrets(house):
    house.say("My PIN is 4821. What does it say?", session="s1")
    [run] = house.store.runs(ME, "me")
    assert (run.agent_name, run.session_id, run.user_id) == ("HALO", "s1", "me")
    assert run.run_data["answer"] == "answer"
    assert "4821" not in str(run.run_data)


def test_a_deleted_chat_takes_its_runs_with_it(house):
    house.say("one", session="s1")
    house.say("two", session="s2")
    house.memory.forget("s1")
    assert [run.session_id for run in house.store.runs(ME, "me")] == ["s2"]


def test_what_is_recalled_says_why_and_never_repeats_this_chat(house):
    house.keep("The user takes 20 mg of lisinopril.", session="old")
    house.keep("The user lives in Leiden.", session="now")
    [one] = house.memory.recall("May I drink grapefruit juice with lisinopril?", "now")
    assert (one.text, one.why, one.score) == ("The user takes 20 mg of lisinopril.", "it mentions “lisinopril”", 0.9)


def test_without_a_word_in_common_it_was_the_meaning():
    assert why("Which doctor?", Memory(Fact("The user sees a cardiologist."))) == "it is close in meaning to your question"


def test_a_message_is_remembered_by_hand_without_consent(house):
    kept = house.memory.remember("I'm a vet, is that allowed?", session_id="s", place=2, notebook_id="n")
    assert kept.memory.text == "The user is a vet."
    assert kept.memory.state is State.KEPT
    assert kept.memory.provenance == Provenance(Origin.EXPLICIT, "s", "s:2", "n")
    other = house.memory.remember("The lamp costs 240 crowns.", session_id="s", place=3, by_user=False)
    assert other.memory.text == "The lamp costs 240 crowns."


@pytest.mark.parametrize("text", ["", "x " * 1500, "my password is swordfish"])
def test_what_cannot_or_must_not_be_remembered_is_refused_in_words(house, text):
    with pytest.raises(BadInput):
        house.memory.remember(text)
    assert house.all() == []


def test_a_rejected_suggestion_is_gone_and_a_kept_memory_cannot_be_rejected(house):
    house.consent.give()
    house.say("I live in Leiden.", session="s")
    [one] = house.memory.suggested("s")
    house.memory.reject(one.public_id)
    assert house.all() == []
    kept = house.keep("The user is a vet.").memory
    house.memory.reject(kept.public_id)
    assert house.texts() == ["The user is a vet."]


def test_what_was_rejected_is_not_suggested_again_until_consent_is_given_anew(house):
    house.consent.give()
    said = "I'm a labour lawyer in Hamburg, so please keep to German law."
    look = Turn("me", said, "s", "s:0", "n")
    [kept] = house.observing.look(look)
    house.memory.reject(kept.memory.public_id)
    assert house.observing.look(look) == []
    assert house.observing.look(replace(look, text=said.upper().replace("I'M", "I'm"))) == []
    assert house.all() == []
    assert [one.memory.text for one in house.observing.look(replace(look, text="I live in Kiel."))] != []
    house.consent.withdraw()
    house.consent.give()
    assert [one.memory.text for one in house.observing.look(look)] == [kept.memory.text]
