"""What the tests of promises have in common: apps on data directories, a document taken in, and a question asked about it."""

from __future__ import annotations

from pathlib import Path

from halo_app.bootstrap import App, build_app
from halo_app.domain.chunk import Scope
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.services.ingest import Upload
from halo_app.settings import read_settings
from tests.fakes import HereReader

QUESTION = "How long do cats sleep?"


def open_apps(tmp_path: Path):
    """Give a function that opens apps on data directories, as the environment says, and close them afterwards."""
    made: list[App] = []

    def open_app(data_dir: Path = tmp_path / "data", **environ: str) -> App:
        app = build_app(read_settings(environ={"HALO_DATA_DIR": str(data_dir), **environ}, home=tmp_path / "home"))
        app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter(), reader=HereReader())
        app.first_start(serving=False)
        made.append(app)
        return app

    yield open_app
    for app in made:
        app.close()


def take_in(app: App, text: str = "Cats sleep sixteen hours a day. They wake at dawn.", name: str = "cats.txt"):
    notebook = app.notebooks.default()
    [end] = [one for one in app.ingest.add([Upload.from_bytes(name, text.encode())], notebook.id) if one.stage.over]
    return app.sources.get(end.source_id)


def ask(app: App, session: str | None = None) -> str:
    _, session_id = app.chat.answer(QUESTION, Scope(app.user_id, app.notebooks.default().id), session)
    return session_id
