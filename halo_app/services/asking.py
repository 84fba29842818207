"""Turn a question into what is searched for: its vector, remembered, and its words without the empty ones."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Analyzer, Cache, Embedder, Vectors

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asking:
    """When `embedder` gives None, or EmbedderUnavailable is raised, there are words only."""

    embedder: Callable[[], Embedder | None]
    analyzer: Analyzer
    cache: Cache

    def vector(self, question: str) -> tuple[Vectors | None, str]:
        """Return the question's vector and the model's id; (None, "") when only words can be searched."""
        try:
            model = self.embedder()
            if model is None:
                return None, ""
            key = f"question:{model.model_id}:{hashlib.sha256(question.encode('utf-8', 'surrogatepass')).hexdigest()}"
            kept = self.cache.get(key)
            if isinstance(kept, np.ndarray) and kept.shape == (model.dimension,):
                return kept, model.model_id
            vector: Vectors = model.embed([question], query=True)[0]
            self.cache.put(key, vector)
            return vector, model.model_id
        except EmbedderUnavailable as error:
            log.warning("searching by words only: %s", error)
            return None, ""

    def without_stop_words(self, question: str) -> str:
        """Return the question without its own language's stop words: among texts of another they would look rare."""
        language = self.analyzer.language(question)
        return " ".join(word for word in question.split() if self.analyzer.terms(word, language))
