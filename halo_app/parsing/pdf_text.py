"""The text of a PDF page as people read it: PDFium's order, normal line ends, words whole again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

HYPHEN = "\ufffe"          # what PDFium writes where a word was broken at a line's end
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(rf"([^\W_]*){HYPHEN}([^\W_]*)")


def page_text(page: PdfPage) -> str:
    """Return the page's text layer, "" when it has none. Words broken at line ends still carry `HYPHEN`."""
    textpage = page.get_textpage()
    text = textpage.get_text_range()
    textpage.close()
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip("\n")


def join_hyphens(texts: Sequence[str]) -> list[str]:
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
