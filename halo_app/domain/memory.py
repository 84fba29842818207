"""What is remembered: five kinds of content, and the record that carries one of them with its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from halo_app.domain.conversation import Role


class Kind(StrEnum):
    CONVERSATION = "conversation"
    FACT = "fact"
    IMAGE = "image"
    TRANSCRIPTION = "transcription"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a remembered conversation; `speaker` is a name when the role alone does not tell who speaks."""

    role: Role
    content: str
    speaker: str = ""
    id: str = ""
    created_at: datetime | None = None


@dataclass(slots=True)
class Conversation:
    """A conversation with its turns in order. It is built turn by turn, so it can be changed until it is stored."""

    kind: ClassVar[Kind] = Kind.CONVERSATION
    title: str
    messages: list[Message] = field(default_factory=list)
    session_id: str = ""

    def add_message(self, message: Message) -> Conversation:
        """Append a turn and return the conversation."""
        self.messages.append(message)
        return self


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is held to be true. `confidence` is 0 to 1; an ephemeral fact expires by itself."""

    kind: ClassVar[Kind] = Kind.FACT
    content: str
    category: str = ""
    confidence: float = 1.0
    source_turn_ids: tuple[str, ...] = ()
    ephemeral: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that was made: what was asked for, by which model, and where the file lies. Sizes are pixels."""

    kind: ClassVar[Kind] = Kind.IMAGE
    prompt: str
    model: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    width: int | None = None
    height: int | None = None
    seed: int | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """What is said between two moments of a recording, in seconds from its beginning."""

    start_seconds: float
    end_seconds: float
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Transcription:
    """What a recording says. `language` is ISO 639-1; when it is not given it is detected, with a confidence of 0 to 1."""

    kind: ClassVar[Kind] = Kind.TRANSCRIPTION
    text: str
    language: str = ""
    language_confidence: float | None = None
    duration_seconds: float | None = None
    segments: tuple[Segment, ...] = ()


class Covers(StrEnum):
    """What a summary stands for."""

    SESSION = "session"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Summary:
    """A shorter text in place of longer ones; `covered_ids` name the memories or turns that it stands for."""

    kind: ClassVar[Kind] = Kind.SUMMARY
    text: str
    covers: Covers = Covers.SESSION
    covered_ids: tuple[str, ...] = ()
    session_id: str = ""


Content = Conversation | Fact | Image | Transcription | Summary


class State(StrEnum):
    """A suggested memory is shown to its user and counts for nothing until it is accepted."""

    KEPT = "kept"
    SUGGESTED = "suggested"


class Origin(StrEnum):
    """How a memory came about."""

    EXPLICIT = "explicit"        # somebody asked for it to be remembered
    OBSERVED = "observed"        # taken from what was said in a chat, with consent
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a memory comes from; empty when it was typed in by hand."""

    origin: Origin = Origin.EXPLICIT
    session_id: str = ""
    turn_id: str = ""
    notebook_id: str = ""
    agent: str = ""


class Indexed(StrEnum):
    """How far a memory can be found: by its words at once, by its meaning when it is READY."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Match:
    """What in a memory was found: a message or a segment by its position, the whole when `position` is None."""

    text: str
    position: int | None = None
    speaker: str = ""
    start_seconds: float | None = None      # of a transcription's segment
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """A memory of one user. `Memory(content)` is a draft; ids and times are given when it is stored.

    `model` "" is shared by all models, otherwise it is private to the one named. From `valid_from` until before `valid_to`
    it holds; what contradicts it later stands in `superseded_by`. `score` and `match` are set in search results only.
    """

    content: Content
    id: int = 0                             # as people and SQL name it; never given twice
    public_id: str = ""                     # [0-9a-f]{32}, for retries, audit and interfaces
    user_id: str = ""
    model: str = ""
    tags: tuple[str, ...] = ()
    pinned: bool = False
    state: State = State.KEPT
    provenance: Provenance = field(default_factory=Provenance)
    merged: tuple[Provenance, ...] = ()     # where the near-duplicates came from that were merged into it
    created_at: datetime | None = None
    updated_at: datetime | None = None
    reworded_at: datetime | None = None     # when a fact's words were last changed by hand
    occurred_at: datetime | None = None     # when it was said or happened, if that is not when it was stored
    expires_at: datetime | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    superseded_by: str = ""                 # public id
    disputes: tuple[str, ...] = ()          # public ids of memories that may contradict it: the user is asked
    indexed: Indexed = Indexed.PENDING
    failure: str = ""                       # why it is not READY, in words
    score: float | None = None
    match: Match | None = None

    @property
    def kind(self) -> Kind:
        return self.content.kind

    @property
    def confidence(self) -> float:
        """How sure it is, 0 to 1; only facts can be less than sure."""
        return self.content.confidence if isinstance(self.content, Fact) else 1.0

    @property
    def text(self) -> str:
        """The memory in one text, as people read it and as it stands in the `memory` column."""
        return text_of(self.content)

    @property
    def when(self) -> datetime | None:
        """When it was said or happened, as far as is known."""
        return self.occurred_at or self.created_at


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a memory that is embedded and ranked by itself: a message, a segment, a summary's line, or all of it."""

    position: int
    text: str
    speaker: str = ""
    start_seconds: float | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sought:
    """Which memories are meant. Every filter applies before any limit; None and () mean no restriction.

    `model` is a viewpoint: "" sees only what is shared, a name also what is private to it, None (the owner) everything.
    `as_of` returns what held at that time. Suggested, superseded and expired memories come only when asked for.
    """

    kinds: tuple[Kind, ...] = ()
    model: str | None = None
    since: datetime | None = None           # by `when`, inclusive
    until: datetime | None = None           # by `when`, exclusive
    as_of: datetime | None = None
    tags: tuple[str, ...] = ()
    session_id: str = ""
    category: str = ""
    pinned: bool | None = None
    words: str = ""                         # every word stands in the text
    ids: tuple[str, ...] | None = None      # public ids; an empty tuple means none
    states: tuple[State, ...] = (State.KEPT,)
    superseded: bool = False
    expired: bool = False


@dataclass(frozen=True, slots=True)
class AgentRun:
    """One run of an agent as it stands in `agent_runs`; `run_data` is a JSON object."""

    session_id: str
    agent_name: str
    run_data: Mapping[str, Any]
    user_id: str = ""
    id: int = 0
    created_at: datetime | None = None


def text_of(content: Content) -> str:
    """Return the content as one text."""
    match content:
        case Conversation():
            return "\n".join([content.title, *(f"{said.speaker or said.role}: {said.content}" for said in content.messages)])
        case Fact():
            return content.content
        case Image():
            return content.prompt
        case Transcription() | Summary():
            return content.text


def pieces_of(content: Content) -> tuple[Piece, ...]:
    """Return what is ranked by itself, in order; never empty."""
    if isinstance(content, Conversation) and content.messages:
        return tuple(Piece(at, said.content, said.speaker or str(said.role), said_at=said.created_at)
                     for at, said in enumerate(content.messages))
    if isinstance(content, Transcription) and content.segments:
        return tuple(Piece(at, part.text, part.speaker, part.start_seconds) for at, part in enumerate(content.segments))
    if isinstance(content, Summary) and len(lines := content.text.splitlines()) > 1 and all(line.strip() for line in lines):
        return tuple(Piece(at, line) for at, line in enumerate(lines))
    return (Piece(0, text_of(content)),)
