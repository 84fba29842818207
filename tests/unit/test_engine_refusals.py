"""What the engine refuses before it could do harm: acting as others, and values that could not be read again."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from halo_app import BadInput, PermissionDenied, Sought, UserRole
from tests.engine_helpers import open_engine


@pytest.fixture
def engine(tmp_path):
    with open_engine(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("role", [UserRole.USER, UserRole.SERVICE, UserRole.VIEWER])
def test_who_is_no_admin_becomes_nobody_else(role, engine):
    engine.store_memory("ana", "likes tea")
    engine.create_user("Root", "root@example.org", "admin", user_id="root")
    engine.create_user("Eve", "eve@example.org", role, user_id="eve", grants=["ana"])
    eve = engine.as_user("eve")
    for other in ("root", "ana", "local-user"):
        with pytest.raises(PermissionDenied, match="may not act as another user"):
            eve.as_user(other)
    assert eve.as_user("eve").who == eve.who
    assert ("user.act as", "refused") in {(entry.action, entry.outcome) for entry in engine.audit()}


def test_an_admin_acts_as_others_only_with_a_reason_that_the_log_keeps(engine):
    engine.store_memory("ana", "likes tea")
    engine.create_user("Root", "root@example.org", "admin", user_id="root")
    root = engine.as_user("root")
    with pytest.raises(PermissionDenied, match="must say why") as refused:
        root.as_user("ana")
    assert "reason=" in refused.value.fix
    assert root.as_user("ana", reason="a ticket of Ana's").count("ana") == 1
    assert ("user.act as", "done", "a ticket of Ana's") in {(one.action, one.outcome, one.reason) for one in engine.audit()}


RUNS = [("", "halo", {}), ("s", "", {}), ("s", "halo", [1]), ("s", "halo", {"x": float("nan")}), ("s", "halo", {"x": object()}),
        ("s\n", "halo", {}), ("s", "halo\0", {}), ("s", "halo", "text"), ("s", "halo", None)]


@pytest.mark.parametrize("run", RUNS, ids=repr)
def test_a_run_that_could_not_be_read_again_is_refused(run, engine):
    with pytest.raises(BadInput, match=r"^(session_id|agent_name|run_data)="):
        engine.add_run("ana", *run)
    assert engine.runs("ana") == []
    assert engine.context("ana", "tea").tokens == 0


@pytest.mark.parametrize("change", [{"role": "boss"}, {"username": "a\nb"}, {"email": "nobody"}, {"grants": "ana"},
                                    {"grants": ("a/b",)}, {"disabled": "no"}, {"username": None}], ids=repr)
def test_an_account_is_changed_only_to_what_can_be_read_again(change, engine):
    engine.create_user("Ana", "ana@example.org", user_id="ana")
    with pytest.raises(BadInput):
        engine.change_user("ana", lambda user: replace(user, **change))
    assert [user.username for user in engine.users()] == ["Ana"]


def test_an_account_that_came_by_itself_can_be_changed_in_parts(engine):
    engine.as_user("ana@work").store_memory("ana@work", "likes tea")
    assert engine.change_user("ana@work", lambda user: replace(user, role="viewer")).role is UserRole.VIEWER
    with pytest.raises(BadInput, match=r"^user="):
        engine.change_user("ana@work", lambda user: None)


@pytest.mark.parametrize("grants", ["ana", None, ["a\nb"], 3], ids=repr)
def test_grants_are_a_list_of_users(grants, engine):
    with pytest.raises(BadInput, match=r"grants|user_id"):
        engine.create_user("Bot", "bot@example.org", "service", grants=grants)


@pytest.mark.parametrize("where", [
    {"kinds": ("picture",)}, {"kinds": "image"}, {"states": ("old",)}, {"since": datetime(2021, 1, 1)}, {"as_of": "2021-01-01"},
    {"tags": "x"}, {"ids": "abc"}, {"ids": ("abc",)}, {"words": None}, {"superseded": 1}, {"model": 3}, {"pinned": "yes"}], ids=repr)
def test_a_filter_that_means_nothing_is_refused_and_never_an_empty_list(where, engine):
    engine.store_memory("ana", "likes tea")
    for ask in (lambda: engine.list("ana", where=Sought(**where)), lambda: engine.count("ana", where=Sought(**where)),
                lambda: engine.search("ana", "tea", where=Sought(**where))):
        with pytest.raises(BadInput, match=f"^{next(iter(where))}="):
            ask()


def test_kinds_and_times_are_taken_as_text_and_in_any_zone(engine):
    engine.store_memory("ana", "likes tea")
    where = Sought(kinds=("fact",), since="2000-01-01T00:00:00+05:00", states=["kept"])
    assert [memory.text for memory in engine.list("ana", where=where)] == ["likes tea"]


def test_pages_of_less_than_nothing_are_refused(engine):
    for ask in (lambda: engine.list("ana", limit=-1), lambda: engine.list("ana", offset=-1), lambda: engine.runs("ana", limit=-1)):
        with pytest.raises(BadInput, match=r"^(limit|offset)=-1: expected a whole number"):
            ask()


def test_models_and_changes_of_no_kind_are_refused_in_words(engine):
    number = engine.store_memory("ana", "likes tea")
    with pytest.raises(BadInput, match=r"^specialities="):
        engine.register_model("x", None)
    with pytest.raises(BadInput, match=r"^changes="):
        engine.update("ana", number, None)


GIVEN = {"create_user": ("Ana", "ana@example.org"), "register_model": ("own", ["embedding"])}      # what is checked first


def calls(engine):
    """Yield every method of the engine by name, ready to be called with arguments of the right number."""
    for name, method in inspect.getmembers(type(engine), inspect.isfunction):
        if not name.startswith("_") and name not in ("close", "aclose"):
            needed = [one for one in inspect.signature(method).parameters.values()
                      if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD]
            yield name, partial(getattr(engine, name), *GIVEN.get(name.removeprefix("a"), ["ana"] * (len(needed) - 1)))


def test_a_closed_engine_opens_nothing_again_and_says_what_to_do(tmp_path):
    with open_engine(tmp_path) as engine:
        engine.store_memory("ana", "likes tea")
        ana = engine.as_user("ana", reason="a test")
    engine.close()
    for stood in (tmp_path / "memory.db-wal", tmp_path / "memory.db-shm"):
        assert not stood.exists()
    for closed in (engine, ana):
        for name, call in calls(closed):
            with pytest.raises(BadInput, match="this memory engine is closed") as refused:
                asyncio.run(call()) if inspect.iscoroutinefunction(getattr(closed, name)) else call()
            assert "MemoryEngine(config)" in refused.value.fix, name
        with pytest.raises(BadInput, match="closed"):
            closed.who  # noqa: B018
    assert not (tmp_path / "memory.db-wal").exists()
