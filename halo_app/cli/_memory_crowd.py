"""Very many memories from a seed, for benchmarks: words by Zipf's law, vectors around topics, the same on every machine.

The rows go straight into the store and into the index, as the outbox would write them. A question is embedded by the real
model, so that it costs what it costs, and then given a vector of its topic.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from halo_app.cli._timing import timed

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.chunk import Chunk
    from halo_app.domain.memory import Memory
    from halo_app.ports import Vectors

TOPICS, WIDTH, SPREAD = 2_000, 384, 0.8
BATCH = 10_000
_SOUNDS = ("ba", "ce", "di", "fo", "gu", "ha", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "va", "zo")


@dataclass
class Topics:
    """The generator: the same topics, words and vectors for the same seed."""

    seed: int = 7
    centres: Vectors = field(init=False)

    def __post_init__(self) -> None:
        drawn = np.random.default_rng(self.seed).standard_normal((TOPICS, WIDTH)).astype(np.float32)
        self.centres = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def texts(self, start: int, count: int) -> tuple[list[str], list[int]]:
        """Return texts of memories `start` and following, and their topics."""
        topics, texts = [], []
        for number in range(start, start + count):
            random = Random(self.seed * 1_000_003 + number)
            topic = random.randrange(TOPICS)
            words = [_word(int(random.paretovariate(0.9)) % 50_000) for _ in range(8)]
            own = [_word(50_000 + topic * 20 + random.randrange(20)) for _ in range(4)]
            texts.append(f"{' '.join(words)} {' '.join(own)} n{number}")
            topics.append(topic)
        return texts, topics

    def vectors(self, topics: Sequence[int], seed: int) -> Vectors:
        """Return a unit vector near the centre of each topic."""
        noise = np.random.default_rng(seed).standard_normal((len(topics), WIDTH)).astype(np.float32) / np.sqrt(WIDTH)
        near = self.centres[list(topics)] + SPREAD * noise
        unit: Vectors = near / np.linalg.norm(near, axis=1, keepdims=True)
        return unit


@dataclass
class Known:
    """The real model for the time that it takes; the vectors are those of the topics."""

    real: Any
    vectors: dict[str, Vectors] = field(default_factory=dict)

    @property
    def model_id(self) -> str:
        return f"{self.real.model_id}-synthetic"

    @property
    def dimension(self) -> int:
        return WIDTH

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return the vectors of known questions, after the real model has read them."""
        self.real.embed(texts, query=query)
        return np.stack([self.vectors[text] for text in texts])


class Crowd:
    """Users with memories in one store; `users` say how many each has, one after the other."""

    def __init__(self, app: App, users: dict[str, int]) -> None:
        """From now on the app embeds with the stand-in."""
        self._app, self._users = app, users
        self._topics, self._known = Topics(), Known(app.embedder)
        app.__dict__["embedder"] = self._known

    def fill(self) -> None:
        """Store and index everything, unless an earlier run has done so."""
        if self._app.memory_index.model_id():
            return
        start = 0
        for user, count in self._users.items():
            for first, some in _batches(start, count):
                self._add(user, first, some)
            start += count
        self._app.memory_index.tidy()

    def ask(self, user: str, questions: int) -> dict[str, Any]:
        """Ask for words of one memory and its topic.

        `found_in_10` is how often that one is among the first ten; the processors' time tells what a quiet machine would need.
        """
        memory = self._memory(user)
        times, used, found = [], [], 0
        for question, text in self._questions(user, questions + 1):
            began, busy = time.perf_counter(), time.process_time()
            memories = memory.search(user, question, limit=10)
            times.append(time.perf_counter() - began)
            used.append(time.process_time() - busy)
            found += any(one.text == text for one in memories)
        return {**timed(times[1:]), "processor_p50_ms": timed(used[1:])["p50_ms"], "memories": self._users[user],
                "first_ms": round(1000 * times[0], 1), "found_in_10": round(found / len(times), 3)}

    def ask_after_writing(self, user: str, questions: int) -> dict[str, Any]:
        """Ask as a chat does, a new memory stored before each question."""
        memory, times = self._memory(user), []
        for question, text in self._questions(user, questions):
            memory.store(user, f"again {text}")
            began = time.perf_counter()
            memory.search(user, question, limit=10)
            times.append(time.perf_counter() - began)
        return timed(times)

    def _memory(self, user: str) -> Any:
        from dataclasses import replace
        assert self._app.memory is not None
        return replace(self._app.memory.as_user(user), changed=lambda: None)          # no worker beside the clock

    def _questions(self, user: str, count: int) -> Iterator[tuple[str, str]]:
        names = list(self._users)
        first = sum(self._users[name] for name in names[: names.index(user)])
        random = Random(42)
        for _ in range(count):
            number = first + random.randrange(self._users[user])
            [text], topic = self._topics.texts(number, 1)
            question = " ".join(random.sample(text.split()[:-1], 8))
            self._known.vectors[question] = self._topics.vectors(topic, 1_000_000_007 + number)[0]
            yield question, text

    def _add(self, user: str, start: int, count: int) -> None:
        from halo_app.domain.memory import Fact, Memory
        from halo_app.ports import Entry
        assert self._app.memory_store is not None
        texts, topics = self._topics.texts(start, count)
        stored = self._app.memory_store.add(self._app.principal, [Memory(Fact(text), user_id=user) for text in texts])
        vectors = self._topics.vectors(topics, start)
        entries = [Entry(memory.public_id, [_row(memory, text)], vectors[at : at + 1])
                   for at, (memory, text) in enumerate(zip(stored, texts, strict=True))]
        self._app.memory_index.put_all(entries, model_id=self._known.model_id)
        claimed = self._app.memory_store.claim("bench", count, lease_seconds=600)
        self._app.memory_store.settle("bench", [memory.public_id for memory in claimed], {})


def _batches(start: int, count: int) -> Iterator[tuple[int, int]]:
    for first in range(start, start + count, BATCH):
        yield first, min(BATCH, start + count - first)


def _row(memory: Memory, text: str) -> Chunk:
    from halo_app.domain.chunk import Chunk
    return Chunk(f"{memory.public_id}-0", memory.public_id, "", memory.user_id, 0, 0, len(text), "", "en", tuple(text.split()))


def _word(number: int) -> str:
    sounds = []
    for _ in range(4):
        number, at = divmod(number, len(_SOUNDS))
        sounds.append(_SOUNDS[at])
    return "".join(sounds) + (str(number) if number else "")
