"""Verdicts: nothing that was changed is verified, nothing that is faithful is thrown out, and every quote is exact."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from halo_app.domain.conversation import Verdict
from halo_app.domain.quoting import find_quote
from halo_app.domain.sentences import sentences
from halo_app.domain.verifying import Claim, Evidence, check
from tests import verdict_cases_2 as second
from tests.verdict_cases import FAITHFUL, PASSAGES, PLANTED

LINES = [(key, text[start:end]) for key, (_, text) in PASSAGES.items() for start, end in sentences(text)]
NUMBERED = [(key, line) for key, line in LINES if re.search(r"\d", line)]


def evidence(keys: str) -> list[Evidence]:
    return [Evidence(key, *PASSAGES[key], start=100 * place) for place, key in enumerate(keys.split("+"))]


@pytest.mark.parametrize(("kind", "keys", "sentence"), PLANTED)
def test_a_planted_change_is_never_verified(kind: str, keys: str, sentence: str) -> None:
    [judged] = check([sentence], evidence(keys))
    assert judged.verdict is not Verdict.VERIFIED
    assert judged.reason


def test_at_most_five_in_a_hundred_faithful_sentences_come_out_unsupported() -> None:
    verdicts = [check([sentence], evidence(keys))[0].verdict for keys, sentence in FAITHFUL]
    assert verdicts.count(Verdict.UNSUPPORTED) <= 0.05 * len(verdicts)
    assert verdicts.count(Verdict.VERIFIED) >= 0.75 * len(verdicts)


@settings(deadline=None)
@given(st.sampled_from(LINES))
def test_a_sentence_of_a_passage_is_always_verified_and_its_quote_stands_there(line: tuple[str, str]) -> None:
    key, text = line
    [judged] = check([" ".join(text.split())], evidence(f"pump+{key}" if key != "pump" else key))
    assert judged.verdict is Verdict.VERIFIED
    [citation] = judged.citations
    offset = 0 if key == "pump" else 100
    assert PASSAGES[key][1][citation.start - offset:citation.end - offset] == citation.quote


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(NUMBERED), st.integers(0, 9), st.data())
def test_changing_any_digit_of_a_sentence_never_leaves_it_verified(line: tuple[str, str], digit: int, data: st.DataObject) -> None:
    key, text = line
    place = data.draw(st.sampled_from([found.start() for found in re.finditer(r"\d", text)]))
    changed = f"{text[:place]}{digit}{text[place + 1:]}"
    if digit == int(text[place]) or find_quote(changed, PASSAGES[key][1]):
        return
    assert check([changed], evidence(key))[0].verdict is not Verdict.VERIFIED


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_gets_a_verdict_and_only_exact_quotes(text: str) -> None:
    for judged in check([text], evidence("pump")):
        assert all(citation.quote == PASSAGES["pump"][1][citation.start:citation.end] for citation in judged.citations)


def test_a_sentence_that_names_the_wrong_passage_is_not_verified() -> None:
    [judged] = check([Claim("Mobile phones are forbidden during lessons.", frozenset({0}))], evidence("pump+school"))
    assert (judged.verdict, judged.reason) == (Verdict.PARTIAL, "another passage says this, not the one named")


@pytest.mark.parametrize(("keys", "sentence", "reason"), [
    ("museum", "Entrance has been free since 2019.", "the passage says 2009, not 2019"),
    ("trial", "The drug did change heart rate.", "a negation differs"),
    ("bridge", "The Orra Bridge is 1.4 miles long and 27 metres wide.", "the unit differs: the passage says 1.4 kilometres"),
    ("space", "Chess was first played at the court of the Gupta kings.", "no passage says this"),
])
def test_the_reason_says_in_plain_words_what_differs(keys: str, sentence: str, reason: str) -> None:
    assert check([sentence], evidence(keys))[0].reason == reason


def test_quotation_marks_around_words_that_no_passage_says_are_noticed() -> None:
    [judged] = check(["The museum is “open every single day of the year” and closed on Mondays."], evidence("museum"))
    assert judged.verdict is not Verdict.VERIFIED


def test_a_quote_is_found_over_line_ends_hyphens_and_other_quotation_marks() -> None:
    text = 'He called it "a soil under euca-\nlyptus – dry".'
    assert find_quote("“a soil under eucalyptus - dry”", text) == (13, len(text) - 1)


def second_set(keys: str, sentence: str) -> Verdict:
    keys, _, named = keys.partition("@")
    passages = [Evidence(key, *second.PASSAGES[key], start=100 * place) for place, key in enumerate(keys.split("+"))]
    return check([Claim(sentence, frozenset({int(named)}) if named else None)], passages)[0].verdict


@pytest.mark.parametrize(("kind", "keys", "sentence"), second.PLANTED)
def test_a_change_planted_in_the_second_set_is_never_verified(kind: str, keys: str, sentence: str) -> None:
    assert second_set(keys, sentence) is not Verdict.VERIFIED


def test_of_the_second_set_at_most_five_in_a_hundred_faithful_sentences_come_out_unsupported() -> None:
    assert [second_set(*case) for case in second.FAITHFUL].count(Verdict.UNSUPPORTED) <= 0.05 * len(second.FAITHFUL)


@pytest.mark.parametrize(("key", "sentence"), [
    ("results", "Operating profit fell to one."),
    ("licence", "Files larger than one are rejected."),
    ("law", "Fines may reach one % of annual turnover."),
    ("minutes", "The board approved a budget of one for training."),
    ("licence", "Backups are made every 6 hours or stored in Dublin and Frankfurt."),
    ("licence", "Backups are made every 6 hours and stored in Dublin or Frankfurt."),
    ("manual", "Descale the machine every three months and after 200 cups."),
])
def test_a_loose_one_or_another_joining_word_is_never_verified(key: str, sentence: str) -> None:
    assert check([sentence], evidence(key))[0].verdict is not Verdict.VERIFIED


@pytest.mark.parametrize(("stated", "said"), [
    ("The nurse helped the doctor in Paris.", "The nurse was helped by the doctor in Paris."),
    ("Sales in Spain were higher than in Italy.", "Sales in Italy were higher than in Spain."),
    ("The committee proposed to ban plastic bags.", "The committee banned plastic bags."),
    ("Critics claim the plan is illegal.", "The plan is illegal."),
    ("He is expected to win the race.", "He won the race."),
    ("The plan would cost 5 million euros.", "The plan cost 5 million euros."),
])
def test_what_was_only_meant_or_claimed_or_traded_places_is_never_verified(stated: str, said: str) -> None:
    assert check([said], [Evidence("a", "a.txt", stated)])[0].verdict is not Verdict.VERIFIED
