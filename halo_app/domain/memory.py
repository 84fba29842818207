"""What is remembered of a user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MemoryEntry:
    """One line of the `user_memories` table."""

    id: int
    user_id: str
    memory: str
    created_at: datetime
