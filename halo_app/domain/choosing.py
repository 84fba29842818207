"""Choose sentences that carry many sources: central, spread over the sources, and none saying what another one says."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.extracting import Scores
from halo_app.domain.ranking import z_scores
from halo_app.domain.summarising import leans
from halo_app.domain.units import after

REDUNDANT = 0.5                # no two chosen sentences share more of their words (Jaccard over stems)
EASY_CHARS = 200               # a sentence longer than this steps back
TOO_CLOSE = 0.85               # or are closer in meaning (cosine)
_MEASURES = frozenset("""
    average mean median total number sum amount value rate percent percentage figure level range size date day night hour minute
    morning evening spring summer autumn winter january february march april may june july august september october november
    december januar februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag monday tuesday
    wednesday thursday friday anzahl summe wert mittelwert durchschnitt prozent people person page""".split())
COMPARED = 120                 # sentences whose likeness is computed


def choose(corpus: Corpus, pool: Sequence[Said], count: int, *, told: Sequence[Said] = (), bonus: Sequence[float] = ()) -> list[Said]:
    """Return at most `count` of the pool by source and in reading order; none says what one in `told` says.

    Worth is how frequent its words are in the sources (SumBasic), how early it stands, and how central it is among the
    others (LexRank, Erkan and Radev 2004). Chosen one by one by maximal marginal relevance, sources taking turns.
    """
    if not pool or count < 1:
        return []
    worth = _worth(corpus, pool) + (np.asarray(bonus, dtype=np.float64) if len(bonus) else 0.0)
    best = _shortlist(pool, worth, max(COMPARED, 3 * count))
    kept, known = [pool[at] for at in best], list(told)
    alike = likeness(corpus, kept, [*kept, *known])
    central = _central(alike[:, :len(kept)])
    chosen = _spread(kept, known, worth[best] + z_scores(central), alike, count)
    order = {text.source_id: place for place, text in enumerate(corpus.texts)}
    return sorted(chosen, key=lambda one: (order[one.of.source_id], one.start))


def _shortlist(pool: Sequence[Said], worth: Scores, most: int) -> list[int]:
    """Return the places of the worthiest statements, sources taking turns: a long one does not crowd out a short one."""
    rank: Counter[str] = Counter()
    turns = []
    for at in np.argsort(-worth, kind="stable"):
        rank[pool[at].of.source_id] += 1
        turns.append((rank[pool[at].of.source_id], int(at)))
    return [at for _, at in sorted(turns, key=lambda turn: turn[0])[:most]]


def best_of(corpus: Corpus, pool: Sequence[Said], told: Sequence[Said] = ()) -> Said | None:
    """Return the one sentence that carries the pool best, None when all of it is told."""
    return next(iter(choose(corpus, pool, 1, told=told)), None)


def overlap(one: Said, other: Said) -> float:
    """Return the share of words that two statements have in common, 0 to 1."""
    return len(one.words & other.words) / max(len(one.words | other.words), 1)


def likeness(corpus: Corpus, rows: Sequence[Said], columns: Sequence[Said]) -> Scores:
    """Return how close each of `rows` is to each of `columns`: cosines, or shares of common words without vectors."""
    left, right = corpus.vectors(rows), corpus.vectors(columns)
    if left is not None and right is not None:
        return np.asarray(left @ right.T)
    return np.array([[overlap(one, other) for other in columns] for one in rows]).reshape(len(rows), len(columns))


def _worth(corpus: Corpus, pool: Sequence[Said]) -> Scores:
    frequency = corpus.frequency
    said = z_scores([math.fsum(math.log(1 + frequency[term]) for term in one.words) / (len(one.words) + 6) for one in pool])
    early = z_scores([-one.place for one in pool]) * 0.5
    form = np.array([0.5 * one.opens - 1.5 * leans(one.text) - 0.8 * one.is_item + math.exp(-one.start / 1500)
                     - max(0, len(one.text) - EASY_CHARS) / 90 for one in pool])
    return np.asarray(said + early + form)


def _central(alike: Scores, turns: int = 12) -> Scores:
    """Return how central each sentence is: the weight that a walk over likenesses leaves on it."""
    links = np.where(alike > 0.1, alike, 0.0)
    total = links.sum(axis=1, keepdims=True)
    links = np.divide(links, total, out=np.full_like(links, 1 / len(links)), where=total > 0)
    weight = np.full(len(links), 1 / len(links))
    for _ in range(turns):
        weight = 0.15 / len(links) + 0.85 * (weight @ links)
    return weight


def _spread(kept: Sequence[Said], told: Sequence[Said], worth: Scores, alike: Scores, count: int) -> list[Said]:
    chosen: list[int] = []
    taken: Counter[str] = Counter()
    closest = alike[:, len(kept):].max(axis=1) if told else np.zeros(len(kept))
    barred = np.array([any(_repeats(one, other) for other in told) for one in kept], dtype=bool) | (closest > TOO_CLOSE)
    many = len({one.of.source_id for one in kept}) > 1
    while len(chosen) < count:
        gain = worth - 3.0 * closest - (0.9 * np.array([taken[one.of.source_id] for one in kept]) if many else 0.0)
        gain[barred] = -np.inf
        at = int(gain.argmax())
        if not np.isfinite(gain[at]):
            break
        chosen.append(at)
        taken[kept[at].of.source_id] += 1
        closest = np.maximum(closest, alike[:, at])
        barred |= (alike[:, at] > TOO_CLOSE) | np.array([_repeats(one, kept[at]) for one in kept], dtype=bool)
    return [kept[at] for at in chosen]


def _repeats(one: Said, other: Said) -> bool:
    return one is other or overlap(one, other) > REDUNDANT


@dataclass(frozen=True)
class Theme:
    """Something several sentences are about, called as the sources call it."""

    title: str
    said: tuple[Said, ...]

    @property
    def sources(self) -> int:
        return len({one.of.source_id for one in self.said})


def themes(corpus: Corpus, count: int, *, least: int = 2) -> list[Theme]:
    """Return at most `count` themes with at least so many sentences each: the headings of a single source, else key terms.

    Terms are taken one by one, each for the sentences that no earlier one holds; those of several sources weigh more.
    """
    if len(corpus.texts) == 1 and len(found := _headed(corpus, least)) >= 3:
        return sorted(sorted(found, key=lambda theme: -len(theme.said))[:count], key=lambda theme: theme.said[0].start)
    free, found = set(corpus.whole), []
    terms = [pair for pair in corpus.terms if not is_measure(pair[0])][:60]
    while len(found) < count:
        best, most, held = "", 0.0, []
        for place, (term, stems) in enumerate(terms):
            own = [one for one in corpus.whole if one in free and stems <= one.words]
            weight = (math.log(1 + len(own)) + 0.7 * (len({one.of.source_id for one in own}) - 1)) * (1 - place / 120)
            if len(own) >= least and weight > most:
                best, most, held = term, weight, own
        if not held:
            break
        found.append(Theme(best[:1].upper() + best[1:], tuple(held)))
        free -= set(held)
    return found


def is_measure(term: str) -> bool:
    """True for words that only measure or count: a unit, a month, an average. Nothing is about them."""
    return all(word.casefold() in _MEASURES or ((unit := after(f" {word}", 0)) is not None and unit[1] == len(word) + 1)
               for word in term.split())


def _headed(corpus: Corpus, least: int) -> list[Theme]:
    text = corpus.texts[0]
    under: dict[int, list[Said]] = {}
    for one in corpus.whole:
        if heading := text.heading_of(one.start):
            under.setdefault(heading.start, []).append(one)
    titles = {heading.start: " ".join(heading.title.split()) for heading in text.headings}
    return [Theme(titles[start], tuple(said)) for start, said in under.items()
            if start in titles and len(said) >= least and len(titles[start]) <= 90]
