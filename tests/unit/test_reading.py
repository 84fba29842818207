"""What an answer quotes is whole: a row knows its columns, a list its announcement, a value of a data file its object."""

from __future__ import annotations

import pytest

from halo_app.domain.chunk import Chunk
from halo_app.domain.reading import first_row, named_cells, names_columns, read
from halo_app.domain.sentences import LIMIT
from halo_app.domain.source import Parsed

TABLE = "Energy\n\nMonth | Use (kWh) | Cost\nJanuary | 1240 | 372\nFebruary | 1105 | 331\nMarch | 980 | 294"
LIST = "Do not take it:\n- if you have asthma\n- if you have a fever\n\nStore it in a dry place."
DATA = """{
  "limits": {
    "max_upload_mb": 250
    "per_minute": 600
  }
  "contacts": [
    {
      "name": "Dana Fox"
      "role": "on-call"
    }
  ]
}"""


def lines(text: str, start: int = 0):
    return read(Parsed(text), Chunk("c", "s", "n", "me", 0, start, len(text), text[start:], "en", ()))


def line(text: str, beginning: str, start: int = 0):
    return next(one for one in lines(text, start) if one.text.startswith(beginning))


def test_a_row_is_read_with_the_names_of_its_columns():
    assert line(TABLE, "March").meaning == "Month: March; Use (kWh): 980; Cost: 294"
    assert line(TABLE, "March").text == "March | 980 | 294"


def test_a_row_in_a_later_passage_still_knows_the_names_of_its_columns():
    long = TABLE + "".join(f"\nDay {number} | {number} | {2 * number}" for number in range(400))
    at = long.index("Day 399 |")
    assert line(long, "Day 399 |", at).meaning == "Month: Day 399; Use (kWh): 399; Cost: 798"
    assert first_row(long, at) == "Month | Use (kWh) | Cost"


@pytest.mark.parametrize(("row", "expected"), [
    ("Month | Use (kWh) | Cost", True), ("Country | 2021 | 2022", True), ("Heat 2022/23 (kWh) | Noise (dB)", True),
    ("January | 1240 | 372", False), ("2024-03-04 | A. Stone", False), ("3.5 | 7", False), ("Alone |  ", False),
])
def test_the_first_row_names_the_columns_unless_it_holds_figures(row, expected):
    assert names_columns(row) is expected


def test_a_row_that_does_not_fit_its_columns_stays_as_it_is():
    assert named_cells("a | b | c", "One | Two") == ()


def test_a_list_is_quoted_with_what_announces_it():
    said = [one.text for one in lines(LIST)]
    assert said == ["Do not take it:\n- if you have asthma\n- if you have a fever", "Store it in a dry place."]


def test_items_that_are_whole_sentences_and_long_lists_stay_apart():
    assert len(lines("Rules:\n- Wash your hands.\n- Wear a coat.\n- Leave at six.")) == 4
    long = "Parts:" + "".join(f"\n- part number {number}" for number in range(60))
    assert all(len(one.text) <= LIMIT for one in lines(long))


def test_a_data_file_is_quoted_without_its_braces():
    said = [one.text for one in lines(DATA) if not one.is_heading and any(sign.isalnum() for sign in one.text)]
    assert said == ['"max_upload_mb": 250\n    "per_minute": 600', '"name": "Dana Fox"\n      "role": "on-call"']
    assert line(DATA, '"max').before == '"limits": {'
