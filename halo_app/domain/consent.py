"""What a user was asked before anything is observed of them, and what they answered when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Purpose:
    """What consent is asked for. When `words` change in what they allow, `version` rises and the user is asked again."""

    name: str
    version: int
    words: str


REMEMBERING = Purpose("remembering", 1, (
    "HALO can remember what you say about yourself in chats, and use it in later answers. It suggests each thing first, and keeps "
    "it in the memory database on this machine until you delete it. You can see, change and delete all of it on the Account page, "
    "and withdraw this there at any time. Without it nothing is taken from your chats; what you ask to be remembered still is."))


class Standing(StrEnum):
    """How a user stands to a purpose now."""

    NOT_ASKED = "not asked"          # or only about an earlier version
    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer: GIVEN, REFUSED or WITHDRAWN, for that version of the purpose."""

    purpose: str
    version: int
    standing: Standing
    at: datetime


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """All answers of one user, oldest first."""

    id: str
    user_id: str
    decisions: tuple[Decision, ...]
    updated_at: datetime


def standing(decisions: tuple[Decision, ...], purpose: Purpose) -> Standing:
    """Return how things stand after these decisions; consent to an older version holds no longer, a refusal does."""
    last = next((decision for decision in reversed(decisions) if decision.purpose == purpose.name), None)
    if last is None or (last.standing is Standing.GIVEN and last.version != purpose.version):
        return Standing.NOT_ASKED
    return last.standing
