"""Count the tokens of a text for a language model: exactly with its own tokenizer, otherwise never too few."""

from __future__ import annotations

import re
from pathlib import Path

from halo_app.domain.prompting import count_tokens
from halo_app.embedding.onnx import load_tokenizer, readable
from halo_app.errors import EmbedderUnavailable

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


class ExactCount:
    """Counts with the tokenizer.json of the model that will read the text. Raises EmbedderUnavailable when it cannot be read."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = load_tokenizer(tokenizer)

    def __call__(self, text: str) -> int:
        return len(self._tokenizer.encode(readable(text), add_special_tokens=False).ids)


class BoundedCount:
    """An upper bound for models whose tokenizer is not known.

    ASCII text counts as the larger of what the embedding model's 30,522-word WordPiece makes of it (a small vocabulary: today's
    of 32,000 and more make fewer tokens of the same text) and four letters a token; every other character counts as its
    UTF-8 bytes, the most that a byte-level vocabulary can make of it. Without the embedding model every byte counts as a token.
    """

    def __init__(self, tokenizer: Path | None) -> None:
        try:
            self._exact = ExactCount(tokenizer) if tokenizer else None
        except EmbedderUnavailable:
            self._exact = None

    def __call__(self, text: str) -> int:
        if self._exact is None:
            return len(text.encode("utf-8", "surrogatepass"))
        plain = _NOT_ASCII.sub(" ", text)
        others = len(text.encode("utf-8", "surrogatepass")) - (len(text) - len(_NOT_ASCII.findall(text)))
        return max(self._exact(plain) + plain.count("\n"), count_tokens(plain)) + others
