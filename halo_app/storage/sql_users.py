"""User accounts in the memory database; names and e-mails are unique, compared without case in Unicode normal form."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from halo_app.domain.audit import Act
from halo_app.domain.permissions import Action
from halo_app.domain.user import Principal, UserModel, UserRole
from halo_app.errors import BadInput, NotFound, PermissionDenied
from halo_app.storage.acting import ASK, Acting, compared
from halo_app.storage.memory_rows import to_column
from halo_app.storage.sql_tables import memory_clock
from halo_app.storage.sql_tables import users as table

if TYPE_CHECKING:
    from sqlalchemy import Connection

_UNIQUE = {"id": "id", "username_key": "username", "email_key": "email"}      # column -> field


class SqlUsers(Acting):
    """The accounts. People see their own; who may manage users sees and changes them all."""

    def create(self, who: Principal, user: UserModel) -> UserModel:
        """Make an account. Raises PermissionDenied, BadInput naming the field that is taken."""
        act = _act(who, "create", user.id)
        self._allow(who, Action.MANAGE_USERS, user.id, act)
        with self._writing([act]) as connection:
            row = _row_of(user)
            _check_free(connection, row)
            connection.execute(insert(table).values(**row))
        return user

    def get(self, who: Principal, user_id: str) -> UserModel:
        """Return an account. Raises PermissionDenied, NotFound."""
        act = _act(who, "read", user_id)
        if user_id != who.user_id:
            self._allow(who, Action.MANAGE_USERS, user_id, act)
        with self._reading(who, act) as connection:
            return _user_of(_row(connection, user_id))

    def all(self, who: Principal) -> list[UserModel]:
        """Return all accounts by name."""
        act = _act(who, "list", "")
        self._allow(who, Action.MANAGE_USERS, "", act)
        with self._reading(who, act) as connection:
            return [_user_of(row) for row in connection.execute(select(table).order_by(table.c.username_key))]

    def change(self, who: Principal, user_id: str, change: Callable[[UserModel], UserModel]) -> UserModel:
        """Read, change and write an account in one transaction. Raises PermissionDenied, NotFound, BadInput for what is taken."""
        act = _act(who, "change", user_id)
        self._allow(who, Action.MANAGE_USERS, user_id, act)
        with self._writing([act]) as connection:
            before = _user_of(_row(connection, user_id))
            after = replace(change(before), id=before.id, created_at=before.created_at)
            row = _row_of(after)
            _check_free(connection, row, besides=user_id)
            connection.execute(update(table).where(table.c.id == user_id).values(**row))
        return after

    def remove(self, who: Principal, user_id: str) -> None:
        """Delete an account for good; what is the user's is deleted by the stores that hold it. Raises PermissionDenied, NotFound."""
        act = _act(who, "remove", user_id)
        self._allow(who, Action.ERASE, user_id, act)
        with self._writing([act]) as connection:
            _row(connection, user_id)
            connection.execute(delete(table).where(table.c.id == user_id))
            connection.execute(delete(memory_clock).where(memory_clock.c.user_id == user_id, memory_clock.c.user_id != ""))
        self._database.forget_deleted()

    def act_as(self, who: Principal, user_id: str, *, reason: str = "") -> Principal:
        """Return as whom this user acts, for somebody else to act as them; that is written down. Raises PermissionDenied."""
        asking = replace(who, reason=reason or who.reason)
        act = _act(asking, "act as", user_id)
        self._allow(asking, Action.ACT_AS, user_id, act)
        found = self.principal(user_id, reason=reason)
        with self._writing([act], relaxed=True):
            pass
        return found

    def principal(self, user_id: str, *, reason: str = "") -> Principal:
        """Return as whom this user acts; an unseen id acts as a User. Raises PermissionDenied when disabled."""
        with self._plainly() as connection:
            row = connection.execute(select(table).where(table.c.id == user_id)).first()
        if row is None:
            return Principal(user_id, reason=reason)
        user = _user_of(row)
        if user.disabled:
            raise PermissionDenied(f"the account of {user.username} is disabled", fix=ASK)
        return Principal(user.id, user.role, frozenset(user.grants), reason)


def _act(who: Principal, verb: str, user_id: str) -> Act:
    return Act(who.user_id, f"user.{verb}", user_id, "user", reason=who.reason if who.user_id != user_id else "")


def _row(connection: Connection, user_id: str) -> Any:
    row = connection.execute(select(table).where(table.c.id == user_id)).first()
    if row is None:
        raise NotFound(f"there is no user {user_id}", fix="list the users to see which there are")
    return row


def _check_free(connection: Connection, row: dict[str, Any], besides: str = "") -> None:
    """Raise BadInput when another account has the id, name or e-mail of this row."""
    for column, field in _UNIQUE.items():
        if row[column] is not None and (column != "id" or not besides):
            found = connection.execute(select(table.c.id).where(table.c[column] == row[column])).scalar()
            if found is not None and found != besides:
                raise BadInput(f"{field}={row[field]!r}: expected one that no other user has", fix="choose another")


def _row_of(user: UserModel) -> dict[str, Any]:
    return {"id": user.id, "username": user.username, "username_key": compared(user.username), "email": user.email,
            "email_key": compared(user.email) or None, "role": str(user.role), "grants": json.dumps(user.grants, ensure_ascii=False),
            "disabled": user.disabled, "created_at": to_column(user.created_at)}


def _user_of(row: Any) -> UserModel:
    return UserModel(row.id, row.username, row.email, UserRole(row.role), row.created_at.replace(tzinfo=UTC),
                     tuple(json.loads(row.grants)), bool(row.disabled))
