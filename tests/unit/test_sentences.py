"""Sentences have exact offsets, keep shortenings whole and never leave a paragraph, heading, item or row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from halo_app.domain.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize("whole", [
    "Dr. Smith met Mrs. Jones at 3.5 p.m. on Oct. 3, 1999.",
    "J. R. R. Tolkien wrote it with C. S. Lewis nearby.",
    "See Fig. 3, No. 5 and pp. 7 to 9 for details.",
    "It is used in cases such as i.e. this and e.g. that, cf. Smith et al. 2004 for more.",
    "The U.S. Army left with St. Mary's flag.",
    "The price rose by 3.14 percent, i.e. by 1,000.50 dollars.",
    "Er kam z.B. am 3. Oktober mit Dr. Meier, d.h. zu früh.",
    "Nach § 5 Abs. 2 und Art. 7 Nr. 3 gilt dies bzw. das.",
    '"What now?" he asked.',
    "The file is at example.com/a.html and version 1.2.3 works.",
    "I am here to . . . submit cheerfully.",
])
def test_a_full_stop_inside_a_sentence_does_not_end_it(whole):
    assert cut(f"{whole} Then it ended.") == [whole, "Then it ended."]


@pytest.mark.parametrize(("text", "expected"), [
    ("He said no. Then he left.", ["He said no.", "Then he left."]),
    ("It grew in the U.S. The end came.", ["It grew in the U.S.", "The end came."]),
    ("It was plan B. They left.", ["It was plan B.", "They left."]),
    ("It works.[3] It does!", ["It works.[3]", "It does!"]),
    ("In 1999. Later came more.", ["In 1999.", "Later came more."]),
    ("你好。世界！大家好？是的", ["你好。", "世界！", "大家好？", "是的"]),
    ("# Title\nText runs\nover lines. And on.", ["# Title", "Text runs\nover lines.", "And on."]),
    ("One line\n\nanother line", ["One line", "another line"]),
    ("- first item\n- second item", ["- first item", "- second item"]),
    ("a | b\n1 | 2\n3 | 4", ["a | b", "1 | 2", "3 | 4"]),
    ("1. First do this. 2. Then that.", ["1. First do this.", "2. Then that."]),
    ("Introduction\nThe cat sat on the mat and looked up.", ["Introduction", "The cat sat on the mat and looked up."]),
    ("", []), ("  \n ", []),
])
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert cut(text) == expected


def test_a_long_sentence_is_cut_at_a_clause_and_no_piece_passes_the_limit():
    text = "This goes on, " * 60 + "and stops."
    pieces = cut(text)
    assert len(pieces) > 1
    assert all(len(piece) <= 400 for piece in pieces)
    assert pieces[0].endswith(",")


def test_a_given_break_ends_a_sentence():
    text = "Heading Then the text."
    assert [text[s:e] for s, e in sentences(text, breaks=[7])] == ["Heading", "Then the text."]


PIECES = [*"aB.!?。 \n\t|#-1,;:\"'()[]…é", "Dr", " e.g. ", "\r\n", "word word"]


@given(st.lists(st.sampled_from(PIECES), max_size=120).map("".join), st.integers(5, 60))
def test_sentences_are_ordered_disjoint_trimmed_and_cover_everything_but_space(text, limit):
    spans = sentences(text, limit=limit)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert end - start <= limit
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_sentences_of_a_part_stay_inside_it(text, start, end):
    start, end = min(start, len(text)), min(end, len(text))
    assert all(start <= s < e <= end for s, e in sentences(text, start, end))
