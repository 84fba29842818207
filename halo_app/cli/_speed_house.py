"""A full house for `halo bench speed`, and how long its pages take at the server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from halo_app.cli._speed_texts import pages
from halo_app.cli._timing import timed
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.errors import StoreUnavailable

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.settings import Settings

_BETWEEN = timedelta(hours=1)          # chats begin one after the other, so that the list spans weeks
_PATIENCE_SECONDS = 900.0
_LINES = 6                             # sentences of a source: one passage each


@dataclass(frozen=True, slots=True)
class House:
    """How much there is in it."""

    chats: int
    sources: int
    notes: int


def furnish(given: Settings, house: House) -> None:
    """Fill the data directory: sources that were read, notes, and chats of two turns, all in the default notebook."""
    from halo_app.bootstrap import build_app

    app = build_app(given)
    try:
        app.first_start(serving=False)
        notebook = app.notebooks.default().id
        _read(app, house.sources, notebook)
        for page in pages(house.notes, sentences=_LINES, seed=11):
            app.notes.create(notebook, page.question, page.text)
        for number, page in enumerate(pages(house.chats, sentences=_LINES, seed=12)):
            app.chat.restore(_chat(app.chat.new(notebook), number, page.question, page.text))
    finally:
        app.close()


def _read(app: App, count: int, notebook: str) -> None:
    from halo_app.services.uploads import Upload

    for _ in app.ingest.add([Upload.from_text(page.name, page.text) for page in pages(count, sentences=_LINES, seed=10)], notebook):
        pass


def _chat(chat: Conversation, number: int, question: str, text: str) -> Conversation:
    began = chat.created_at - number * _BETWEEN
    turns = (Message(Role.USER, question, began), Message(Role.ASSISTANT, text, began))
    return replace(chat, title=question, created_at=began, updated_at=began, messages=turns)


def page_figures(link: str, rounds: int, house: House) -> dict[str, Any]:
    """Return the figures of all pages together, and of each, drawn so often in turns by a process that plays the browser.

    Raises StoreUnavailable when it cannot.
    """
    command = [sys.executable, "-m", "halo_app.ui.visiting", link, str(rounds)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_PATIENCE_SECONDS)  # noqa: S603
    if done.returncode:
        reason = done.stderr.strip().rpartition("\n")[2]
        raise StoreUnavailable(f"the pages could not be drawn: {reason[:200]}", fix="run: halo doctor")
    found: dict[str, list[float]] = json.loads(done.stdout)
    each = {page: timed(times) for page, times in found.items()}
    return {**timed([took for times in found.values() for took in times]), **asdict(house), "each": each}


def measure(given: Settings, folder: Path, house: House, rounds: int, serve: Callable[[Path], Any]) -> dict[str, Any]:
    """Furnish a house in the folder, serve it, and return the figures of its pages."""
    furnish(given.model_copy(update={"data_dir": folder}), house)
    with serve(folder) as (_, port, path):
        return page_figures(f"http://127.0.0.1:{port}{path}", rounds, house)
