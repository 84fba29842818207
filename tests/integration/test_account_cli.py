"""`halo account`, `halo backup` and `halo restore` as a person types them."""

from __future__ import annotations

import json

import pytest

from tests.erasing_helpers import ME, NEIGHBOUR, all_words, decoded, left_of, move_in
from tests.workers import remembering_app


@pytest.fixture
def halo(capfd, monkeypatch):
    from halo_app.cli.frame import run
    monkeypatch.setenv("HALO_AGENT_DB", "sqlite:///{data_dir}/memory.db")

    def call(*arguments):
        code = run([*map(str, arguments), "--json"])
        return code, json.loads(capfd.readouterr().out)
    return call


@pytest.fixture
def house(tmp_path):
    said = {}
    for number, user_id in enumerate((ME, NEIGHBOUR)):
        app = remembering_app(tmp_path / "data", user_id)
        app.first_start(serving=False)
        said[user_id] = move_in(app, user_id, 1_000_000 * (number + 1), passages=2)
        app.memory.store(user_id, said[user_id]["note"])
        app.close()
    return tmp_path, said


def test_an_account_is_exported_erased_and_the_receipt_shown(halo, house):
    place, said = house
    code, exported = halo("account", "export", place / "mine.zip", "--data-dir", place / "data")
    assert code == 0 and exported["stores"]["memories"] == 1 and exported["user_id"] == ME
    code, refused = halo("account", "erase", "--data-dir", place / "data")
    assert code == 1 and "--yes" in refused["error"]["fix"]
    code, erased = halo("account", "erase", "--yes", "--data-dir", place / "data")
    assert code == 0 and sum(erased["receipt"]["residues"].values()) == 0
    code, shown = halo("account", "receipt", "--data-dir", place / "data")
    assert code == 0 and shown == erased and shown["genuine"] is True
    after = decoded(place / "data")
    assert sum(left_of(text, after) for text in said[ME].values()) == 0
    assert left_of(said[NEIGHBOUR]["note"], after) == all_words(said[NEIGHBOUR]["note"])


def test_another_user_is_erased_by_name(halo, house):
    place, said = house
    code, erased = halo("account", "erase", "--yes", "--user", NEIGHBOUR, "--data-dir", place / "data")
    assert code == 0 and erased["receipt"]["removed"]["memories"] == 1
    after = decoded(place / "data")
    assert left_of(said[NEIGHBOUR]["note"], after) == 0 < left_of(said[ME]["note"], after)


def test_a_memory_and_a_source_are_erased_by_their_ids(halo, house):
    place, _ = house
    app = remembering_app(place / "data")
    memory, source = app.memory.list(ME)[0], app.sources.of(app.notebooks.all()[0].id)[0]
    app.close()
    for option, name in (("--memory", memory.id), ("--source", source.id)):
        code, erased = halo("account", "erase", option, name, "--yes", "--data-dir", place / "data")
        assert code == 0 and erased["receipt"]["what"]
        code, refused = halo("account", "erase", option, name, "--yes", "--data-dir", place / "data")
        assert code == 1 and refused["error"]["type"] == "NotFound"


def test_a_receipt_that_was_changed_is_told(halo, house):
    place, _ = house
    halo("account", "erase", "--yes", "--data-dir", place / "data")
    path = place / "data" / "receipts.jsonl"
    path.write_text(path.read_text().replace('"chats": 1', '"chats": 9'))
    assert halo("account", "receipt", "--data-dir", place / "data")[1]["genuine"] is False


def test_an_account_is_imported_once_and_only_into_an_empty_directory(halo, house):
    place, _ = house
    halo("account", "export", place / "mine.zip", "--data-dir", place / "data")
    code, refused = halo("account", "import", place / "mine.zip", "--data-dir", place / "data")
    assert code == 1 and "something here already" in refused["error"]["message"]


def test_a_backup_is_put_back(halo, house):
    place, _ = house
    code, made = halo("backup", place / "kept.zip", "--data-dir", place / "data")
    assert code == 0 and made["files"] > 10
    halo("account", "erase", "--yes", "--user", NEIGHBOUR, "--data-dir", place / "data")
    code, back = halo("restore", place / "kept.zip", "--data-dir", place / "data")
    assert code == 0 and back["erased_again"] == 1
    code, back = halo("restore", place / "kept.zip", "--data-dir", place / "other")
    assert code == 0 and back["erased_again"] == 0
    assert halo("memory", "list", "--data-dir", place / "other")[1]["memories"]
