"""Turn a text's own definitions, dates, makers, figures and headings into questions that it answers. English and German."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from halo_app.domain.source import Heading
from halo_app.domain.subjects import as_subject, can_open, names_in

_NP = (r"(?P<np>(?:(?:The|A|An) )?[A-Z][\w'’-]*"
       r"(?: (?:of|the|de|von|van|and|for|in) (?:the )?[\w'’-]+| [\w'’-]+){0,4}?)")
_LONG = r"(?P<np>(?:The|A|An|[A-Z][\w'’-]*)(?: (?:of|by|for|with|in) (?:the |a |an )?[\w'’-]+| [\w'’-]+){1,6}?)"
_NP_DE = (r"(?P<np>(?:(?:Der|Die|Das|Ein|Eine) )?[A-ZÄÖÜ][\w'’-]*"
          r"(?: (?:von|der|des|im|am|für) [A-ZÄÖÜ][\w'’-]*| [A-ZÄÖÜ][\w'’-]*){0,3})")
_YEAR = r"\b(?:in|on) (?:\w+ )?(?:\d{1,2},? )?(?:\w+ )?(?:1\d|20)\d\d\b"
_PART = (r"(?P<part>\w+ed|built|made|written|founded|begun|held|sold|born|known|given|shown|drawn|sent|won|lost|found|paid|"
         r"chosen|taken|brought|bought|set up|laid|led|read|cut|put|left out)")
_PART_DE = r"(?P<part>\w*ge\w+(?:t|en)|(?:er|ver|ent|be|zer)\w+(?:t|en))"
_DOES = (r"(?P<does>assume|use|need|require|contain|include|cover|allow|lower|reduce|raise|increase|cause|produce|measure|offer|"
         r"provide|support|replace|prevent|recommend|"
         r"propose|demand|promise|guarantee|cost|weigh|last)(?P<s>s?)")
_ROUGHLY = r"(?:about |roughly |nearly |only |at least |at most |up to )?"
_PATTERNS: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "en": (
        (re.compile(rf"^{_NP} (?P<be>was|were) {_PART}\b[^.;]*{_YEAR}"), "When {be} {np} {part}?"),
        (re.compile(rf"^{_NP} (?P<be>was|were|is|are) {_PART} by (?:the )?[A-Z]"), "Who {be} {np} {part} by?"),
        (re.compile(rf"^{_LONG} (?P<be>was|were|is|are) {_PART}(?P<rest>(?: (?!because\b)[\w'’-]+){{0,6}}),? because\b"),
         "Why {be} {np} {part}{rest}?"),
        (re.compile(rf"^{_LONG} (?P<be>is|are|was|were) {_ROUGHLY}[\d$€£]"), "What {be} {np}?"),
        (re.compile(rf"^{_NP} (?P<be>is|are|was|were) (?:an?|the|one of) [a-z]"), "What {be} {np}?"),
        (re.compile(rf"^{_LONG} (?P<be>is|are|was|were) (?P<part>built|made|woven|carved) of [a-z]"), "What {be} {np} {part} of?"),
        (re.compile(rf"^{_NP} costs? (?:\w+ )?[\d$€£]"), "How much does {np} cost?"),
        (re.compile(rf"^{_LONG} {_DOES} (?!to\b|not\b){_ROUGHLY}[\w$€£]"), "What {do} {np} {does}?"),
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
_ABOUT = {"en": "What do the sources say about {}?", "de": "Was sagen die Quellen über {}?"}
_QUOTED = {"en": "“{}”", "de": "„{}“"}
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


def suggestions(
    lines: Sequence[str], outline: Sequence[Heading], terms: Sequence[str], language: str, text: str = ""
) -> Iterator[str]:
    """Yield questions, the most particular first: from sentences, then headings, then key terms. None twice.

    `text` is what the terms are from: it tells which of them are noun phrases, and with which article. Whether the sources
    answer a question is for the caller to find out.
    """
    language = language if language in _ABOUT else "en"
    seen: set[str] = set()
    telling = sorted(terms, key=lambda term: " " not in term and term[:1].islower())       # names and phrases before single words
    running = _LINE_BREAK.sub(" ", text)
    named = filter(None, (as_subject(term, running, language) for term in telling))
    titles = (_QUOTED[language].format(title) for title in _titles(outline))
    for question in (*_from_lines(lines, language, names_in(running)), *_about(titles, language), *_about(named, language)):
        if question.lower() not in seen:
            seen.add(question.lower())
            yield question


def _from_lines(lines: Sequence[str], language: str, names: frozenset[str]) -> Iterator[str]:
    """Yield one question per pattern in turn, so that they differ in kind."""
    found: list[list[str]] = [[] for _ in _PATTERNS[language]]
    for line in lines:
        if asked := asked_of(line, language, names):
            question, place = asked
            found[place].append(question)
    for number in range(max(map(len, found), default=0)):
        yield from (questions[number] for questions in found if number < len(questions))


def asked_of(said: str, language: str, names: frozenset[str]) -> tuple[str, int] | None:
    """Return the question that the sentence answers and the number of its pattern, None when there is none.

    `names` are the words that are names in the text.
    """
    flat = " ".join(said.split())
    for place, (pattern, wording) in enumerate(_PATTERNS[language]):
        match = pattern.match(flat)
        if match and _can_be_asked(match["np"], match.groupdict(), names):
            return _worded(wording, match.groupdict(), names if language == "en" else None), place
    return None


def _worded(wording: str, parts: dict[str, str | None], names: frozenset[str] | None) -> str:
    told = {name: part or "" for name, part in parts.items()}
    return wording.format(**{**told, "np": _lowered(told["np"], names), "do": "does" if told.get("s") else "do"})


def _can_be_asked(subject: str, parts: dict[str, str | None], names: frozenset[str]) -> bool:
    """True for a noun phrase that stands by itself: "the Lumen lamp", not "this manoeuvre" or "for resorts"."""
    plural = parts.get("be") in {"are", "were", "sind", "waren", "wurden"} or parts.get("s") == ""
    return is_subject(subject) and can_open(subject, plural=plural, known=names)


def is_subject(phrase: str) -> bool:
    """True unless the phrase points elsewhere ("this manoeuvre", "for resorts") or is too long to be a thing's name."""
    words = phrase.split()
    head = words[1:] if words[0] in _ARTICLES and len(words) > 1 else words
    return head[0].lower() not in _NO_SUBJECT and words[0].lower() not in _NO_SUBJECT - {"ein", "eine", "das"} and len(phrase) <= 60


def _lowered(phrase: str, names: frozenset[str] | None) -> str:
    """Write the first word small, since the phrase no longer opens the sentence: an article, or a noun among small words.

    `names` are the words that keep their capital; None where every noun has one.
    """
    first, _, rest = phrase.partition(" ")
    is_noun = names is not None and first not in names and first.istitle() and rest[:1].islower()
    return f"{first.lower()} {rest}" if rest and (first in _ARTICLES or is_noun) else phrase


_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_HEADING_IS_NO_NAME = re.compile(
    r"\d{3}|[@#_/\\|{}<>]|\b(?:is|are|was|were|do|does|did|have|has|ist|sind|war|hat)\b"
    r"|^(?:what|how|why|when|where|who|let[’']?s?|these|this|was|wie|warum|wann|wo|wer)\b", re.IGNORECASE)
_NUMBERED = re.compile(
    r"^(?:(?:chapter|part|section|kapitel|teil)\s+)?(?:[\d.§]+|[IVXLC]+\b\.?)\s+|^[\d.\s§]+|[\s:.!]+$", re.IGNORECASE)


def _titles(outline: Sequence[Heading]) -> Iterator[str]:
    for heading in outline:
        title = _NUMBERED.sub("", " ".join(heading.title.split()))
        title = _in_small_letters(title) if title.isupper() and len(title) > 6 else title
        asks = title.endswith("?")
        if (4 <= len(title) <= 60 and len(title.split()) <= 7 and title[0].isalpha() and not _EMPTY_HEADING.fullmatch(title)
                and (asks or not _HEADING_IS_NO_NAME.search(title))):
            yield title


def _in_small_letters(title: str) -> str:
    small = {"of", "the", "and", "in", "on", "for", "a", "an", "to", "und", "der", "die", "das"}
    return " ".join(word.lower() if at and word.lower() in small else word.capitalize() for at, word in enumerate(title.split()))


def _about(things: Iterator[str], language: str) -> Iterator[str]:
    for thing in things:
        bare = thing.strip("“”„")
        yield bare if bare.endswith("?") else _ABOUT[language].format(thing)
