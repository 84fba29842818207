"""Suggested questions are well-formed: their subjects are noun phrases of the text, and fragments are never asked about."""

from __future__ import annotations

import pytest

from halo_app.domain.source import Heading
from halo_app.domain.subjects import as_subject
from halo_app.domain.suggesting import suggestions


def from_sentence(sentence: str, text: str = "", language: str = "en") -> list[str]:
    return list(suggestions([sentence], [], [], language, text or sentence))


@pytest.mark.parametrize(("sentence", "question"), [
    ("The seasonal factor of the heat pumps was 3.4 on average.", "What was the seasonal factor of the heat pumps?"),
    ("The offer by Meyer assumes 24,000 kWh of heat per year.", "What does the offer by Meyer assume?"),
    ("Type 33 radiators lower the flow temperature by 6 K.", "What do Type 33 radiators lower?"),
    ("Houses with a second heat source were left out of this comparison, because the share could not be measured.",
     "Why were houses with a second heat source left out of this comparison?"),
    ("The Lumen lamp was designed by Ada Brandt.", "Who was the Lumen lamp designed by?"),
    ("The tower is built of granite from the quarry.", "What is the tower built of?"),
    ("The Lumen lamp costs 40 euros.", "How much does the Lumen lamp cost?"),
    ("The old tower was built in 1871.", "When was the old tower built?"),
])
def test_a_sentence_becomes_the_question_that_it_answers(sentence: str, question: str) -> None:
    assert from_sentence(sentence) == [question]


@pytest.mark.parametrize("sentence", [
    "Now there is a second rink below the village.", "Magical are the nights on the ice.", "Elsewhere on the rink is a second game.",
    "Cradle also decreased customer service costs 40 times.", "AutoGen’ is a framework.", "The figure need not be a circle.",
    "Attackers thinking in graphs cause 4 problems.", "Volunteers and financial support to 12 helpers.", "It is a lamp.",
    "Representation of women in our company is 30 per cent.",
])
def test_what_has_no_subject_of_its_own_is_not_asked_about(sentence: str) -> None:
    assert from_sentence(sentence) == []


def test_a_single_word_is_a_name_only_when_it_is_one_elsewhere() -> None:
    assert from_sentence("Wengen was opened in 1902.", "They went to see Wengen.") == ["When was Wengen opened?"]
    assert from_sentence("Typical is a second game.") == []


OFFER = ("The offer by Meyer assumes 24,000 kWh of heat per year. Type 33 radiators lower the flow temperature. The remaining seven "
         "share two properties. Empirical studies demonstrate the effect of heating. We use a heat pump with underfloor heating. "
         "Enjoy summer warmth. This survey describes harbours, and Sund freezes in winter. The old house stands in the wind. "
         "They met Ada Brandt in Oslo, and in turn the radiators of the house were measured.")


@pytest.mark.parametrize(("term", "named"), [
    ("offer", "the offer"), ("radiators", "radiators"), ("heat pump", "the heat pump"), ("heating", "heating"),
    ("Ada Brandt", "Ada Brandt"),
    ("flow temperature", "the flow temperature"), ("underfloor heating", "underfloor heating"),
    ("Type radiators lower", ""), ("Meyer assumes", ""), ("remaining seven share", ""), ("Empirical studies demonstrate", ""),
    ("measured", ""), ("survey describes harbours", ""), ("Sund freezes", ""), ("house stands", ""), ("survey describes", ""),
    ("Enjoy summer warmth", ""), ("heat per year", ""), ("turn", ""), ("List1 List2", ""), ("add another list", ""), ("", ""),
])
def test_a_term_is_named_as_the_text_names_it_or_not_at_all(term: str, named: str) -> None:
    assert as_subject(term, OFFER, "en") == named


def heading(title: str) -> Heading:
    return Heading(0, 1, title)


@pytest.mark.parametrize(("title", "asked"), [
    ("3.2 Flow temperatures", "What do the sources say about “Flow temperatures”?"),
    ("CHAPTER II RINKS AND SKATERS", "What do the sources say about “Rinks and Skaters”?"),
    ("How good, how fast?", "How good, how fast?"),
    ("What it does", ""), ("d666f1f7-46cb-42bd-9a39-9a39cf2a509f", ""), ("These Test Strings are in the Image", ""),
    ("Introduction", ""),
])
def test_a_heading_is_asked_about_in_its_own_words_when_it_names_something(title: str, asked: str) -> None:
    assert list(suggestions([], [heading(title)], [], "en")) == ([asked] if asked else [])


def test_a_german_text_is_asked_about_in_german() -> None:
    text = "Die Wärmepumpe wurde von Anna Holm gebaut. Der Preis der Wärmepumpe ist hoch."
    assert list(suggestions(["Die Wärmepumpe wurde von Anna Holm gebaut."], [], ["Wärmepumpe"], "de", text)) == [
        "Von wem wurde die Wärmepumpe gebaut?", "Was sagen die Quellen über „Wärmepumpe“?"]
