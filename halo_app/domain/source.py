"""A document as HALO holds it: its record, what was read from it, and what is still being read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from halo_app.domain.locator import Locator, Region, locate


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


@dataclass(frozen=True, slots=True)
class Source:
    """A document that can be searched. It exists exactly when its text, its passages and its original are stored."""

    id: str
    notebook_id: str
    user_id: str
    name: str                      # the file's name, or the page's title; data, never a path
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
