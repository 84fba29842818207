"""What the audit log says: who did what to how much, never to what words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Act:
    """One operation before it is written down. `user_id` names the owner of what was touched, "" for what all share.

    `what` names kinds of things and settings (`memory`, `source`, `chat`, `role`), never content; `reason` is an admin's.
    """

    actor_id: str
    action: str                  # "memory.store", "memory.search", "user.create", "account.erase", …
    user_id: str = ""
    what: str = ""
    count: int = 1
    outcome: str = "done"        # done, refused or failed
    reason: str = ""
    subject: str = ""            # the public id of the one thing meant, if there is one


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An act as the log holds it: people are keyed pseudonyms, `seal` chains the entry to the one before."""

    number: int                  # from 1, without gaps
    at: datetime
    actor: str
    user: str
    action: str
    what: str
    count: int
    outcome: str
    reason: str
    subject: str
    seal: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What checking the whole log found. `ok` means nothing was changed, moved, removed or cut off."""

    ok: bool
    entries: int
    problem: str = ""            # in words, "" when ok
    at_number: int | None = None
