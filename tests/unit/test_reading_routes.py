"""What the reader's script is told over our own routes: parts of a source, words for what fails, and sound in parts."""

from __future__ import annotations

import json
import wave
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from halo_app.bootstrap import App
from halo_app.domain.source import Stage
from halo_app.services.ingest import Upload
from halo_app.settings import read_settings
from halo_app.ui import files
from tests.promises import HashedEmbedder, HereReader, WordSplitter

FERRY = "The ferry to Sund leaves the quay at nine.\n\n"
STORY = f"# The ferry\n\n{FERRY * 200}## Ice\n\nNobody went out <b>until</b> the thaw \U0001F6A2 came.\n"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    made = App(read_settings({"data_dir": str(tmp_path_factory.mktemp("data"))}))
    made.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter(), reader=HereReader())
    made.first_start(serving=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def sources(app: App, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    home = tmp_path_factory.mktemp("files")
    (home / "story.md").write_text(STORY, encoding="utf-8")
    (home / "ships.csv").write_text("Harbour,Ships\nSund,12\nVerin,7\n", encoding="utf-8")
    _sound(home / "bell.wav")
    notebook = app.notebooks.default()
    uploads = [Upload.from_bytes(path.name, path.read_bytes()) for path in sorted(home.iterdir())]
    assert [one.stage for one in app.ingest.add(uploads, notebook.id) if one.stage.over] == [Stage.READY] * 3
    return {source.name: source.id for source in app.sources.of(notebook.id)}


def _sound(path: Path) -> None:
    made = BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\0" * 8000)
    path.write_bytes(made.getvalue())


@pytest.fixture
def client(app: App) -> TestClient:
    return TestClient(Starlette(routes=files.routes(lambda: app)))


def told(client: TestClient, source_id: str, name: str, **params: Any) -> Any:
    answer = client.get(f"/files/reader/{source_id}/{name}", params=params)
    assert answer.status_code == 200
    return json.loads(answer.text)


def test_the_pieces_of_a_text_are_told_with_its_outline(client: TestClient, sources: dict[str, str], app: App) -> None:
    layout = told(client, sources["story.md"], "layout")
    text = app.sources.parsed(sources["story.md"]).text
    assert [line[2] for line in layout["outline"]] == ["The ferry", "Ice"]
    assert layout["characters"] == len(text)
    assert "".join(told(client, sources["story.md"], "text", first=0, last=len(layout["pieces"]) - 1)) == text


def test_words_are_found_where_they_stand(client: TestClient, sources: dict[str, str], app: App) -> None:
    found = told(client, sources["story.md"], "find", words="until")
    [[start, end]] = found["spans"]
    assert app.sources.parsed(sources["story.md"]).text[start:end] == "until"
    assert told(client, sources["story.md"], "find", words="")["total"] == 0


def test_a_table_is_told_by_its_cells(client: TestClient, sources: dict[str, str]) -> None:
    [grid] = told(client, sources["ships.csv"], "layout")["grids"]
    assert (grid["rows"], grid["columns"]) == (3, 2)
    rows = told(client, sources["ships.csv"], "rows", sheet=0, first=2, last=2)
    assert [(row, column, text) for row, column, _, _, text, _ in rows] == [(2, 1, "Sund"), (2, 2, "12")]
    start = rows[1][2]
    assert told(client, sources["ships.csv"], "cells", start=start, end=start + 1) == {"sheet": 0, "cells": [[2, 2]]}


def test_the_guide_and_where_it_was_cited_are_told(client: TestClient, sources: dict[str, str]) -> None:
    guide = told(client, sources["story.md"], "guide")
    assert all(said["end"] > said["start"] for said in guide["summary"])
    assert told(client, sources["story.md"], "cited") == []


@pytest.mark.parametrize(("name", "params"), [
    ("layout", {}), ("text", {"first": "0", "last": "1"}), ("page", {"page": "1", "width": "600"}), ("guide", {}), ("cited", {})])
def test_a_source_that_is_not_there_is_told_in_words(name: str, params: dict[str, str], client: TestClient) -> None:
    said = told(client, "0" * 32, name, **params)
    assert set(said) == {"error"}
    assert said["error"].endswith(".")


@pytest.mark.parametrize("number", ["-1", "x", "9" * 40, "１"])
def test_what_is_no_number_is_refused_in_words(number: str, client: TestClient, sources: dict[str, str]) -> None:
    assert "not a number" in told(client, sources["story.md"], "text", first=number, last="1")["error"]


def test_a_text_has_no_pages_to_draw(client: TestClient, sources: dict[str, str]) -> None:
    assert "error" in told(client, sources["story.md"], "page", page=1, width=600)


def test_a_recording_is_played_from_here_and_in_parts(client: TestClient, sources: dict[str, str]) -> None:
    assert told(client, sources["bell.wav"], "layout")["played"]
    answer = client.get(f"/files/original/{sources['bell.wav']}?inline", headers={"range": "bytes=0-3"})
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (206, b"RIFF", "audio/wav")
    assert answer.headers["content-range"].startswith("bytes 0-3/")
