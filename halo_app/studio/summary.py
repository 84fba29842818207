"""Summarise all sources in their own sentences, and show what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.choosing import choose, overlap
from halo_app.domain.conversation import Sentence
from halo_app.domain.corpus import Corpus, Said, Text
from halo_app.domain.summarising import plain_lines_of
from halo_app.domain.wishes import Option
from halo_app.errors import BadInput
from halo_app.plugins import Group

SENTENCES_EACH = 6
SHARED = 3


class Summary:
    """One section per source, then the sentences in which the sources meet."""

    name = "summary"
    title = "Summary of all sources"
    german = "Zusammenfassung aller Quellen"
    group = Group.READ
    shape = Layout.PROSE
    purpose = "The sentences that carry each source, and what the sources have in common."
    options = (Option("sentences", "Sentences per source", "From 1 to 30; by length when left empty."),)

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield a section per source. The option `sentences` (1 to 30) says how many it gets; BadInput for others."""
        each = _each(corpus)
        for text in corpus.texts:
            own = [one for one in corpus.whole if one.of is text]
            chosen = tuple(one.sentence() for one in choose(corpus, own, each)) or _plain(corpus, text, each)
            if chosen:
                yield Section(text.name, chosen)
        yield from _common(corpus)


def _each(corpus: Corpus) -> int:
    wanted = corpus.wishes.own.get("sentences", "")
    if not wanted:
        return corpus.wishes.count(SENTENCES_EACH)
    if not wanted.isdecimal() or not 1 <= int(wanted) <= 30:
        raise BadInput(f"sentences={wanted!r} is not a number from 1 to 30", fix="give a number, or leave it out")
    return int(wanted)


def _plain(corpus: Corpus, text: Text, count: int) -> tuple[Sentence, ...]:
    if corpus.wishes.focus:
        return tuple(one.sentence() for one in corpus.said if one.of is text)[:count]
    lines = plain_lines_of(text.parsed, text.language, text.terms)[:count]
    return tuple(text.quote(line.span.start, line.span.end) for line in lines)


def _common(corpus: Corpus) -> Iterable[Section]:
    """Yield the sentences around the terms that several sources keep coming back to, when there are any."""
    holding: dict[str, list[list[Said]]] = {}
    seen: Counter[str] = Counter()
    words: dict[str, str] = {}
    for term, stems in corpus.terms:
        for stem in stems:
            words.setdefault(stem, next((word for word in term.split() if _is_form(corpus, word, stem)), term))
    for stem in words:
        holding[stem] = [[one for one in corpus.whole if one.of is text and stem in one.words][:40] for text in corpus.texts]
        seen[stem] = sum(bool(lines) for lines in holding[stem])
    shared = [stem for stem, times in seen.most_common() if times >= 2][:SHARED]
    told: list[Said] = []
    for stem in shared:
        told += _meeting(holding[stem], told)
    if told:
        title = corpus.our("What the sources share: ", "Was die Quellen verbindet: ")
        yield Section(title + ", ".join(words[stem] for stem in shared), tuple(one.sentence() for one in told))


def _is_form(corpus: Corpus, word: str, stem: str) -> bool:
    return any(stem in text.terms(word, text.language) for text in corpus.texts[:1])


def _meeting(holding: list[list[Said]], told: list[Said]) -> list[Said]:
    """Return one sentence about a term from each of two sources: the pair with the most words in common."""
    free = [[one for one in lines if one not in told] for lines in holding]
    pairs = [(overlap(here, there), here, there) for one, other in combinations(free, 2) for here in one for there in other]
    if not pairs:
        return []
    _, here, there = max(pairs, key=lambda pair: pair[0])
    return [here, there]


TEMPLATE = Summary()
