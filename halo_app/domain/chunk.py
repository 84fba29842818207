"""A passage of a source: what is embedded, searched and cited, with its exact place in the stored text."""

from __future__ import annotations

from dataclasses import dataclass

from halo_app.domain.locator import Locator


@dataclass(frozen=True, slots=True)
class Chunk:
    """Characters `start` to `end` of a source's stored text: `text == stored[start:end]`, at most 256 model tokens."""

    id: str                # source id + "-" + position
    source_id: str
    notebook_id: str
    user_id: str
    position: int          # from 0, in reading order
    start: int
    end: int
    text: str
    language: str = ""     # ISO 639-1, "" when unknown
    terms: tuple[str, ...] = ()  # stemmed, without stop words, in text order; what BM25 counts


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be read: one user's notebook, or the ticked sources in it.

    `source_ids` None means every source of the notebook; an empty set means none at all.
    """

    user_id: str
    notebook_id: str | None = None
    source_ids: frozenset[str] | None = None

    def holds(self, chunk: Chunk) -> bool:
        """Say whether the chunk may be read."""
        return (
            chunk.user_id == self.user_id
            and self.notebook_id in (None, chunk.notebook_id)
            and (self.source_ids is None or chunk.source_id in self.source_ids)
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a question, best first in any list of them."""

    chunk: Chunk
    source: str                    # the source's name
    locator: Locator | None
    similarity: float              # cosine, -1 to 1, larger is closer; 0.0 when searched by words only
    bm25: float                    # 0.0 when no word matches
    score: float                   # fused; comparable within one search only
    relevance: float = 0.0         # calibrated, 0 to 1, rises with the fused score
