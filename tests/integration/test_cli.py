"""The command line as a public contract: exact keys, one JSON value on standard output, errors worded, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CATS = "Cats sleep sixteen hours a day.\n\nThey wake at dawn and hunt for mice in the garden behind the house."
PUMPS = "# Heat pumps\n\nThe heat pump in Lund has a performance factor of 4.2.\n\n## Noise\n\nAt night it reaches 31 decibels.\n"


def environment(**more: str | None) -> dict[str, str]:
    """Return the surroundings of a command, memory disabled; what is None is not set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HALO_", "DATABASE_URL"))}
    return {name: value for name, value in {**kept, "HALO_AGENT_DB": "", **more}.items() if value is not None}


def halo(*words: object, **more: str | None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "halo_app.cli", *map(str, words)], capture_output=True, text=True, timeout=120,
                          env=environment(**more), check=False)


def told(*words: object, code: int = 0, **more: str | None) -> dict:
    """Run a command with --json and return the one value that it prints."""
    done = halo(*words, "--json", **more)
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A data directory with two sources, and what `ingest` said about them."""
    place = tmp_path_factory.mktemp("cli")
    files = place / "files"
    (files / "deep").mkdir(parents=True)
    (files / "cats.txt").write_text(CATS, encoding="utf-8")
    (files / "deep" / "pumps.md").write_text(PUMPS, encoding="utf-8")
    (files / ".hidden.txt").write_text("never read", encoding="utf-8")
    (files / "empty.txt").touch()
    said = told("ingest", files, "--data-dir", place / "data", code=1)
    return place / "data", {source["name"]: source for source in said["sources"]}


def test_ingest_says_what_became_of_every_file_and_exits_1_when_one_failed(house):
    _, sources = house
    assert set(sources) == {"cats.txt", "pumps.md", "empty.txt"}
    assert all({"source_id", "name", "status", "chunks", "detail"} <= set(source) for source in sources.values())
    assert (sources["cats.txt"]["status"], sources["cats.txt"]["chunks"]) == ("ready", 1)
    assert (sources["empty.txt"]["status"], sources["empty.txt"]["source_id"]) == ("failed", None)
    assert "empty" in sources["empty.txt"]["detail"]


def test_the_same_file_again_is_a_duplicate_of_the_same_source(house, tmp_path):
    data, sources = house
    (tmp_path / "again.txt").write_text(CATS, encoding="utf-8")
    [again] = told("--data-dir", data, "ingest", tmp_path / "again.txt")["sources"]
    assert (again["status"], again["source_id"]) == ("duplicate", sources["cats.txt"]["source_id"])


def test_sources_are_listed_shown_and_deleted(house, tmp_path):
    data, sources = house
    listed = told("sources", "list", f"--data-dir={data}")["sources"]
    assert {source["name"] for source in listed} == {"cats.txt", "pumps.md"}
    assert all({"source_id", "name", "type", "chunks", "created_at"} <= set(source) for source in listed)
    shown = told("sources", "show", sources["cats.txt"]["source_id"], "--data-dir", data)
    assert shown["text"] == CATS
    assert (shown["source_id"], shown["name"], shown["type"]) == (sources["cats.txt"]["source_id"], "cats.txt", "txt")
    (tmp_path / "brief.txt").write_text("Soon to be gone.", encoding="utf-8")
    [brief] = told("ingest", tmp_path / "brief.txt", "--data-dir", data)["sources"]
    assert told("sources", "delete", brief["source_id"], "--data-dir", data)["deleted"] == brief["source_id"]
    assert told("sources", "show", brief["source_id"], "--data-dir", data, code=1)["error"]["type"] == "NotFound"


def test_search_gives_passages_with_their_exact_places(house):
    data, sources = house
    hits = told("search", "how long do cats sleep", "--data-dir", data)["hits"]
    assert set(hits[0]) == {"source_id", "source", "locator", "start", "end", "text", "score"}
    assert hits[0]["source"] == "cats.txt"
    assert hits[0]["text"] == CATS[hits[0]["start"]:hits[0]["end"]]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert len(told("search", "house", "--limit", "1", "--data-dir", data)["hits"]) == 1
    only = told("search", "cats", "--source", sources["pumps.md"]["source_id"], "--data-dir", data)["hits"]
    assert {hit["source"] for hit in only} == {"pumps.md"}
    both = [word for name in ("cats.txt", "pumps.md") for word in ("--source", sources[name]["source_id"])]
    assert {hit["source"] for hit in told("search", "cats", *both, "--data-dir", data)["hits"]} == {"cats.txt", "pumps.md"}


def test_ask_answers_with_proof_and_keeps_the_chat(house):
    data, sources = house
    said = told("ask", "How long do cats sleep?", "--data-dir", data)
    assert {"answer", "abstained", "sentences", "session_id", "trace"} <= set(said)
    assert said["abstained"] is False
    [citation, *_] = said["sentences"][0]["citations"]
    assert set(said["sentences"][0]) >= {"text", "verdict", "citations"}
    assert set(citation) == {"source_id", "source", "locator", "quote", "start", "end"}
    assert citation["source_id"] == sources["cats.txt"]["source_id"]
    assert citation["quote"] == CATS[citation["start"]:citation["end"]]
    again = told("ask", "When do they wake?", "--session", said["session_id"], "--data-dir", data)
    assert again["session_id"] == said["session_id"]
    chat = json.loads((data / "chat_history" / f"{said['session_id']}.json").read_text(encoding="utf-8"))
    assert [message["role"] for message in chat["messages"]] == ["user", "assistant", "user", "assistant"]


def test_ask_abstains_when_the_sources_do_not_say(house):
    said = told("ask", "Who painted the Mona Lisa?", "--data-dir", house[0])
    assert said["abstained"] is True
    assert said["sentences"] == []


def test_studio_lists_its_templates_and_makes_an_output(house, tmp_path):
    data, _ = house
    templates = told("studio", "list", "--data-dir", data)["templates"]
    assert {"template", "title"} <= set(templates[0])
    made = told("studio", "make", "summary", "--out", tmp_path / "summary.md", "--data-dir", data)
    assert {"output_id", "template", "path", "citations"} <= set(made)
    assert made["citations"]
    assert Path(made["path"]).read_text(encoding="utf-8")
    assert json.loads((data / "outputs" / f"{made['output_id']}.json").read_text(encoding="utf-8"))["template"] == "summary"


def test_doctor_lists_its_checks(house):
    said = told("doctor", "--data-dir", house[0])
    assert said["ok"] is True
    assert all(set(check) == {"name", "ok", "detail", "fix", "latency_ms"} for check in said["checks"])
    assert all(check["latency_ms"] >= 0 for check in said["checks"])
    names = {check["name"] for check in said["checks"]}
    assert {"python", "data directory", "search model", "search index", "memory", "records", "log"} <= names


def test_doctor_finds_what_is_broken_and_exits_1(house, tmp_path):
    chats = tmp_path / "data" / "chat_history"
    chats.mkdir(parents=True)
    (chats / f"{'a' * 32}.json").write_text("{", encoding="utf-8")
    (tmp_path / "data").chmod(0o755)
    said = told("doctor", "--data-dir", tmp_path / "data", code=1, HALO_AGENT_DB="nonsense")
    broken = {check["name"]: check["fix"] for check in said["checks"] if not check["ok"]}
    assert set(broken) == {"permissions", "records", "memory"}
    assert all(broken.values())


def test_a_notebook_is_made_by_ingest_and_keeps_to_itself(house, tmp_path):
    data, _ = house
    (tmp_path / "whales.txt").write_text("Whales sing for hours.", encoding="utf-8")
    told("ingest", tmp_path / "whales.txt", "--notebook", "Sea", "--data-dir", data)
    assert [source["name"] for source in told("sources", "list", "--notebook", "sea", "--data-dir", data)["sources"]] == ["whales.txt"]
    assert {hit["source"] for hit in told("search", "whales", "--data-dir", data)["hits"]} <= {"cats.txt", "pumps.md"}
    assert told("ask", "Do whales sing?", "--notebook", "Sea", "--data-dir", data)["abstained"] is False


@pytest.mark.parametrize(("words", "kind", "code"), [
    (["frobnicate"], "WrongUsage", 2),
    ([], "WrongUsage", 2),
    (["sources"], "WrongUsage", 2),
    (["ingest"], "WrongUsage", 2),
    (["search", "cats", "--limit", "none"], "WrongUsage", 2),
    (["search", "cats", "--limit", "0"], "WrongUsage", 2),
    (["search", "cats", "--wrong"], "WrongUsage", 2),
    (["search", "cats", "--data-dir"], "WrongUsage", 2),
    (["search", "  "], "BadInput", 1),
    (["ask", ""], "BadInput", 1),
    (["search", "cats", "--notebook", "nowhere"], "NotFound", 1),
    (["search", "cats", "--source", "nothing"], "NotFound", 1),
    (["ask", "Why?", "--session", "f" * 32], "NotFound", 1),
    (["sources", "show", "../../etc/passwd"], "NotFound", 1),
    (["sources", "delete", "a" * 32], "NotFound", 1),
    (["studio", "make", "nothing"], "NotFound", 1),
    (["memory", "list"], "BadInput", 1),
])
def test_errors_are_one_json_value_with_type_message_and_fix(words, kind, code, tmp_path):
    place = [] if "--data-dir" in words else ["--data-dir", tmp_path / "data"]
    error = told(*place, *words, code=code)["error"]
    assert set(error) == {"type", "message", "fix"}
    assert error["type"] == kind
    assert error["message"]


def test_an_error_for_people_stands_on_standard_error_with_what_to_do(tmp_path):
    done = halo("search", "cats", "--notebook", "nowhere", "--data-dir", tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_directory_that_cannot_be_used_is_said(tmp_path):
    (tmp_path / "file").touch()
    assert told("sources", "list", "--data-dir", tmp_path / "file" / "data", code=1)["error"]["type"] == "StoreUnavailable"


def test_a_wrong_setting_is_named(tmp_path):
    error = told("sources", "list", "--data-dir", tmp_path, code=1, EMBEDDING_DIMENSION="many")["error"]
    assert error["type"] == "BadSetting"
    assert "EMBEDDING_DIMENSION" in error["message"]


def test_words_after_two_dashes_are_words(house):
    done = halo("search", "--data-dir", house[0], "--", "--json")
    assert done.returncode == 0
    assert not done.stdout.startswith("{")


def test_what_is_said_to_people_is_plain_text(house):
    assert "cats.txt" in halo("sources", "list", "--data-dir", house[0]).stdout
    assert halo("search", "cats", "--data-dir", house[0]).stdout.startswith("1. cats.txt")
    assert "Proof:" in halo("ask", "How long do cats sleep?", "--data-dir", house[0]).stdout


def test_a_reader_that_leaves_early_is_no_error(house):
    data, sources = house
    words = [sys.executable, "-m", "halo_app.cli", "sources", "show", sources["cats.txt"]["source_id"], "--data-dir", str(data)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
    assert process.returncode == 0


def test_an_interrupted_ingest_ends_cleanly_and_leaves_whole_sources(tmp_path):
    files = tmp_path / "files"
    files.mkdir()
    for number in range(1500):
        (files / f"{number:04}.txt").write_text(f"Whale {number} swims through the sea. " * 20, encoding="utf-8")
    words = [sys.executable, "-m", "halo_app.cli", "ingest", str(files), "--json", "--data-dir", str(tmp_path / "data")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True) as process:
        process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said, rest = process.communicate(timeout=60)
    assert process.returncode == 130
    assert json.loads(said)["error"]["type"] == "Cancelled"
    assert "Traceback" not in rest
    listed = told("sources", "list", "--data-dir", tmp_path / "data")["sources"]
    assert 0 < len(listed) < 1500
    texts = {path.stem for path in (tmp_path / "data" / "sources" / "texts").glob("*.text")}
    assert texts == {source["source_id"] for source in listed}


def test_help_needs_nothing_heavy():
    code = "import sys; from halo_app.cli import main; main(['--help']); print([m for m in sys.modules if m in " \
           "('lancedb', 'streamlit', 'onnxruntime', 'numpy', 'pyarrow', 'sqlalchemy', 'openai', 'pydantic')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout.splitlines()[-1] == "[]"
    for command in ("ingest", "search", "ask", "sources", "studio", "doctor", "memory", "run"):
        assert command in done.stdout


def test_the_version_is_told():
    assert halo("--version").stdout.startswith("halo 0.")


def test_reindex_builds_the_index_again(house):
    data, _ = house
    said = told("reindex", "--data-dir", data)
    assert set(said) == {"sources", "chunks", "memories", "failed"}
    assert said["failed"] == []
    assert told("search", "cats", "--data-dir", data)["hits"]


def test_a_terminal_without_our_letters_is_no_reason_to_fail(house):
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = halo("search", "pumps", "--data-dir", house[0], **plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1. pumps.md")
    assert told("search", "pumps", "--data-dir", house[0], **plain)["hits"][0]["locator"].startswith("“Heat pumps”")


def test_every_file_is_its_owners_only_also_what_the_index_writes(tmp_path):
    (tmp_path / "cats.txt").write_text(CATS, encoding="utf-8")
    data, ours = tmp_path / "data", os.umask(0)
    try:
        told("ingest", tmp_path / "cats.txt", "--data-dir", data)
        told("studio", "make", "summary", "--data-dir", data)
        told("studio", "make", "summary", "--out", tmp_path / "out.md", "--data-dir", data)
    finally:
        os.umask(ours)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (data, *data.rglob("*")) if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in data.rglob("*") if path.is_file()} == {0o600}
    assert stat.S_IMODE((tmp_path / "out.md").stat().st_mode) == 0o666


def test_an_output_that_cannot_be_written_is_not_made(house, tmp_path):
    before = set((house[0] / "outputs").iterdir())
    for words in (("--format", "xyz"), ("--out", tmp_path / "out.xyz"), ("--out", tmp_path / "nowhere" / "out.md")):
        assert told("studio", "make", "summary", *words, "--data-dir", house[0], code=1)["error"]["type"] == "BadInput"
    assert set((house[0] / "outputs").iterdir()) == before


def test_a_lost_index_is_an_error_and_no_empty_result(tmp_path):
    (tmp_path / "cats.txt").write_text(CATS, encoding="utf-8")
    data = tmp_path / "data"
    told("ingest", tmp_path / "cats.txt", "--data-dir", data)
    shutil.rmtree(data / "lancedb")
    for command in ("search", "ask"):
        assert "reindex" in told(command, "How long do cats sleep?", "--data-dir", data, code=1)["error"]["fix"]
    assert told("reindex", "--data-dir", data)["chunks"] == 1
    assert told("search", "cats", "--data-dir", data)["hits"]


def test_an_unticked_source_another_notebook_and_a_deleted_source_are_never_found_or_cited(tmp_path):
    data = tmp_path / "data"
    for name, text in (("one", CATS), ("two", CATS.replace("sixteen", "seventeen")), ("three", CATS.replace("sixteen", "eighteen"))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    [one], [two] = (told("ingest", tmp_path / f"{name}.txt", "--data-dir", data)["sources"] for name in ("one", "two"))
    [three] = told("ingest", tmp_path / "three.txt", "--notebook", "Other", "--data-dir", data)["sources"]

    def used(*words: object) -> set[str]:
        hits = told("search", "How many hours do cats sleep?", *words, "--data-dir", data)["hits"]
        said = told("ask", "How many hours do cats sleep?", *words, "--data-dir", data)
        cited = [citation for sentence in said["sentences"] for citation in sentence["citations"]] + said["nearest"]
        return {one["source_id"] for one in (*hits, *cited)}

    assert used("--source", two["source_id"]) == {two["source_id"]}
    assert used("--notebook", "Other") == {three["source_id"]}
    assert used() <= {one["source_id"], two["source_id"]}
    told("sources", "delete", two["source_id"], "--data-dir", data)
    assert used() == {one["source_id"]}
    assert used("--source", three["source_id"]) == {three["source_id"]}             # named by its id: its own notebook is meant
    elsewhere = told("search", "cats", "--source", three["source_id"], "--notebook", "Notebook", "--data-dir", data, code=1)
    assert elsewhere["error"]["type"] == "NotFound"


def test_offsets_count_characters_of_the_stored_text_also_beyond_the_basic_ones(tmp_path):
    data = tmp_path / "data"
    (tmp_path / "zebra.txt").write_bytes("Intro 😀😀.\r\nThe zebra 𝒳 weighs 4.2 kg in café studies.\r\nAnother 😎 line.\r\n".encode())
    [zebra] = told("ingest", tmp_path / "zebra.txt", "--data-dir", data)["sources"]
    text = told("sources", "show", zebra["source_id"], "--data-dir", data)["text"]
    hits = told("search", "zebra", "--data-dir", data)["hits"]
    assert all(text[hit["start"]:hit["end"]] == hit["text"] for hit in hits)
    [sentence, *_] = told("ask", "What does the zebra weigh?", "--data-dir", data)["sentences"]
    [citation] = sentence["citations"]
    assert text[citation["start"]:citation["end"]] == citation["quote"] == "The zebra 𝒳 weighs 4.2 kg in café studies."
    assert citation["locator"] == "line 2"
