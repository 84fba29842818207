"""The first start of an empty house, and every start after it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading

import pytest

from halo_app.bootstrap import FOLDERS, App, build_app
from halo_app.domain.chunk import Scope
from halo_app.errors import StoreUnavailable
from halo_app.settings import read_settings
from tests import workers


@pytest.fixture
def app(data_dir):
    made = workers.small_app(data_dir)
    yield made
    made.close()


def test_nothing_is_touched_before_the_start(app, data_dir):
    assert not data_dir.exists()


def test_the_folders_are_made_and_private(app, data_dir):
    app.first_start(serving=False)
    for name in FOLDERS:
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o700
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    assert (data_dir / "agents" / "halo.json").is_file()


def test_everything_in_the_house_is_its_owners_only(app, data_dir):
    app.first_start()
    assert app.ingest.wait(60)
    ours = [path for path in data_dir.rglob("*") if "lancedb" not in path.parts]
    assert all(stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600) for path in ours)


def test_the_first_visit_finds_the_sample_notebook_and_its_questions_are_answered(app):
    app.first_start()
    assert app.ingest.wait(60)
    sample = app.notebooks.sample()
    assert len(app.sources.of(sample.id)) == 3
    assert app.ingest.intakes(sample.id) == []
    assert len(app.samples.questions()) == 3
    for question in app.samples.questions():
        answer, _ = app.chat.answer(question, Scope(app.user_id, sample.id))
        assert not answer.abstained
        assert answer.sentences[0].citations


def test_a_deleted_sample_does_not_come_back(app, data_dir):
    app.first_start()
    app.ingest.wait(60)
    app.notebooks.delete(app.notebooks.sample().id)
    again = workers.small_app(data_dir)
    again.first_start()
    assert again.notebooks.sample() is None
    again.close()


def test_a_changed_agent_is_left_as_it_is(app, data_dir):
    app.first_start(serving=False)
    (data_dir / "agents" / "halo.json").write_text('{"mine": true}', encoding="utf-8")
    (data_dir / "agents" / "notes about agents.txt").write_text("mine", encoding="utf-8")
    workers.small_app(data_dir).first_start(serving=False)
    assert (data_dir / "agents" / "halo.json").read_text(encoding="utf-8") == '{"mine": true}'
    assert (data_dir / "agents" / "notes about agents.txt").exists()


def test_a_removed_index_is_no_error_at_the_start(app, data_dir):
    app.first_start(serving=False)
    (data_dir / "lancedb").rmdir()
    again = workers.small_app(data_dir)
    again.first_start()
    assert again.ingest.wait(60)
    again.close()


def test_a_data_directory_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="file/data"):
        workers.small_app(tmp_path / "file" / "data").first_start()


def test_two_threads_that_ask_for_a_part_get_the_same_one(data_dir):
    app = build_app(read_settings({"data_dir": data_dir}, environ={}, home=data_dir))
    barrier = threading.Barrier(8)
    found: list[object] = []

    def ask(app: App) -> None:
        barrier.wait()
        found.append((app.notebooks, app.records("chats"), app.texts))

    threads = [threading.Thread(target=ask, args=(app,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({tuple(map(id, one)) for one in found}) == 1
    app.close()


HEALTHY = """
import os, sys
from halo_app.ui import server

def told(*_):
    print(" ".join(sorted({name.partition(".")[0] for name in sys.modules})), flush=True)
    os._exit(0)

server._announce = told
server.main(["--port", "0", "--no-browser", "--data-dir", sys.argv[1]])
"""


def test_what_only_works_behind_the_pages_is_not_loaded_before_the_server_answers(app, data_dir):
    app.first_start()
    assert app.ingest.wait(60)
    app.close()
    environ = {**os.environ, "HALO_AGENT_DB": "sqlite:///{data_dir}/memory.db"}
    done = subprocess.run([sys.executable, "-c", HEALTHY, str(data_dir)], capture_output=True, text=True, check=True, env=environ)
    loaded = set(done.stdout.split())
    assert {"streamlit", "halo_app"} <= loaded
    assert not loaded & {"sqlalchemy", "lancedb", "pyarrow", "onnxruntime", "tokenizers", "snowballstemmer"}


def test_the_work_behind_begins_when_it_is_told_to(app):
    app.first_start(working=False)
    assert "outbox" not in app.__dict__
    assert "_daily" not in app.__dict__
    app.begin_work()
    assert app._daily.wait(60)
