"""Words are counted as their own language asks; numbers and codes are kept; a language is told or left open."""

from __future__ import annotations

import pytest

from halo_app.cache.in_process import LruCache
from halo_app.language.snowball import SnowballAnalyzer


@pytest.fixture(scope="module")
def analyzer():
    return SnowballAnalyzer()


@pytest.mark.parametrize(("text", "language"), [
    ("The budget of the second year was spent on boats and rivers.", "en"),
    ("Das Budget des zweiten Jahres wurde für Boote und Flüsse ausgegeben.", "de"),
    ("Le budget de la deuxième année a été dépensé pour des bateaux.", "fr"),
    ("Бюджет второго года был потрачен на лодки и реки страны.", "ru"),
    ("안녕하세요 이것은 한국어로 쓰여진 문장입니다", "ko"),
    ("Budget", ""), ("12 34 55 66 77 88 99 00 11 22 33 44", ""), ("", ""),
])  # fmt: skip
def test_a_language_is_told_only_when_the_text_shows_it(analyzer, text, language):
    assert analyzer.language(text) == language


def test_each_language_has_its_own_stems_and_stop_words(analyzer):
    assert analyzer.terms("the boats were sinking", "en") == ("boat", "sink")
    assert analyzer.terms("die Häuser und der Hund", "de") == ("haus", "hund")
    assert analyzer.terms("die", "en") == ("die",)


@pytest.mark.parametrize("code", ["v2.3", "55", "550e8400-e29b-41d4-a716-446655440000", "covid-19", "10:30"])
def test_numbers_and_codes_are_kept_whole(analyzer, code):
    assert code in analyzer.terms(f"see {code}, please", "en")


def test_a_thousand_is_one_number_however_it_is_written(analyzer):
    assert analyzer.terms("1,234.5", "en") == analyzer.terms("1234.5", "en")[:1]


def test_accents_case_and_ligatures_make_no_difference(analyzer):
    assert analyzer.terms("résumé ﬁne ＦＵＬＬ", "en") == analyzer.terms("resume fine full", "en")


def test_text_without_spaces_gives_pairs_of_signs(analyzer):
    assert analyzer.terms("你好世界") == ("你好", "好世", "世界")


def test_the_cache_forgets_what_was_unused_for_longest():
    cache = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
    cache.clear()
    assert cache.get("a") is None


def test_a_cache_of_size_0_keeps_nothing():
    cache = LruCache(0)
    cache.put("a", 1)
    assert cache.get("a") is None
