"""What changed between two texts, line by line and, in lines that changed, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
ALIKE = 0.35            # lines less alike than this are told as taken away and put in, not word by word


class Fate(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of text and what became of it."""

    fate: Fate
    text: str


def differences(old: str, new: str) -> list[Stretch]:
    """Return the stretches that lead from `old` to `new`: SAME and REMOVED give `old` when joined, SAME and ADDED give `new`."""
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    return _joined(_compared(before, after, within=True))


def folded_away(stretches: Sequence[Stretch], lines: int = 2) -> list[Stretch]:
    """Return the stretches with long unchanged runs cut to a few lines at either end; `…` stands for what is left out."""
    short = []
    for place, stretch in enumerate(stretches):
        kept, text = stretch.text.splitlines(keepends=True), stretch.text
        if stretch.fate is Fate.SAME and len(kept) > 2 * lines + 1:
            head = "".join(kept[:lines]) if place else ""
            tail = "".join(kept[-lines:]) if place + 1 < len(stretches) else ""
            text = f"{head}…\n{tail}"
        short.append(Stretch(stretch.fate, text))
    return short


def _compared(old: Sequence[str], new: Sequence[str], *, within: bool) -> Iterator[Stretch]:
    for fate, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if fate == "equal":
            yield Stretch(Fate.SAME, before)
        elif within and before and after and SequenceMatcher(None, before, after).quick_ratio() > ALIKE:
            yield from _compared(_WORDS.findall(before), _WORDS.findall(after), within=False)
        else:
            yield Stretch(Fate.REMOVED, before)
            yield Stretch(Fate.ADDED, after)


def _joined(stretches: Iterator[Stretch]) -> list[Stretch]:
    found: list[Stretch] = []
    for one in stretches:
        if found and found[-1].fate is one.fate:
            found[-1] = Stretch(one.fate, found[-1].text + one.text)
        elif one.text:
            found.append(one)
    return found
