"""Find the sources that a question names: "In contract.docx, who are the parties?"."""

from __future__ import annotations

import re
from collections.abc import Iterable

_BEFORE = (r"(?:\b(?:in|from|of|by|according to|per|see|within|using|aus|von|laut|nach|gemäß|im|zu)\s+)?"
           r"(?:\b(?:the|my|this|our|der|dem|den|die|das|meine[rmn]?)\s+)?(?:\b(?:file|document|source|datei|dokument|quelle)\s+)?")
_OPENING = r"^\s*(?:in|according to|per|from|laut|gemäß|nach|im)\s+(?:(?:the|my|our|this|der|dem|den|die|das)\s+)?"


def named_in(question: str, names: Iterable[str]) -> tuple[frozenset[str], str]:
    """Return those of the names that stand in the question, and the question without them.

    A file's name counts wherever it stands; without its ending only at the beginning, set off by a comma: "In the
    minutes, who is excused?". A question that is nothing but a name stays as it is.
    """
    found: set[str] = set()
    rest = question
    for name in sorted(set(names), key=len, reverse=True):
        for pattern in _patterns(name):
            shorter = pattern.sub(" ", rest)
            if shorter != rest:
                found.add(name)
                rest = shorter
    tidy = re.sub(r"\s+([?.!,])", r"\1", " ".join(rest.split())).strip(" ,:;–-")
    return (frozenset(found), tidy if re.search(r"\w{2}", tidy) else question) if found else (frozenset(), question)


def _patterns(name: str) -> list[re.Pattern[str]]:
    stem, dot, ending = name.rpartition(".")
    spoken = re.sub(r"[\W_]+", r"[\\W_]+", stem if dot else name)
    opening = re.compile(rf"{_OPENING}[\"“„'‘]?{spoken}[\"”“'’]?\s*[,:]\s*", re.IGNORECASE)
    if not (dot and ending.isalnum() and stem):
        return [opening]
    whole = re.compile(rf"{_BEFORE}[\"“„'‘]?(?<![\w.-]){re.escape(name)}(?![\w-])[\"”“'’]?(?:\s*[,:](?=\s))?", re.IGNORECASE)
    return [whole, opening]
