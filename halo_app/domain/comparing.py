"""Tell what two versions of an output say differently, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from halo_app.domain.artifact import Section


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Difference:
    """A line of a comparison: a heading or a sentence, and whether the later version still, newly or no longer has it."""

    change: Change
    text: str
    is_heading: bool = False


def differences(before: Sequence[Section], after: Sequence[Section]) -> list[Difference]:
    """Return all lines of both versions in order; what is gone stands before what came in its place."""
    old, new = list(_lines(before)), list(_lines(after))
    found: list[Difference] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [Difference(Change.SAME, text, heading) for heading, text in old[a:b]]
        else:
            found += [Difference(Change.GONE, text, heading) for heading, text in old[a:b]]
            found += [Difference(Change.ADDED, text, heading) for heading, text in new[c:d]]
    return found


def _lines(sections: Sequence[Section]) -> Iterator[tuple[bool, str]]:
    for section in sections:
        yield True, section.title
        for sentence in section.sentences:
            yield False, " ".join(sentence.text.split())
        for item in section.items:
            said = " · ".join(" ".join(sentence.text.split()) for sentence in item.said)
            yield False, ": ".join(part for part in (item.label, said) if part)
