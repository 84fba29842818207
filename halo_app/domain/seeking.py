"""Find the words of a search inside texts, whatever their capitals and accents, and show them where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

AROUND_CHARS = 44
SHORT_CHARS = 3                 # so short a word is meant to begin one: "tem" is not sought in "systems"


class _Plain(dict[int, str]):
    """Character -> its plain small form, one for one, so that places in a folded text are places in the text."""

    def __missing__(self, code: int) -> str:
        letter = unicodedata.normalize("NFKD", chr(code))[0].lower()
        self[code] = letter if len(letter) == 1 else chr(code)
        return self[code]


_PLAIN = _Plain()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an excerpt, and whether it is one of the words that were sought."""

    text: str
    found: bool = False


def folded(text: str) -> str:
    """Return the text in small letters without accents, of the same length."""
    return text.lower() if text.isascii() else text.translate(_PLAIN)


def sought(query: str) -> tuple[str, ...]:
    """Return the words of a search, folded, each once."""
    return tuple(dict.fromkeys(folded(query).split()))


def pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Return what finds any of the words in a folded text."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_begins(word) + re.escape(word) for word in longest_first))


def _begins(word: str) -> str:
    return r"\b" if len(word) <= SHORT_CHARS and word[0].isalnum() else ""


def holds(plain: str, word: str) -> bool:
    """Tell whether a folded text holds a folded word."""
    return word in plain and (len(word) > SHORT_CHARS or pattern((word,)).search(plain) is not None)


def pieces(text: str, words: Sequence[str], *, around: int = AROUND_CHARS) -> tuple[Piece, ...]:
    """Return the text around the first of the words, on one line, the words apart; () when none stands in it."""
    flat = " ".join(text.split())
    plain = folded(flat)
    marked = pattern(words)
    first = marked.search(plain)
    if not first:
        return ()
    begin, end = _widened(flat, first.start(), around)
    shown, at = [Piece("…")] if begin else [], begin
    for match in marked.finditer(plain, begin, end):
        shown += [Piece(flat[at:match.start()]), Piece(flat[match.start():match.end()], True)]
        at = match.end()
    shown += [Piece(flat[at:end]), Piece("…" if end < len(flat) else "")]
    return tuple(piece for piece in shown if piece.text)


def _widened(text: str, place: int, around: int) -> tuple[int, int]:
    """Return the span around a place, ending at words."""
    begin, end = max(0, place - around // 2), min(len(text), place + 2 * around)
    if begin:
        begin = min(text.find(" ", begin) + 1 or begin, place)
    if end < len(text):
        end = max(text.rfind(" ", place, end), place + 1) if " " in text[place:end] else end
    return begin, end
