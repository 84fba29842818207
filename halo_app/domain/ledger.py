"""What left this machine: which places of which sources were sent to which model server; never their text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SentSpan:
    """Characters `start` to `end` of a source's stored text."""

    source_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sending:
    """One question with its passages on its way to a model outside this machine; `turns` earlier ones went with it."""

    at: datetime
    user_id: str
    place: str             # host and port
    model: str
    session_id: str        # "" when the chat is not kept
    spans: tuple[SentSpan, ...] = ()
    turns: int = 0
