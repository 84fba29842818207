"""Decide whether the sources hold an answer at all, by a logistic rule over the sentence that would be shown first."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signals:
    """How well the best ranked sentence fits the question; none of it depends on how many sources there are.

    `in_context` means read under its heading and after the sentence before it.
    """

    similarity: float              # cosine of question and sentence, -1 to 1
    similarity_in_context: float
    coverage: float                # rarity-weighted share, 0 to 1, of the question's words in the sentence
    coverage_in_context: float
    by_words_only: bool = False    # no vectors were at hand; the cosines mean nothing


@dataclass(frozen=True, slots=True)
class Rule:
    """Weights of a logistic rule; fitted by benchmarks/abstaining.py."""

    similarity: float
    similarity_in_context: float
    coverage: float
    coverage_in_context: float
    constant: float


WITH_VECTORS = Rule(8.5, 8.7, 4.5, 7.1, -10.2)
BY_WORDS = Rule(0.0, 0.0, 8.1, 12.6, -6.0)


def confidence(signals: Signals, *, with_vectors: Rule = WITH_VECTORS, by_words: Rule = BY_WORDS) -> float:
    """Return how likely it is, 0 to 1, that the sources hold the answer."""
    rule = by_words if signals.by_words_only else with_vectors
    total = (rule.constant + rule.coverage * signals.coverage + rule.coverage_in_context * signals.coverage_in_context
             + rule.similarity * signals.similarity + rule.similarity_in_context * signals.similarity_in_context)
    return 1.0 / (1.0 + math.exp(-total))


def holds_answer(signals: Signals) -> bool:
    """True when the sources more likely hold the answer than not."""
    return confidence(signals) >= 0.5
