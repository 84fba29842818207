"""The days that a text speaks of, also when it only says how long ago."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halo_app.domain.dates import asked, counted, dated, spoken_of

THURSDAY = date(2023, 5, 25)


def day(year, month, number):
    return date(year, month, number), date(year, month, number)


SAID = [
    ("I saw her yesterday.", day(2023, 5, 24)), ("We met last night.", day(2023, 5, 24)), ("today is the day", day(2023, 5, 25)),
    ("Tomorrow I leave.", day(2023, 5, 26)), ("three days ago", day(2023, 5, 22)), ("a couple of days ago", day(2023, 5, 23)),
    ("two weeks ago", (date(2023, 5, 8), date(2023, 5, 14))), ("4 years ago", (date(2019, 1, 1), date(2019, 12, 31))),
    ("two months ago", (date(2023, 3, 1), date(2023, 3, 31))),
    ("last week", (date(2023, 5, 15), date(2023, 5, 21))), ("next month", (date(2023, 6, 1), date(2023, 6, 30))),
    ("last year", (date(2022, 1, 1), date(2022, 12, 31))), ("this weekend", (date(2023, 5, 27), date(2023, 5, 28))),
    ("last weekend", (date(2023, 5, 20), date(2023, 5, 21))),
    ("last Friday", day(2023, 5, 19)), ("last Thursday", day(2023, 5, 18)), ("next Monday", day(2023, 5, 29)),
    ("this Sunday", day(2023, 5, 28)), ("last summer", (date(2022, 6, 1), date(2022, 8, 31))),
    ("next winter", (date(2023, 12, 1), date(2024, 2, 29))),
    ("on 19 August, 2022", day(2022, 8, 19)), ("on August 19th", day(2023, 8, 19)),
    ("in July 2021", (date(2021, 7, 1), date(2021, 7, 31))),
    ("2023-02-03", day(2023, 2, 3)), ("back in 2019", (date(2019, 1, 1), date(2019, 12, 31))),
    ("gestern", day(2023, 5, 24)), ("vor drei Tagen", day(2023, 5, 22)), ("letzte Woche", (date(2023, 5, 15), date(2023, 5, 21))),
    ("am 3. Mai 2022", day(2022, 5, 3)), ("nächsten Monat", (date(2023, 6, 1), date(2023, 6, 30))),
]


@pytest.mark.parametrize(("text", "days"), SAID, ids=[text for text, _ in SAID])
def test_a_text_names_these_days(text, days):
    assert days in spoken_of(text, THURSDAY)


@pytest.mark.parametrize("text", ["We may go.", "It cost €2020 in all.", "30 February 2023", "the last one", "99999 years ago"])
def test_a_text_names_no_day(text):
    assert spoken_of(text, THURSDAY) == []


def test_a_date_without_a_year_is_the_nearest_one():
    assert spoken_of("on 28 December", date(2024, 1, 5)) == [day(2023, 12, 28)]


def test_days_become_words_as_exact_as_they_are():
    assert counted(day(2023, 8, 19)) == ("@2023", "@2023-08", "@2023-08-19")
    assert counted((date(2023, 8, 1), date(2023, 8, 31))) == ("@2023", "@2023-08")
    assert counted((date(2023, 1, 1), date(2023, 12, 31))) == ("@2023",)
    assert counted((date(2023, 12, 28), date(2024, 1, 3))) == ("@2023", "@2024", "@2023-12", "@2024-01")


def test_what_was_said_carries_its_own_day_and_those_it_speaks_of():
    assert dated("I painted it last year.", date(2023, 5, 8)) == ("@2023", "@2023-05", "@2023-05-08", "@2022")
    assert dated("I painted it last year.", None) == ()


def test_a_question_asks_for_the_month_of_its_day_too():
    assert asked("What did they do on 31 October, 2022?", THURSDAY) == ("@2022-10", "@2022-10-31")
    assert asked("What happened in 2022?", THURSDAY) == ("@2022",)
    assert asked("Who is Carla?", THURSDAY) == ()


@given(st.text(max_size=60), st.dates())
def test_no_text_on_any_day_raises(text, today):
    for first, last in spoken_of(text, today):
        assert first <= last


@given(st.sampled_from([text for text, _ in SAID]), st.dates())
def test_no_day_is_too_early_or_too_late(text, today):
    spoken_of(text, today)
