"""Whoever owns nearly all rows of a large index is answered without a filter, and still sees nothing of others."""

from __future__ import annotations

import numpy as np
import pytest

from halo_app.domain.chunk import Scope
from tests.index_helpers import MODEL, WIDTH, entry, lance

ANA, BEN = Scope("ana"), Scope("ben")


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    index = lance(tmp_path_factory.mktemp("large"), exact=50)
    drawn = np.random.default_rng(3).standard_normal((600, WIDTH)).astype(np.float32)
    vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    owners = ["ben" if number % 30 == 0 else "ana" for number in range(600)]
    index.put_all([entry(f"harbour n{number}", source=f"s{number}", user=owner, vectors=[vectors[number]])
                   for number, owner in enumerate(owners)], model_id=MODEL)
    index.tidy()
    index.vectors = vectors
    return index


@pytest.mark.parametrize(("scope", "own"), [(ANA, 580), (BEN, 20)])
def test_each_is_proposed_what_is_theirs_and_as_much_as_asked_for(index, scope, own):
    assert index.count(scope) == own
    for _ in range(2):                              # the second time it is known who owns little
        near = index.nearest(index.vectors[0], where=scope, limit=15)
        worded = index.matching(["harbour"], where=scope, limit=15)
        assert len(near) == len(worded) == 15
        assert {hit.chunk.user_id for hit in [*near, *worded]} == {scope.user_id}


def test_words_of_one_row_find_it_for_its_owner_only(index):
    assert [hit.chunk.source_id for hit in index.matching(["n30"], where=BEN, limit=5)] == ["s30"]
    assert index.matching(["n30"], where=ANA, limit=5) == []
    assert [row.id for row in index.some(["s30-0", "s31-0"], where=ANA)[0]] == ["s31-0"]
    assert [row.id for row in index.some(["s30-0", "s31-0"], where=Scope("ana", "n1", frozenset(["s30"])))[0]] == []


@pytest.mark.parametrize("scope", [ANA, BEN])
def test_meaning_and_words_propose_together_what_each_proposes_alone(index, scope):
    for _ in range(2):
        near, terms = index.vectors[2], ["harbour", "n30", "n31"]
        chunks, vectors = index.proposed(terms, near, where=scope, limit=12)
        alone = {hit.chunk.id for hit in [*index.nearest(near, where=scope, limit=12), *index.matching(terms, where=scope, limit=12)]}
        assert len(chunks) == len({chunk.id for chunk in chunks}) >= 12
        assert {chunk.user_id for chunk in chunks} == {scope.user_id}
        assert {"s30-0", "s31-0"} & {chunk.id for chunk in chunks} == {"s30-0", "s31-0"} & alone != set()
        assert all(np.allclose(row, index.vectors[int(chunk.source_id[1:])]) for chunk, row in zip(chunks, vectors, strict=True))


def test_nothing_is_proposed_where_nothing_lies_or_nothing_fits(index):
    assert index.proposed(["harbour"], index.vectors[0], where=Scope("eve"), limit=5) == ([], None)
    assert index.proposed(["unheard"], None, where=ANA, limit=5) == ([], None)
    assert index.proposed([], None, where=ANA, limit=5) == ([], None)
    assert index.proposed(["n31"], index.vectors[0], where=Scope("ana", "elsewhere"), limit=5) == ([], None)


def test_what_another_process_writes_meanwhile_is_read_anew(index):
    from functools import partial

    from halo_app.vectors.proposing import proposals
    from halo_app.vectors.searching import with_words
    words = with_words(["n31"], places=True)

    def while_somebody_writes(table, condition, limit):
        found = words(table, condition, limit)
        index.put_all([entry("late", source="late", user="ana", vectors=[index.vectors[1]])], model_id=MODEL)
        return found

    ask = partial(proposals, where=ANA, limit=5, filtered=False)
    assert index._read(partial(ask, sides=[while_somebody_writes]), None) is None
    assert index._read(partial(ask, sides=[words]), None).rows["source_id"].to_pylist() == ["s31"]
    index.remove("late")
