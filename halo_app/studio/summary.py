"""Summarise all sources in their own sentences, and show what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Sentence
from halo_app.domain.summarising import Line, key_terms, lines_of, plain_lines_of, quoted, summarise
from halo_app.errors import BadInput
from halo_app.plugins import Material, Tools

SENTENCES_EACH = 6
SHARED = 3


class Summary:
    """One section per source, then the sentences in which the sources meet."""

    name = "summary"
    title = "Summary of all sources"
    purpose = "The sentences that carry each source, and what the sources have in common."

    def make(self, materials: Sequence[Material], options: Mapping[str, str], tools: Tools) -> Iterable[Section]:
        """Yield the sections. The option `sentences` (1 to 30) says how many a source gets; BadInput for others."""
        wanted = options.get("sentences") or str(SENTENCES_EACH)
        if not wanted.isdecimal() or not 1 <= int(wanted) <= 30:
            raise BadInput(f"sentences={wanted!r} is not a number from 1 to 30", fix="give a number, or leave it out")
        read = [(material, lines_of(material.parsed, material.language, tools.terms)) for material in materials]
        for material, lines in read:
            chosen = summarise(lines, int(wanted), tools.embed)
            chosen = chosen or plain_lines_of(material.parsed, material.language, tools.terms)[:int(wanted)]
            yield Section(material.name, tuple(_quoted(material, line) for line in chosen))
        common = _common(read, tools)
        if common:
            yield common


def _common(read: Sequence[tuple[Material, list[Line]]], tools: Tools) -> Section | None:
    """Return the sentences around the terms that several sources keep coming back to; None when there are none."""
    if len(read) < 2:
        return None
    stems: Counter[str] = Counter()
    words: dict[str, str] = {}
    for material, _ in read:
        own = {}
        for term in key_terms(material.parsed, material.language, tools.terms, 20):
            own.update({stem: word for word in term.split() for stem in tools.terms(word, material.language)})
        stems.update(own.keys())
        words.update(own)
    shared = [stem for stem, times in stems.most_common() if times >= 2][:SHARED]
    said: list[Sentence] = []
    for stem in shared:
        said.extend(_meeting(stem, read, said))
    if not said:
        return None
    return Section("What the sources share: " + ", ".join(words[stem] for stem in shared), tuple(said))


def _meeting(stem: str, read: Sequence[tuple[Material, list[Line]]], said: Sequence[Sentence]) -> list[Sentence]:
    """Return one sentence about the term from each of two sources: the pair with the most words in common."""
    told = {sentence.text for sentence in said}
    holding = [[line for line in lines if stem in line.terms and line.text not in told][:40] for _, lines in read]
    best: tuple[float, tuple[int, Line, int, Line]] | None = None
    for (one, left), (other, right) in combinations(enumerate(holding), 2):
        for here in left:
            for there in right:
                alike = len(set(here.terms) & set(there.terms)) / len(set(here.terms) | set(there.terms))
                if best is None or alike > best[0]:
                    best = (alike, (one, here, other, there))
    if best is None:
        return []
    one, here, other, there = best[1]
    return [_quoted(read[one][0], here), _quoted(read[other][0], there)]


def _quoted(material: Material, line: Line) -> Sentence:
    return quoted(line.span, material.source_id, material.name, material.parsed)


TEMPLATE = Summary()
