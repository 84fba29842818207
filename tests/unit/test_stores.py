"""One contract for every store of records, originals and texts: files and fakes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from halo_app.domain.locator import Locator, Place, Region
from halo_app.domain.note import Note
from halo_app.domain.source import Heading, Parsed
from halo_app.errors import EmptyFile, NotFound, TooLarge
from halo_app.storage.atomic import close_folder
from halo_app.storage.codecs import NOTES
from halo_app.storage.json_files import JsonRecords
from halo_app.storage.texts import TextFiles
from halo_app.storage.uploads import OriginalFiles
from tests.fakes import DictRecords, DictTexts, PlainOriginals

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def note(user: str = "ana", minutes: int = 0, **fields) -> Note:
    when = NOW + timedelta(minutes=minutes)
    return Note(**{"id": uuid4().hex, "notebook_id": "n", "user_id": user, "title": "Title", "text": "Text “ü” 漢",
                   "created_at": when, "updated_at": when, **fields})


@pytest.fixture(params=["files", "fake"])
def records(request, tmp_path):
    return JsonRecords(tmp_path / "notes", NOTES) if request.param == "files" else DictRecords()


@pytest.fixture(params=["files", "fake"])
def originals(request, tmp_path):
    return (OriginalFiles if request.param == "files" else PlainOriginals)(tmp_path / "originals")


@pytest.fixture(params=["files", "fake"])
def texts(request, tmp_path):
    return TextFiles(tmp_path / "texts") if request.param == "files" else DictTexts()


def test_a_record_comes_back_as_it_was_put(records):
    first = note()
    records.put(first)
    assert records.get(first.id) == first


def test_records_are_listed_newest_first_and_only_the_users_own(records):
    old, new, other = note(minutes=1), note(minutes=2), note(user="ben")
    for one in (old, other, new):
        records.put(one)
    assert records.all("ana") == [new, old]
    assert {one.id for one in records.everyone()} == {old.id, new.id, other.id}


def test_an_unknown_record_is_not_found(records):
    with pytest.raises(NotFound):
        records.get(uuid4().hex)
    with pytest.raises(NotFound):
        records.change(uuid4().hex, lambda one: one)
    assert records.remove(uuid4().hex) is False


def test_a_change_is_stored_and_returned(records):
    first = note()
    records.put(first)
    changed = records.change(first.id, lambda old: replace(old, title="Other"))
    assert changed.title == "Other" == records.get(first.id).title


def test_a_removed_record_does_not_come_back(records):
    first = note()
    records.put(first)
    assert records.remove(first.id)
    assert records.all("ana") == []
    with pytest.raises(NotFound):
        records.change(first.id, lambda old: old)
    assert records.all("ana") == []


def test_originals_are_kept_by_their_hash_and_once(originals):
    kept = [originals.keep(BytesIO(b"same"), limit_bytes=10) for _ in range(2)]
    assert kept[0].sha256 == kept[1].sha256
    assert kept[0].size_bytes == 4
    assert originals.path(kept[0].sha256).read_bytes() == b"same"
    assert originals.all() == [kept[0].sha256]


def test_empty_and_oversized_originals_are_refused_and_leave_nothing(originals):
    with pytest.raises(EmptyFile):
        originals.keep(BytesIO(b""), limit_bytes=10)
    with pytest.raises(TooLarge):
        originals.keep(BytesIO(b"x" * 11), limit_bytes=10)
    assert originals.all() == []


def test_a_removed_original_is_not_found(originals):
    kept = originals.keep(BytesIO(b"bytes"), limit_bytes=10)
    originals.remove(kept.sha256)
    originals.remove(kept.sha256)
    with pytest.raises(NotFound):
        originals.path(kept.sha256)


def test_a_text_comes_back_with_its_places(texts):
    parsed = Parsed("One\ntwo “ü” 漢 \ud800", (Region(0, 3, Locator(Place.PAGE, "1", "notes", "2")),), (Heading(0, 1, "One"),),
                    "Title", 2, (2,), ("not transcribed",))
    source_id = uuid4().hex
    texts.put(source_id, parsed)
    assert texts.get(source_id) == parsed
    assert texts.all() == [source_id]
    texts.remove(source_id)
    texts.remove(source_id)
    with pytest.raises(NotFound):
        texts.get(source_id)


def test_a_folder_that_git_made_is_closed_to_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    close_folder(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o700
