"""Read the sections of an output as one run of blocks, for formats that know headings, paragraphs, lists and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.conversation import Citation, Sentence

GAP = "＿＿＿"


class Kind(StrEnum):
    HEADING = "heading"
    REMARK = "remark"
    TEXT = "text"
    POINT = "point"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Run:
    """Words, and the citations that stand behind them; `strong` words are HALO's own or a term."""

    text: str
    citations: tuple[Citation, ...] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a document; a table has `rows` of cells, the first row naming the columns."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 1
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = field(default=())


def flowing(sections: Sequence[Section]) -> Iterator[Block]:
    """Yield the blocks of all sections in reading order."""
    for section in sections:
        yield Block(Kind.HEADING, (Run(section.title),))
        if section.remark:
            yield Block(Kind.REMARK, (Run(section.remark),))
        kind = Kind.POINT if section.layout is Layout.LIST else Kind.TEXT
        yield from (Block(kind, (said(sentence),)) for sentence in section.sentences)
        yield from _items(section)


def said(sentence: Sentence) -> Run:
    """Return a sentence on one line with its citations."""
    return Run(" ".join(sentence.text.split()), sentence.citations)


def gapped(item: Item) -> str:
    """Return the first sentence of an item with its gap, or the item's label."""
    if not item.gap:
        return item.label
    text, (start, end) = item.sentences[0].text, item.gap
    return " ".join(f"{text[:start]}{GAP}{text[end:]}".split())


def filled(item: Item) -> str:
    """Return what fills the gap, "" when there is none."""
    return " ".join(item.sentences[0].text[slice(*item.gap)].split()) if item.gap else ""


def _items(section: Section) -> Iterator[Block]:
    if section.layout is Layout.TABLE and section.items:
        yield Block(Kind.TABLE, rows=tuple(_rows(section)))
        return
    for number, item in enumerate(section.items, start=1):
        yield from _item(section, item, number)


def _item(section: Section, item: Item, number: int) -> Iterator[Block]:
    runs = tuple(said(sentence) for sentence in item.sentences)
    if section.layout is Layout.SIDES:
        yield Block(Kind.HEADING, (Run(item.label),), 2)
        yield from (Block(Kind.POINT, (Run(f"{cell[0].text}: ", strong=True), *map(said, cell[1:] or cell))) for cell in item.cells)
    elif section.layout is Layout.TIMELINE:
        detail = f" ({item.detail})" if item.detail else ""
        yield Block(Kind.POINT, (Run(f"{item.label}{detail}: ", strong=True), *runs))
    elif section.layout is Layout.QUIZ:
        yield Block(Kind.TEXT, (Run(f"{number}. {gapped(item)}", strong=True),))
        yield from (Block(Kind.POINT, (Run(choice.text),)) for choice in item.choices)
        yield Block(Kind.TEXT, (Run(f"{filled(item)}: "), *runs))
    elif section.layout is Layout.TREE:
        yield Block(Kind.POINT, (Run(item.label, strong=True),) if item.label else runs, max(item.level, 1))
    elif section.layout is Layout.SLIDE:
        kind = Kind.POINT if number == 1 else Kind.TEXT
        label = (Run(f"{item.label}: ", strong=True),) if item.label else ()
        yield from (Block(kind, (*label, run)) for run in runs)
    else:
        yield Block(Kind.HEADING, (Run(gapped(item)),), 2)
        yield Block(Kind.TEXT, runs)


def _rows(section: Section) -> Iterator[tuple[tuple[Run, ...], ...]]:
    labelled = any(item.label for item in section.items)
    yield tuple((Run(name, strong=True),) for name in [*([""] if labelled else []), *section.columns])
    for item in section.items:
        cells = [tuple(said(sentence) for sentence in cell) for cell in item.cells]
        yield (*([(Run(item.label, strong=True),)] if labelled else []), *cells)
