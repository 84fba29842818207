"""Open the embedding model at its first use, so that an app without one starts and says what to do when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from halo_app.embedding.hashed import WordSplitter
from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Embedder, Splitter, Vectors


class LateEmbedder:
    """Stands for an embedder that `open_model` gives; every use raises EmbedderUnavailable while it cannot be opened."""

    def __init__(self, open_model: Callable[[], Embedder]) -> None:
        self._open = open_model
        self._opened: Embedder | None = None
        self._guard = Lock()

    @property
    def model_id(self) -> str:
        return self._model().model_id

    @property
    def dimension(self) -> int:
        return self._model().dimension

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return float32 rows of length 1, shape (len(texts), dimension)."""
        return self._model().embed(texts, query=query)

    def _model(self) -> Embedder:
        with self._guard:
            if self._opened is None:
                self._opened = self._open()
            return self._opened


class LateSplitter:
    """Splits by the model's tokens, and by words while there is no model."""

    def __init__(self, open_splitter: Callable[[], Splitter]) -> None:
        self._open = open_splitter
        self._opened: Splitter | None = None
        self._guard = Lock()

    def split(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) spans that cover the text exactly."""
        with self._guard:
            if self._opened is None:
                try:
                    self._opened = self._open()
                except EmbedderUnavailable:
                    return WordSplitter().split(text)
        return self._opened.split(text)
