"""Decide whether the sources hold an answer at all, by a logistic rule over signals that do not depend on their number."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signals:
    """What the search found at best, each from 0 to 1 (cosines from -1)."""

    passage_similarity: float      # cosine of the question and the nearest passage
    sentence_similarity: float     # cosine of the question and the nearest sentence
    passage_coverage: float        # rarity-weighted share of the question's words in one passage
    sentence_coverage: float       # the same in one sentence
    by_words_only: bool = False    # no vectors were at hand; the cosines mean nothing


@dataclass(frozen=True, slots=True)
class Rule:
    """Weights of a logistic rule; fitted by benchmarks/abstaining.py."""

    passage_similarity: float
    sentence_similarity: float
    passage_coverage: float
    sentence_coverage: float
    constant: float


WITH_VECTORS = Rule(0.0, 14.0, 5.5, 4.5, -9.7)
BY_WORDS = Rule(0.0, 0.0, 9.8, 7.9, -6.1)


def confidence(signals: Signals, *, with_vectors: Rule = WITH_VECTORS, by_words: Rule = BY_WORDS) -> float:
    """Return how likely it is, 0 to 1, that the sources hold the answer."""
    rule = by_words if signals.by_words_only else with_vectors
    total = (rule.constant + rule.passage_coverage * signals.passage_coverage + rule.sentence_coverage * signals.sentence_coverage
             + rule.passage_similarity * signals.passage_similarity + rule.sentence_similarity * signals.sentence_similarity)
    return 1.0 / (1.0 + math.exp(-total))


def holds_answer(signals: Signals) -> bool:
    """True when the sources more likely hold the answer than not."""
    return confidence(signals) >= 0.5
