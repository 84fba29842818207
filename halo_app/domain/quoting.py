"""Find a quote in a text although white space, hyphenation at line ends, quotation marks or dashes differ."""

from __future__ import annotations

import re

_MARKS = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "…": "…",
})
_BROKEN = re.compile(r"(?<=[^\W\d_])-[^\S\n]*\r?\n\s*(?=[^\W\d_])|\u00ad\s*|\u200b")
_SPACE = re.compile(r"\s+")


def find_quote(quote: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """Return the span of `text` that says `quote` word for word from `start` on, or None.

    The span begins and ends at word boundaries. Letters, digits and punctuation must be the same; case, white space, the kind of
    quotation mark or dash, and a hyphen where a line was broken need not be.
    """
    wanted = smooth(quote.strip())
    if not wanted:
        return None
    pattern = _pattern(wanted)
    found = pattern.search(text, start)
    return found.span() if found else None


def smooth(text: str) -> str:
    """Return the text in one line, words rejoined over line ends, with one kind of quotation mark and dash."""
    return _SPACE.sub(" ", _BROKEN.sub("", text).translate(_MARKS)).strip()


_ANY = {'"': "[\"“”„«»]", "'": "['‘’‚]", "-": "[-–—−‐‑]"}
_WITHIN = r"(?:\u00ad|-[^\S\n]*\r?\n\s*|\u200b)?"


def _pattern(wanted: str) -> re.Pattern[str]:
    parts = []
    for index, mark in enumerate(wanted):
        if mark == " ":
            parts.append(r"\s+")
            continue
        parts.append(_ANY.get(mark) or re.escape(mark))
        following = wanted[index + 1:index + 2]
        if mark.isalpha() and following.isalpha():
            parts.append(_WITHIN)
    before = r"(?<!\w)" if wanted[0].isalnum() else ""
    after = r"(?!\w)" if wanted[-1].isalnum() else ""
    return re.compile(before + "".join(parts) + after, re.IGNORECASE)
