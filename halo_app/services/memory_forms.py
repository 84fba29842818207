"""Memories and users at the edge: read from JSON, dataclasses or plain text with every field checked, and written back.

One flat JSON object holds a memory: `kind`, the fields of that kind, and the fields of the record. `private_to` names the model
that a memory belongs to ("" is shared by all), because an image has a `model` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator
from pydantic.fields import FieldInfo

from halo_app.domain.conversation import Role
from halo_app.domain.memory import (
    Content,
    Conversation,
    Covers,
    Fact,
    Image,
    Indexed,
    Kind,
    Memory,
    Message,
    Origin,
    Provenance,
    Segment,
    State,
    Summary,
    Transcription,
)
from halo_app.domain.registry import RegisteredModel, Speciality
from halo_app.errors import BadInput
from halo_app.services import memory_fields as are
from halo_app.services.memory_fields import Expected, Form

MOST_PARTS = 10_000                    # messages of a conversation, segments of a transcription
#: what the store gives or works out; it may be there, and is not read
GIVEN = frozenset({"id", "public_id", "user_id", "memory", "merged", "created_at", "updated_at", "superseded_by", "disputes",
                   "indexed", "failure", "score", "match"})
EDITABLE = frozenset({"private_to", "tags", "pinned", "occurred_at", "expires_at", "valid_from", "valid_to"})


def _one_of(kind: type[StrEnum]) -> BeforeValidator:
    def check(value: Any) -> StrEnum:
        if not isinstance(value, str) or value not in list(kind):
            raise Expected(f"one of {', '.join(kind)}")
        return kind(value)

    return BeforeValidator(check)


def _at_most(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) > MOST_PARTS:
        raise Expected(f"a list of at most {MOST_PARTS}")
    return tuple(value)


class MessageForm(Form):
    role: Annotated[Role, _one_of(Role)]
    content: are.LongWords
    speaker: are.Line = ""
    id: are.Line = ""
    created_at: are.Moment | None = None

    def made(self) -> Message:
        return Message(**dict(self))


class SegmentForm(Form):
    start_seconds: are.Seconds
    end_seconds: are.Seconds
    text: are.LongWords
    speaker: are.Line = ""

    @model_validator(mode="after")
    def _in_order(self) -> SegmentForm:
        if self.end_seconds < self.start_seconds:
            raise Expected("an end_seconds that is not before start_seconds")
        return self

    def made(self) -> Segment:
        return Segment(**dict(self))


class ProvenanceForm(Form):
    origin: Annotated[Origin, _one_of(Origin)] = Origin.EXPLICIT
    session_id: are.Line = ""
    turn_id: are.Line = ""
    notebook_id: are.Line = ""
    agent: are.Line = ""

    def made(self) -> Provenance:
        return Provenance(**dict(self))


class RecordForm(Form):
    """What every kind has. What the store gives (ids, times, where it stands) may be there, so that what was shown can be read."""

    id: are.Position = 0
    public_id: are.PublicId = ""
    user_id: are.Line = ""
    memory: Any = ""                         # the text, worked out from the content
    confidence: are.Share = 1.0
    private_to: are.Line = ""
    tags: are.Tags = ()
    pinned: are.Flag = False
    state: Annotated[State, _one_of(State)] = State.KEPT
    provenance: ProvenanceForm = ProvenanceForm()
    merged: Annotated[tuple[ProvenanceForm, ...], BeforeValidator(_at_most)] = ()
    created_at: are.Moment | None = None
    updated_at: are.Moment | None = None
    reworded_at: are.Moment | None = None
    occurred_at: are.Moment | None = None
    expires_at: are.Moment | None = None
    valid_from: are.Moment | None = None
    valid_to: are.Moment | None = None
    superseded_by: are.PublicId = ""
    disputes: are.PublicIds = ()
    indexed: Annotated[Indexed, _one_of(Indexed)] = Indexed.PENDING
    failure: are.AnyWords = ""
    score: float | None = None
    match: Any = None

    def content(self) -> Content:
        raise NotImplementedError

    def made(self) -> Memory:
        """Return the memory; what is worked out (`memory`, `score`, `match`) is left behind."""
        own = {name: getattr(self, name) for name in _RECORD if name not in {"model", "provenance", "merged"}}
        return Memory(self.content(), model=self.private_to, provenance=self.provenance.made(),
                      merged=tuple(one.made() for one in self.merged), **own)


class ConversationForm(RecordForm):
    kind: Literal["conversation"]
    title: are.Title
    messages: Annotated[tuple[MessageForm, ...], BeforeValidator(_at_most)] = ()
    session_id: are.Line = ""

    def content(self) -> Conversation:
        return Conversation(self.title, [one.made() for one in self.messages], self.session_id)


class FactForm(RecordForm):
    kind: Literal["fact"]
    content_: are.Words = Field(alias="content")
    category: are.Line = ""
    source_turn_ids: are.Ids = ()
    ephemeral: are.Flag = False

    def content(self) -> Fact:
        return Fact(self.content_, self.category, self.confidence, self.source_turn_ids, self.ephemeral)


class ImageForm(RecordForm):
    kind: Literal["image"]
    prompt: are.Words
    model: are.Line = ""
    parameters: are.Parameters = Field(default_factory=dict)
    width: are.Pixels | None = None
    height: are.Pixels | None = None
    seed: are.Seed | None = None
    path: are.Place = ""

    def content(self) -> Image:
        return Image(self.prompt, self.model, self.parameters, self.width, self.height, self.seed, self.path)


class TranscriptionForm(RecordForm):
    kind: Literal["transcription"]
    text: are.LongWords
    language: are.LanguageCode = ""
    language_confidence: are.Share | None = None
    duration_seconds: are.Seconds | None = None
    segments: Annotated[tuple[SegmentForm, ...], BeforeValidator(_at_most)] = ()

    def content(self) -> Transcription:
        return Transcription(self.text, self.language, self.language_confidence, self.duration_seconds,
                             tuple(one.made() for one in self.segments))


class SummaryForm(RecordForm):
    kind: Literal["summary"]
    text: are.LongWords
    covers: Annotated[Covers, _one_of(Covers)] = Covers.SESSION
    covered_ids: are.Ids = ()
    session_id: are.Line = ""

    def content(self) -> Summary:
        return Summary(self.text, self.covers, self.covered_ids, self.session_id)


AnyForm = Annotated[ConversationForm | FactForm | ImageForm | TranscriptionForm | SummaryForm, Field(discriminator="kind")]
_ANY: TypeAdapter[Any] = TypeAdapter(AnyForm)
_RECORD = tuple(one.name for one in fields(Memory) if one.name not in {"content", "score", "match"})
_NOTHING: Any = object()
_KINDS = tuple(str(kind) for kind in Kind)


def read_memory(value: Memory | Content | Mapping[str, Any] | str) -> Memory:
    """Return a memory with every field checked; text alone is a fact. Raises BadInput naming field, value and expectation."""
    if isinstance(value, str):
        value = Fact(value)
    if isinstance(value, Memory):
        given = plain(value)
    elif isinstance(value, Content):
        given = {"kind": str(value.kind), **_fields(value)}
    elif isinstance(value, Mapping):
        given = dict(value)
    else:
        raise are.bad("memory", value, f"text, a JSON object, or one of {', '.join(_KINDS)}")
    kind = given.get("kind")
    if kind not in _KINDS:
        raise are.bad("kind", kind, f"one of {', '.join(_KINDS)}")
    try:
        memory: Memory = _ANY.validate_python(given).made()
    except ValidationError as error:
        raise refused(error) from None
    return memory


def read_change(memory: Memory, changes: Mapping[str, Any] | Content | str) -> Memory:
    """Return the memory with some of its fields changed; text alone changes its main text. Raises BadInput as `read_memory`.

    The fields of its kind and those of EDITABLE can be changed; fields that stay as they are may be named, too.
    """
    own = _fields(memory.content)
    if isinstance(changes, str):
        changes = {main_field(memory.kind): changes}
    elif isinstance(changes, Content):
        changes = {"kind": str(changes.kind), **_fields(changes)}
    elif not isinstance(changes, Mapping):
        raise are.bad("changes", changes, "text, an object of fields, or a content of the same kind")
    before = plain(memory)
    for name, value in changes.items():
        if name not in own and name not in EDITABLE and before.get(name) != value and name != "memory":
            raise are.bad(name, value, f"one of the fields that can be changed: {', '.join(sorted({*own, *EDITABLE}))}")
    return read_memory({**before, **changes})


def plain(memory: Memory) -> dict[str, Any]:
    """Return the memory as JSON: the keys of the command line first, then every field. `score` and `match` only when found."""
    head = {"id": memory.id, "user_id": memory.user_id, "kind": str(memory.kind), "memory": memory.text,
            "confidence": memory.confidence, "created_at": _json(memory.created_at), "expires_at": _json(memory.expires_at)}
    record = {name: _json(getattr(memory, name)) for name in _RECORD if name not in {*head, "model"}}
    found = {name: _json(getattr(memory, name)) for name in ("score", "match") if getattr(memory, name) is not None}
    return {**head, **_fields(memory.content), "private_to": memory.model, **record, **found}


def expectation(field: FieldInfo) -> str:
    """Return what a field of a form expects, in words."""
    optional = [given for one in get_args(field.annotation) for given in getattr(one, "__metadata__", ())]
    for check in (*field.metadata, *optional):
        if isinstance(check, BeforeValidator):
            try:
                check.func(_NOTHING)      # type: ignore[call-arg]
            except Expected as error:
                return str(error)
    return "an object"


def main_field(kind: Kind) -> str:
    """Return the name of the field that is the memory in words."""
    return {Kind.CONVERSATION: "title", Kind.FACT: "content", Kind.IMAGE: "prompt"}.get(kind, "text")


def read_model(name: Any, specialities: Any, description: Any = "") -> RegisteredModel:
    """Return a model for the registry, checked. Raises BadInput naming the field."""
    known = list(Speciality)
    given = [specialities] if isinstance(specialities, str) else specialities
    if not isinstance(given, list | tuple | set | frozenset) or not given or any(one not in known for one in given):
        raise are.bad("specialities", given, f"one or more of {', '.join(known)}")
    return RegisteredModel(read_model_name(name), tuple(dict.fromkeys(Speciality(one) for one in given)),
                           are.checked("description", description, lambda value: are.text(value, most=1000)))


def read_model_name(value: Any) -> str:
    """Return the name of a model. Raises BadInput."""
    name: str = are.checked("name", value, lambda given: are.name(given, most=200))
    return name


def read_user_id(value: Any) -> str:
    """Return the id of a user as it stands. Raises BadInput."""
    user_id: str = are.checked("user_id", value, are.identity)
    return user_id


def read_memory_id(value: Any) -> int | str:
    """Return the number or public id of a memory. Raises BadInput."""
    memory_id: int | str = are.checked("id", value, are.memory_id)
    return memory_id


def refused(error: ValidationError) -> BadInput:
    """Return what a form of a memory refuses."""
    return are.refused(error, _KINDS)


def without_search(memory: Memory) -> Memory:
    """Return the memory without what a search said of it."""
    return replace(memory, score=None, match=None)


def _fields(content: Content) -> dict[str, Any]:
    return {one.name: _json(getattr(content, one.name)) for one in fields(content)}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if is_dataclass(value):
        return {one.name: _json(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    return [_json(one) for one in value] if isinstance(value, list | tuple) else value
