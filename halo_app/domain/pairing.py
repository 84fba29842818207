"""Lay one sentence beside another: which word is which, in the same order, moved, or missing."""

from __future__ import annotations

from collections.abc import Sequence

from halo_app.domain.wording import Role, Token, same


class Pairing:
    """Which token of the claim is which of the source: the longest run in the same order, and what is left."""

    def __init__(self, said: Sequence[Token], stated: Sequence[Token]) -> None:
        self.said, self.stated = said, stated
        self.asked = [at for at, token in enumerate(said) if token.counts]
        self.known = [at for at, token in enumerate(stated) if token.counts]
        self.pairs = _in_order(said, self.asked, stated, self.known)
        used = set(self.pairs.values())
        self.moved: dict[int, int] = {}
        for at in self.asked:
            if at not in self.pairs:
                there = next((place for place in self.known if place not in used and same(said[at], stated[place])), None)
                if there is not None:
                    self.moved[at] = there
                    used.add(there)
        self.used = used
        self.missing = [at for at in self.asked if at not in self.pairs and at not in self.moved]
        self.all = {**self.pairs, **self.moved}


def _in_order(said: Sequence[Token], asked: Sequence[int], stated: Sequence[Token], known: Sequence[int]) -> dict[int, int]:
    """Longest common subsequence, preferring neighbours."""
    rows, columns = len(asked), len(known)
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    alike = [[same(said[asked[i]], stated[known[j]]) for j in range(columns)] for i in range(rows)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + 1 if alike[i][j] else 0)
    pairs: dict[int, int] = {}
    i = j = 0
    while i < rows and j < columns:
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + 1:
            later = [k for k in range(j, columns) if alike[i][k] and best[i + 1][k + 1] + 1 == best[i][j]]
            closest = _closest(said, stated, asked, known, i, later)
            pairs[asked[i]] = known[closest]
            i, j = i + 1, closest + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _closest(
    said: Sequence[Token], stated: Sequence[Token], asked: Sequence[int], known: Sequence[int], i: int, places: Sequence[int]
) -> int:
    """Of several equal words take the one whose neighbour is the claim's neighbour too."""
    if len(places) == 1 or i + 1 >= len(asked):
        return places[0]
    following = said[asked[i + 1]]
    return next((k for k in places if k + 1 < len(known) and same(following, stated[known[k + 1]])), places[0])


def touched_by(pairing: Pairing) -> set[int]:
    """Return the places of the source's sentence in the clauses that the claim draws on."""
    used = set(pairing.all.values())
    touched: set[int] = set()
    clause: list[int] = []
    for place, token in enumerate([*pairing.stated, None]):
        if token is None or token.role is Role.BREAK:
            if used & set(clause):
                touched |= set(clause)
            clause = []
        clause.append(place)
    return touched


def link_before(tokens: Sequence[Token], place: int) -> str:
    """Return the key of the preposition or limit right before a place; "" when none is."""
    for token in reversed(tokens[:place]):
        if token.role in {Role.LINK, Role.LIMIT}:
            return token.key
        if token.role is not Role.OTHER:
            break
    return ""
