"""Who may do what to whose things: one matrix of role, action, and own, granted or foreign object."""

from __future__ import annotations

from enum import StrEnum

from halo_app.domain.user import Principal, UserRole


class Action(StrEnum):
    READ = "read"                        # see content: get, list, search, context
    WRITE = "write"                      # store, edit, pin, accept
    DELETE = "delete"                    # delete some, clear all
    EXPORT = "export"
    ERASE = "erase"                      # the person and everything of theirs
    MANAGE_USERS = "manage users"        # create, change, disable; the object is the other user
    MANAGE_MODELS = "manage models"      # of the registry that all share
    READ_AUDIT = "read audit"
    CLEAR_ALL = "clear all users"        # the whole database
    ACT_AS = "act as"                    # do everything that the other user may do


class Relation(StrEnum):
    OWN = "own"
    GRANTED = "granted"                  # of a user that the principal may act for
    FOREIGN = "foreign"


class Ruling(StrEnum):
    ALLOWED = "allowed"
    WITH_REASON = "with a stated reason"     # allowed when the principal gives one; the audit log keeps it
    REFUSED = "refused"


_YES, _WHY, _NO = Ruling.ALLOWED, Ruling.WITH_REASON, Ruling.REFUSED
_A, _R = Action, UserRole

#: role -> action -> (own, granted, foreign)
MATRIX: dict[UserRole, dict[Action, tuple[Ruling, Ruling, Ruling]]] = {
    _R.ADMIN: {
        _A.READ: (_YES, _WHY, _WHY), _A.WRITE: (_YES, _WHY, _WHY), _A.DELETE: (_YES, _YES, _YES), _A.EXPORT: (_YES, _WHY, _WHY),
        _A.ERASE: (_YES, _YES, _YES), _A.MANAGE_USERS: (_YES, _YES, _YES), _A.MANAGE_MODELS: (_YES, _YES, _YES),
        _A.READ_AUDIT: (_YES, _YES, _YES), _A.CLEAR_ALL: (_YES, _YES, _YES),
        _A.ACT_AS: (_YES, _WHY, _WHY)},
    _R.USER: {
        _A.READ: (_YES, _NO, _NO), _A.WRITE: (_YES, _NO, _NO), _A.DELETE: (_YES, _NO, _NO), _A.EXPORT: (_YES, _NO, _NO),
        _A.ERASE: (_YES, _NO, _NO), _A.MANAGE_USERS: (_NO, _NO, _NO), _A.MANAGE_MODELS: (_NO, _NO, _NO),
        _A.READ_AUDIT: (_YES, _NO, _NO), _A.CLEAR_ALL: (_NO, _NO, _NO),
        _A.ACT_AS: (_YES, _NO, _NO)},
    _R.SERVICE: {
        _A.READ: (_NO, _YES, _NO), _A.WRITE: (_NO, _YES, _NO), _A.DELETE: (_NO, _YES, _NO), _A.EXPORT: (_NO, _NO, _NO),
        _A.ERASE: (_NO, _NO, _NO), _A.MANAGE_USERS: (_NO, _NO, _NO), _A.MANAGE_MODELS: (_NO, _NO, _NO),
        _A.READ_AUDIT: (_NO, _NO, _NO), _A.CLEAR_ALL: (_NO, _NO, _NO),
        _A.ACT_AS: (_YES, _NO, _NO)},
    _R.VIEWER: {
        _A.READ: (_YES, _YES, _NO), _A.WRITE: (_NO, _NO, _NO), _A.DELETE: (_NO, _NO, _NO), _A.EXPORT: (_YES, _NO, _NO),
        _A.ERASE: (_NO, _NO, _NO), _A.MANAGE_USERS: (_NO, _NO, _NO), _A.MANAGE_MODELS: (_NO, _NO, _NO),
        _A.READ_AUDIT: (_YES, _NO, _NO), _A.CLEAR_ALL: (_NO, _NO, _NO),
        _A.ACT_AS: (_YES, _NO, _NO)},
}


def relation(who: Principal, owner_id: str) -> Relation:
    """Return what the owner of an object is to the principal."""
    if owner_id == who.user_id:
        return Relation.OWN
    return Relation.GRANTED if owner_id in who.grants else Relation.FOREIGN


def ruling(who: Principal, action: Action, owner_id: str) -> Ruling:
    """Return ALLOWED or REFUSED; WITH_REASON only when the principal gave none."""
    found = MATRIX[who.role][action][list(Relation).index(relation(who, owner_id))]
    return Ruling.ALLOWED if found is Ruling.WITH_REASON and who.reason.strip() else found


def refusal(who: Principal, action: Action, owner_id: str) -> str:
    """Return why the act is refused, in words, or "" when it is allowed."""
    found = ruling(who, action, owner_id)
    if found is Ruling.ALLOWED:
        return ""
    whose = "their own memory" if relation(who, owner_id) is Relation.OWN else "another user's memory"
    if action is Action.ACT_AS:
        whose = "another user"
    if found is Ruling.WITH_REASON:
        return f"an admin must say why before they {action} {whose}"
    return f"the role {who.role} may not {action} {whose}" if action not in _SHARED else f"the role {who.role} may not {action}"


_SHARED = (Action.MANAGE_USERS, Action.MANAGE_MODELS, Action.READ_AUDIT, Action.CLEAR_ALL)
