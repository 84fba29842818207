"""Turn a text's own definitions, dates, makers and headings into questions that it answers. English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from halo_app.domain.source import Heading
from halo_app.domain.summarising import Line

_NP = (r"(?P<np>(?:(?:The|A|An) )?[A-Z][\w'’-]*"
       r"(?: (?:of|the|de|von|van|and|for|in) (?:the )?[\w'’-]+| [\w'’-]+){0,4}?)")
_NP_DE = (r"(?P<np>(?:(?:Der|Die|Das|Ein|Eine) )?[A-ZÄÖÜ][\w'’-]*"
          r"(?: (?:von|der|des|im|am|für) [A-ZÄÖÜ][\w'’-]*| [A-ZÄÖÜ][\w'’-]*){0,3})")
_YEAR = r"\b(?:in|on) (?:\w+ )?(?:\d{1,2},? )?(?:\w+ )?(?:1\d|20)\d\d\b"
_PART = (r"(?P<part>\w+ed|built|made|written|founded|begun|held|sold|born|known|given|shown|drawn|sent|won|lost|found|paid|"
         r"chosen|taken|brought|bought|set up|laid|led|read|cut|put)")
_PART_DE = r"(?P<part>\w*ge\w+(?:t|en)|(?:er|ver|ent|be|zer)\w+(?:t|en))"
_PATTERNS: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "en": (
        (re.compile(rf"^{_NP} (?P<be>was|were) {_PART}\b[^.;]*{_YEAR}"), "When {be} {np} {part}?"),
        (re.compile(rf"^{_NP} (?P<be>was|were|is|are) {_PART} by (?:the )?[A-Z]"), "Who {be} {np} {part} by?"),
        (re.compile(rf"^{_NP} (?P<be>is|are|was|were) (?:an?|the|one of) [a-z]"), "What {be} {np}?"),
        (re.compile(rf"^{_NP} costs? (?:\w+ )?[\d$€£]"), "How much does {np} cost?"),
        (re.compile(rf"^{_NP} (?:is|are) called\b"), "What is {np} called?"),
    ),
    "de": (
        (re.compile(rf"^{_NP_DE} (?P<be>wurde|wurden) [^.;]*\b(?:1\d|20)\d\d\b[^.;,]* {_PART_DE}[.;,]"), "Wann {be} {np} {part}?"),
        (re.compile(rf"^{_NP_DE} (?P<be>wurde|wurden) [^.;]*\bvon [A-ZÄÖÜ][^.;,]* {_PART_DE}[.;,]"), "Von wem {be} {np} {part}?"),
        (re.compile(rf"^{_NP_DE} (?P<be>ist|sind|war|waren) (?:eine?|der|die|das)\b"), "Was {be} {np}?"),
        (re.compile(rf"^{_NP_DE} kostet (?:\w+ )?\d"), "Wie viel kostet {np}?"),
    ),
}
_ARTICLES = frozenset({"The", "A", "An", "Der", "Die", "Das", "Ein", "Eine"})
_ABOUT = {"en": "What does it say about {}?", "de": "Was steht hier über „{}“?"}
_EMPTY_HEADING = re.compile(
    r"(?:introduction|abstract|references|conclusions?|appendix|contents|summary|notes|index|acknowledge?ments?|bibliography|"
    r"overview|preface|chapter|section|part|einleitung|zusammenfassung|inhalt\w*|literatur\w*|anhang|fazit|vorwort|"
    r"kapitel|anmerkungen|page|slide|sheet|table|figure)[\s\d.]*",
    re.IGNORECASE)
_NO_SUBJECT = frozenset("""
    yet foregoing following above below only even just never always perhaps thus hence rather quite
    besides it he she they this that these those there here what which who however another some many most one each all in on
    at by for from if when while as after before since its his her their our my we i you such both either neither no not
    nothing everything other others first second finally then thus so but and or also with without to of under over during
    between among given based es er sie dies diese dieser dieses das dort hier man wir ich ein eine im am auf bei mit nach
    von vor wenn weil da aber und so""".split())


def suggestions(lines: Sequence[Line], outline: Sequence[Heading], terms: Sequence[str], language: str) -> Iterator[str]:
    """Yield questions, the most particular first: from sentences, then headings, then key terms. None twice."""
    language = language if language in _ABOUT else "en"
    seen: set[str] = set()
    telling = sorted(terms, key=lambda term: " " not in term and term[:1].islower())       # names and phrases before single words
    for question in (*_from_lines(lines, language), *_about(_titles(outline), language), *_about(telling, language)):
        if question.lower() not in seen:
            seen.add(question.lower())
            yield question


def _from_lines(lines: Sequence[Line], language: str) -> Iterator[str]:
    """Yield one question per pattern in turn, so that they differ in kind."""
    found: list[list[str]] = [[] for _ in _PATTERNS[language]]
    for line in lines:
        said = " ".join(line.text.split())
        for place, (pattern, wording) in enumerate(_PATTERNS[language]):
            match = pattern.match(said)
            if match and _can_be_asked(match["np"]):
                parts = match.groupdict()
                found[place].append(wording.format(**{**parts, "np": _lowered(parts["np"])}))
                break
    for number in range(max(map(len, found), default=0)):
        yield from (questions[number] for questions in found if number < len(questions))


def _can_be_asked(subject: str) -> bool:
    """True for a noun phrase that stands by itself: "the Lumen lamp", not "this manoeuvre" or "for resorts"."""
    words = subject.split()
    head = words[1:] if words[0] in _ARTICLES and len(words) > 1 else words
    if len(head) > 1 and head[0].endswith("ly") and head[1].islower():          # "utterly different"
        return False
    return head[0].lower() not in _NO_SUBJECT and words[0].lower() not in _NO_SUBJECT - {"ein", "eine", "das"} and len(subject) <= 60


def _lowered(phrase: str) -> str:
    """Write the article small: the phrase no longer opens the sentence."""
    article, _, rest = phrase.partition(" ")
    return f"{article.lower()} {rest}" if article in _ARTICLES and rest else phrase


def _titles(outline: Sequence[Heading]) -> Iterator[str]:
    for heading in outline:
        title = re.sub(r"^[\d.\s§]+|[\s:.!]+$", "", " ".join(heading.title.split()))
        if 4 <= len(title) <= 60 and len(title.split()) <= 7 and title[0].isalpha() and not _EMPTY_HEADING.fullmatch(title):
            yield title


def _about(things: Sequence[str] | Iterator[str], language: str) -> Iterator[str]:
    for thing in things:
        yield thing if thing.endswith("?") else _ABOUT[language].format(thing)
