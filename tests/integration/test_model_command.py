"""`halo model install` takes the weights from a file, a folder or an address, and refuses every other bytes."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from halo_app.cli import main
from halo_app.embedding.fetching import fetched
from halo_app.embedding.weights import package_folder
from halo_app.errors import BadInput, EmbedderUnavailable
from tests.embedding_models import WIDTH, make_model

Run = Callable[..., tuple[int, dict]]


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("HALO_", "EMBEDDING_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HALO_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def halo(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, dict]:
        code = main([*arguments, "--json"])
        return code, json.loads(capfd.readouterr().out)

    return run


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    for name in ("model.safetensors", "tokenizer.json"):
        (folder / name).symlink_to((package_folder() or Path()) / name)
    return folder


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def served(weights: Path) -> Iterator[str]:
    """The address of a loopback server that holds the weights."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(weights))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_nothing_is_there_at_first_and_the_package_is_enough(halo: Run) -> None:
    [model] = halo("models")[1]["models"]
    assert (model["ready"], model["detail"]) == (False, "not built yet, or damaged: run halo model install")
    code, made = halo("model", "install")
    assert code == 0
    assert (Path(made["path"]) / "model.onnx").is_file()
    [model] = halo("models")[1]["models"]
    assert (model["kind"], model["ready"], model["dimension"]) == ("embedding", True, 384)


@pytest.mark.parametrize("name", ["", "model.safetensors"])
def test_it_comes_from_a_folder_or_a_file(halo: Run, weights: Path, name: str) -> None:
    code, made = halo("model", "install", "--from", str(weights / name))
    assert (code, made["model"]) == (0, "all-MiniLM-L6-v2-int8-1")


@pytest.mark.parametrize("name", ["", "model.safetensors"])
def test_it_comes_from_an_address(halo: Run, served: str, name: str, tmp_path: Path) -> None:
    code, made = halo("model", "install", "--from", served + name)
    assert code == 0
    assert (Path(made["path"]) / "tokenizer.json").is_file()
    assert {path.name for path in (tmp_path / "cache" / "halo" / "models").iterdir()} == {".lock", made["model"]}


def test_it_comes_from_an_archive_behind_an_address(halo: Run, served: str, weights: Path) -> None:
    shutil.make_archive(str(weights / "model"), "zip", package_folder())
    assert halo("model", "install", "--from", served + "model.zip")[0] == 0


def test_other_bytes_are_refused_and_the_model_in_use_stays(halo: Run, served: str, weights: Path) -> None:
    _, made = halo("model", "install")
    before = (Path(made["path"]) / "model.onnx").read_bytes()
    (weights / "tokenizer.json").unlink()
    (weights / "tokenizer.json").write_text("{}")
    code, answer = halo("model", "install", "--from", served)
    assert (code, answer["error"]["type"]) == (1, "EmbedderUnavailable")
    assert "its sha256 is 44136fa355b3" in answer["error"]["message"]
    assert (Path(made["path"]) / "model.onnx").read_bytes() == before


def test_a_missing_file_and_a_missing_server_are_said(halo: Run, served: str, tmp_path: Path) -> None:
    assert "answered 404" in halo("model", "install", "--from", served + "no.safetensors")[1]["error"]["message"]
    assert "cannot be fetched" in halo("model", "install", "--from", "http://127.0.0.1:9/model.safetensors")[1]["error"]["message"]
    assert "does not exist" in halo("model", "install", "--from", str(tmp_path / "none.safetensors"))[1]["error"]["message"]
    assert "no model.safetensors" in halo("model", "install", "--from", str(tmp_path))[1]["error"]["message"]


def test_what_is_too_large_is_stopped(served: str, tmp_path: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="more than 1 MB"), fetched(served, tmp_path / "c", limit=1 << 20, progress=str):
        pass
    assert list((tmp_path / "c").iterdir()) == []


def test_an_address_without_a_host_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not an address"), fetched("http:///x", tmp_path, progress=str):
        pass


def test_another_model_is_shown_by_its_own_name(halo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL_PATH", str(make_model(tmp_path / "second")))
    [model] = halo("models")[1]["models"]
    assert not model["ready"]
    assert "EMBEDDING_DIMENSION=48" in model["detail"]
    monkeypatch.setenv("EMBEDDING_DIMENSION", str(WIDTH))
    [model] = halo("models")[1]["models"]
    assert model["ready"]
    assert model["name"].startswith("second-")
