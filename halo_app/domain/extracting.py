"""Choose the sentences that answer a question. Weights come from benchmarks on half of XQuAD, cross-validated over articles."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from halo_app.domain.questions import holds, kind_of, words_of
from halo_app.domain.ranking import z_scores

Scores = NDArray[np.float64]
K1, B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer: characters `start` to `end` of a stored text, in one of the passages found."""

    source_id: str
    start: int
    end: int
    text: str
    terms: tuple[str, ...]               # what BM25 counts
    passage: int                         # which of the passages found, 0 the best
    passage_score: float                 # that passage's fused score
    passage_similarity: float = 0.0      # cosine of that passage and the question, -1 to 1
    similarity: float = 0.0              # cosine of the sentence and the question
    in_context: float = 0.0              # the same, read under its heading and after the sentence before it
    context: str = ""                    # that heading and sentence
    before: tuple[str, ...] = ()         # their terms
    language: str = ""
    told: bool = False                   # the answer before this one showed it
    asks: bool = False                   # it only names what is asked for: a heading, a question, the first row of a table
    meaning: str = ""                    # a row of a table with its columns' names
    column_names: str = ""               # those names, as they are told: "Month, Cost (EUR)"
    columns: tuple[str, ...] = ()        # their terms

    @property
    def said(self) -> tuple[str, ...]:
        """The terms of the sentence and of what stands above its cells."""
        return (*self.terms, *self.columns)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each signal counts, each z-scored over the candidates."""

    similarity: float = 0.5
    in_context: float = 0.6
    bm25: float = 0.35
    passage: float = 0.65
    passage_similarity: float = 0.6
    coverage: float = 0.6
    carried: float = 0.3
    kind: float = 0.55
    told: float = -1.5                   # per sentence, not z-scored
    asks: float = -4.0                   # the same
    other: float = -1.0                  # per share of the question's figures that stand neither in the sentence nor above it


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score (comparable within one question) and its share of the question's words, 0 to 1."""

    candidate: Candidate
    score: float
    coverage: float
    coverage_in_context: float


STANDARD = Weights()


def rank(question: str, wanted: Mapping[str, Mapping[str, float]], candidates: Sequence[Candidate],
         weights: Weights = STANDARD) -> list[Ranked]:
    """Return the candidates, best first.

    `wanted` has the question's stemmed words with their idf in the searched scope, by language. Signals: the
    cosine of the sentence alone and in its context, BM25, the passage's cosine and fused score, the rarity-weighted
    share of the question's words in the sentence, the share that its context adds ("It has nine" after the sentence
    that names it), and whether it holds the kind of thing asked for.
    """
    if not candidates:
        return []
    coverage = np.array([covered(wanted[one.language], one.said) for one in candidates])
    carried = np.array([covered(wanted[one.language], (*one.said, *one.before)) for one in candidates]) - coverage
    kind, asked = kind_of(question), words_of(question)
    fits = [holds(kind, one.text, asked, capitals_mean_names=one.language != "de") for one in candidates]
    score = (
        weights.similarity * z_scores([one.similarity for one in candidates])
        + weights.in_context * z_scores([one.in_context for one in candidates])
        + weights.bm25 * z_scores(_bm25(wanted, candidates))
        + weights.passage * z_scores([one.passage_score for one in candidates])
        + weights.passage_similarity * z_scores([one.passage_similarity for one in candidates])
        + weights.coverage * z_scores(coverage)
        + weights.carried * z_scores(carried)
        + weights.kind * z_scores(fits)
        + weights.told * np.array([one.told for one in candidates])
        + weights.asks * np.array([one.asks for one in candidates])
        + weights.other * np.array([_other_figures(wanted[one.language], one) for one in candidates]))
    order = sorted(range(len(candidates)), key=lambda i: (-score[i], candidates[i].passage, candidates[i].start))
    return [Ranked(candidates[i], float(score[i]), float(coverage[i]), float(coverage[i] + carried[i])) for i in order]


def _other_figures(wanted: Mapping[str, float], one: Candidate) -> float:
    """Return the share of the figures asked for ("house 4", "in 1998") that neither the sentence nor its context has."""
    figures = {term for term in wanted if any(sign.isdigit() for sign in term)}
    return len(figures - {*one.said, *one.before}) / len(figures) if figures else 0.0


def covered(wanted: Mapping[str, float], terms: Iterable[str]) -> float:
    """Return the share, 0 to 1, of the wanted words' total rarity that stands in `terms`; 0 when nothing is wanted."""
    whole = sum(wanted.values())
    return sum(wanted[term] for term in wanted.keys() & set(terms)) / whole if whole else 0.0


def _bm25(wanted: Mapping[str, Mapping[str, float]], candidates: Sequence[Candidate]) -> list[float]:
    usual = sum(len(one.said) for one in candidates) / len(candidates) or 1.0
    return [_bm25_of(wanted[one.language], one.said, usual) for one in candidates]


def _bm25_of(wanted: Mapping[str, float], terms: Sequence[str], usual: float) -> float:
    counts = Counter(terms)
    damping = K1 * (1 - B + B * len(terms) / usual)
    return math.fsum(rarity * counts[term] * (K1 + 1) / (counts[term] + damping) for term, rarity in wanted.items() if counts[term])


_ENDS = ".!…。！)”\"’'"
_NO_HEADING = re.compile(r"[|\t:=]|^\s*[-*+•‣–]\s|\d[.,]?\d*\s*(?:%|[€$£])")


def only_names(text: str, *, knows_headings: bool = False) -> bool:
    """True for a heading, a question or an announcement in the source: it repeats the words asked for and answers nothing.

    In a document that marks its headings a short line is something else, such as a command or an item.
    """
    bare = text.strip()
    is_short = len(bare) < 60 and bare[-1:] not in _ENDS and not _NO_HEADING.search(bare)
    return bare.endswith(("?", ":")) or bare.startswith("#") or (is_short and not knows_headings)


def choose(ranked: Sequence[Ranked], *, limit: int = 3, within: float = 4.0) -> list[Ranked]:
    """Return the best sentence, then up to `limit` - 1 others that come close and say something else, in reading order.

    Close is within `within` of the best score. Two sentences say the same when most of their words agree.
    """
    chosen: list[Ranked] = []
    for one in ranked:
        if len(chosen) == limit or (chosen and chosen[0].score - one.score > within):
            break
        if not any(_same(one.candidate, other.candidate) for other in chosen):
            chosen.append(one)
    return [*chosen[:1], *sorted(chosen[1:], key=lambda one: (one.candidate.passage, one.candidate.source_id, one.candidate.start))]


def _same(one: Candidate, other: Candidate) -> bool:
    left, right = set(one.terms), set(other.terms)
    return one.text == other.text or len(left & right) >= 0.8 * max(len(left | right), 1)
