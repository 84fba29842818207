"""An exported account is brought into an empty house and is the same there; a file that was changed is refused."""

from __future__ import annotations

import json
import shutil
import zipfile

import pytest

from halo_app.errors import BadInput, HaloError, RefusedFile, TooLarge
from tests.erasing_helpers import ADMIN, ME, move_in
from tests.workers import small_app


def opened(data_dir):
    app = small_app(data_dir)
    app.first_start(serving=False)
    return app


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """(data directory, export of one of its two users)"""
    place = tmp_path_factory.mktemp("house")
    app = opened(place / "data")
    move_in(app, ME, 10_000)
    damaged = app.data_dir / "notes" / f"{'a' * 32}.json"
    damaged.write_text('{"user_id": "local-user", "title": "cut')
    assert len(app.notes.of(app.notebooks.default().id)) == 3 and len(app.records("notes").damaged()) == 1
    taken = app.exporting.export(ADMIN, ME, place / "mine.zip")
    assert taken.lines["sources"] == 2 and taken.files >= 2
    app.close()
    return place / "data", place / "mine.zip"


def state_of(app):
    lines = {store.name: sorted(json.dumps(line, sort_keys=True) for line in store.lines(ME)) for store in app.stores.exported}
    files = {store.name: sorted((name, place.read_bytes()) for name, place in store.files(ME)) for store in app.stores.exported}
    return lines, files


def bent(source, target, bend):
    """Copy the archive, `bend` changing a member's bytes, or returning None to leave it out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            content = bend(info.filename, old.read(info))
            if content is not None:
                new.writestr(info.filename, content)
    return target


def test_an_account_in_an_empty_directory_is_equal_store_by_store(exported, tmp_path):
    data_dir, archive = exported
    before = opened(data_dir)
    after = opened(tmp_path / "other")
    *_, taken = after.exporting.take(ADMIN, archive)
    assert taken.user_id == ME
    assert state_of(after) == state_of(before)
    assert sorted(after.index.held()) == sorted(before.index.held())
    assert [after.index.verify(source) == before.index.verify(source) for source in after.index.held()] == [True, True]
    notebook = after.notebooks.all()[0]
    assert after.sources.of(notebook.id)[0].missing is False
    assert after.stores.strangers(after.data_dir) == []
    with pytest.raises(BadInput, match="something here already"):
        list(after.exporting.take(ADMIN, archive))
    before.close()
    after.close()


def test_an_import_that_was_killed_is_begun_again(exported, tmp_path):
    data_dir, archive = exported
    before, after = opened(data_dir), opened(tmp_path / "other")
    *_, _ = after.exporting.take(ADMIN, archive)
    notebook = after.notebooks.all()[0]
    after.records("sources").remove(after.sources.of(notebook.id)[0].id)      # as far as a killed one came, its records missing
    (after.data_dir / ".work").mkdir(exist_ok=True)
    (after.data_dir / ".work" / "import.todo").write_text(ME)
    *_, _ = after.exporting.take(ADMIN, archive)
    assert state_of(after) == state_of(before)
    assert not list((after.data_dir / ".work").rglob("*.todo"))
    before.close()
    after.close()


def test_the_archive_holds_a_schema_and_the_hash_of_every_member(exported):
    with zipfile.ZipFile(exported[1]) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        schema = json.loads(archive.read("schema.json"))
        assert set(archive.namelist()) == {*manifest["files"], "manifest.json"}
        assert "title" in schema["notes"]["required"] and manifest["lines"]["chats"] == 1
        assert "stores/ledger.jsonl" in manifest["files"]


def test_what_the_audit_log_says_of_the_person_goes_along_to_be_read(exported):
    with zipfile.ZipFile(exported[1]) as archive:
        said = [json.loads(line) for line in archive.read("audit.jsonl").splitlines()]
    assert {"source.add", "note.create"} <= {entry["action"] for entry in said}
    assert {entry["user"] for entry in said} <= {ME, ""}
    assert {entry["actor"] for entry in said} == {ME}


@pytest.mark.parametrize("member", ["stores/notes.jsonl", "schema.json"])
def test_a_changed_member_is_refused_by_its_hash(exported, tmp_path, member):
    changed = bent(exported[1], tmp_path / "bent.zip", lambda name, content: content + b" " if name == member else content)
    app = opened(tmp_path / "data")
    with pytest.raises(RefusedFile, match="hash does not agree"):
        list(app.exporting.take(ADMIN, changed))
    assert app.stores["notes"].is_empty()
    app.close()


def with_manifest(change):
    def bend(name, content):
        return json.dumps(change(json.loads(content))).encode() if name == "manifest.json" else content
    return bend


def evil(name, content=b"x"):
    import hashlib

    def change(manifest):
        manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
        return manifest
    return change


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/texts/../../outside", "a\\..\\b", "C:/x", "files//x"])
def test_a_member_that_would_lie_elsewhere_is_refused(exported, tmp_path, name):
    changed = bent(exported[1], tmp_path / "bent.zip", with_manifest(evil(name)))
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    app = opened(tmp_path / "data")
    with pytest.raises(RefusedFile):
        list(app.exporting.take(ADMIN, changed))
    assert not (tmp_path / "outside").exists()
    app.close()


@pytest.mark.parametrize("name", [f"files/chats/{'b' * 32}.json", "files/texts/passwd", "files/notes/x.sh", "files/originals/0"])
def test_a_file_that_no_store_has_is_refused_and_nothing_stays(exported, tmp_path, name):
    changed = bent(exported[1], tmp_path / "bent.zip", with_manifest(evil(name)))
    with zipfile.ZipFile(changed, "a") as archive:
        archive.writestr(name, b"x")
    app = opened(tmp_path / "data")
    with pytest.raises(RefusedFile):
        list(app.exporting.take(ADMIN, changed))
    assert all(store.is_empty() for store in app.stores.exported)
    app.close()


def test_an_archive_that_expands_too_far_is_refused_before_it_is_unpacked(exported, tmp_path):
    bomb = bytes(60_000_000)
    changed = bent(exported[1], tmp_path / "bent.zip", with_manifest(evil("files/originals/bomb", bomb)))
    with zipfile.ZipFile(changed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("files/originals/bomb", bomb)
    app = opened(tmp_path / "data")
    with pytest.raises(TooLarge, match="expand"):
        list(app.exporting.take(ADMIN, changed))
    app.close()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut"])
def test_what_is_no_archive_is_refused_in_words(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    app = opened(tmp_path / "data")
    with pytest.raises(HaloError) as refused:
        list(app.exporting.take(ADMIN, tmp_path / "x.zip"))
    assert refused.value.fix
    app.close()


def test_a_cut_archive_is_refused(exported, tmp_path):
    shutil.copy(exported[1], tmp_path / "cut.zip")
    with (tmp_path / "cut.zip").open("r+b") as file:
        file.truncate(exported[1].stat().st_size // 2)
    app = opened(tmp_path / "data")
    with pytest.raises(RefusedFile):
        list(app.exporting.take(ADMIN, tmp_path / "cut.zip"))
    app.close()


def test_an_export_into_the_data_directory_is_refused(exported):
    app = opened(exported[0])
    with pytest.raises(BadInput, match="data directory"):
        app.exporting.export(ADMIN, ME, exported[0] / "mine.zip")
    app.close()
