"""Lay vectors out in the plane so that what means alike lies together."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Name = TypeVar("Name", bound=Hashable)


def plane(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return a point in [-1, 1] x [-1, 1] per vector, shape (n, 2): the two directions in which they differ most.

    Principal component analysis over the covariance of the columns; each direction points so that its largest part is
    positive, so the same vectors always give the same picture. Fewer than two different vectors lie in the middle.
    """
    points = np.zeros((len(vectors), 2))
    if len(vectors) < 2:
        return points
    centred = (vectors - np.mean(vectors, axis=0, dtype=np.float64)).astype(np.float64)
    values, directions = np.linalg.eigh(centred.T @ centred)
    for axis, place in enumerate(np.argsort(-values)[:2]):
        if values[place] > 1e-9:
            direction = directions[:, place]
            along = centred @ (direction * np.sign(direction[np.argmax(np.abs(direction))]))
            points[:, axis] = along / np.abs(along).max()
    return points


def means(names: Sequence[Name], vectors: NDArray[np.float32]) -> tuple[list[Name], NDArray[np.float32]]:
    """Return the distinct names in order of first appearance, and the mean vector of each."""
    order: dict[Name, int] = {}
    owners = np.array([order.setdefault(name, len(order)) for name in names], np.int64)
    if len(order) == len(vectors):                       # one each, as most memories have
        return list(order), vectors
    sums = np.zeros((len(order), vectors.shape[1] if vectors.ndim == 2 else 0), np.float32)
    np.add.at(sums, owners, vectors)
    sums /= np.bincount(owners, minlength=len(order)).astype(np.float32)[:, None]
    return list(order), sums
