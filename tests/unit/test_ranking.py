"""Ranking: fusion does not depend on the order of its input, and words count as the searched texts alone say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from halo_app.domain.ranking import Postings, bm25, candidates, distinct, fused, rank, relevance, share, top, z_scores

WORDS = st.sampled_from(["budget", "year", "cell", "dna", "tax", "river", "stone"])
TEXTS = st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=12)
NUMBERS = st.floats(-1, 1).map(lambda value: round(value, 3))
MEASURED = st.lists(st.tuples(NUMBERS, NUMBERS.map(abs)), min_size=1, max_size=20)


@given(MEASURED, st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_nothing(measured, random):
    rows = [(f"id-{at:02}", cosine, words) for at, (cosine, words) in enumerate(measured)]
    mixed = list(rows)
    random.shuffle(mixed)
    assert _ranked(rows) == _ranked(mixed)


def _ranked(rows):
    keys = [row[0] for row in rows]
    cosines, words = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    return [keys[item.position] for item in rank(cosines, words, np.minimum(words, 1), keys)]


@given(MEASURED)
def test_relevance_lies_between_0_and_1_and_never_rises_down_the_list(measured):
    cosines, words = np.array([row[0] for row in measured]), np.array([row[1] for row in measured])
    found = [item.relevance for item in rank(cosines, words, words, [str(at) for at in range(len(measured))])]
    assert all(0 <= value <= 1 for value in found)
    assert all(above >= below - 1e-12 for above, below in pairwise(found))


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_z_scores_have_mean_0_and_deviation_1_or_are_all_0(values):
    scores = z_scores(values)
    assert len(scores) == len(values)
    assert not scores.any() or (abs(scores.mean()) < 1e-6 and abs(scores.std() - 1) < 1e-6)


def test_a_candidate_that_only_one_side_proposed_brings_both_true_values():
    cosines, words = np.array([0.9, 0.1, 0.2, 0.0]), np.array([0.0, 3.0, 0.0, 0.0])
    chosen = candidates(cosines, words, np.ones(4, bool), each=1)
    assert chosen.tolist() == [0, 1]
    assert fused(cosines[chosen], words[chosen]).tolist() == [0.0, 0.0]


def test_words_alone_decide_when_there_are_no_vectors():
    ranked = rank(None, np.array([1.0, 3.0, 2.0]), np.array([0.1, 0.9, 0.4]), ["a", "b", "c"])
    assert [item.position for item in ranked] == [1, 2, 0]
    assert all(item.similarity == 0.0 for item in ranked)


def test_equal_scores_are_put_in_order_of_their_keys():
    assert [item.position for item in rank(np.zeros(3), np.zeros(3), np.zeros(3), ["c", "a", "b"])] == [1, 2, 0]


@given(TEXTS, st.lists(WORDS, min_size=1, max_size=4))
def test_bm25_by_postings_is_the_formula(texts, terms):
    lengths = [len(text) for text in texts]
    mean = sum(lengths) / len(texts)
    for at, text in enumerate(texts):
        expected = 0.0
        for term in terms:
            n = sum(term in other for other in texts)
            idf = np.log(1 + (len(texts) - n + 0.5) / (n + 0.5))
            tf = text.count(term)
            expected += idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * lengths[at] / mean)) if tf else 0.0
        assert abs(bm25(texts, terms)[at] - expected) < 1e-9


@given(TEXTS, TEXTS, st.lists(WORDS, min_size=1, max_size=4))
def test_texts_outside_the_scope_change_no_score(ours, theirs, terms):
    inside = np.array([True] * len(ours) + [False] * len(theirs))
    scores = Postings.of([*ours, *theirs]).bm25(terms, inside)
    assert np.allclose(scores[: len(ours)], bm25(ours, terms))
    assert not scores[len(ours) :].any()


def test_no_text_and_no_term_give_no_score():
    assert bm25([], ["budget"]).tolist() == []
    assert bm25([["budget"]], []).tolist() == [0.0]
    assert bm25([[]], ["budget"]).tolist() == [0.0]


@given(TEXTS, st.lists(WORDS, max_size=4))
def test_the_share_of_the_question_is_between_0_and_1(texts, terms):
    postings = Postings.of(texts)
    shares = share(postings.bm25(terms), terms, postings.statistics(terms))
    assert ((shares >= 0) & (shares <= 1)).all()


@given(st.lists(NUMBERS, max_size=30), st.integers(1, 10))
def test_top_gives_the_largest_with_ties_in_order(values, limit):
    expected = sorted(range(len(values)), key=lambda at: (-values[at], at))[:limit]
    assert top(np.array(values), limit).tolist() == expected


def test_top_looks_only_where_it_may():
    assert top(np.array([3.0, 2.0, 1.0]), 2, np.array([False, True, True])).tolist() == [1, 2]


def test_a_text_that_nearly_repeats_a_better_one_is_left_out():
    ten = "one two three four five six seven eight nine ten"
    texts = ["other words", ten, f"{ten} eleven", "one two three"]
    assert list(distinct(texts, lambda text: frozenset(text.split()))) == ["other words", ten, "one two three"]


def test_relevance_rises_with_similarity_and_with_shared_words():
    low, high = np.array([0.1]), np.array([0.8])
    assert relevance(high, low) > relevance(low, low)
    assert relevance(low, high) > relevance(low, low)
    assert relevance(None, high) > relevance(None, low)
