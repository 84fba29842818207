"""What Studio makes from sources, and what a template is given and gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from halo_app.domain.conversation import Sentence


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the cited sentences under it."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Artifact:
    """An output. `source_hashes` maps source id to the hash of the stored text it was made from; it is stale when they differ."""

    id: str
    template: str
    title: str
    notebook_id: str
    user_id: str
    created_at: datetime
    sections: tuple[Section, ...]
    source_hashes: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


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
