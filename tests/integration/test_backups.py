"""A backup is made while HALO runs and put back whole: into the same house, an empty one, and after a kill at any moment."""

from __future__ import annotations

import random
import struct
import time
from zipfile import ZipFile

import pytest

from halo_app.errors import BadInput, HaloError, RefusedFile
from tests import workers
from tests.erasing_helpers import ADMIN, ME, decoded, left_of, move_in
from tests.workers import small_app


def opened(data_dir):
    app = small_app(data_dir)
    app.first_start(serving=False)
    return app


@pytest.fixture
def house(tmp_path):
    app = opened(tmp_path / "data")
    said = move_in(app, ME, 10_000)
    app.backups.backup(ADMIN, tmp_path / "kept.zip")
    yield app, said, tmp_path
    app.close()


def content(app):
    return {store.name: [*store.lines(ME)] for store in app.stores.exported}


def test_a_backup_put_back_is_the_house_as_it_was(house):
    app, _, place = house
    before = content(app)
    found = app.retrieval.find("a question", _scope(app))
    notebook = app.notebooks.all()[0]
    app.sources.delete(app.sources.of(notebook.id)[0].id)
    app.notes.create(notebook.id, "Later", "made after the backup")
    done = app.backups.restore(ADMIN, place / "kept.zip")
    assert content(app) == before and done.erased_again == 0
    assert [passage.chunk.id for passage in app.retrieval.find("a question", _scope(app))] == [passage.chunk.id for passage in found]
    assert not list((place / "data" / ".work").rglob("*.json")) and app.stores.strangers(app.data_dir) == []


def test_a_backup_goes_into_an_empty_directory(house):
    app, _, place = house
    other = opened(place / "other")
    other.backups.restore(ADMIN, place / "kept.zip")
    assert content(other) == content(app)
    assert sorted(other.index.held()) == sorted(app.index.held())
    other.close()


def test_what_was_erased_after_the_backup_is_erased_again(house):
    app, said, place = house
    source = app.sources.of(app.notebooks.all()[0].id)[-1]
    app.erasing.source(ADMIN, ME, source.id)
    assert app.backups.restore(ADMIN, place / "kept.zip").erased_again == 1
    app.close()
    after = decoded(place / "data")
    assert left_of(said["source 0"], after) == 0 and left_of(said["source 1"], after) > 0
    assert app.erasing.receipt()[1] is True


def test_a_backup_while_others_write_holds_whole_records(house):
    app, _, place = house
    process, pipe = workers.start(workers.take_in, place / "data", [f"w{number}.txt" for number in range(200)])
    assert pipe.recv() == "begin"
    for number in range(4):
        app.backups.backup(ADMIN, place / f"{number}.zip")
    process.kill()
    process.join()
    pipe.close()
    other = opened(place / "other")
    other.backups.restore(ADMIN, place / "3.zip")
    for source in other.records("sources").everyone():
        assert other.texts.get(source.id).text and other.originals.path(source.sha256).exists()
    other.close()


@pytest.mark.parametrize("rounds", [5, pytest.param(50, marks=pytest.mark.full)])
def test_a_killed_restore_is_finished_or_was_never_begun(house, rounds):
    app, _, place = house
    was = content(app)
    app.notes.create(app.notebooks.all()[0].id, "Later", "made after the backup")
    later = content(app)
    app.close()
    for _ in range(rounds):
        process, pipe = workers.start(workers.restore, place / "data", place / "kept.zip", place / "later.zip")
        assert pipe.recv() == "begin"
        time.sleep(random.uniform(0, 0.3))
        process.kill()
        process.join()
        pipe.close()
        again = opened(place / "data")
        assert content(again) in (was, later)
        assert not (place / "data" / ".work" / "restore" / "todo.json").exists()
        again.close()


def test_a_changed_backup_is_refused_and_nothing_happens(house):
    app, _, place = house
    before = content(app)
    content_of = (place / "kept.zip").read_bytes()
    with ZipFile(place / "kept.zip") as zipped:
        heads = [(info.header_offset, info.compress_size) for info in zipped.infolist()]
    middles = [start + 30 + sum(struct.unpack("<HH", content_of[start + 26 : start + 30])) + size // 2 for start, size in heads]
    for at in middles:
        (place / "bent.zip").write_bytes(content_of[:at] + bytes([content_of[at] ^ 0x55]) + content_of[at + 1:])
        with pytest.raises(HaloError):
            app.backups.restore(ADMIN, place / "bent.zip")
    app.exporting.export(ADMIN, ME, place / "account.zip")
    with pytest.raises(RefusedFile, match="not a HALO backup"):
        app.backups.restore(ADMIN, place / "account.zip")
    assert content(app) == before


def test_a_backup_is_for_its_owner_only_and_outside_of_the_house(house):
    app, _, place = house
    assert (place / "kept.zip").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match="data directory"):
        app.backups.backup(ADMIN, place / "data" / "kept.zip")


def _scope(app):
    from halo_app.domain.chunk import Scope
    return Scope(ME, app.notebooks.all()[0].id)
