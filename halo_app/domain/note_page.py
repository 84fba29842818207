"""A note as it is written out: its tree, what it cites, and the files that lie with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from halo_app.domain.conversation import Citation
from halo_app.domain.note import Mark

Nodes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class NotePage:
    """`cited` holds what the text cites, in reading order; `besides` what the note rests on as a whole."""

    title: str
    text: str
    blocks: Nodes
    feet: Mapping[str, Nodes]
    cited: Mapping[str, Mark]
    created_at: datetime
    updated_at: datetime
    besides: Sequence[Citation] = ()
    tags: Sequence[str] = ()
    folder: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """A file that came of it: its bytes, the ending of its name, and what kind of file it is."""

    content: bytes
    suffix: str
    media_type: str


def numbers(pages: Sequence[NotePage]) -> list[dict[str, int]]:
    """Return, page by page, the number of each citation; they go on from note to note."""
    found, number = [], 0
    for page in pages:
        own = {}
        for name in page.cited:
            number += 1
            own[name] = number
        found.append(own)
    return found


def told(mark: Mark | Citation) -> str:
    """Return a citation as it stands in a footnote: source, place and quote."""
    place = f", {mark.locator}" if mark.locator else ""
    return f"{mark.source}{place}: “{' '.join(mark.quote.split())}”"
