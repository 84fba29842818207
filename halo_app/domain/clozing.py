"""Turn sentences into questions: what to leave out of each, and what else of the same kind stands in the sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from halo_app.domain.conversation import Sentence
from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.questions import names

CHOICES = 4
LEAST_CHOICES = 3


@dataclass(frozen=True)
class Gap:
    """Characters `start` to `end` of a statement that are asked for; `kind` says what else could stand there."""

    said: Said
    start: int
    end: int
    kind: str                      # "year", "date", "number %", "name", "term"

    @property
    def text(self) -> str:
        return self.said.text[self.start:self.end]

    def sentence(self) -> Sentence:
        """Return what fills the gap, cited."""
        return self.said.part(self.start, self.end)


def gaps(corpus: Corpus, said: Said) -> list[Gap]:
    """Return what could be asked for in a statement, the most telling first: figures and dates, names, key terms."""
    found = [Gap(said, one.start, one.start + len(one.text), _kind(one.unit, bool(one.days), one.is_year)) for one in said.figures
             if one.unit != "th" and not _is_aside(said.text, one.start)
             and said.text.startswith(one.text, one.start) and any(sign.isdigit() for sign in one.text)]
    taken = [(gap.start, gap.end) for gap in found]
    if said.of.speech == "en":
        known = [name for name in names(said.text) if len(name) > 2 and set(name.split()) <= said.of.names]
        found += [Gap(said, *span, "name") for name in known if (span := _span(said.text, name, taken))]
    terms = [term for term, stems in corpus.phrases if stems <= said.words]
    found += [Gap(said, *span, "term") for term in terms if (span := _span(said.text, term, [(gap.start, gap.end) for gap in found]))]
    return found


def choices(gap: Gap, others: Sequence[Gap]) -> list[Gap]:
    """Return what may fill the gap in a fixed mixed order, the right one among them; [] when too little else would fit.

    What already stands in the sentence, or is as good as right, is no choice.
    """
    told = gap.said.text.casefold()
    fitting: dict[str, Gap] = {}
    for other in others:
        if other.kind == gap.kind and other.text.casefold() not in told and gap.text.casefold() not in other.text.casefold():
            fitting.setdefault(other.text.casefold(), other)
    near = sorted(fitting.values(), key=lambda other: (abs(len(other.text) - len(gap.text)), _order(gap, other)))[:CHOICES - 1]
    if len(near) < LEAST_CHOICES - 1:
        return []
    return sorted([gap, *near], key=lambda one: _order(gap, one))


def _order(gap: Gap, other: Gap) -> str:
    return sha256(f"{gap.said.start}/{other.text}".encode("utf-8", "replace")).hexdigest()


def _is_aside(text: str, place: int) -> bool:
    """True inside brackets: a reference, or a remark that nobody learns."""
    return text.count("(", 0, place) > text.count(")", 0, place)


def _kind(unit: str, is_date: bool, is_year: bool) -> str:
    return "date" if is_date else "year" if is_year else f"number {unit}"


def _span(text: str, words: str, taken: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return where the words stand in the text as whole words, None when a gap is there already."""
    pattern = r"(?<!\w)" + r"\s+".join(re.escape(word) for word in words.split()) + r"(?!\w)"
    found = re.search(pattern, text, re.IGNORECASE)
    if not found or any(start < found.end() and found.start() < end for start, end in taken):
        return None
    return found.span()
