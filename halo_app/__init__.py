"""HALO: a private research notebook that answers from your own documents, with proof; and its memory engine as a library."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from halo_app.domain.conversation import Role
    from halo_app.domain.memory import (
        AgentRun,
        Content,
        Conversation,
        Covers,
        Fact,
        Image,
        Kind,
        Match,
        Memory,
        Message,
        Provenance,
        Segment,
        Sought,
        State,
        Summary,
        Transcription,
    )
    from halo_app.domain.registry import RegisteredModel, Speciality
    from halo_app.domain.user import Principal, UserModel, UserRole
    from halo_app.engine import MemoryEngine
    from halo_app.errors import BadInput, HaloError, NotFound, PermissionDenied, StoreUnavailable
    from halo_app.settings import Settings as Config

#: module -> the names that are taken from it when they are first asked for, so that importing HALO opens nothing
_OFFERED = {
    "engine": ("MemoryEngine",),
    "domain.conversation": ("Role",),
    "domain.memory": ("AgentRun", "Content", "Conversation", "Covers", "Fact", "Image", "Kind", "Match", "Memory", "Message",
                      "Provenance", "Segment", "Sought", "State", "Summary", "Transcription"),
    "domain.registry": ("RegisteredModel", "Speciality"),
    "domain.user": ("Principal", "UserModel", "UserRole"),
    "errors": ("BadInput", "HaloError", "NotFound", "PermissionDenied", "StoreUnavailable"),
}

__all__ = [
    "AgentRun", "BadInput", "Config", "Content", "Conversation", "Covers", "Fact", "HaloError", "Image", "Kind", "Match", "Memory",
    "MemoryEngine", "Message", "NotFound", "PermissionDenied", "Principal", "Provenance", "RegisteredModel", "Role", "Segment",
    "Sought", "Speciality", "State", "StoreUnavailable", "Summary", "Transcription", "UserModel", "UserRole",
]


def __getattr__(name: str) -> Any:
    if name == "Config":
        return import_module("halo_app.settings").Settings
    for module, names in _OFFERED.items():
        if name in names:
            return getattr(import_module(f"halo_app.{module}"), name)
    raise AttributeError(f"module 'halo_app' has no attribute {name!r}")
