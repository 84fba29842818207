"""Whatever is done with sources, notes, chats, outputs, settings and memories stands in the audit log, without its words."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from halo_app.bootstrap import App
from halo_app.domain.chunk import Scope
from halo_app.errors import BadInput, NotFound, PermissionDenied
from halo_app.services.uploads import Upload
from tests.audit_helpers import Days
from tests.unit.test_retention import open_app

NONE = "0" * 32
DATABASES = pytest.mark.parametrize("database", ["sqlite:///{data_dir}/memory.db", ""], ids=["memory", "disabled"])


@pytest.fixture
def app(data_dir: Path) -> Iterator[App]:
    opened = open_app(data_dir, Days())
    yield opened
    opened.close()


def acts(app: App) -> list[tuple[str, str]]:
    return [(entry.action, entry.outcome) for entry in reversed(app.audit.entries(app.principal)) if entry.action != "audit.read"]


@DATABASES
def test_every_shelf_is_written_down_and_the_log_is_sound(data_dir: Path, database: str) -> None:
    app = open_app(data_dir, Days(), database)
    shelf = app.notebooks.create("Zanzibar").id
    [*_, intake] = app.ingest.add([Upload.from_text("Xylophones", "The xylophone costs 40 euros.")], shelf)
    list(app.ingest.add([Upload.from_bytes("broken.pdf", b"no pdf")], shelf))
    _, session = app.chat.answer("What does the xylophone cost?", Scope(app.user_id, shelf))
    app.chat.rename(session, "Xylophone prices")
    note = app.notes.create(shelf, "Xylophone note", "The xylophone")
    app.notes.edit(note.id, text="Not the xylophone")
    app.notes.restore(app.notes.delete(note.id))
    app.chat.restore(app.chat.delete(session))
    app.sources.restore(intake.source_id, BytesIO(app.sources.original(intake.source_id).read_bytes()))
    app.sources.rename(intake.source_id, "Zanzibar prices")
    app.sources.delete(intake.source_id)
    app.consent.give()
    app.retention.change({"chat_days": 3})
    app.notebooks.delete(shelf)
    wanted = ["notebook.create", "source.add", "chat.create", "chat.ask", "chat.rename", "note.create", "note.edit", "note.delete",
              "note.restore", "chat.delete", "chat.restore", "source.restore", "source.rename", "source.delete", "consent.give",
              "settings.change", "notebook.delete"]
    said = [(action, outcome) for action, outcome in acts(app) if not action.startswith(("memory.", "run."))]
    assert [action for action, outcome in said if outcome == "done"] == wanted
    assert [action for action, outcome in said if outcome != "done"] == ["source.add"]
    assert app.audit.inspect().ok
    app.close()
    log = b"".join(path.read_bytes() for path in data_dir.glob("*.db*")).lower()
    assert b"source.add" in log
    assert not [word for word in (b"xylophone", b"zanzibar", b"broken", b"local-user") if word in log]


@pytest.mark.parametrize(("act", "error"), [
    (lambda app: app.notes.delete(NONE), NotFound), (lambda app: app.chat.rename(NONE, " "), BadInput),
    (lambda app: app.sources.delete(NONE), NotFound), (lambda app: app.notebooks.delete(NONE), NotFound),
    (lambda app: app.studio.delete(NONE), NotFound), (lambda app: app.chat.answer("", Scope("anna")), BadInput),
    (lambda app: app.memory.as_user("bela").get("anna", 1), PermissionDenied),
    (lambda app: app.memory.as_user("bela").clear_everyone(), PermissionDenied),
])
def test_what_was_refused_is_written_down(app: App, act, error) -> None:
    with pytest.raises(error):
        act(app)
    assert [outcome for action, outcome in acts(app) if action != "user.act as"] == ["refused"]


def test_a_chat_that_is_not_kept_leaves_no_entry(app: App) -> None:
    shelf = app.notebooks.default().id
    app.chat.answer("What does the xylophone cost?", Scope(app.user_id, shelf), keep=False)
    assert acts(app) == []


def test_an_admin_who_reads_anothers_memory_is_written_down_with_the_reason(app: App) -> None:
    stored = app.memory.store("anna", "likes tea")
    app.memory.as_user(app.user_id, reason="she asked for help").get("anna", stored.id)
    [_, entry] = app.audit.entries(app.principal, user_id="anna", limit=2)       # the newest is this look
    assert (entry.action, entry.reason, entry.outcome) == ("memory.read", "she asked for help", "done")
    assert entry.actor != entry.user == app.audit.pseudonym("anna")
