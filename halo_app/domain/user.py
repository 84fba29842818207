"""Who may do what: users, their roles, and the principal that every act is done as."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class UserRole(StrEnum):
    ADMIN = "admin"        # manages everyone; reads another's content only by an act with a stated reason
    USER = "user"          # everything of their own, nothing of others
    SERVICE = "service"    # a program: acts for the users it was granted, and has nothing of its own
    VIEWER = "viewer"      # reads their own and writes nothing


@dataclass(frozen=True, slots=True)
class UserModel:
    """A user account. `id` is what `user_id` means everywhere; `grants` are the users a service may act for."""

    id: str
    username: str
    email: str
    role: UserRole
    created_at: datetime
    grants: tuple[str, ...] = ()
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Principal:
    """Whoever acts. An admin's `reason` says why another's content is read; it is written into the audit log."""

    user_id: str
    role: UserRole = UserRole.USER
    grants: frozenset[str] = frozenset()
    reason: str = ""
