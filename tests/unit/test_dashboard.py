"""The dashboard counts what is there, and lays alike beside alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from halo_app.domain.mapping import means, plane
from halo_app.domain.memory import Fact, Image, Kind, Memory, Provenance, State
from halo_app.services.dashboard import Bar, DashboardService, Latest, is_current

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def memory(number: int, text: str = "Likes tea", **fields) -> Memory:
    return replace(Memory(Fact(text), id=number, public_id=f"{number:032x}", user_id="ana", created_at=NOW), **fields)


@pytest.fixture
def dashboard():
    return DashboardService(lambda: None, lambda: None, None, None, lambda: NOW)


def test_alike_lies_beside_alike():
    chance = np.random.default_rng(1)
    centres = chance.normal(size=(2, 64))
    vectors = np.vstack([centres[0] + 0.1 * chance.normal(size=(50, 64)), centres[1] + 0.1 * chance.normal(size=(50, 64))])
    points = plane(vectors.astype(np.float32))
    assert np.abs(points).max() == pytest.approx(1)
    one, other = points[:50].mean(axis=0), points[50:].mean(axis=0)
    assert np.linalg.norm(one - other) > 3 * points[:50].std(axis=0).max()


def test_the_same_vectors_give_the_same_map():
    vectors = np.random.default_rng(2).normal(size=(20, 8)).astype(np.float32)
    assert np.array_equal(plane(vectors), plane(vectors.copy()))


@pytest.mark.parametrize("vectors", [np.zeros((0, 8)), np.ones((1, 8)), np.ones((3, 8))])
def test_nothing_to_tell_apart_lies_in_the_middle(vectors):
    assert not plane(vectors.astype(np.float32)).any()


def test_several_vectors_of_one_memory_are_one_point():
    names, middles = means(["a", "b", "a"], np.array([[1, 0], [0, 1], [3, 0]], np.float32))
    assert names == ["a", "b"]
    assert middles.tolist() == [[2, 0], [0, 1]]


def test_the_timeline_counts_days_of_a_short_time_and_months_of_a_long_one(dashboard):
    today = [memory(1), memory(2, content=Image("a cat"))]
    assert dashboard.timeline(today) == [Bar(NOW.date(), Kind.FACT, 1), Bar(NOW.date(), Kind.IMAGE, 1)]
    long_ago = memory(3, created_at=NOW - timedelta(days=400))
    assert [bar.begins.day for bar in dashboard.timeline([*today, long_ago])] == [1, 1, 1]
    assert dashboard.timeline([]) == []


def test_links_name_what_took_the_place_of_a_memory_and_where_it_was_said(dashboard):
    old, new = memory(1, superseded_by=f"{2:032x}"), memory(2, provenance=Provenance(session_id="chat-1"))
    found = [(link.kind, link.memory_id, link.other_id, link.session_id) for link in dashboard.links([new, old])]
    assert found == [("source", 2, None, "chat-1"), ("superseded", 1, 2, "")]


def test_a_dispute_is_one_link(dashboard):
    pair = [memory(1, disputes=(f"{2:032x}",)), memory(2, disputes=(f"{1:032x}",))]
    assert [(link.memory_id, link.other_id) for link in dashboard.links(pair)] == [(1, 2)]


@pytest.mark.parametrize("fields", [{"state": State.SUGGESTED}, {"superseded_by": "b" * 32}, {"expires_at": NOW}])
def test_suggested_superseded_and_expired_memories_do_not_count(fields):
    assert is_current(memory(1), NOW)
    assert not is_current(memory(1, **fields), NOW)


def test_what_was_worked_out_is_given_again_until_something_changes():
    made: list[int] = []
    latest: Latest[int] = Latest()

    def make() -> int:
        made.append(len(made))
        return len(made)

    assert [latest.of("monday", make), latest.of("monday", make), latest.of("tuesday", make)] == [1, 1, 2]
    latest.forget()
    assert latest.of("tuesday", make) == 3
