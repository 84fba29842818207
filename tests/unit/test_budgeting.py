"""A context never passes its cap, whatever is offered, and says what was left out."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halo_app.domain.budgeting import HEADINGS, NO_ROOM, QUOTAS, TOO_LONG, Item, Section, fill


def words(text: str) -> int:
    return len(text.split())


def joining(text: str) -> int:
    """A tokenizer for which the whole costs more than its parts: every two lines that meet cost one more."""
    return len(text.split()) + 2 * text.count("\n")


def items(section: Section, count: int, size: int = 10) -> list[Item]:
    return [Item(section, " ".join([f"{section.value.split()[0]}{at}"] * size), f"{section.value}-{at}", at) for at in range(count)]


def test_ten_thousand_random_contexts_stay_under_their_cap():
    chance = random.Random(7)
    for _ in range(10_000):
        offered = [Item(chance.choice(list(Section)), "w " * chance.randint(0, 60), str(at), chance.randint(0, 9))
                   for at in range(chance.randint(0, 25))]
        budget = chance.randint(0, 300)
        count = chance.choice([words, joining, len])
        filled = fill(offered, budget, count)
        assert filled.tokens <= budget
        assert filled.tokens == (count(filled.text) if filled.text else 0)
        assert len(filled.kept) + len(filled.dropped) == len(offered)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(Section), st.text(max_size=80)), max_size=20), st.integers(0, 400))
def test_any_text_at_all_stays_under_the_cap_in_bytes(offered, budget):
    def count(text: str) -> int:
        return len(text.encode("utf-8", "surrogatepass"))

    filled = fill([Item(section, text, str(at)) for at, (section, text) in enumerate(offered)], budget, count)
    assert count(filled.text) <= budget


def test_no_section_starves_another():
    offered = [item for section in Section for item in items(section, 50)]
    filled = fill(offered, 500, words)
    by_section = {section: sum(words(item.text) for item in filled.kept if item.section is section) for section in Section}
    assert all(by_section[section] >= 0.6 * QUOTAS[section] * 500 for section in Section)


def test_room_that_a_section_does_not_need_goes_to_others():
    alone = fill(items(Section.FACTS, 50), 500, words)
    assert alone.tokens > 450


def test_the_first_items_of_a_section_are_kept_and_read_in_their_order():
    offered = [Item(Section.RECENT, "the third thing said", "3", order=3), Item(Section.RECENT, "the second thing said", "2", order=2),
               Item(Section.RECENT, "the first thing said", "1", order=1)]
    filled = fill(offered, 16, words)
    assert [item.id for item in filled.kept] == ["3", "2"]
    assert filled.text == f"{HEADINGS[Section.RECENT]}:\n- the second thing said\n- the third thing said"


@pytest.mark.parametrize(("budget", "reason"), [(5, TOO_LONG), (14, NO_ROOM)])
def test_what_was_left_out_is_told_with_the_reason(budget, reason):
    offered = [*items(Section.PINNED, 1, 9), *items(Section.PASSAGES, 1, 9)]
    filled = fill(offered, budget, words)
    assert filled.dropped[-1].id == "passages-0"
    assert filled.dropped[-1].reason == reason


def test_nothing_offered_gives_an_empty_context():
    assert fill([], 100, words).text == ""
