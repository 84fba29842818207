"""Make a document searchable: cut it into passages, count their words, turn them into vectors; and build the index again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from halo_app.domain.chunk import Chunk
from halo_app.domain.chunking import context_of, cut
from halo_app.domain.source import Parsed
from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Analyzer, Embedder, Entry, Splitter, Vectors

BATCH = 64                  # passages per step of the embedder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document's passages, and what the embedder reads for each: the passage under its headings."""

    source_id: str
    chunks: tuple[Chunk, ...]
    texts: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Preparation:
    """The steps between a read document and the index. `embedder` gives None, or raises, when there is no model."""

    splitter: Callable[[], Splitter]
    analyzer: Analyzer
    embedder: Callable[[], Embedder | None]

    def prepare(self, parsed: Parsed, *, source_id: str, notebook_id: str, user_id: str) -> Prepared:
        """Return the passages of a document; their language is their own where it can be told, else the document's."""
        spans = cut(parsed, self.splitter().split)
        language = self.analyzer.language(parsed.text)
        chunks, texts = [], []
        for position, (start, end) in enumerate(spans):
            text = parsed.text[start:end]
            own = language if len(spans) == 1 else self.analyzer.language(text) or language
            context = context_of(parsed, start)
            terms = (*self.analyzer.terms(context, own), *self.analyzer.terms(text, own))
            chunk_id = f"{source_id}-{position}"
            chunks.append(Chunk(chunk_id, source_id, notebook_id, user_id, position, start, end, text, own, terms))
            texts.append(f"{context}\n\n{text}" if context else text)
        return Prepared(source_id, tuple(chunks), tuple(texts), language)

    def model(self) -> Embedder | None:
        """Return the embedder, or None when it cannot be used; words are enough to be found."""
        try:
            return self.embedder()
        except EmbedderUnavailable as error:
            log.warning("the embedding model cannot be used: %s", error)
            return None

    def embed(self, texts: Sequence[str], *, step: Callable[[int, int], None] | None = None) -> tuple[Vectors | None, str]:
        """Return one vector per text and the model's id, or (None, "") without a model. `step` hears (done, total) per batch."""
        model = self.model()
        if model is None:
            return None, ""
        parts = []
        try:
            for start in range(0, len(texts), BATCH):
                parts.append(model.embed(texts[start : start + BATCH]))
                if step:
                    step(min(start + BATCH, len(texts)), len(texts))
        except EmbedderUnavailable as error:
            log.warning("the embedding model failed: %s", error)
            return None, ""
        blank = np.zeros((0, model.dimension), np.float32)
        return np.concatenate([blank, *parts]), model.model_id

    def entries(self, documents: Sequence[Prepared], *, step: Callable[[int, int], None] | None = None) -> tuple[list[Entry], str]:
        """Return what the index takes for these documents, all embedded together, and the model's id ("" for words only)."""
        vectors, model_id = self.embed([text for document in documents for text in document.texts], step=step)
        found, start = [], 0
        for document in documents:
            end = start + len(document.chunks)
            found.append(Entry(document.source_id, document.chunks, None if vectors is None else vectors[start:end]))
            start = end
        return found, model_id
