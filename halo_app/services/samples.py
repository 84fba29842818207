"""The notebook of the first visit: three short texts of our own, and questions that they answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from halo_app.services.ingest import IngestService, Upload
from halo_app.services.notebooks import NotebookService

READING_SECONDS = 60.0             # the longest that the sample's own files are waited for


@dataclass(frozen=True)
class SampleService:
    """`folder` holds sample.json, which names the notebook, its files and the questions."""

    notebooks: NotebookService
    ingest: IngestService
    folder: Path

    def put_in(self) -> None:
        """Make the sample notebook and read its files in the background."""
        about = self._about()
        notebook = self.notebooks.create(about["notebook"], is_sample=True)
        self.ingest.start([Upload.from_path(self.folder / name) for name in about["files"]], notebook.id)

    def take_out(self) -> None:
        """Delete the sample when it is all that is here and nothing was made in it yet."""
        self.ingest.wait(READING_SECONDS)
        books, sample = self.notebooks.all(), self.notebooks.sample()
        made = any(self.notebooks.shelves[kind].all(self.notebooks.user_id) for kind in ("chats", "notes", "outputs"))
        if sample and books == [sample] and not made and self.notebooks.counts().get(sample.id, 0) <= len(self._about()["files"]):
            self.notebooks.delete(sample.id)

    def questions(self) -> list[str]:
        """Return the questions to begin with."""
        return [str(question) for question in self._about()["questions"]]

    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = json.loads((self.folder / "sample.json").read_text(encoding="utf-8"))
        return about
