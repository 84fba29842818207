"""What only files can go wrong at: damage, strangers, permissions, leftovers, a full disk, time."""

from __future__ import annotations

import json
import logging
import os
import resource
import stat
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from halo_app.domain.artifact import Artifact
from halo_app.domain.conversation import Citation, Conversation, Message, Role, Sentence, Verdict
from halo_app.domain.source import Parsed, Source
from halo_app.errors import Damaged, NotFound, StoreUnavailable
from halo_app.storage import json_files
from halo_app.storage.codecs import CHATS, NOTES, OUTPUTS, SOURCES
from halo_app.storage.json_files import JsonRecords
from halo_app.storage.locks import AttendanceBook, write_lock
from halo_app.storage.logs import start_log, stop_log
from halo_app.storage.texts import TextFiles
from halo_app.storage.uploads import OriginalFiles
from tests.unit.test_stores import note

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def records(tmp_path):
    return JsonRecords(tmp_path / "notes", NOTES, patience=0.2)


@pytest.fixture
def chats(tmp_path):
    return JsonRecords(tmp_path / "chat_history", CHATS)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def chat(*messages: Message) -> Conversation:
    return Conversation(uuid4().hex, "Cats", "b" * 32, "ana", NOW, NOW, messages)


def test_folders_are_private_and_so_are_files(records):
    one = note()
    records.put(one)
    assert mode(records.folder) == 0o700
    assert mode(records.folder / f"{one.id}.json") == 0o600


def test_lock_files_lie_apart_from_the_records(records):
    records.put(note())
    assert {path.suffix for path in records.folder.iterdir()} == {".json"}


def test_a_damaged_record_is_set_aside_and_reported_never_treated_as_empty(records):
    good, bad = note(), note()
    records.put(good)
    (records.folder / f"{bad.id}.json").write_text('{"id": ', encoding="utf-8")
    assert records.all("ana") == [good]
    [damage] = records.damaged()
    assert Path(damage.moved_to).read_text(encoding="utf-8") == '{"id": '
    assert "JSONDecodeError" in damage.reason
    with pytest.raises(Damaged, match="set aside"):
        records.get(bad.id)
    assert JsonRecords(records.folder, NOTES).damaged() == [damage]


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff\xfe", b"{}", b'{"id": "other"}', b"[" * 100_000])
def test_whatever_is_not_a_record_is_set_aside_whole(records, content):
    records.folder.mkdir()
    path = records.folder / f"{uuid4().hex}.json"
    path.write_bytes(content)
    assert records.all("ana") == []
    [damage] = records.damaged()
    assert Path(damage.moved_to).read_bytes() == content
    assert not path.exists()


def test_a_record_of_another_id_than_its_name_is_damaged(records):
    one = note()
    records.put(one)
    (records.folder / f"{one.id}.json").rename(records.folder / f"{'e' * 32}.json")
    assert records.all("ana") == []
    assert len(records.damaged()) == 1


def test_a_record_of_a_newer_version_is_refused_in_words_and_left_where_it_is(records):
    one = note()
    records.put(one)
    path = records.folder / f"{one.id}.json"
    tree = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**tree, "schema": 99}), encoding="utf-8")
    with pytest.raises(Damaged, match="newer version"):
        records.get(one.id)
    with pytest.raises(Damaged, match="newer version"):
        records.change(one.id, lambda old: old)
    assert path.exists()
    assert [damage.reason for damage in records.damaged()] == ["written by a newer version of HALO"]


def test_fields_that_this_version_does_not_know_are_written_back(records):
    one = note()
    records.put(one)
    path = records.folder / f"{one.id}.json"
    tree = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**tree, "colour": "red"}), encoding="utf-8")
    records.change(one.id, lambda old: replace(old, title="New"))
    assert json.loads(path.read_text(encoding="utf-8"))["colour"] == "red"


def test_foreign_files_are_never_touched(records):
    records.put(note())
    strangers = {"mine.txt": b"x", "notes.json": b"{", "A" * 32 + ".json": b"{", ".halo-not-ours.tmp": b"y"}
    for name, content in strangers.items():
        (records.folder / name).write_bytes(content)
    assert len(records.all("ana")) == 1
    records.sweep()
    assert records.damaged() == []
    assert {name: (records.folder / name).read_bytes() for name in strangers} == strangers


def test_only_left_over_unfinished_files_of_ours_are_swept(records):
    records.folder.mkdir()
    dead, young = (records.folder / f".halo-{number * 16}.tmp" for number in "ab")
    for path in (dead, young):
        path.write_bytes(b"half")
    os.utime(dead, (time.time() - 100, time.time() - 100))
    assert records.sweep() == 1
    assert young.exists()


def test_a_missing_folder_is_made_again_and_what_was_deleted_stays_deleted(chats):
    one, other = chat(), chat()
    chats.put(one)
    assert os.system(f"rm -rf '{chats.folder}'/*") == 0
    assert chats.all("ana") == []
    with pytest.raises(NotFound):
        chats.change(one.id, lambda old: old)
    chats.folder.rmdir()
    chats.put(other)
    assert chats.all("ana") == [other]


def test_a_chat_file_has_the_time_of_its_last_message_so_that_find_can_delete_old_ones(chats):
    old = chat(Message(Role.USER, "Hello", NOW - timedelta(days=400)))
    new = chat(Message(Role.USER, "Hello", datetime.now(UTC)))
    for one in (old, new):
        chats.put(one)
        chats.change(one.id, lambda was: replace(was, title="Renamed", updated_at=datetime.now(UTC)))
    assert os.system(f"find '{chats.folder}' -mtime +30 -delete") == 0
    assert [one.id for one in chats.all("ana")] == [new.id]


def test_several_records_written_together_are_as_if_written_one_by_one(chats):
    many = [chat(Message(Role.USER, f"Hello {number}", NOW)) for number in range(70)]       # more than are open at once
    chats.put_all(many)
    chats.put_all([])
    assert {one.id: one for one in chats.all("ana")} == {one.id: one for one in many}
    paths = list(chats.folder.iterdir())
    assert {mode(path) for path in paths} == {0o600}
    assert {path.stat().st_mtime for path in paths} == {NOW.timestamp()}
    assert len(paths) == 70


def test_the_chat_file_has_the_promised_form(chats):
    cited = Citation("a" * 32, "cats.md", "p. 2", "Cats sleep.", 3, 14)
    asked = Message(Role.USER, "Do cats sleep?", NOW)
    proven = Sentence("Cats sleep.", Verdict.VERIFIED, (cited,))
    replied = Message(Role.ASSISTANT, "Cats sleep.", NOW, (proven,), (cited,), {"mode": "extractive"})
    one = chat(asked, replied)
    chats.put(one)
    tree = json.loads((chats.folder / f"{one.id}.json").read_text(encoding="utf-8"))
    assert list(tree) == ["schema", "id", "title", "notebook_id", "user_id", "created_at", "updated_at", "messages"]
    assert tree["created_at"] == "2026-03-01T09:00:00.000000+00:00"
    assert tree["messages"][0] == {"role": "user", "content": "Do cats sleep?", "created_at": "2026-03-01T09:00:00.000000+00:00"}
    assert tree["messages"][1]["sentences"][0]["verdict"] == "verified"
    assert tree["messages"][1]["citations"][0]["quote"] == "Cats sleep."
    assert chats.get(one.id) == one


def test_whether_the_original_is_missing_is_worked_out_and_never_stored(tmp_path):
    store = JsonRecords(tmp_path / "sources", SOURCES)
    source = Source(uuid4().hex, "n", "ana", "a.txt", "txt", "s", 1, NOW, 1, 1, "t", missing=True)
    store.put(source)
    assert store.get(source.id) == replace(source, missing=False)


@pytest.mark.parametrize("record_id", ["../../etc/passwd", "", "a" * 31, "A" * 32, "a" * 32 + "\n"])
def test_an_id_is_never_a_path(records, record_id):
    with pytest.raises(NotFound):
        records.get(record_id)


def test_a_full_disk_is_said_and_loses_nothing(records, tmp_path):
    one = note(text="x" * 1000)
    records.put(one)
    originals, texts = OriginalFiles(tmp_path / "originals"), TextFiles(tmp_path / "texts")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(StoreUnavailable, match="full"):
            records.change(one.id, lambda old: replace(old, text="y" * 5000))
        with pytest.raises(StoreUnavailable, match="full"):
            originals.keep(BytesIO(b"z" * 5000), limit_bytes=10_000)
        with pytest.raises(StoreUnavailable, match="full"):
            texts.put_all({"b" * 32: Parsed("fits"), "a" * 32: Parsed("z" * 5000)})
        with pytest.raises(StoreUnavailable, match="full"):
            records.put_all([note(text="fits"), note(text="y" * 5000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert records.get(one.id) == one
    assert [path.name for path in records.folder.iterdir()] == [f"{one.id}.json"]
    assert originals.all() == texts.all() == []
    assert not list(originals.folder.iterdir())


def test_a_lock_that_is_not_had_in_time_names_who_holds_it(records, tmp_path):
    with write_lock(tmp_path / ".locks", "notes"), pytest.raises(StoreUnavailable, match=f"process {os.getpid()}"):
        _in_thread(lambda: records.put(note()))


def test_two_threads_lose_no_update(records):
    one = note(text="")
    records.put(one)
    patient = JsonRecords(records.folder, NOTES)

    def add() -> None:
        for _ in range(50):
            patient.change(one.id, lambda old: replace(old, text=old.text + "."))

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(records.get(one.id).text) == 100


def test_a_text_with_one_changed_bit_is_damaged(tmp_path):
    texts = TextFiles(tmp_path)
    texts.put("a" * 32, Parsed("Cats sleep sixteen hours."))
    path = tmp_path / f"{'a' * 32}.text"
    content = bytearray(path.read_bytes())
    content[content.index(b"sixteen")] ^= 1
    path.write_bytes(content)
    with pytest.raises(Damaged):
        TextFiles(tmp_path).get("a" * 32)


def test_attendance_tells_the_living_from_the_dead(tmp_path):
    ours, theirs = AttendanceBook(tmp_path), AttendanceBook(tmp_path)
    with ours.working() as name:
        assert ours.is_at_work(name)
        assert theirs.is_at_work(name)
        assert theirs.others()
        assert not ours.others()
        with ours.working() as again:
            assert again == name
    assert not theirs.is_at_work(name)
    assert theirs.dead() == []
    (tmp_path / "killed.at-work").touch()
    assert theirs.dead() == ["killed"]
    theirs.bury(["killed"])
    assert theirs.dead() == []


def _in_thread(act) -> None:
    failed = []

    def run() -> None:
        try:
            act()
        except StoreUnavailable as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def test_a_log_that_cannot_be_written_says_nothing_on_the_terminal(tmp_path, capsys):
    (tmp_path / "halo.log").symlink_to("/dev/full")
    start_log(tmp_path, "info")
    try:
        logging.getLogger("halo_app.storage").warning("the disk is full")
    finally:
        stop_log()
    assert capsys.readouterr() == ("", "")


def test_what_was_written_under_a_records_id_goes_with_it_and_nothing_else(tmp_path):
    records = JsonRecords(tmp_path / "outputs", OUTPUTS)
    for record_id in ("a" * 32, "b" * 32):
        records.put(Artifact(record_id, "summary", "Summary", "n", "local-user", NOW, ()))
        for ending in ("md", "html"):
            (tmp_path / "outputs" / f"{record_id}.{ending}").write_text("written", encoding="utf-8")
    (tmp_path / "outputs" / "mine.md").write_text("kept", encoding="utf-8")
    assert records.remove("a" * 32)
    names = {path.name for path in (tmp_path / "outputs").iterdir()}
    assert names == {f"{'b' * 32}.{ending}" for ending in ("json", "md", "html")} | {"mine.md"}


@pytest.fixture
def quiet(monkeypatch):
    """Folders count as quiet at once, and a list is good for long."""
    monkeypatch.setattr(json_files, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(json_files, "LISTING_SECONDS", 3600.0)


def test_what_another_process_puts_and_removes_is_listed_at_once(records, quiet):
    beside = JsonRecords(records.folder, NOTES)
    first, second = note(), note()
    records.put(first)
    assert records.all(first.user_id) == records.all(first.user_id) == [first]
    beside.put(second)
    assert {one.id for one in records.all(first.user_id)} == {first.id, second.id}
    beside.remove(first.id)
    assert records.all(first.user_id) == [second]


def test_what_is_edited_in_place_is_listed_once_the_list_is_old(records, quiet, monkeypatch):
    one = note()
    records.put(one)
    assert records.all(one.user_id) == [one]
    path = records.folder / f"{one.id}.json"
    path.write_text(path.read_text().replace(one.title, "By hand"))
    monkeypatch.setattr(json_files, "LISTING_SECONDS", 0.0)
    assert [found.title for found in records.all(one.user_id)] == ["By hand"]


def test_a_list_that_is_changed_by_its_reader_stays_as_it_was(records, quiet):
    one = note()
    records.put(one)
    records.all(one.user_id).clear()
    assert records.all(one.user_id) == [one]
