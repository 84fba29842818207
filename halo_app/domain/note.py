"""A note: the reader's own words, with the citations they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from halo_app.domain.conversation import Citation


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    notebook_id: str
    user_id: str
    title: str
    text: str                      # Markdown
    created_at: datetime
    updated_at: datetime
    citations: tuple[Citation, ...] = ()
