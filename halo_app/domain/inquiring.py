"""Pair questions with the sentences that answer them: those that a text asks itself, and those its sentences answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from halo_app.domain.choosing import best_of, likeness
from halo_app.domain.corpus import Corpus, Said, Text
from halo_app.domain.suggesting import asked_of

ANSWER_SENTENCES = 3
PARAGRAPHS_CHARS = 1200        # how far behind its question an answer is sought
MANY = 3                       # questions of one text that are followed by something: it is made of questions and answers
SHARED, CLOSE = 0.4, 0.55      # share of the question's words in its answer, or their likeness, where there are fewer


@dataclass(frozen=True)
class Asked:
    """A question and the statements that answer it; `own` is the question as a source asks it, None when it is HALO's."""

    question: str
    answer: tuple[Said, ...]
    own: Said | None = None


def inquiries(corpus: Corpus) -> list[Asked]:
    """Return questions with answers: the sources' own, then those their sentences answer; no question twice."""
    found: dict[str, Asked] = {}
    for one in (*_own(corpus), *_answered(corpus)):
        found.setdefault(one.question.casefold(), one)
    return list(found.values())


def about_terms(corpus: Corpus, count: int) -> list[Asked]:
    """Return what the sources say about their key terms, for texts whose sentences suggest no other question."""
    told: list[Said] = []
    found: list[Asked] = []
    for term, stems in corpus.terms:
        if len(found) == count:
            break
        pool = [one for one in corpus.whole if stems <= one.words]
        if best := best_of(corpus, pool, told):
            told.append(best)
            found.append(Asked(corpus.our(f"What is said about {term}?", f"Was wird über {term} gesagt?"), (best,)))
    return found


def _own(corpus: Corpus) -> Iterator[Asked]:
    """Yield the questions that a source asks and answers in what follows directly."""
    for text in corpus.texts:
        said = [one for one in corpus.said if one.of is text]
        found = [Asked(" ".join(one.text.split()), answer, one) for at, one in enumerate(said)
                 if one.text.endswith("?") and 3 <= len(one.text.split()) <= 25 and one.text[0].isupper() and _stands_alone(text, one)
                 and (answer := _following(text, said, at))]
        yield from (asked for asked in found if len(found) >= MANY or _is_answered(corpus, asked))
        yield from _headed(text, said)


def _following(text: Text, said: list[Said], at: int) -> tuple[Said, ...]:
    """Return the statements that follow a question directly, up to the next question or heading."""
    answer = []
    for following in said[at + 1:at + 1 + ANSWER_SENTENCES]:
        if following.text.endswith("?") or following.start - said[at].end > PARAGRAPHS_CHARS or _parted(text, said[at], following):
            break
        answer.append(following)
    return tuple(answer)


def _is_answered(corpus: Corpus, asked: Asked) -> bool:
    """Tell whether what follows a question speaks of it: a question that stays open is followed by something else."""
    assert asked.own is not None
    wanted, first = asked.own.words, asked.answer[0]
    shared = len(wanted & frozenset().union(*(one.words for one in asked.answer))) / max(len(wanted), 1)
    return shared >= SHARED or float(likeness(corpus, [asked.own], [first])[0, 0]) >= CLOSE


def _headed(text: Text, said: list[Said]) -> Iterator[Asked]:
    for heading in text.headings:
        title = " ".join(heading.title.split())
        if title.endswith("?"):
            under = [one for one in said if text.heading_of(one.start) == heading and not one.text.endswith("?")][:ANSWER_SENTENCES]
            if under:
                yield Asked(title, tuple(under))


def _answered(corpus: Corpus) -> Iterator[Asked]:
    """Yield questions for sentences that say when, who, what or how much, kinds of questions taking turns."""
    by_kind: dict[int, list[Asked]] = {}
    for one in corpus.whole:
        if asked := asked_of(one.text, one.of.speech, one.of.names):
            by_kind.setdefault(asked[1], []).append(Asked(asked[0], (one,)))
    while any(by_kind.values()):
        for kind in sorted(by_kind):
            if by_kind[kind]:
                yield by_kind[kind].pop(0)


def _stands_alone(text: Text, one: Said) -> bool:
    """True for a question that is its own paragraph or line, or opens one: no rhetorical aside."""
    return one.opens or text.parsed.text[one.end:one.end + 1] in ("\n", "")


def _parted(text: Text, one: Said, following: Said) -> bool:
    """True when a heading stands between a question and what follows."""
    return any(one.start < heading.start <= following.start for heading in text.parsed.outline)
