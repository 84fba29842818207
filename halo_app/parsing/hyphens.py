"""Make words whole again that were broken at the end of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence

BROKEN_MARK = "\ufffe"          # stands where a word was broken; PDFium writes it, and `mark_broken` does
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(rf"([^\W_]*){BROKEN_MARK}([^\W_]*)")
_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\n(?=[^\W\d_])")


def mark_broken(text: str) -> str:
    """Return the text with `BROKEN_MARK` for every hyphen between two letters at a line's end."""
    return _LINE_END.sub(BROKEN_MARK, text)


def join_broken(texts: Sequence[str]) -> list[str]:
    """Return the pages with broken words made whole, deciding by the words the document itself uses.

    `us-|ing` becomes `using`. A hyphen that belongs to the word stays: when the hyphenated form stands elsewhere in
    the document, when what follows is no small letter (`Lucene-BM25`), or when only the two halves are known words.
    """
    known = {word.lower() for text in texts for word in _WORD.findall(_BROKEN.sub(" ", text))}

    def whole(match: re.Match[str]) -> str:
        left, right = match.group(1), match.group(2)
        hyphenated, joined = f"{left}-{right}", f"{left}{right}"
        if not left or not right or not right[0].islower() or not left[-1].isalpha():
            return hyphenated
        if hyphenated.lower() in known:
            return hyphenated
        if joined.lower() in known:
            return joined
        halves_known = len(left) > 2 and len(right) > 2 and left.lower() in known and right.lower() in known
        return hyphenated if halves_known else joined

    return [_BROKEN.sub(whole, text) for text in texts]
