"""The sources of an output, read sentence by sentence: what may be quoted, how alike it is, and where it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Sentence
from halo_app.domain.extracting import Scores
from halo_app.domain.quantities import Quantity, quantities
from halo_app.domain.sentences import Span, sentences
from halo_app.domain.source import Heading, Parsed
from halo_app.domain.subjects import names_in
from halo_app.domain.summarising import READ_CHARS, Embed, Terms, key_terms, parts_read, quoted
from halo_app.domain.wishes import Wishes

LEAST, MOST = 12, 400                  # characters of what may be quoted
CLOSE_TO_FOCUS = 0.38                  # cosine from which a sentence is about what was asked for
NEAREST = 3
OFTEN = 3                              # statements that hold a phrase which can be asked for
_MARK = re.compile(r"(?:[-*+•‣◦▪–—]|\[[ xX]\]|\(?(?:\d{1,2}|[a-zA-Z])[.)])\s+(?:\[[ xX]\]\s+)?")
_NOISE = re.compile(r"\.{4,}|https?://|www\.|©|\ball rights reserved\b|^\[\d+\]|\bdoi:|\bISBN\b|\bISSN\b|^[A-Z][\w'’-]+, "
                    r"(?:[A-Z]\.,? ?)+"
                    r"|^(?:figure|fig\.|table|abbildung|tabelle)\s*\d|[{}<>\\]|^\W*page \d", re.IGNORECASE)
_APPARATUS = re.compile(r"\W*\d*\W*(?:references|bibliography|works cited|literature cited|acknowledge?ments?|index|table of "
                        r"contents|contents|"
                        r"literatur(?:verzeichnis)?|quellenverzeichnis|inhalt(?:sverzeichnis)?|danksagung)\W*", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """One source of an output."""

    source_id: str
    name: str
    parsed: Parsed
    language: str
    terms: Terms

    @property
    def speech(self) -> str:
        """The language whose numbers and patterns hold here: "de" or "en"."""
        return "de" if self.language == "de" else "en"

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """What may be quoted, in reading order: sentences and items of lists; no headings, rows of tables or apparatus."""
        return tuple(self._statements())

    @cached_property
    def headings(self) -> tuple[Heading, ...]:
        """The outline with what only frames the text left out."""
        return tuple(one for one in self.parsed.outline if one.title.strip() and not _APPARATUS.fullmatch(one.title))

    @cached_property
    def names(self) -> frozenset[str]:
        """The words that are names in this text."""
        return names_in(self.parsed.text[:READ_CHARS])

    def heading_of(self, start: int) -> Heading | None:
        """Return the heading that a place stands under."""
        at = bisect_right(self._heading_starts, start) - 1
        return self.parsed.outline[at] if at >= 0 else None

    def quote(self, start: int, end: int) -> Sentence:
        """Return these characters as a verified sentence with its citation."""
        return quoted(Span(start, end), self.source_id, self.name, self.parsed)

    @cached_property
    def _heading_starts(self) -> list[int]:
        return [heading.start for heading in self.parsed.outline]

    def _statements(self) -> Iterator[Said]:
        text = self.parsed.text
        heads = set(self._heading_starts)
        breaks = [edge for start in heads for edge in (start, _line_end(text, start))]
        for start, end in parts_read(len(text)):
            for span in sentences(text, start, end, breaks=breaks):
                if span.start not in heads and (said := self._statement(span)):
                    yield said

    def _statement(self, span: Span) -> Said | None:
        mark = _MARK.match(self.parsed.text, span.start, span.end)
        start = mark.end() if mark else span.start
        words = self.parsed.text[start:span.end]
        if not LEAST <= len(words) <= MOST or "\t" in words or " | " in words or words.startswith("#") or is_noise(words):
            return None
        heading = self.heading_of(start)
        if heading and _APPARATUS.fullmatch(heading.title):
            return None
        return Said(self, start, span.end, words, is_item=mark is not None)


@dataclass(frozen=True, eq=False)
class Said:
    """A statement of a source: characters `start` to `end` of its stored text, a sentence or an item of a list."""

    of: Text
    start: int
    end: int
    text: str
    is_item: bool = False

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Its stemmed words without stop words."""
        return self.of.terms(self.text, self.of.language)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(self.terms)

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        """Its numbers, dates and times."""
        return tuple(quantities(self.text, self.of.speech))

    @property
    def place(self) -> float:
        """0 at the beginning of its source, 1 at the end."""
        return self.start / max(len(self.of.parsed.text), 1)

    @cached_property
    def is_whole(self) -> bool:
        """True for a whole sentence that can stand by itself: no question, no fragment."""
        bare = self.text.rstrip("”\"’)]")
        return 25 <= len(self.text) <= 350 and bare[-1:] in ".!。！" and self.text[0].isalnum() and not self.text[0].islower() and len(
            self.terms) >= 4

    @cached_property
    def opens(self) -> bool:
        """True for the first sentence of its paragraph."""
        before = self.of.parsed.text[max(0, self.start - 12):self.start].rstrip(" \t-*•")
        return not before or before.endswith("\n")

    def sentence(self) -> Sentence:
        """Return it as a cited sentence."""
        return self.of.quote(self.start, self.end)

    def part(self, start: int, end: int) -> Sentence:
        """Return characters of it as a cited sentence; offsets are into its text."""
        return self.of.quote(self.start + start, self.start + end)


@dataclass(frozen=True)
class Corpus:
    """All sources of an output, under the wishes it is made with. `embed` is None when texts are compared by words only."""

    texts: tuple[Text, ...]
    wishes: Wishes = field(default_factory=Wishes)
    embed: Embed | None = None
    subject: str = ""                      # what the notebook is called

    @cached_property
    def language(self) -> str:
        """The language of HALO's own words in the output: the one wished for, else that of most sources."""
        counted = Counter(text.speech for text in self.texts)
        return self.wishes.language or (counted.most_common(1)[0][0] if counted else "en")

    def our(self, english: str, german: str) -> str:
        """Return words of our own in the output's language."""
        return german if self.language == "de" else english

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """Everything that may be quoted, by source and in reading order; with a focus, only what is about it."""
        everything = tuple(one for text in self.texts for one in text.said)
        return everything if not self.wishes.focus else self._about(everything)

    @cached_property
    def whole(self) -> tuple[Said, ...]:
        """The sentences among it that can stand by themselves."""
        return tuple(one for one in self.said if one.is_whole)

    @cached_property
    def frequency(self) -> dict[str, float]:
        """How often each word occurs in a hundred statements, each source counting the same however long it is."""
        sizes = Counter(one.of.source_id for one in self.said)
        weights: dict[str, float] = {}
        for one in self.said:
            for term in one.words:
                weights[term] = weights.get(term, 0.0) + 100 / sizes[one.of.source_id]
        return weights

    @cached_property
    def terms(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The words and phrases that the sources keep coming back to, as they are written, with their stems, best first."""
        worth: Counter[frozenset[str]] = Counter()
        written: dict[frozenset[str], str] = {}
        known = self.frequency
        for text in self.texts:
            found = key_terms(text.parsed, text.language, text.terms, 24)
            for place, term in enumerate(found):
                stems = frozenset(text.terms(term, text.language))
                if stems and all(stem in known for stem in stems):
                    worth[stems] += 24 - place
                    written.setdefault(stems, term)
        return tuple((written[stems], stems) for stems, _ in sorted(worth.items(), key=lambda pair: (-pair[1], written[pair[0]])))

    @cached_property
    def phrases(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """The key terms of several words that the sources use again and again."""
        return tuple((term, stems) for term, stems in self.terms[:60]
                     if " " in term and sum(stems <= one.words for one in self.said) >= OFTEN)

    def vectors(self, statements: Sequence[Said]) -> Scores | None:
        """Return one unit row per statement, None when texts are compared by words only."""
        if self.embed is None:
            return None
        missing = [one for one in dict.fromkeys(statements) if one not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, np.asarray(self.embed([one.text for one in missing]), dtype=np.float64), strict=True))
        return np.array([self._vectors[one] for one in statements])

    def nearest(self, query: str, count: int = NEAREST) -> list[Said]:
        """Return the statements nearest to a query, best first; without vectors those that share most words with it."""
        pool = list(dict.fromkeys([*self.whole, *self.said]))[:600]
        if not pool:
            return []
        vectors = self.vectors(pool)
        if vectors is None or self.embed is None:
            near = np.array([len(one.words & set(one.of.terms(query, one.of.language))) for one in pool], dtype=np.float64)
        else:
            near = vectors @ np.asarray(self.embed([query]), dtype=np.float64)[0]
        return [pool[at] for at in np.argsort(-near, kind="stable")[:count]]

    def missing(self, title: str, english: str, german: str, query: str) -> Section:
        """Return a section that says that nothing of a kind was found, with the statements nearest to it."""
        near = self.nearest(query)
        hint = self.our(" The nearest passages:", " Die nächsten Stellen:") if near else ""
        return Section(title, tuple(one.sentence() for one in near), remark=self.our(english, german) + hint)

    @cached_property
    def _vectors(self) -> dict[Said, Scores]:
        return {}

    def _about(self, everything: tuple[Said, ...]) -> tuple[Said, ...]:
        """Return what shares words with the focus or is close to it in meaning; the sentence after such a one goes with it."""
        stems = {language: set(terms) for language, terms in
                 ((text.language, text.terms(self.wishes.focus, text.language)) for text in self.texts)}
        holds = np.array([bool(stems[one.of.language] & one.words) or self._stands_under(one, stems[one.of.language])
                          for one in everything], dtype=bool)
        if self.embed is not None and len(everything) <= 3000 and (vectors := self.vectors(everything)) is not None:
            holds |= vectors @ np.asarray(self.embed([self.wishes.focus]), dtype=np.float64)[0] >= CLOSE_TO_FOCUS
        return tuple(one for one, is_about in zip(everything, holds, strict=True) if is_about)

    def _stands_under(self, one: Said, stems: set[str]) -> bool:
        heading = one.of.heading_of(one.start)
        return bool(heading and stems & set(one.of.terms(heading.title, one.of.language)))


def is_noise(text: str) -> bool:
    """True for what a text is framed with: rows of dots, addresses, entries of a bibliography, captions, capitals, mostly signs."""
    letters = sum(sign.isalpha() for sign in text)
    capitals = sum(sign.isupper() for sign in text)
    return letters < 0.55 * len(text) or capitals > 0.5 * letters or bool(_NOISE.search(text))


def _line_end(text: str, start: int) -> int:
    stop = text.find("\n", start)
    return len(text) if stop < 0 else stop
