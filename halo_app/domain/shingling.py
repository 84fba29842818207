"""Know a text again by keyed hashes of its runs of words, without keeping the words: Broder's shingles, 1997."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

RUN = 6                                    # words; shorter runs are everybody's language
_END = re.compile(r"[.!?:;\n]")
_WORD = re.compile(r"[\u0e00-\u0eff\u2e80-\u9fff\uac00-\ud7af]|\w+")      # a sign each where words are not spaced


@dataclass(frozen=True, slots=True)
class Shingler:
    """Hashes runs of words, case folded, under a key: without it the hashes cannot be tried against guesses."""

    key: bytes

    def of(self, text: str) -> set[int]:
        """Return the hash of every run of six words and of every shorter sentence; nothing of a single word."""
        return {number for number, _, _ in self.spans(text)}

    def spans(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield (hash, start, end) of every run of words and every shorter sentence, by their start."""
        words = [(word.group().casefold(), word.start(), word.end()) for word in _WORD.finditer(text)]
        found = {(at, at + RUN) for at in range(len(words) - RUN + 1)}
        found |= {(first, last) for first, last in _sentences(text, words) if 2 <= last - first < RUN}
        if 2 <= len(words) < RUN:
            found.add((0, len(words)))
        for first, last in sorted(found):
            run = words[first:last]
            yield self._hash(" ".join(word for word, _, _ in run)), run[0][1], run[-1][2]

    def finds(self, text: str, known: set[int]) -> bool:
        """Tell whether the text repeats a known run."""
        return any(number in known for number, _, _ in self.spans(text))

    def without(self, text: str, known: set[int], mark: str) -> str:
        """Return the text with `mark` in place of every stretch that repeats known runs."""
        kept, at = [], 0
        for start, end in _joined((start, end) for number, start, end in self.spans(text) if number in known):
            kept += [text[at:start], mark]
            at = end
        return "".join([*kept, text[at:]])

    def _hash(self, words: str) -> int:
        return int.from_bytes(blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8, key=self.key).digest(), "big")


def _sentences(text: str, words: list[tuple[str, int, int]]) -> Iterator[tuple[int, int]]:
    """Yield (first, behind the last) word of every sentence."""
    first = 0
    for at, (_, _, end) in enumerate(words, start=1):
        if at == len(words) or _END.search(text, end, words[at][1]):
            yield first, at
            first = at


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches that overlapping spans cover."""
    begun, until = -1, -1
    for start, end in spans:
        if start > until:
            if until >= 0:
                yield begun, until
            begun = start
        until = max(until, end)
    if until >= 0:
        yield begun, until
