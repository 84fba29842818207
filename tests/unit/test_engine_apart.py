"""What one user keeps no other sees: every method of the engine, as every role."""

from __future__ import annotations

import inspect

import pytest

from halo_app import (
    Fact,
    HaloError,
    Memory,
    MemoryEngine,
    State,
    UserRole,
)
from tests.engine_helpers import open_engine

SECRET = "walled garden behind the mill"
ACTS = {
    "store_memory": lambda e, who, n: e.store_memory(who, "x"), "store_memories": lambda e, who, n: e.store_memories(who, ["x", "y"]),
    "remember": lambda e, who, n: e.remember(who, "x"), "search": lambda e, who, n: e.search(who, SECRET),
    "get": lambda e, who, n: e.get(who, n), "list": lambda e, who, n: e.list(who), "count": lambda e, who, n: e.count(who),
    "update": lambda e, who, n: e.update(who, n, "x"), "context": lambda e, who, n: e.context(who, SECRET),
    "suggested": lambda e, who, n: e.suggested(who), "accept": lambda e, who, n: e.accept(who, n),
    "reject": lambda e, who, n: e.reject(who, n), "add_run": lambda e, who, n: e.add_run(who, "s", "halo", {}),
    "runs": lambda e, who, n: e.runs(who), "get_user": lambda e, who, n: e.get_user(who), "users": lambda e, who, n: e.users(),
    "models": lambda e, who, n: e.models(), "audit": lambda e, who, n: e.audit(), "verify_audit": lambda e, who, n: e.verify_audit(),
    "health": lambda e, who, n: e.health(), "register_model": lambda e, who, n: e.register_model("m", ["embedding"]),
    "remove_model": lambda e, who, n: e.remove_model("m"), "change_user": lambda e, who, n: e.change_user(who, lambda user: user),
    "create_user": lambda e, who, n: e.create_user("Mallory", "mallory@example.org"),
    "delete": lambda e, who, n: e.delete(who, n), "clear": lambda e, who, n: e.clear(who),
    "remove_user": lambda e, who, n: e.remove_user(who), "clear_everyone": lambda e, who, n: e.clear_everyone(),
}
APART = {"initialize", "as_user", "close", "finish"}


@pytest.fixture
def engine(data_dir):
    with open_engine(data_dir) as opened:
        yield opened


def test_the_acts_below_are_all_there_are():
    methods = {name: method for name, method in inspect.getmembers(MemoryEngine, inspect.isfunction) if not name.startswith("_")}
    assert {name for name, method in methods.items() if not inspect.iscoroutinefunction(method)} == set(ACTS) | APART


@pytest.mark.parametrize("role", UserRole)
def test_no_method_shows_one_user_to_another_whatever_the_role(role, engine):
    number = engine.store_memory("ana", Memory(Fact(f"keeps a {SECRET}"), state=State.KEPT))
    engine.store_memory("ana", Memory(Fact(f"would like a {SECRET}"), state=State.SUGGESTED))
    engine.add_run("ana", "s-1", "halo", {"question": SECRET, "answer": SECRET})
    engine.create_user("Eve", "eve@example.org", role, user_id="eve")
    eve = engine.as_user("eve")
    for name, act in ACTS.items():
        if role is UserRole.ADMIN and name in ("delete", "clear", "remove_user", "clear_everyone"):
            continue                                        # an admin may delete what they may not read
        for owner in ("ana", "eve"):
            try:
                said = repr(act(eve, owner, number))
            except HaloError as error:
                said = f"{error.message} {error.fix}"
            assert SECRET not in said, (name, owner)
    assert engine.get("ana", number).text == f"keeps a {SECRET}"
    assert (engine.count("ana"), len(engine.suggested("ana")), len(engine.runs("ana"))) == (1, 1, 1)
