"""A note: the reader's own words, with the passages they rest on, and what it was before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from halo_app.domain.conversation import Citation

UNTITLED = "Untitled"


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage that the text cites as `[^name]`; flat, so that erasing its source finds it and takes it away."""

    source_id: str
    source: str                    # the source's name when it was cited
    locator: str
    quote: str
    start: int
    end: int
    text_sha256: str = ""          # of the stored text that was last seen to hold the quote, "" when that was never looked at
    kept: str = ""                 # the later text in spite of which the reader kept the quote; "gone" when the source went

    @property
    def citation(self) -> Citation:
        return Citation(self.source_id, self.source, self.locator, self.quote, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that lies with a note; the text names it as a picture or a link does."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    notebook_id: str
    user_id: str
    title: str
    text: str                      # Markdown; `[^name]` cites `cited[name]`, `[[title]]` leads to another note
    created_at: datetime
    updated_at: datetime
    citations: tuple[Citation, ...] = ()       # what it rests on as a whole, when it was kept from an answer
    revision: int = 0                          # rises when the title or the text changes
    tags: tuple[str, ...] = ()
    folder: str = ""                           # "Study/Interviews"; "" for none
    pinned: bool = False
    cited: Mapping[str, Mark] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()

    def attachment(self, name: str) -> Attachment | None:
        """Return the file of that name."""
        return next((one for one in self.attachments if one.name == name), None)


@dataclass(frozen=True, slots=True)
class NoteVersion:
    """A note as it was: when that was saved, and what came after it in words (`cause`, "" for ordinary writing)."""

    revision: int
    saved_at: datetime
    title: str
    text: str
    cause: str = ""
    cited: Mapping[str, Mark] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NoteHistory:
    """The earlier versions of one note, oldest first, under the note's own id."""

    id: str
    notebook_id: str
    user_id: str
    versions: tuple[NoteVersion, ...] = ()
