"""A notebook: the shelf that sources, chats, notes and outputs stand on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notebook:
    """`is_sample` marks the notebook of the first visit; without `observed` nothing is noticed of what is said in its chats."""

    id: str
    user_id: str
    name: str
    created_at: datetime
    updated_at: datetime
    is_sample: bool = False
    observed: bool = True
    archived: bool = False         # put away: not offered among the others, and nothing of it is lost
