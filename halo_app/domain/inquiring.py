"""Pair questions with the sentences that answer them: those that a text asks itself, and those its sentences answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from halo_app.domain.choosing import best_of
from halo_app.domain.corpus import Corpus, Said, Text
from halo_app.domain.suggesting import asked_of

ANSWER_SENTENCES = 3
PARAGRAPHS_CHARS = 1200        # how far behind its question an answer is sought


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
        for at, one in enumerate(said):
            if one.text.endswith("?") and 3 <= len(one.text.split()) <= 25 and one.text[0].isupper() and _stands_alone(text, one):
                answer = []
                for following in said[at + 1:at + 1 + ANSWER_SENTENCES]:
                    if following.text.endswith("?") or following.start - one.end > PARAGRAPHS_CHARS or _parted(text, one, following):
                        break
                    answer.append(following)
                if answer:
                    yield Asked(" ".join(one.text.split()), tuple(answer), one)
        yield from _headed(text, said)


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
