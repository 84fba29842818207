"""Which facts are one, which replace each other, and which only look alike."""

from __future__ import annotations

import pytest

from halo_app.domain.reconciling import Relation, compare
from tests.reconciling_cases import CONTRADICTIONS, LOOK_ALIKES


@pytest.mark.parametrize("first", [0, 1])
def test_what_is_called_a_contradiction_is_one_and_most_are_seen(first):
    right = sum(compare(*pair).relation is Relation.CONTRADICTS for pair in CONTRADICTIONS[first::2])
    wrong = sum(compare(*pair).relation is Relation.CONTRADICTS for pair in LOOK_ALIKES[first::2])
    assert right / (right + wrong) >= 0.95
    assert right / len(CONTRADICTIONS[first::2]) >= 0.7


@pytest.mark.parametrize("old, new, relation", [
    ("The user lives in Berlin.", "the user lives in Berlin", Relation.SAME),
    ("The user lives in Berlin.", "The user lives in Berlin with two cats.", Relation.NEAR),
    ("I live in Berlin", "The user lives in Berlin now.", Relation.NEAR),
    ("The user's name is Max.", "The user's name is Max Meyer.", Relation.NEAR),
    ("I live in Berlin", "The user moved to Rome in 2024.", Relation.CONTRADICTS),
    ("The user works at Siemens.", "The user left Siemens.", Relation.CONTRADICTS),
    ("The user was born in 1987.", "The user was born in 1988.", Relation.CONTRADICTS),
    ("The user likes long introductions.", "The user can't stand long introductions.", Relation.CONTRADICTS),
    ("Ich wohne in Berlin.", "Ich wohne jetzt in Hamburg.", Relation.CONTRADICTS),
    ("The user is a nurse.", "The user is a teacher.", Relation.DOUBTFUL),
    ("The user ran 5 km.", "The user ran 10 km.", Relation.UNRELATED),
    ("The user's wife is Anna.", "The user's wife is a doctor.", Relation.UNRELATED),
    ("On day 4 the pump used 12 kilowatt hours.", "On day 5 the pump used 15 kilowatt hours.", Relation.UNRELATED),
    ("The user walked 5 km on Monday.", "The user walked 9 km on Monday.", Relation.UNRELATED),
    ("Fact number 1", "Fact number 2", Relation.UNRELATED),
    ("Item 12 costs 5 euros", "Item 13 costs 5 euros", Relation.UNRELATED),
    ("The user has 2 cats.", "The user has 3 cats.", Relation.CONTRADICTS),
    ("Ana is a nurse", "Ana is a mother", Relation.UNRELATED),
    ("Ana is allergic to nuts", "Ana is allergic to eggs", Relation.UNRELATED),
    ("Ana works at Volvo", "Ana works at home", Relation.UNRELATED),
    ("The budget is 5000 euros", "The budget is tight", Relation.DOUBTFUL),
    ("The user has a son.", "The user has a daughter.", Relation.UNRELATED),
])
def test_two_facts_stand_to_each_other_as_a_reader_would_say(old, new, relation):
    judged = compare(old, new)
    assert judged.relation is relation
    assert judged.reason


def test_meaning_joins_other_words_but_never_other_names_or_numbers():
    assert compare("The user is fond of hiking.", "The user is keen on hiking.", 0.97).relation is Relation.NEAR
    assert compare("The user is fond of Rome.", "The user is fond of Paris.", 0.97).relation is not Relation.NEAR


def test_every_reason_is_in_words_and_every_pair_gets_one():
    assert all(compare(*pair).reason for pair in [*CONTRADICTIONS, *LOOK_ALIKES])
