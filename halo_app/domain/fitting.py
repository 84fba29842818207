"""Tell how well a few typed letters fit a name: whole words before beginnings, beginnings before letters in order."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from halo_app.domain.seeking import Piece, folded

WHOLE, BEGINS, INSIDE, LETTERS = 4.0, 3.0, 2.0, 1.0
LOOSE = 4                # letters in order may be spread over four times their number: initials are
_FIRST_BONUS = 0.5


def fit(words: Sequence[str], name: str) -> float:
    """Return how well every word fits a folded name, 0 when one does not; larger is better, the best is below 5."""
    total = 0.0
    for word in words:
        one = _fit(word, name)
        if not one:
            return 0.0
        total += one
    return total / len(words) + (_FIRST_BONUS if name.startswith(words[0]) else 0.0) if words else 0.0


def marked(words: Sequence[str], name: str) -> tuple[Piece, ...]:
    """Return the name in pieces, those that fit the words apart."""
    plain, hit = folded(name), [False] * len(name)
    for word in words:
        at = _start(word, plain)
        places = range(at, at + len(word)) if at >= 0 else _spread(word, plain)
        for place in places:
            hit[place] = True
    pieces: list[Piece] = []
    for letter, found in zip(name, hit, strict=True):
        if pieces and pieces[-1].found == found:
            pieces[-1] = Piece(pieces[-1].text + letter, found)
        else:
            pieces.append(Piece(letter, found))
    return tuple(pieces)


def _fit(word: str, name: str) -> float:
    at = name.find(word)
    if at >= 0:
        at = _start(word, name)
        if at and name[at - 1].isalnum():
            return INSIDE
        end = at + len(word)
        return WHOLE if end == len(name) or not name[end].isalnum() else BEGINS
    found = _letters(word).search(name)
    return LETTERS * len(word) / (found.end() - found.start()) if found and found.end() - found.start() <= LOOSE * len(word) else 0.0


def _start(word: str, name: str) -> int:
    """Return where the word stands, at the beginning of a word of the name if it does so anywhere; -1 when nowhere."""
    first = at = name.find(word)
    while at >= 0:
        if at == 0 or not name[at - 1].isalnum():
            return at
        at = name.find(word, at + 1)
    return first


def _spread(word: str, name: str) -> list[int]:
    found = _letters(word).search(name)
    return [found.start(group) for group in range(1, len(word) + 1)] if found else []


@lru_cache(maxsize=256)
def _compiled(word: str) -> re.Pattern[str]:
    return re.compile(r"\b" + ".*?".join(f"({re.escape(letter)})" for letter in word))


def _letters(word: str) -> re.Pattern[str]:
    """Return what finds the letters of a word in order, from the beginning of a word of the name on."""
    return _compiled(word[:24])
