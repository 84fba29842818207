"""Stand-ins that need no model: vectors from word hashes, and spans counted in words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from halo_app.ports import Vectors

WORD = re.compile(r"\w+")
PIECE = re.compile(r"\S{1,40}\s*")     # what has no spaces (Chinese, base64) counts a word per 40 signs
SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")



class HashedEmbedder:
    """Equal words give near vectors, the same on every machine. For tests, and honest about knowing no meaning."""

    def __init__(self, dimension: int = 384) -> None:
        self._dimension = dimension

    @property
    def model_id(self) -> str:
        return f"hashed-{self._dimension}"

    @property
    def dimension(self) -> int:
        return self._dimension

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return float32 rows of length 1, shape (len(texts), dimension); queries and texts are treated alike."""
        rows = [self._one(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self._dimension), np.float32)

    def _one(self, text: str) -> Vectors:
        words = WORD.findall(text.casefold()) or [text]
        total = sum((self._word(word) for word in words), start=np.zeros(self._dimension, np.float64))
        length = float(np.linalg.norm(total))
        unit = total / length if length > 1e-9 else np.eye(1, self._dimension)[0]
        return unit.astype(np.float32)

    def _word(self, word: str) -> Vectors:
        seed = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
        signs = np.frombuffer(hashlib.shake_256(seed).digest(self._dimension), np.uint8)
        return signs.astype(np.float32) / 127.5 - 1


class WordSplitter:
    """Cuts after at most `max_words` words, at the end of a sentence or line where one is near."""

    def __init__(self, max_words: int = 180) -> None:
        if max_words < 1:
            raise ValueError(f"max_words={max_words}: at least 1")
        self._max_words = max_words

    def split(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) spans in order that cover the text exactly; none for empty text."""
        pieces = list(PIECE.finditer(text))
        spans: list[tuple[int, int]] = []
        start = first = 0
        while first < len(pieces):
            words = [piece.group() for piece in pieces[first : first + self._max_words]]
            last = len(words) - 1 if first + len(words) == len(pieces) else self._last_piece(words)
            end = pieces[first + last].end()
            spans.append((start, end))
            start, first = end, first + last + 1
        return spans if spans or not text else [(0, len(text))]

    def _last_piece(self, words: Sequence[str]) -> int:
        last = len(words) - 1
        ends = (at for at in range(last, last // 2, -1) if _ends_sentence(words[at]))
        return next(ends, last)


def _ends_sentence(word: str) -> bool:
    return "\n" in word or word.rstrip().rstrip("\"')]").endswith(SENTENCE_ENDS)
