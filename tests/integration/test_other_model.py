"""The app with another embedding model, with a broken one, and with none: it starts, reads, and finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from halo_app.bootstrap import App, build_app
from halo_app.domain.chunk import Scope
from halo_app.domain.health import Check
from halo_app.services.uploads import Upload
from halo_app.settings import read_settings
from tests.embedding_models import WIDTH, make_model

TEXTS = {
    "moon": "The moon moves the water of the sea, and that is the tide.",
    "bread": "The price of bread is two coins.",
}
Open = Callable[..., App]


@pytest.fixture
def open_app(tmp_path: Path) -> Iterator[Open]:
    opened: list[App] = []

    def make(**environ: object) -> App:
        given = {"HALO_DATA_DIR": str(tmp_path / "data"), **{name: str(value) for name, value in environ.items()}}
        opened.append(build_app(read_settings(environ=given)))
        opened[-1].first_start(serving=False)
        return opened[-1]

    yield make
    for app in opened:
        app.close()


def read_in(app: App) -> Scope:
    notebook = app.notebooks.default().id
    stages = list(app.ingest.add([Upload.from_text(*item) for item in TEXTS.items()], notebook))
    assert not [intake for intake in stages if intake.stage == "failed"]
    return Scope(app.user_id, notebook)


def best(app: App, question: str, scope: Scope) -> str:
    return app.retrieval.find(question, scope)[0].chunk.text


def doctor(app: App) -> Check:
    return next(check for check in app.health() if "model" in check.name.lower() and "language" not in check.name.lower())


def test_another_model_reads_and_finds_with_its_own_prefix_and_width(open_app: Open, tmp_path: Path) -> None:
    app = open_app(EMBEDDING_MODEL_PATH=make_model(tmp_path / "second"), EMBEDDING_DIMENSION=WIDTH)
    scope = read_in(app)
    assert best(app, "the tide of the sea", scope) == TEXTS["moon"]
    chunks, vectors = app.index.rows(scope)
    assert vectors is not None
    assert vectors.shape == (2, WIDTH)
    for chunk, vector in zip(chunks, vectors, strict=True):
        assert vector @ app.embedder.embed([chunk.text])[0] > 0.999999
        assert vector @ app.embedder.embed([chunk.text], query=True)[0] < 0.99999
    assert doctor(app).ok, doctor(app)


def test_the_file_beside_its_tokenizer_is_enough(open_app: Open, tmp_path: Path) -> None:
    model = make_model(tmp_path / "second") / "model.onnx"
    app = open_app(EMBEDDING_MODEL_PATH=model, EMBEDDING_DIMENSION=WIDTH)
    assert best(app, TEXTS["bread"], read_in(app)) == TEXTS["bread"]


@pytest.mark.parametrize("broken", ["missing", "corrupt", "other width"])
def test_without_a_usable_model_words_still_find(open_app: Open, tmp_path: Path, broken: str) -> None:
    folder = tmp_path / "second"
    if broken != "missing":
        make_model(folder)
    if broken == "corrupt":
        (folder / "model.onnx").write_bytes(b"\x00" * 1000)
    app = open_app(EMBEDDING_MODEL_PATH=folder, EMBEDDING_DIMENSION=WIDTH if broken == "corrupt" else 384)
    assert best(app, "What is the price of bread?", read_in(app)) == TEXTS["bread"]
    check = doctor(app)
    assert not check.ok
    assert "EMBEDDING_" in check.fix


def test_a_changed_model_never_breaks_search(open_app: Open, tmp_path: Path) -> None:
    first = open_app(EMBEDDING_MODEL_PATH=make_model(tmp_path / "second"), EMBEDDING_DIMENSION=WIDTH)
    scope = read_in(first)
    first.close()
    second = open_app(EMBEDDING_MODEL_PATH=make_model(tmp_path / "third", width=64), EMBEDDING_DIMENSION=64)
    assert best(second, "the tide of the sea", scope) == TEXTS["moon"]
    check = next(check for check in second.health() if check.name == "search index")
    assert (check.ok, check.fix) == (False, "run halo reindex")
    list(second.reindexing.run())
    assert next(check for check in second.health() if check.name == "search index").ok
