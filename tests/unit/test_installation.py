"""What the Account page tells of the installation: its look, the room it takes, its log, and what it stands on."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from halo_app.bootstrap import build_app
from halo_app.errors import BadInput
from halo_app.services.about import libraries, names
from halo_app.services.program_log import ProgramLog
from halo_app.services.room import RoomService
from halo_app.settings import CHECKOUT, read_settings
from halo_app.ui import shell, theme


@contextmanager
def alone():
    yield


class Index:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tidy(self) -> None:
        (self.folder / "old").unlink(missing_ok=True)


def put(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)


@pytest.fixture
def app(tmp_path):
    app = build_app(read_settings(environ={"HALO_DATA_DIR": str(tmp_path / "data")}))
    app.first_start(serving=False)
    yield app
    app.close()


def test_a_look_is_kept_in_the_data_directory_and_noted_in_the_audit_trail(app, tmp_path):
    assert (app.appearance.now().theme, app.appearance.now().density) == ("system", "comfortable")
    app.appearance.change(theme="dark")
    app.appearance.change(density="compact")
    again = build_app(read_settings(environ={"HALO_DATA_DIR": str(tmp_path / "data")}))
    assert (again.appearance.now().theme, again.appearance.now().density) == ("dark", "compact")
    again.close()
    acts = app.audit.entries(app.principal, user_id=app.user_id)
    assert ("settings.change", "appearance") in {(act.action, act.what) for act in acts}


def test_an_unknown_look_is_refused_and_a_broken_file_fails_no_page(app):
    with pytest.raises(BadInput, match="theme='pink' is not known"):
        app.appearance.change(theme="pink")
    (app.data_dir / "config.json").write_text("{ not json")
    assert app.appearance.now().theme == "system"


@pytest.mark.parametrize(("chosen", "scheme"), [("dark", "color-scheme:dark"), ("light", "color-scheme:light"),
                                                ("system", "color-scheme:light dark")])
def test_a_page_begins_in_the_theme_that_was_chosen_before_any_script_runs(chosen, scheme):
    client = TestClient(Starlette(routes=shell.routes(["chat", "notes"], lambda: chosen)))
    for address in ("/", "/notes"):
        html = client.get(address).text
        assert html.index(scheme) < html.index('<script type="module"')
        assert f'{chosen.title()}' in html
        assert client.get(address).headers["cache-control"] == "no-cache"


def test_the_compact_look_is_the_same_sheet_with_a_few_lines_more():
    assert theme.style(compact=True).startswith(theme.style().removesuffix("</style>"))


def test_every_file_counts_as_one_kind_and_only_what_is_spare_goes(tmp_path):
    house, outside = tmp_path / "data", tmp_path / "elsewhere" / "memory.db"
    sizes = {"sources/originals/ab/one.pdf": 500, "sources/texts/one": 50, "sources/one.json": 5, "lancedb/chunks/x": 70,
             "lancedb/old": 30, "chat_history/a.json": 11, "notes/a.json": 12, "outputs/a.json": 13, "memory.db": 14,
             "halo.log": 15, "halo.log.1": 16, ".work/import/left.zip": 17, "ballast": 18}
    for name, size in sizes.items():
        put(house / name, size)
    put(outside, 1000)
    room = RoomService(house, lambda: outside, house / ".work", lambda: [Index(house / "lancedb")], alone)
    taken = {one.kind: one.size_bytes for one in room.taken()}
    assert taken == {"originals": 500, "texts": 50, "index": 100, "chats": 11, "notes": 12, "outputs": 13, "memories": 1014, "log": 31,
                     "space set aside": 18, "everything else": 22}
    assert room.spare() == 33
    assert room.free() == 63
    assert {name for name in sizes if not (house / name).exists()} == {"halo.log.1", ".work/import/left.zip", "lancedb/old"}


def test_the_log_is_read_newest_first_with_what_belongs_to_an_entry(tmp_path):
    log = ProgramLog(tmp_path / "halo.log")
    assert log.entries(10) == [] and log.whole() == b""
    log.place.write_text("2026-11-20 08:00:00,001 INFO halo_app: began\n2026-11-20 08:00:01,001 ERROR halo_app: failed\n  on line 3\n"
                         "2026-11-20 08:00:02,001 INFO halo_app: ended\n")
    assert [entry.split(": ")[1] for entry in log.entries(2)] == ["ended", "failed\n  on line 3"]
    assert [entry.split(": ")[1] for entry in log.entries(10, grave=True)] == ["failed\n  on line 3"]
    assert log.whole().count(b"\n") == 4


def test_every_library_that_halo_needs_is_named_with_its_licence():
    found = {one.name.lower(): one for one in libraries(CHECKOUT)}
    assert {"streamlit", "lancedb", "sqlalchemy", "numpy"} <= set(found)
    assert "pytest" not in found
    assert [one.name for one in found.values() if one.licence == "not stated"] == []
    assert names(["Some_Thing.x>=2; python_version > '3'", "other ; extra == 'test'"]) == ["some-thing-x"]


def test_the_sample_makes_room_for_a_persons_data_only_while_nothing_was_made_in_it(app):
    sample = app.notebooks.create("Sample", is_sample=True)
    note = app.notes.create(sample.id, "Mine", "Something of my own")
    app.samples.take_out()
    assert app.notebooks.sample() == sample
    app.notes.delete(note.id)
    app.samples.take_out()
    assert app.notebooks.sample() is None
