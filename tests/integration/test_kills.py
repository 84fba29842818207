"""Kill -9 at any moment: nothing acknowledged is lost, nothing is unreadable, no half source can be searched."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from halo_app.bootstrap import App
from halo_app.domain.chunk import Scope
from halo_app.domain.chunking import chunks_hash
from halo_app.domain.conversation import Conversation
from halo_app.storage.codecs import CHATS
from halo_app.storage.json_files import JsonRecords
from tests import workers
from tests.index_helpers import lance

USER = Scope("local-user")
FEW = [5, pytest.param(100, marks=pytest.mark.full)]
ROUNDS = [10, pytest.param(100, marks=pytest.mark.full)]


def killed(after_reports: int, longest_seconds: float, work, *arguments) -> list:
    """Run the work, kill it a random moment after so many reports, and return all that it had reported."""
    process, pipe = workers.start(work, *arguments)
    assert pipe.recv() == "begin"
    told = []
    for _ in range(after_reports):
        try:
            told.append(pipe.recv())
        except EOFError:
            break
    time.sleep(random.uniform(0, longest_seconds))
    process.kill()
    told += workers.reports(pipe)
    process.join()
    pipe.close()
    return told


def restarted(data_dir: Path, *, serving: bool = False) -> App:
    app = workers.small_app(data_dir)
    app.first_start(serving=serving)
    return app


def check_whole(app: App) -> set[str]:
    """Assert that records, texts, passages and originals tell of the same sources; return their names."""
    sources = app.records("sources").everyone()
    ids = {source.id for source in sources}
    assert set(app.texts.all()) == ids
    assert set(app.index.held()) == ids
    assert app.records("sources").damaged() == []
    for source in sources:
        text = app.texts.get(source.id).text
        chunks = [chunk for chunk in app.index.rows(USER)[0] if chunk.source_id == source.id]
        assert len(chunks) == source.chunks
        assert all(chunk.text == text[chunk.start:chunk.end] for chunk in chunks)
        assert app.index.verify(source.id) == chunks_hash(chunks)
        assert app.originals.path(source.sha256).stat().st_size == source.size_bytes
    waiting = {intake.sha256 for intake in app.records("intakes").everyone()}
    assert set(app.originals.all()) == {source.sha256 for source in sources} | waiting
    return {source.name for source in sources}


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_killed_chat_write_loses_no_acknowledged_message(tmp_path, rounds):
    folder = tmp_path / "chat_history"
    now = datetime.now(UTC)
    chat = Conversation(uuid4().hex, "Whales", "n", "local-user", now, now)
    JsonRecords(folder, CHATS).put(chat)
    begin = 0
    for _ in range(rounds):
        told = killed(0, 0.15, workers.write_chat, folder, chat.id, begin, 100_000)
        fresh = JsonRecords(folder, CHATS)
        fresh.sweep()
        numbers = [int(message.content.split()[0]) for message in fresh.get(chat.id).messages]
        assert numbers == list(range(len(numbers)))
        assert len(numbers) >= (told[-1] + 1 if told else begin)
        assert fresh.damaged() == []
        begin = len(numbers)
    assert begin > 0


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_killed_ingest_leaves_whole_sources_only(tmp_path, rounds):
    acknowledged: set[str] = set()
    for number in range(rounds):
        names = [f"{number}-{file}.txt" for file in range(6)]
        told = killed(random.randint(0, 40), 0.02, workers.take_in, tmp_path, names)
        acknowledged |= {name for name, stage in told if stage == "ready"}
        app = restarted(tmp_path)
        assert acknowledged <= check_whole(app)
        assert app.attendance.dead() == []
        assert app.records("intakes").everyone() == []
        app.close()


@pytest.mark.parametrize("rounds", FEW)
def test_a_killed_index_write_is_in_whole_or_not_at_all(tmp_path, rounds):
    begin = 0
    for _ in range(rounds):
        told = killed(random.randint(0, 6), 0.05, workers.write_index, tmp_path, begin)
        chunks, vectors = lance(tmp_path).rows(Scope("ana", "n1"))
        versions = {int(chunk.text.split()[1]) for chunk in chunks}
        last = told[-1] if told else begin - 1
        assert versions <= {last, last + 1}                 # the one killed may have been whole already
        assert len(versions) <= 1
        assert versions or not told
        if versions:
            [version] = versions
            assert len(chunks) == len(vectors) == 10 * (1 + version % 5)
            assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
            begin = version + 1
    assert begin > 0


@pytest.mark.parametrize("rounds", FEW)
def test_a_killed_queue_goes_on_after_the_restart(tmp_path, rounds):
    restarted(tmp_path).notebooks.default()
    acknowledged: set[str] = set()
    for number in range(rounds):
        names = [f"{number}-{file}.txt" for file in range(4)]
        acknowledged |= set(killed(random.randint(0, 4), 0.3, workers.queue_up, tmp_path, names))
        app = restarted(tmp_path)
        app.ingest.resume()
        assert app.ingest.wait(60)
        assert app.records("intakes").everyone() == []
        assert acknowledged <= check_whole(app)
        app.close()


@pytest.mark.parametrize("rounds", FEW)
def test_a_killed_delete_leaves_the_source_or_nothing(tmp_path, rounds):
    for _ in range(rounds):
        app = restarted(tmp_path)
        names = [f"{random.random()}.txt" for _ in range(4)]
        list(app.ingest.add([workers.upload(name) for name in names], app.notebooks.default().id))
        app.close()
        gone = set(killed(random.randint(0, 3), 0.1, workers.delete_all, tmp_path))
        app = restarted(tmp_path)
        check_whole(app)
        assert not gone & {source.id for source in app.records("sources").everyone()}
        app.close()
