"""What is stored becomes findable by meaning, once, whoever works on it; what is deleted leaves the index, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Timer

import pytest

from halo_app.domain.chunk import Scope
from halo_app.domain.memory import Fact, Indexed
from halo_app.embedding.hashed import HashedEmbedder
from halo_app.errors import EmbedderUnavailable, StoreUnavailable
from halo_app.ports import Entry
from halo_app.services.memory_outbox import MemoryOutbox
from halo_app.vectors.brute_force import BruteForceIndex
from tests.recall_helpers import ANA, Mind, talk

TEA = Fact("Ana drinks green tea every morning")
CATS = Fact("Ana keeps two grey cats")


class CountingEmbedder(HashedEmbedder):
    """Remembers what it was given, and cannot read what holds a forbidden word."""

    def __init__(self, model_id="hashed-384", forbidden=""):
        super().__init__()
        self.read, self.forbidden, self._named = [], forbidden, model_id

    @property
    def model_id(self):
        return self._named

    def embed(self, texts, *, query=False):
        if self.forbidden and any(self.forbidden in text for text in texts):
            raise EmbedderUnavailable("the model cannot read this")
        self.read += [] if query else texts
        return super().embed(texts, query=query)


class FullIndex(BruteForceIndex):
    """An index whose disk is full while `full`."""

    full = True

    def put_all(self, entries, *, model_id=""):
        if self.full:
            raise StoreUnavailable("no space left")
        super().put_all(entries, model_id=model_id)


def held(mind):
    return set(mind.index.held())


def states(mind):
    return [memory.indexed for memory in mind.store.held.values()]


def test_draining_makes_everything_findable_by_meaning():
    mind = Mind()
    ids = mind.remember(TEA, CATS, talk("Ana: Hello.", "Ben: Hello, Ana."), drain=False)
    assert mind.outbox.drain() == 0
    assert held(mind) == set(ids)
    assert mind.index.count(Scope("ana")) == 4
    assert set(states(mind)) == {Indexed.READY}


def test_the_thread_behind_does_it_after_a_wake():
    mind = Mind()
    mind.remember(TEA, drain=False)
    mind.outbox.wake()
    assert mind.outbox.wait(20)
    assert mind.outbox.waiting() == 0
    mind.outbox.close()


def test_two_workers_never_embed_a_row_twice():
    mind = Mind(embedder=CountingEmbedder())
    other = MemoryOutbox(mind.store, mind.index, mind.cutting, lambda: mind.embedder, at_once=3)
    mind.remember(*(Fact(f"Ana noted the number {number}") for number in range(90)), drain=False)
    mind.outbox.wake()
    other.wake()
    assert mind.outbox.wait(30)
    assert other.wait(30)
    assert len(mind.embedder.read) == len(set(mind.embedder.read)) == 90
    assert mind.outbox.waiting() == 0


def test_deleted_memories_leave_the_index_even_when_another_deleted_them():
    mind = Mind()
    [tea, cats] = mind.remember(TEA, CATS)
    mind.store.remove(ANA, "ana", [tea])
    mind.outbox.drain()
    assert held(mind) == {cats}


def test_what_is_deleted_while_it_is_embedded_does_not_stay():
    mind = Mind()
    [tea, cats] = mind.remember(TEA, CATS, drain=False)
    whole = mind.index.put_all

    def put_late(entries, *, model_id=""):
        whole(entries, model_id=model_id)
        mind.store.remove(ANA, "ana", [tea])

    mind.index.put_all = put_late
    mind.outbox.drain()
    assert held(mind) == {cats}


def test_a_memory_that_cannot_be_read_fails_alone_with_its_reason():
    mind = Mind(embedder=CountingEmbedder(forbidden="green"))
    [tea, cats] = mind.remember(TEA, CATS)
    assert (mind.store.held[tea].indexed, mind.store.held[tea].failure) == (Indexed.FAILED, "the model cannot read this")
    assert mind.store.held[cats].indexed is Indexed.READY
    assert mind.found("green tea")[0] == tea          # by its words


def test_a_model_that_can_read_nothing_fails_no_memory():
    mind = Mind(embedder=CountingEmbedder(forbidden="Ana"))
    with pytest.raises(EmbedderUnavailable):
        mind.remember(TEA, CATS)
    assert set(states(mind)) == {Indexed.PENDING}
    assert not mind.store.claims


def test_a_full_disk_leaves_everything_waiting_and_free_to_be_claimed():
    mind = Mind(index=FullIndex())
    with pytest.raises(StoreUnavailable):
        mind.remember(TEA)
    assert set(states(mind)) == {Indexed.PENDING}
    assert not mind.store.claims
    mind.index.full = False
    assert mind.outbox.drain() == 0


def test_another_model_embeds_all_again_while_words_serve_then_takes_over():
    mind = Mind(embedder=CountingEmbedder())
    ids = mind.remember(TEA, CATS)
    mind.embedder = CountingEmbedder("another-model")
    assert mind.outbox.check() == 2
    assert mind.found("green tea")[0] == ids[0]
    assert mind.index.model_id() == "hashed-384"
    mind.remember(Fact("Ana rows on Sundays"), drain=False)
    mind.outbox.drain()
    assert mind.index.model_id() == "another-model"
    assert {one.vectors for one in mind.index.held().values()} == {1}
    assert len(mind.embedder.read) == 3
    assert mind.found("green tea")[0] == ids[0]
    assert mind.outbox.check() == 0


def test_a_lost_index_is_built_again_and_strangers_leave_it():
    mind = Mind()
    [tea, _] = mind.remember(TEA, CATS)
    mind.index.reset()
    fresh = MemoryOutbox(mind.store, mind.index, mind.cutting, lambda: mind.embedder)
    assert fresh.check() == 2
    fresh.drain()
    assert len(held(mind)) == 2
    del mind.store.held[tea]                            # a process was killed between the store and the index
    fresh.check()
    assert tea not in held(mind)


def test_a_changed_text_is_embedded_again():
    mind = Mind(embedder=CountingEmbedder())
    [tea] = mind.remember(TEA)
    mind.store.change(ANA, "ana", tea, lambda memory: replace(memory, content=Fact("Ana drinks coffee")))
    mind.outbox.drain()
    assert mind.embedder.read == [TEA.content, "Ana drinks coffee"]
    assert mind.index.held()[tea].chunks == 1


def test_a_process_that_stays_finds_a_lost_index_at_its_start():
    mind = Mind()
    mind.remember(TEA, CATS)
    mind.index.reset()
    mind.outbox.begin()
    assert mind.outbox.wait(20)
    assert len(held(mind)) == 2
    mind.outbox.close()


def test_what_died_holding_is_taken_over_at_once_and_what_lives_is_waited_for():
    dead, mind = {"killed"}, Mind(embedder=CountingEmbedder())
    outbox = MemoryOutbox(mind.store, mind.index, mind.cutting, lambda: mind.embedder, has_died=dead.__contains__)
    mind.remember(TEA, CATS, drain=False)
    [tea] = mind.store.claim("killed", 1, lease_seconds=600)
    [cats] = mind.store.claim("at work", 1, lease_seconds=600)
    assert outbox.drain(seconds=0.1) == 1                # of the living nothing is taken
    assert mind.embedder.read == [tea.text]

    def done():
        mind.index.put_all([Entry(cats.public_id, mind.cutting.cut(cats)[0], mind.embedder.embed([cats.text]))], model_id="hashed-384")
        mind.store.settle("at work", [cats.public_id], {})

    other = Timer(0.3, done)
    other.start()
    assert outbox.drain(seconds=30) == 0
    other.join()
    assert mind.embedder.read == [tea.text, cats.text]
    assert held(mind) == {tea.public_id, cats.public_id}


def test_a_process_that_slept_while_deletions_were_forgotten_looks_at_everything_anew():
    mind = Mind()
    ids = mind.remember(TEA, CATS, Fact("Ana rows on Sundays"))
    mind.store.remove(ANA, "ana", [ids[0]])
    mind.outbox.drain()
    assert mind.found("green tea") != []
    mind.store.remove(ANA, "ana", [ids[1]])
    mind.store.remove(ANA, "ana", ["f" * 32])
    mind.store.forget_removed(-1)
    mind.outbox.follow()
    assert held(mind) == {ids[2]}
    assert mind.found("grey cats") == [ids[2]]


def test_a_process_that_stays_forgets_what_was_deleted_long_ago():
    mind = Mind()
    [tea, _] = mind.remember(TEA, CATS)
    mind.store.remove(ANA, "ana", [tea])
    mind.store.gone = [(one, when - timedelta(days=40)) for one, when in mind.store.gone]
    mind.outbox.begin()
    assert mind.outbox.wait(20)
    assert mind.store.removed_since(0) == (1, [])
    mind.outbox.close()
