"""Two processes on one data directory."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from halo_app.domain.conversation import Conversation
from halo_app.storage.codecs import CHATS
from halo_app.storage.json_files import JsonRecords
from tests import workers


def test_three_hundred_interleaved_updates_are_all_there(tmp_path):
    folder = tmp_path / "chat_history"
    now = datetime.now(UTC)
    chat = Conversation(uuid4().hex, "Whales", "n", "local-user", now, now)
    JsonRecords(folder, CHATS).put(chat)
    both = [workers.start(workers.write_chat, folder, chat.id, begin, 150) for begin in (0, 1000)]
    for process, pipe in both:
        assert len(workers.reports(pipe)) == 151
        process.join()
        assert process.exitcode == 0
    numbers = [int(message.content.split()[0]) for message in JsonRecords(folder, CHATS).get(chat.id).messages]
    assert sorted(numbers) == [*range(150), *range(1000, 1150)]
    assert [number for number in numbers if number < 1000] == list(range(150))


def test_one_process_searches_while_another_takes_files_in(tmp_path):
    workers.small_app(tmp_path).notebooks.default()
    taking, taken = workers.start(workers.take_in, tmp_path, [f"{number}.txt" for number in range(300)])
    searching, searched = workers.start(workers.search_on, tmp_path, 60)
    looks = workers.reports(searched)[1:]
    ends = workers.reports(taken)[1:]
    for process in (taking, searching):
        process.join()
        assert process.exitcode == 0
    assert [stage for _, stage in ends].count("ready") == 300
    assert len(looks) == 60
    assert all(found <= recorded for found, recorded in looks)
    app = workers.small_app(tmp_path)
    assert len(app.records("sources").everyone()) == len(app.index.held()) == 300
    app.close()


def test_two_processes_that_take_the_same_files_in_make_one_source_of_each(tmp_path):
    workers.small_app(tmp_path).notebooks.default()
    names = [f"{number}.txt" for number in range(40)]
    both = [workers.start(workers.take_in, tmp_path, names) for _ in range(2)]
    for process, pipe in both:
        assert "failed" not in {stage for _, stage in workers.reports(pipe)[1:]}
        process.join()
        assert process.exitcode == 0
    app = workers.small_app(tmp_path)
    assert len(app.records("sources").everyone()) == len(app.index.held()) == len(app.originals.all()) == 40
    app.close()
