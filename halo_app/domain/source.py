"""A document as HALO holds it: its record, what was read from it, and what is still being read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from halo_app.domain.locator import Locator, Place, Region, locate


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of a document's outline; `start` is a character offset, `level` counts from 1."""

    start: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The whole stored text of a document and the true places of its parts.

    `regions` are sorted, disjoint, and lie inside the text; text outside every region has no locator.
    `pages` counts pages or slides where the format has them; `blank_pages` are those without a text layer.
    `remarks` are short sentences for the reader, such as "not transcribed".
    """

    text: str
    regions: tuple[Region, ...] = ()
    outline: tuple[Heading, ...] = ()
    title: str = ""
    pages: int | None = None
    blank_pages: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()

    def locate(self, start: int, end: int) -> Locator | None:
        """Return where the characters `start` to `end` stand in the original, or None."""
        return locate(self.regions, start, end)


def plain_of(parsed: Parsed) -> dict[str, Any]:
    """Return the text with its places as a JSON object."""
    return {
        "text": parsed.text,
        "regions": [[r.start, r.end, r.locator.kind.value, r.locator.value, r.locator.detail, r.locator.last] for r in parsed.regions],
        "outline": [[heading.start, heading.level, heading.title] for heading in parsed.outline],
        "title": parsed.title, "pages": parsed.pages, "blank_pages": list(parsed.blank_pages), "remarks": list(parsed.remarks),
    }


def parsed_of(tree: Mapping[str, Any]) -> Parsed:
    """Return the text of what `plain_of` wrote. Raises KeyError, TypeError or ValueError when it is none."""
    return Parsed(
        text=tree["text"],
        regions=tuple(Region(start, end, Locator(Place(kind), value, detail, last))
                      for start, end, kind, value, detail, last in tree["regions"]),
        outline=tuple(Heading(*line) for line in tree["outline"]),
        title=tree["title"], pages=tree["pages"], blank_pages=tuple(tree["blank_pages"]), remarks=tuple(tree["remarks"]),
    )


@dataclass(frozen=True, slots=True)
class Source:
    """A document that can be searched. It exists exactly when its text, its passages and its original are stored."""

    id: str
    notebook_id: str
    user_id: str
    name: str                      # what it is shown by: the file's name, or the page's title; data, never a path
    type: str                      # "pdf", "docx", ... the reader's name for the format
    sha256: str                    # of the original's bytes
    size_bytes: int
    created_at: datetime           # aware, UTC
    chunks: int
    characters: int
    text_sha256: str               # of the stored text in UTF-8
    pages: int | None = None
    title: str = ""
    language: str = ""             # ISO 639-1 of most of it, "" when unknown
    embedder: str = ""             # model id of its vectors, "" when found by words only
    origin: str = ""               # a web address, "pasted text", or "" for a file
    blank_pages: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()
    missing: bool = False          # the original was removed by hand
    tags: tuple[str, ...] = ()
    file_name: str = ""            # the file's own name, once the reader gave it another
    earlier: tuple[str, ...] = ()  # its ids in notebooks that it was moved out of: what was written there cites it by them

    @property
    def file(self) -> str:
        """The name of the file that it was read from."""
        return self.file_name or self.name


def source_id_of(user_id: str, notebook_id: str, sha256: str, apart: str = "") -> str:
    """Return the id of these bytes in this notebook: the same for whoever reads them; `apart` tells equal bytes apart."""
    return hashlib.sha256("\n".join((user_id, notebook_id, sha256, apart)).encode()).hexdigest()[:32]


class Stage(StrEnum):
    """The steps a file passes on its way in, in this order; `FAILED` and `CANCELLED` end it early."""

    WAITING = "waiting"
    KEEPING = "keeping the original"
    READING = "reading"
    SPLITTING = "splitting"
    UNDERSTANDING = "understanding"
    INDEXING = "indexing"
    READY = "ready"
    DUPLICATE = "already here"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """True when nothing more will happen by itself."""
        return self in (Stage.READY, Stage.DUPLICATE, Stage.FAILED, Stage.CANCELLED)


@dataclass(frozen=True, slots=True)
class Intake:
    """One file on its way in, or stopped there: what a card shows while it is not yet a source.

    `done` of `total` steps of the present stage are through (0 of 0 when the stage has no steps).
    `source_id` is set once it is a source (or names the one it duplicates).
    """

    id: str
    notebook_id: str
    user_id: str
    name: str
    stage: Stage
    created_at: datetime
    done: int = 0
    total: int = 0
    source_id: str | None = None
    sha256: str = ""
    origin: str = ""
    detail: str = ""               # what happened, when it failed
    fix: str = ""                  # what to do about it
    chunks: int = 0
    worker: str = ""               # the process that works on it; another may take it up when that one is gone


@dataclass(frozen=True, slots=True)
class Original:
    """The kept bytes of an upload."""

    sha256: str
    size_bytes: int
    path: str
