"""Turn text into the words that are counted: stemmed and without stop words as its own language asks."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from halo_app.language.stopwords import STOP_WORDS

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier  # type: ignore[import-untyped]

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "nn": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
UNKNOWN = "en"                  # what text of unknown language is taken for: kept stop words would look rare, and weigh most
LEAST_LETTERS = 24              # shorter text does not tell its language
LEAST_CONFIDENCE = 0.8          # of the identifier, 0 to 1
ENOUGH = 2000                   # characters that are looked at
REMEMBERED = 200_000            # stems kept per language

# Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese: written without spaces, or with endings glued on.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_DENSE}]+|[^\W_{_DENSE}]+(?:[.,:/@'’_-]+[^\W_{_DENSE}]+)*")
_PART = re.compile(r"[^\W_]+")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_IS_DENSE = re.compile(rf"[{_DENSE}]")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|all|dell|nell|sull|un)['’](?=\w{2})")
_POSSESSIVE = re.compile(r"['’]s$")


class SnowballAnalyzer:
    """Language by py3langid, stems by the Snowball algorithms, stop words of our own. Safe for several threads."""

    def __init__(self) -> None:
        self._stems: dict[str, _Stems] = {}
        self._lock = threading.Lock()

    @cached_property
    def _identifier(self) -> LanguageIdentifier:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

    def language(self, text: str) -> str:
        """Return the ISO 639-1 code of the text's language, or "" when it is too short or too mixed to tell."""
        sample = _sample(text)
        letters = sum(character.isalpha() for character in sample)
        weight = 4 if _IS_DENSE.search(sample) else 1          # a Chinese sign says as much as a word's half
        if letters * weight < LEAST_LETTERS or letters * 2 < len(sample.replace(" ", "")):
            return ""
        code, confidence = self.detect(sample)
        return code if confidence >= LEAST_CONFIDENCE else ""

    def detect(self, text: str) -> tuple[str, float]:
        """Return the likeliest ISO 639-1 code and its confidence, 0 to 1; ("", 0.0) for text without letters."""
        sample = _sample(text)
        if not any(character.isalpha() for character in sample):
            return "", 0.0
        code, confidence = self._identifier.classify(sample)
        return str(code), min(1.0, max(0.0, float(confidence)))

    def terms(self, text: str, language: str = "") -> tuple[str, ...]:
        """Return the counted words in text order: stemmed, without accents, case and that language's stop words.

        Numbers and codes ("55", "v2.3", "covid-19") are kept whole, their parts beside them; text written without spaces
        gives pairs of neighbouring signs. Text of unknown language ("") is counted like English.
        """
        stems = self._stems_of(language)
        stop = STOP_WORDS.get(language or UNKNOWN, frozenset())
        found: list[str] = []
        for match in _TOKEN.finditer(unicodedata.normalize("NFKC", text).casefold()):
            found.extend(stems.of(word) for word in _words(match.group()) if word not in stop)
        return tuple(term for term in found if term)

    def _stems_of(self, language: str) -> _Stems:
        name = STEMMERS.get(language or UNKNOWN, "")
        with self._lock:
            if name not in self._stems:
                self._stems[name] = _Stems(name)
            return self._stems[name]


class _Stems:
    """The stems of one language, each worked out once."""

    def __init__(self, name: str) -> None:
        self._known: dict[str, str] = {}
        self._is_english = name == "english"      # in English an accent is an ornament, elsewhere the stemmer reads it
        self._stem = _stemmer(name)
        self._lock = threading.Lock()

    def of(self, word: str) -> str:
        known = self._known.get(word)
        if known is None:
            with self._lock:                   # a stemmer works on state of its own
                known = self._worked_out(word)
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[word] = known
        return known

    def _worked_out(self, word: str) -> str:
        if not word.isalpha():
            return fold(word)
        return self._stem(fold(word)) if self._is_english else fold(self._stem(word))


def fold(word: str) -> str:
    """Return the word without accents and other marks: `résumé` and `resume` are one."""
    if word.isascii():
        return word
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", word) if not unicodedata.combining(sign))
    return unicodedata.normalize("NFC", plain)


def _sample(text: str) -> str:
    return " ".join(text[: 4 * ENOUGH].split())[:ENOUGH]


def _stemmer(name: str) -> Callable[[str], str]:
    if not name:
        return str
    import snowballstemmer  # type: ignore[import-untyped]

    stem: Callable[[str], str] = snowballstemmer.stemmer(name).stemWord
    return stem


def _words(token: str) -> Iterator[str]:
    if _IS_DENSE.match(token):
        yield from (token[at : at + 2] for at in range(max(1, len(token) - 1)))
        return
    if token.isalnum():
        yield token
        return
    if _THOUSANDS.fullmatch(token):
        yield token.replace(",", "")
        return
    token = _POSSESSIVE.sub("", _ELISION.sub("", token, count=1))
    parts = _PART.findall(token)
    if len(parts) > 1 and any(part.isdigit() or not part.isalpha() for part in parts):
        yield token
        if _NUMBER.fullmatch(token):
            return
    yield from parts
