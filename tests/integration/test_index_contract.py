"""Every VectorIndex: filters before limits, whole sources or nothing, one model's vectors at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest

from halo_app.domain.chunk import Scope
from halo_app.domain.chunking import chunks_hash
from halo_app.ports import Entry
from tests.index_helpers import INDEX_KINDS, MODEL, chunk, entry, vector

ANA = Scope("ana", "n1")


@pytest.fixture(params=INDEX_KINDS.values(), ids=INDEX_KINDS.keys())
def index(request, tmp_path):
    made = request.param(tmp_path)
    yield made
    made.close()


def test_a_new_index_is_empty(index):
    assert index.count(ANA) == 0
    assert index.rows(ANA) == ([], None)
    assert index.nearest(vector(1), where=ANA, limit=5) == []
    assert index.matching(["budget"], where=ANA, limit=5) == []
    assert index.held() == {}
    assert index.model_id() == ""
    index.remove("unknown")


def test_what_was_put_comes_back_whole(index):
    first = entry("the budget", "of 2020", vectors=[vector(1), vector(0, 1)])
    index.put_all([first], model_id=MODEL)
    chunks, vectors = index.rows(ANA)
    assert chunks == list(first.chunks)
    assert np.allclose(vectors, first.vectors)
    assert index.verify("s1") == chunks_hash(first.chunks)
    assert index.model_id() == MODEL


def test_nearest_gives_cosines_largest_first(index):
    index.put_all([entry("a", "b", "c", vectors=[vector(1), vector(1, 1), vector(-1)])], model_id=MODEL)
    hits = index.nearest(vector(1), where=ANA, limit=3)
    assert [hit.chunk.text for hit in hits] == ["a", "b", "c"]
    assert [round(hit.score, 3) for hit in hits] == [1.0, 0.707, -1.0]
    assert len(index.nearest(vector(1), where=ANA, limit=1)) == 1


def test_matching_finds_words_only_where_they_stand(index):
    index.put_all([entry("budget budget tax", "tax", "river")])
    hits = index.matching(["budget", "tax"], where=ANA, limit=5)
    assert [hit.chunk.text for hit in hits] == ["budget budget tax", "tax"]
    assert hits[0].score > hits[1].score > 0


def test_what_is_near_and_what_has_the_words_is_proposed_once_each_with_its_vector(index):
    index.put_all([entry("budget", "tax", "river", "budget", vectors=[vector(1), vector(0, 1), vector(-1), vector(0, 0, 1)])],
                  model_id=MODEL)
    index.put_all([entry("tax", source="s2", user="ben", vectors=[vector(1)])], model_id=MODEL)
    chunks, vectors = index.proposed(["tax"], vector(1), where=ANA, limit=1)
    found = {chunk.id: row for chunk, row in zip(chunks, vectors, strict=True)}
    assert found.keys() == {"s1-0", "s1-1"}
    assert np.allclose(found["s1-0"], vector(1))
    assert [chunk.id for chunk in index.proposed(["river"], None, where=ANA, limit=5)[0]] == ["s1-2"]
    assert index.proposed(["tax"], vector(1), where=Scope("eve"), limit=5) == ([], None)


def test_filters_apply_before_limits(index):
    others = [entry(f"budget {at}", source=f"o{at}", user="ben", vectors=[vector(1, at / 1000)]) for at in range(40)]
    other_notebook = [entry(f"budget {at}", source=f"p{at}", notebook="n2", vectors=[vector(1, at / 1000)]) for at in range(40)]
    index.put_all([*others, *other_notebook], model_id=MODEL)
    index.put_all([entry("a budget far away", source="mine", vectors=[vector(-1)])], model_id=MODEL)
    assert [hit.chunk.source_id for hit in index.nearest(vector(1), where=ANA, limit=1)] == ["mine"]
    assert [hit.chunk.source_id for hit in index.matching(["budget"], where=ANA, limit=1)] == ["mine"]
    assert index.count(ANA) == 1
    assert [one.source_id for one in index.rows(ANA)[0]] == ["mine"]


def test_only_ticked_sources_are_read(index):
    index.put_all([entry("budget", source=name, vectors=[vector(1)]) for name in ("s1", "s2", "s3")], model_id=MODEL)
    ticked = Scope("ana", "n1", frozenset({"s2"}))
    assert {hit.chunk.source_id for hit in index.nearest(vector(1), where=ticked, limit=9)} == {"s2"}
    assert {hit.chunk.source_id for hit in index.matching(["budget"], where=ticked, limit=9)} == {"s2"}
    assert index.count(ticked) == 1
    assert [one.id for one in index.some(["s1-0", "s2-0"], where=ticked)[0]] == ["s2-0"]


def test_an_empty_scope_finds_nothing(index):
    index.put_all([entry("budget", vectors=[vector(1)])], model_id=MODEL)
    nothing = Scope("ana", "n1", frozenset())
    assert index.count(nothing) == 0
    assert index.rows(nothing) == ([], None)
    assert index.nearest(vector(1), where=nothing, limit=5) == []
    assert index.matching(["budget"], where=nothing, limit=5) == []
    assert index.some(["s1-0"], where=nothing) == ([], None)


@pytest.mark.parametrize("strange", ["o'neil", "x' OR '1'='1", 'say "so"', "a\\", "%", "-- ;", "名前", "null"])
def test_strange_names_select_exactly_themselves(index, strange):
    index.put_all([entry("budget", source="s1", user="ana"), entry("budget", source=strange, notebook=strange, user=strange)])
    assert [one.source_id for one in index.rows(Scope(strange, strange))[0]] == [strange]
    assert [one.source_id for one in index.rows(Scope("ana"))[0]] == ["s1"]
    assert index.count(Scope("ana", "n1", frozenset({strange}))) == 0
    index.remove(strange)
    assert set(index.held()) == {"s1"}


def test_a_word_of_the_query_is_never_syntax(index):
    index.put_all([entry("budget (draft) AND +tax")])
    for words in (["(draft)"], ["and", "or", "not"], ["+tax"], ['"'], ["budget:*"]):
        assert len(index.matching(words, where=ANA, limit=5)) <= 1


def test_putting_a_source_again_replaces_all_of_it(index):
    three = entry("one", "two", "three", vectors=[vector(1)] * 3)
    index.put_all([three, entry("other", source="s2", vectors=[vector(1)])], model_id=MODEL)
    index.put("s1", [chunk("new")], np.stack([vector(0, 1)]), model_id=MODEL)
    assert [one.text for one in index.rows(ANA)[0]] == ["new", "other"]
    index.put("s1", [], None)
    assert [one.text for one in index.rows(ANA)[0]] == ["other"]


def test_removing_takes_one_source_and_nothing_else(index):
    index.put_all([entry("one", source="s1"), entry("two", source="s2")])
    index.remove("s1")
    assert [one.text for one in index.rows(ANA)[0]] == ["two"]
    assert set(index.held()) == {"s2"}


def test_the_version_changes_with_every_write(index):
    seen = [index.version()]
    index.put_all([entry("one", vectors=[vector(1)])], model_id=MODEL)
    seen.append(index.version())
    index.put_all([entry("two", source="s2")])
    seen.append(index.version())
    index.remove("s1")
    seen.append(index.version())
    index.fill([entry("two", source="s2", vectors=[vector(1)])], model_id="model-b")
    index.switch("model-b")
    seen.append(index.version())
    assert all(before != after for before, after in pairwise(seen))
    assert index.version() == seen[-1]


def test_words_alone_are_enough_to_be_found(index):
    index.put_all([entry("budget", source="s1")])
    assert index.nearest(vector(1), where=ANA, limit=5) == []
    assert index.rows(ANA)[1] is None
    index.put_all([entry("river", source="s2", vectors=[vector(1)])], model_id=MODEL)
    chunks, vectors = index.rows(ANA)
    assert [one.text for one in chunks] == ["budget", "river"]
    assert not vectors[0].any() and vectors[1].any()
    assert [hit.chunk.text for hit in index.nearest(vector(1), where=ANA, limit=5)] == ["river"]
    assert (index.held()["s1"].vectors, index.held()["s2"].vectors) == (0, 1)


def test_vectors_of_another_model_serve_only_after_the_switch(index):
    index.put_all([entry("old", source="s1", vectors=[vector(1)])], model_id=MODEL)
    wide = vector(1, width=16)
    index.put_all([entry("new", source="s2", vectors=[wide])], model_id="model-b")
    assert index.model_id() == MODEL
    assert [hit.chunk.text for hit in index.nearest(vector(1), where=ANA, limit=5)] == ["old"]
    assert [hit.chunk.text for hit in index.matching(["new"], where=ANA, limit=5)] == ["new"]
    index.fill([entry("old", source="s1", vectors=[wide])], model_id="model-b")
    assert {name: held.vectors for name, held in index.held("model-b").items()} == {"s1": 1, "s2": 1}
    index.switch("model-b")
    assert index.model_id() == "model-b"
    assert {hit.chunk.text for hit in index.nearest(wide, where=ANA, limit=5)} == {"old", "new"}


def test_switching_to_a_model_nothing_was_kept_for_changes_nothing(index):
    index.put_all([entry("old", vectors=[vector(1)])], model_id=MODEL)
    index.switch("model-b")
    assert index.model_id() == MODEL
    assert index.count(ANA) == 1


def test_a_vector_of_another_width_is_near_to_nothing(index):
    index.put_all([entry("old", vectors=[vector(1)])], model_id=MODEL)
    assert index.nearest(vector(1, width=16), where=ANA, limit=5) == []


def test_reset_leaves_an_empty_index_that_works(index):
    index.put_all([entry("old", vectors=[vector(1)])], model_id=MODEL)
    index.reset()
    assert index.held() == {}
    index.put_all([entry("new", vectors=[vector(1, width=16)])], model_id="model-b")
    assert [one.text for one in index.rows(ANA)[0]] == ["new"]


def test_two_threads_write_and_read_at_once(index):
    def write(name: str) -> None:
        for at in range(8):
            index.put_all([entry("one", "two", source=f"{name}{at}", vectors=[vector(1), vector(0, 1)])], model_id=MODEL)
            assert len(index.rows(ANA)[0]) % 2 == 0
            index.nearest(vector(1), where=ANA, limit=3)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, "ab"))
    assert index.count(ANA) == 32


def test_entries_without_chunks_leave_nothing(index):
    index.put_all([Entry("s1", [], None)])
    assert index.held() == {}
