"""Rank the pieces of a shelf for one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from halo_app.domain.dialogue import bearing, speaker_named, turn_scores
from halo_app.domain.memory import Sought
from halo_app.domain.ranking import Floats, Integers, falling
from halo_app.ports import Vectors
from halo_app.services.memory_pieces import place_of
from halo_app.services.memory_shelf import MemoryShelf, Rarity, Terms

SPARE = 100                 # found beyond the limit, in place of what the store does not show any more


class Found(NamedTuple):
    """A piece of a memory: its place, and how likely it answers, 0 to 1, never more than that of a better one."""

    public_id: str
    position: int
    start: int
    end: int
    relevance: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question as it is searched for. `one_each` gives the best piece of each memory, else every message and segment."""

    query: str
    vector: Vectors | None
    terms: Terms
    where: Sought
    now: datetime
    limit: int
    one_each: bool
    among: Mapping[str, object] | None = None      # public ids that are meant, None for all
    rarity: Rarity | None = None                   # of terms in a larger collection than the shelf


def rank_pieces(shelf: MemoryShelf, wanted: Wanted) -> list[Found]:
    """Return the pieces that are meant, best first, somewhat more than the limit; without vectors only those with a word asked for."""
    at = shelf.inside(wanted.where, wanted.now, None if wanted.among is None else shelf.among(list(wanted.among)))
    if not len(at):
        return []
    cosines = shelf.similarities(wanted.vector, at)
    worded, shares = shelf.words(wanted.terms, at, wanted.rarity)
    scores = turn_scores(cosines, worded, shelf.talk(at), speaker_named(wanted.query, shelf.speakers_at(at)))
    kept = np.arange(len(at)) if cosines is not None else np.flatnonzero(worded > 0)
    order = _best(shelf, at, np.round(scores, 9), kept, wanted)
    levels = falling(bearing(None if cosines is None else cosines[order], shares[order]).tolist())
    rows, columns = at[order], shelf.pieces
    places = (columns[name][rows].tolist() for name in ("memory", "position", "start", "end"))
    return [Found(shelf.ids[memory], position, start, end, level)
            for memory, position, start, end, level in zip(*places, levels, strict=True)]


def _best(shelf: MemoryShelf, at: Integers, scores: Floats, kept: Integers, wanted: Wanted) -> Integers:
    """Return the best of `kept`, best first, one of each; only as many are put in order as surely are enough."""
    most = 2 * wanted.limit + SPARE
    order = kept[:0]
    for tried in (4 * most, len(kept)):
        some = kept
        if tried < len(kept):
            edge = np.partition(scores[kept], len(kept) - tried)[len(kept) - tried]
            some = kept[scores[kept] >= edge]
        order = some[np.lexsort((at[some], -scores[some]))]
        order = order[_firsts(shelf, at[order], wanted.one_each)]
        if len(order) >= most:
            break
    return order[:most]


def _firsts(shelf: MemoryShelf, rows: Integers, memories: bool) -> Integers:
    """Return where in `rows` each memory stands first, or each message and segment."""
    keys = shelf.pieces["memory"][rows].astype(np.int64)
    if not memories:
        keys = (keys << 32) + place_of(shelf.pieces["position"][rows])
    firsts: Integers = np.sort(np.unique(keys, return_index=True)[1])
    return firsts
