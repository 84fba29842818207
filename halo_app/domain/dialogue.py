"""Rank what was said: by meaning and words, by the turns around it, by who speaks, by its session, and by how much it tells.

The weights are round numbers chosen on five conversations (docs/quality.md says what each brings and what was left out).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from halo_app.domain.memory import Content, Conversation, Piece, Transcription
from halo_app.domain.ranking import Floats, Integers, fused, z_scores

K1, B = 0.9, 0.4               # BM25 for short turns
FROM_BEFORE, FROM_AFTER = 0.5, 0.3     # of a neighbour's score: an answer stands behind its question
SPEAKER = 1.5                  # spoken by the one person that the question names
ASKING = 1.5                   # taken from a turn that only asks, in part from one that asks in part
TELLING = 0.3                  # per deviation of ln(1 + words that tell)
SESSION, BEST = 0.3, 3         # per deviation of the session's mean over its best turns

_SENTENCE = re.compile(r"[^.!?。？！]+[.!?。？！]*")


@dataclass(frozen=True, slots=True)
class Talk:
    """What is known of each turn, as columns in the order of talk; the turns of a session stand together."""

    sessions: Integers             # code of the session
    speakers: Integers             # code of the speaker, -1 when nobody is named
    told: Floats                   # words that tell, >= 0
    asked: Floats                  # share of the words that ask, 0 to 1


def told_and_asked(text: str) -> tuple[float, float]:
    """Return how many words of a turn tell something, and which share of its words asks, 0 to 1."""
    told = asked = 0
    for sentence in _SENTENCE.findall(text):
        words = len(sentence.split())
        if sentence.rstrip().endswith(("?", "？")):
            asked += words
        else:
            told += words
    return float(told), asked / (told + asked) if asked else 0.0


def speaker_named(question: str, speakers: Sequence[str]) -> int | None:
    """Return the position of the one speaker whose name stands in the question, None when it is none or several."""
    said = question.casefold()
    found = [at for at, name in enumerate(speakers) if name and re.search(rf"\b{re.escape(name.casefold())}\b", said)]
    return found[0] if len(found) == 1 else None


def in_context(content: Content, pieces: Sequence[Piece], at: int, text: str) -> str:
    """Return what the embedder reads for `text` of a piece: a turn is read with its speaker, behind the turn before it."""
    if not isinstance(content, Conversation | Transcription):
        return text
    before = _line(pieces[at - 1].speaker, pieces[at - 1].text) + "\n" if at else ""
    return before + _line(pieces[at].speaker, text)


def turn_scores(similarities: Floats | None, bm25_scores: Floats, talk: Talk, speaker: int | None = None) -> Floats:
    """Return one score per turn, comparable within one search; all arguments run parallel, in the order of talk.

    `speaker` is the code of the one who is asked about. Without similarities the words decide.
    """
    cosines = np.zeros(len(bm25_scores)) if similarities is None else np.asarray(similarities, np.float64)
    scores = _with_neighbours(fused(cosines, bm25_scores), talk.sessions)
    scores = scores + TELLING * z_scores(np.log1p(talk.told)) - ASKING * talk.asked
    if speaker is not None:
        scores = scores + SPEAKER * (talk.speakers == speaker)
    whole: Floats = scores + SESSION * z_scores(_session_scores(scores, talk.sessions))
    return whole


def bearing(similarities: Floats | None, shares: Floats) -> Floats:
    """Return how likely each turn or fact bears on the question, 0 to 1: a logistic curve over cosine and share of its words.

    Facts are short and said in other words than they are asked about, so meaning weighs more than among passages. Weights rounded
    from a fit on half of tests/recall_cases.py; at 0.7 precision counts more than recall (docs/quality.md).
    """
    evidence = 8.0 * shares - 2.5 if similarities is None else 12.0 * similarities + 6.0 * shares - 5.5
    belief: Floats = 1 / (1 + np.exp(-evidence))
    return belief


def _with_neighbours(scores: Floats, sessions: Integers) -> Floats:
    together = sessions[1:] == sessions[:-1]
    around = scores.copy()
    around[1:] += FROM_BEFORE * np.where(together, scores[:-1], 0.0)
    around[:-1] += FROM_AFTER * np.where(together, scores[1:], 0.0)
    return around


def _session_scores(scores: Floats, sessions: Integers) -> Floats:
    """Return for each turn the mean of the best turns of its session."""
    if not len(scores):
        return scores
    starts = np.flatnonzero(np.r_[True, sessions[1:] != sessions[:-1]])
    lengths = np.diff(np.r_[starts, len(scores)])
    counted = scores.copy()
    is_long = lengths > BEST                                          # of the others every turn counts
    inside = np.flatnonzero(np.repeat(is_long, lengths))
    order = inside[np.lexsort((-scores[inside], np.repeat(np.arange(len(starts)), lengths)[inside]))]
    firsts = np.cumsum(lengths[is_long]) - lengths[is_long]
    places = np.arange(len(inside)) - np.repeat(firsts, lengths[is_long])
    counted[order[places >= BEST]] = 0.0
    means: Floats = np.repeat(np.add.reduceat(counted, starts) / np.minimum(lengths, BEST), lengths)
    return means


def _line(speaker: str, text: str) -> str:
    return f"{speaker}: {text}" if speaker else text
