"""A question that names a source is answered from that source, and the answer speaks the question's language."""

from __future__ import annotations

import pytest

from halo_app.domain.conversation import Citation, Sentence, Verdict
from halo_app.domain.mentions import named_in
from halo_app.domain.phrases import language_of, lead, nothing, subjects, unknown

NAMES = ["contract.docx", "minutes.md", "old contract.docx", "Field_study.pdf", "A web page"]


@pytest.mark.parametrize(("question", "found", "rest"), [
    ("In contract.docx, who are the parties?", {"contract.docx"}, "who are the parties?"),
    ("Who are the parties of the file “contract.docx”?", {"contract.docx"}, "Who are the parties?"),
    ("Summarise contract.docx", {"contract.docx"}, "Summarise"),
    ("Worum geht es in minutes.md?", {"minutes.md"}, "Worum geht es?"),
    ("What is in old contract.docx?", {"old contract.docx"}, "What is?"),
    ("In the minutes, who is excused?", {"minutes.md"}, "who is excused?"),
    ("According to the field study, how many houses were there?", {"Field_study.pdf"}, "how many houses were there?"),
    ("Which law governs the contract?", set(), "Which law governs the contract?"),
    ("How many minutes does it take, and why?", set(), "How many minutes does it take, and why?"),
    ("contract.docx", {"contract.docx"}, "contract.docx"),
    ("Where is subcontract.docx?", set(), "Where is subcontract.docx?"),
])
def test_sources_named_in_a_question_are_found_and_taken_out_of_it(question, found, rest):
    assert named_in(question, NAMES) == (frozenset(found), rest)


@pytest.mark.parametrize(("question", "language"), [
    ("Wie hoch ist die Gebühr?", "de"), ("Was kostet das?", "de"), ("What does Müller say?", "en"), ("Kündigungsfrist", "de"),
    ("How long does it take?", "en"), ("liability", "en"), ("Gebühr", "de"), ("Wer war der Erfinder des Telefons?", "de"),
])
def test_the_language_of_a_question_is_told_from_its_small_words(question, language):
    assert language_of(question) == language


def sentence(source: str, locator: str) -> Sentence:
    return Sentence("It is so.", Verdict.VERIFIED, (Citation("s", source, locator, "It is so.", 0, 9),))


def test_the_lead_line_names_one_place_or_only_the_sources():
    here, there = sentence("plan.md", "“Plan › Cost”"), sentence("plan.md", "“Plan › Time”")
    assert lead([here]) == "From plan.md (“Cost”):"
    assert lead([here, there]) == "From plan.md:"
    assert lead([here, sentence("b.pdf", "p. 3")]) == "From plan.md (“Cost”) and b.pdf (p. 3):"
    assert lead([here], "de") == "Aus plan.md (“Cost”):"
    assert lead([here], is_sure=False) == "Closest to your question, from plan.md (“Cost”):"


def test_the_lead_line_names_the_columns_of_a_row():
    assert lead([sentence("use.xlsx", "Year!A4:C4")], columns="Month, Cost") == "From use.xlsx (Year!A4:C4; columns Month, Cost):"


def test_an_answer_that_is_not_there_is_missed_in_the_source_that_was_named():
    assert nothing(True, "en", ["a.md"]).startswith("a.md does not seem to answer this.")
    assert nothing(True, "de").startswith("Die gewählten Quellen scheinen")
    assert nothing(False, "en", ["a.md", "b.md"]) == "a.md and b.md hold nothing about this."


def test_words_that_the_sources_never_use_are_told_when_there_are_few():
    assert subjects("How tall is the tower that Müller mentioned?") == ["tower", "that", "Müller"]
    assert unknown(["aspirin"], "en") == "No selected source seems to mention “aspirin”."
    assert unknown(["a", "b", "c"], "en") == "No selected source seems to mention “a”, “b” or “c”."
    assert unknown(["Aspirin", "Dosis"], "de") == "Keine gewählte Quelle scheint „Aspirin“ oder „Dosis“ zu erwähnen."
    assert unknown([], "en") == unknown(list("abcd"), "en") == ""
