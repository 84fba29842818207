"""Questions, answers and their proof: what a chat file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """How far the cited passages carry a sentence."""

    VERIFIED = "verified"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim passage: `quote == stored[start:end]` of that source, checked before it is shown."""

    source_id: str
    source: str            # the source's name
    locator: str           # its label, "" when the format has no places
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, what was found about it, and why (`reason` is "" when verified)."""

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """A memory that came up for a question and why, in words; it is shown beside the answer and never cited."""

    memory_id: str         # public id
    text: str
    why: str
    score: float = 0.0     # 0 to 1


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a question.

    `text` is the whole answer as read (lead line and sentences in reading order); `sentences[0]` is the best
    supported sentence, the reading order starts after it. `abstained` means the sources do not hold the
    answer; `nearest` are then the closest passages, and otherwise what else is close.
    `trace` tells how it was made: {"mode", "passages", "dropped", "seconds", "question", "model", ...}.
    """

    text: str
    abstained: bool
    sentences: tuple[Sentence, ...] = ()
    nearest: tuple[Citation, ...] = ()
    trace: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""      # set when a language model failed and the extractive answer is offered instead
    remembered: tuple[Recalled, ...] = ()


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a question; `source_id` is "" while, or because, it is not a source of the notebook."""

    name: str
    source_id: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn as it stands in the chat file.

    `others` are the other ways in which the chat goes on from here, each to its end; `version` is the place of the one in
    view among all of them, from 0. `domain.branching` keeps them in order.
    """

    role: Role
    content: str
    created_at: datetime
    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()     # nearest passages, beside the sentences' own
    trace: Mapping[str, Any] = field(default_factory=dict)
    tool_calls: tuple[Mapping[str, Any], ...] = ()
    abstained: bool = False
    failure: str = ""
    remembered: tuple[Recalled, ...] = ()    # what was known about the user, never a source of the answer
    pinned: bool = False
    attached: tuple[Attached, ...] = ()
    version: int = 0
    others: tuple[tuple[Message, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A chat as it stands in `chat_history/<id>.json`; `messages` are those of the branch in view."""

    id: str
    title: str
    notebook_id: str
    user_id: str
    created_at: datetime
    updated_at: datetime
    messages: tuple[Message, ...] = ()
    schema: int = 2
