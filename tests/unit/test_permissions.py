"""The permission matrix: four roles that really differ."""

from __future__ import annotations

import pytest

from halo_app.domain.permissions import MATRIX, Action, Relation, Ruling, refusal, ruling
from halo_app.domain.user import Principal, UserRole


def test_every_role_and_action_has_a_ruling_for_each_relation():
    assert set(MATRIX) == set(UserRole)
    assert all(set(row) == set(Action) for row in MATRIX.values())
    assert all(len(rulings) == len(Relation) for row in MATRIX.values() for rulings in row.values())


def test_no_two_roles_are_the_same():
    rows = [tuple(row.items()) for row in MATRIX.values()]
    assert len(set(rows)) == len(UserRole)


CHANGING = (Action.WRITE, Action.DELETE, Action.ERASE, Action.MANAGE_USERS, Action.MANAGE_MODELS, Action.CLEAR_ALL)


@pytest.mark.parametrize("action", CHANGING)
def test_a_viewer_changes_nothing(action):
    assert all(found is Ruling.REFUSED for found in MATRIX[UserRole.VIEWER][action])


def test_a_service_acts_only_for_whom_it_was_granted():
    service = Principal("mailer", UserRole.SERVICE, frozenset({"ana"}))
    assert ruling(service, Action.READ, "ana") is Ruling.ALLOWED
    assert ruling(service, Action.READ, "bob") is Ruling.REFUSED
    assert ruling(service, Action.READ, "mailer") is Ruling.REFUSED


def test_an_admin_reads_anothers_content_only_with_a_reason():
    assert ruling(Principal("root", UserRole.ADMIN), Action.READ, "ana") is Ruling.WITH_REASON
    assert "must say why" in refusal(Principal("root", UserRole.ADMIN), Action.READ, "ana")
    assert refusal(Principal("root", UserRole.ADMIN, reason="a support case"), Action.READ, "ana") == ""


def test_a_user_has_their_own_things_and_nobody_elses():
    ana = Principal("ana", UserRole.USER)
    assert refusal(ana, Action.WRITE, "ana") == ""
    assert refusal(ana, Action.READ, "bob") == "the role user may not read another user's memory"
