"""Why no memories are shown: seven causes, each provoked for real, each with words of its own on the page and in `halo doctor`."""

from __future__ import annotations

import html
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from streamlit.testing.v1 import AppTest

from halo_app.bootstrap import App, build_app
from halo_app.domain.health import Check
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.settings import read_settings
from halo_app.ui import running, state_account
from tests.fakes import HereReader
from tests.unit.test_pages import page, words

EMPTY = "No memories stored yet"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], App]]:
    made: list[App] = []

    def open_app(database: str = "sqlite:///{data_dir}/memory.db") -> App:
        app = build_app(read_settings(environ={"HALO_DATA_DIR": str(tmp_path / "data"), "HALO_AGENT_DB": database}))
        app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter(), reader=HereReader())
        app.first_start(serving=False)
        running.use(app)
        made.append(app)
        return app

    yield open_app
    running._apps.clear()
    for app in made:
        app.close()


def memory_page(**view: str | int) -> AppTest:
    return page("account", section="Memory", **({state_account._MEMORY: state_account.MemoryView(**view)} if view else {}))  # type: ignore[arg-type]


def shown(test: AppTest) -> str:
    assert not test.exception
    return html.unescape(words(test) + " ".join(error.value for error in test.error) + " ".join(code.value for code in test.code))


def doctor(app: App, name: str = "memory") -> Check:
    return next(check for check in app.health() if check.name == name)


@contextmanager
def full_disk(*, at_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_it_is_not_set(opened):
    app = opened("")
    said = shown(memory_page())
    assert "Memory backend disabled: HALO_AGENT_DB is not set." in said and 'export HALO_AGENT_DB="sqlite:///data/memory.db"' in said
    check = doctor(app)
    assert (check.ok, check.detail) == (True, "Memory backend disabled: HALO_AGENT_DB is not set")
    assert "export HALO_AGENT_DB" in check.fix


def test_its_place_cannot_be_written(opened, tmp_path):
    (tmp_path / "taken").mkdir()                     # a folder where the file should be: true for root, too
    app = opened(f"sqlite:///{tmp_path}/taken")
    said = shown(memory_page())
    assert f"{tmp_path}/taken is not writable" in said and "Check the permissions of the file and its folder." in said
    assert EMPTY not in said
    check = doctor(app)
    assert not check.ok and "is not writable" in check.detail and "permissions" in check.fix


@pytest.mark.parametrize("address", ["nonsense", "mysql://you@somewhere/db", "sqlite:///"])
def test_its_address_is_none(opened, address):
    app = opened(address)
    said = shown(memory_page())
    assert "Memory backend disabled" in said and "HALO_AGENT_DB" in said and "sqlite:///data/memory.db or postgresql://" in said
    check = doctor(app)
    assert not check.ok and "HALO_AGENT_DB" in check.detail + check.fix


def test_the_disk_is_full(opened):
    app = opened()
    assert app.memory
    app.memory.store(app.user_id, "The first one.")
    app.outbox.drain()
    with full_disk(at_bytes=4_000):
        said, check = shown(memory_page()), doctor(app)
    assert "the disk is full. Free some space and try again." in said and EMPTY not in said
    assert not check.ok and "the disk is full" in check.detail and "free some space" in check.fix
    assert doctor(app).ok
    assert [one.text for one in app.memory.list(app.user_id)] == ["The first one."]


CHANGES = {"add-memory", "delete-memories", "clear-memories", "pin-memory", "delete-memory", "erase-memory", "this-holds"}


@contextmanager
def read_only(app: App) -> Iterator[None]:
    """Let SQLite refuse every write."""
    def refuse(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    app.database._engine.dispose()  # type: ignore[union-attr]
    event.listen(app.database._engine, "connect", refuse)  # type: ignore[union-attr]
    yield
    event.remove(app.database._engine, "connect", refuse)  # type: ignore[union-attr]
    app.database._engine.dispose()  # type: ignore[union-attr]


@pytest.mark.parametrize("fault", ["the disk is full", "is not writable"])
def test_what_cannot_be_changed_can_still_be_read_and_says_why(opened, fault):
    app = opened()
    first = app.memory.store(app.user_id, "The first one.")
    other = app.memory.store(app.user_id, "The other one.")
    app.memory.kept.change(app.principal, app.user_id, first.id, lambda one: replace(one, disputes=(other.public_id,)))
    app.outbox.drain()
    with full_disk(at_bytes=4_000) if "full" in fault else read_only(app):
        status = app.account.memory()
        table, found, card = memory_page(), memory_page(words="first"), memory_page(opened=first.id)
    assert (status.enabled, status.readable, status.place) == (False, True, app.memory.kept.place)
    for test in (table, found, card):
        assert "Memories can be read, not changed: " in shown(test) and fault in shown(test) and EMPTY not in shown(test)
        assert not CHANGES & {button.key for button in test.button}
    assert "2 entries" in shown(table) and "The first one." in shown(card)
    assert app.account.memory().enabled
    assert CHANGES & {button.key for button in memory_page(opened=first.id).button}


def test_nothing_is_stored_yet(opened):
    app = opened()
    said = shown(memory_page())
    assert f"{EMPTY}." in said and "Add one below" in said
    check = doctor(app, "memories")
    assert check.ok and "no memories stored yet" in check.detail and check.fix == 'halo memory add "I like tea"'


def test_the_filter_lets_nothing_through(opened):
    app = opened()
    assert app.memory
    app.memory.store(app.user_id, "The only one.")
    test = memory_page(kind="image")
    assert "None of the 1 entry fits what is sought." in shown(test)
    assert EMPTY not in shown(test)
    assert [button.label for button in test.button if button.key == "show-everything"] == ["Show everything"]
    assert "1 of" in doctor(app, "memories").detail


def test_the_database_fails_at_the_question(opened, tmp_path):
    app = opened()
    assert app.memory
    app.memory.store(app.user_id, "The only one.")
    with closing(sqlite3.connect(tmp_path / "data" / "memory.db")) as other:       # somebody else's hand
        other.execute("ALTER TABLE user_memories RENAME COLUMN superseded_by TO gone")
    said = shown(memory_page())
    assert "did not answer: no such column" in said
    assert EMPTY not in said and "fits what is sought" not in said
    check = doctor(app, "memories")
    assert not check.ok and "no such column" in check.detail and check.fix
