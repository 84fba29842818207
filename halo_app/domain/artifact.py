"""What Studio makes from sources: sections of cited sentences, the sources they were made from, and what they were before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from halo_app.domain.conversation import Sentence


class Layout(StrEnum):
    """How a section is laid out; `items` hold its content for all but prose and lists."""

    PROSE = "prose"
    LIST = "list"
    PAIRS = "pairs"            # a question or term, and what the sources say to it
    TIMELINE = "timeline"      # a day, and what happened
    TABLE = "table"            # `columns`, and a cell for each of them in every row
    SIDES = "sides"            # what is said differently, side by side
    CARDS = "cards"            # a front, and a back to turn to
    QUIZ = "quiz"              # a sentence with a gap, and what may fill it
    TREE = "tree"              # branches by `level`
    SLIDE = "slide"            # points, and notes for the speaker


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a section. What is quoted stands in sentences; `label` and `detail` are words of HALO's own."""

    label: str = ""
    sentences: tuple[Sentence, ...] = ()
    detail: str = ""
    cells: tuple[tuple[Sentence, ...], ...] = ()     # of a row: what stands under each column, () where nothing does
    choices: tuple[Sentence, ...] = ()               # of a quiz: what may fill the gap, the right one among them
    gap: tuple[int, ...] = ()                        # first and last character of the first sentence that are asked for
    level: int = 0

    @property
    def said(self) -> Iterator[Sentence]:
        """Every sentence of the entry, in reading order."""
        yield from self.sentences
        for cell in self.cells:
            yield from cell
        yield from self.choices


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the cited sentences under it. `remark` is HALO's own word on it, such as that nothing was found."""

    title: str
    sentences: tuple[Sentence, ...] = ()
    layout: Layout = Layout.PROSE
    items: tuple[Item, ...] = ()
    columns: tuple[str, ...] = ()
    remark: str = ""

    @property
    def said(self) -> Iterator[Sentence]:
        """Every sentence of the section, in reading order."""
        yield from self.sentences
        for item in self.items:
            yield from item.said


@dataclass(frozen=True, slots=True)
class Used:
    """A source as it was when something was made from it; `text_sha256` names that version of its text."""

    source_id: str
    name: str
    text_sha256: str
    added_at: datetime

    @property
    def version(self) -> str:
        """The version as it is shown: the first letters of the hash of its text."""
        return self.text_sha256[:7]


@dataclass(frozen=True, slots=True)
class Version:
    """What an output said before, and the wish that replaced it."""

    made_at: datetime
    sections: tuple[Section, ...]
    source_hashes: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Used, ...] = ()
    writer: str = ""
    remark: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """An output. `source_hashes` maps source id to the hash of the stored text it was made from; it is stale when they differ.

    `writer` names the language model whose words it holds, "" when it quotes only. `versions` are what it said before,
    the latest first; `change` is the wish that made the present one.
    """

    id: str
    template: str
    title: str
    notebook_id: str
    user_id: str
    created_at: datetime
    sections: tuple[Section, ...]
    source_hashes: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Used, ...] = ()
    made_at: datetime | None = None
    writer: str = ""
    remark: str = ""
    pinned: bool = False
    change: str = ""
    versions: tuple[Version, ...] = ()

    @property
    def present(self) -> Version:
        """What it says now, as a version."""
        return Version(self.made_at or self.created_at, self.sections, self.source_hashes, self.options, self.sources, self.writer,
                       self.remark, self.change)


@dataclass(frozen=True, slots=True)
class Guide:
    """What one source is about: extractive summary, key terms, and questions it answers."""

    source_id: str
    summary: tuple[Sentence, ...]
    terms: tuple[str, ...]
    questions: tuple[str, ...]
    tables: str = ""               # what its tables hold, when it is mostly tables: columns, rows, ranges


@dataclass(frozen=True, slots=True)
class GuideSketch:
    """A guide without its words: the summary as spans of the stored text, so that its quotes are always taken from there."""

    spans: tuple[tuple[int, int], ...]
    terms: tuple[str, ...]
    questions: tuple[str, ...]
    tables: str = ""
