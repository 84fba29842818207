"""Small real parts for tests of answers: records and texts in memory, words as they stand, a search over everything."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np

from halo_app.domain.chunk import Chunk, Passage, Scope
from halo_app.domain.conversation import Conversation
from halo_app.domain.source import Parsed
from halo_app.errors import NotFound
from halo_app.ports import Damage, Embedder, Vectors
from halo_app.services.evidence import EvidenceService

STOP = frozenset("a an the of to in on at by for from with and or is are was were be been do does did has have had it its this that "
                 "what which who when where why how many much they their as".split())


def clock() -> Callable[[], datetime]:
    """Return a clock that goes on one second whenever it is read."""
    ticks = iter(range(10_000_000))
    return lambda: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=next(ticks))


class MemoryRecords:
    """Records by id, in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, Conversation] = {}

    def get(self, record_id: str) -> Conversation:
        if record_id not in self.kept:
            raise NotFound(f"no record {record_id}")
        return self.kept[record_id]

    def all(self, user_id: str) -> list[Conversation]:
        return [record for record in self.kept.values() if record.user_id == user_id]

    def put(self, record: Conversation) -> None:
        self.kept[record.id] = record

    def change(self, record_id: str, change: Callable[[Conversation], Conversation]) -> Conversation:
        self.kept[record_id] = change(self.get(record_id))
        return self.kept[record_id]

    def remove(self, record_id: str) -> bool:
        return self.kept.pop(record_id, None) is not None

    def damaged(self) -> list[Damage]:
        return []


class MemoryTexts:
    def __init__(self) -> None:
        self.kept: dict[str, Parsed] = {}

    def put(self, source_id: str, parsed: Parsed) -> None:
        self.kept[source_id] = parsed

    def get(self, source_id: str) -> Parsed:
        if source_id not in self.kept:
            raise NotFound(f"no text of {source_id}")
        return self.kept[source_id]

    def remove(self, source_id: str) -> None:
        self.kept.pop(source_id, None)


class Words:
    """Words in lower case with a plural s cut off, all English."""

    def language(self, text: str) -> str:
        return "en" if text.strip() else ""

    def terms(self, text: str, language: str = "") -> tuple[str, ...]:
        words = (word.lower() for word in re.findall(r"[^\W_]+", text))
        return tuple(word.removesuffix("s") for word in words if word not in STOP)


class WordVectors:
    """Each word adds a fixed direction: texts that share words are close."""

    model_id, dimension = "words", 256

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        return np.stack([self._one(text) for text in texts])

    def _one(self, text: str) -> Vectors:
        total = np.full(self.dimension, 1e-6, dtype=np.float32)
        for word in Words().terms(text):
            seed = int.from_bytes(sha256(word.encode()).digest()[:4], "big")
            total += np.random.default_rng(seed).standard_normal(self.dimension).astype(np.float32)
        return total / np.linalg.norm(total)


class DictCache:
    def __init__(self) -> None:
        self.kept: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        return self.kept.get(key)

    def put(self, key: str, value: object) -> None:
        self.kept[key] = value

    def clear(self) -> None:
        self.kept.clear()


class Shelf:
    """Sources in memory and a search that compares the question with every paragraph."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        self.embedder = embedder or WordVectors()
        self.analyzer, self.texts = Words(), MemoryTexts()
        self.chunks: list[Chunk] = []
        self.names: dict[str, str] = {}

    def add(self, source_id: str, text: str | Parsed, *, notebook_id: str = "n", name: str = "") -> None:
        parsed = text if isinstance(text, Parsed) else Parsed(text)
        self.texts.put(source_id, parsed)
        self.names[source_id] = name or f"{source_id}.txt"
        for number, (start, end) in enumerate(paragraphs(parsed.text)):
            body = parsed.text[start:end]
            terms = self.analyzer.terms(body, "en")
            self.chunks.append(Chunk(f"{source_id}-{number}", source_id, notebook_id, "me", number, start, end, body, "en", terms))

    def within(self, scope: Scope) -> list[Chunk]:
        return [chunk for chunk in self.chunks if chunk.user_id == scope.user_id and scope.notebook_id in (None, chunk.notebook_id)
                and (scope.source_ids is None or chunk.source_id in scope.source_ids)]

    def rarity(self, terms: Iterable[str], scope: Scope) -> dict[str, float]:
        seen = [set(chunk.terms) for chunk in self.within(scope)]
        held = {term: sum(term in words for words in seen) for term in terms}
        return {term: math.log(1 + (len(seen) - n + 0.5) / (n + 0.5)) for term, n in held.items()}

    def find(self, question: str, scope: Scope, limit: int = 10) -> list[Passage]:
        chunks = self.within(scope)
        if not chunks:
            return []
        wanted, rarity = set(self.analyzer.terms(question)), self.rarity(self.analyzer.terms(question), scope)
        cosines = self.embedder.embed([chunk.text for chunk in chunks]) @ self.embedder.embed([question], query=True)[0]
        found = []
        for chunk, cosine in zip(chunks, cosines, strict=True):
            words = sum(rarity[term] for term in wanted & set(chunk.terms))
            found.append(Passage(chunk, self.names[chunk.source_id], None, float(cosine), words, 4 * float(cosine) + words / 4))
        return sorted(found, key=lambda passage: -passage.score)[:limit]

    def evidence(self) -> EvidenceService:
        return EvidenceService(self, self.texts, self.embedder, self.analyzer, DictCache())


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for part in re.split(r"(\n\n+)", text):
        if part.strip():
            yield at, at + len(part)
        at += len(part)


ME = Scope("me", "n")


def ticked(*source_ids: str) -> Scope:
    return replace(ME, source_ids=frozenset(source_ids))


LAMP = ("The Lumen lamp was designed by Ada Brandt in 1931. It costs 240 crowns.\n\n"
        "The factory in Graz closed in 1958. Its archive burned the year after.")
BREAD = "Rye bread needs a sour dough. The dough rests for twelve hours.\n\nBake the loaf at 230 degrees."


def lamp_and_bread() -> Shelf:
    """Return a shelf of two sources that have nothing to do with each other."""
    shelf = Shelf()
    shelf.add("lamp", LAMP)
    shelf.add("bread", BREAD)
    return shelf
