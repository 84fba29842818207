"""What must hold of every output and of each template's: told as the faults that are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise

from halo_app.domain.artifact import Artifact, Layout, Section

Find = Callable[[str], str]
MOST_SLIDES, MOST_POINTS, MOST_BRIEF = 12, 4, 24
READ = (Layout.PROSE, Layout.LIST, Layout.SLIDE)


def faults(artifact: Artifact) -> list[str]:
    """Return what is wrong with an output, [] when every rule holds."""
    found = [fault for section in artifact.sections for fault in _section(section)]
    return found + list(_OWN.get(artifact.template, _nothing)(artifact.sections))


def unfounded(artifact: Artifact, text: Find) -> int:
    """Return how many sentences do not stand word for word at the place that they cite."""
    return sum(1 for section in artifact.sections for sentence in section.said
               if not sentence.citations or any(text(one.source_id)[one.start:one.end] != one.quote or one.quote != sentence.text
                                                for one in sentence.citations))


def redundancy(artifact: Artifact) -> float:
    """Return the largest share of words that two sentences to be read one after the other have in common, 0 to 1.

    A summary tells each source by itself and shows where they say the same, so there only sentences of one source are compared.
    """
    read = [(sentence.citations[0].source_id, frozenset(sentence.text.casefold().split())) for section in artifact.sections
            if section.layout in READ and not section.remark for sentence in dict.fromkeys(section.said)]
    by_source = artifact.template == "summary"
    pairs = [(one, other) for (here, one), (there, other) in combinations(dict.fromkeys(read) if by_source else read, 2)
             if here == there or not by_source]
    return max((len(one & other) / len(one | other) for one, other in pairs), default=0.0)


def _section(section: Section) -> Iterator[str]:
    if not section.title.strip():
        yield "a section has no title"
    if not (section.sentences or section.items or section.remark):
        yield f"“{section.title}” is empty and does not say why"
    if section.layout is Layout.TABLE and any(len(item.cells) != len(section.columns) for item in section.items):
        yield f"“{section.title}” has a row with other cells than columns"
    if section.layout is Layout.SIDES and any(len({cell[0].text for cell in item.cells}) < 2 for item in section.items):
        yield f"“{section.title}” sets the same values against each other"


def _nothing(sections: Sequence[Section]) -> Iterator[str]:
    yield from ()


def _brief(sections: Sequence[Section]) -> Iterator[str]:
    if (count := sum(1 for section in sections for _ in section.said)) > MOST_BRIEF:
        yield f"a brief of {count} sentences"


def _slides(sections: Sequence[Section]) -> Iterator[str]:
    if len(sections) > MOST_SLIDES:
        yield f"{len(sections)} slides"
    if any(section.items and len(section.items[0].sentences) > MOST_POINTS for section in sections):
        yield "a slide with too many points"


def _quiz(sections: Sequence[Section]) -> Iterator[str]:
    for item in (item for section in sections if section.layout is Layout.QUIZ for item in section.items):
        offered = [choice.text for choice in item.choices]
        right = item.sentences[0].text[slice(*item.gap)]
        if offered.count(right) != 1 or not 3 <= len(offered) <= 4 or len(set(map(str.casefold, offered))) != len(offered):
            yield f"a question offers {offered} for {right!r}"


def _pairs(sections: Sequence[Section]) -> Iterator[str]:
    labels = [item.label.casefold() for section in sections if section.layout is Layout.PAIRS for item in section.items]
    if len(labels) != len(set(labels)):
        yield "something stands twice"


def _glossary(sections: Sequence[Section]) -> Iterator[str]:
    yield from _pairs(sections)
    for section in sections:
        labels = [item.label.casefold() for item in section.items]
        if labels != sorted(labels):
            yield f"“{section.title}” is not in alphabetical order"


def _tree(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        levels = [item.level for item in section.items]
        if levels and (levels[0] != 1 or any(after - before > 1 for before, after in pairwise(levels) if after > before + 1
                                             and before > 2)):
            yield "a branch hangs in the air"


_OWN: dict[str, Callable[[Sequence[Section]], Iterator[str]]] = {
    "brief": _brief, "presentation": _slides, "quiz": _quiz, "faq": _pairs, "glossary": _glossary, "mind-map": _tree,
}
