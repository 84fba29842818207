"""Chunks, and every kind of index, for the contract that all of them keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from halo_app.domain.chunk import Chunk
from halo_app.ports import Entry, VectorIndex, Vectors

MODEL = "model-a"
WIDTH = 8


def chunk(text: str, *, source: str = "s1", notebook: str = "n1", user: str = "ana", position: int = 0) -> Chunk:
    terms = tuple(text.casefold().split())
    return Chunk(f"{source}-{position}", source, notebook, user, position, 0, len(text), text, "en", terms)


def vector(*numbers: float, width: int = WIDTH) -> Vectors:
    full = np.zeros(width, np.float32)
    full[: len(numbers)] = numbers
    return full / np.linalg.norm(full)


def entry(*texts: str, source: str = "s1", notebook: str = "n1", user: str = "ana", vectors: Sequence[Vectors] | None = None) -> Entry:
    chunks = [chunk(text, source=source, notebook=notebook, user=user, position=at) for at, text in enumerate(texts)]
    return Entry(source, chunks, None if vectors is None else np.stack(vectors))


def brute_force(_folder: Path) -> VectorIndex:
    from halo_app.vectors.brute_force import BruteForceIndex

    return BruteForceIndex()


def lance(folder: Path, *, exact: int = 50_000) -> VectorIndex:
    from functools import partial

    from halo_app.storage.locks import write_lock
    from halo_app.vectors.lance import LanceIndex

    return LanceIndex(folder / "lancedb", partial(write_lock, folder / "locks", "lancedb"), WIDTH, exact=exact)


INDEX_KINDS: dict[str, Callable[[Path], VectorIndex]] = {"brute_force": brute_force, "lance": lance}
