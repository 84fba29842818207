"""Find where a text says what a word means: definitions in sentences, in lists of terms, and abbreviations. English and German."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from halo_app.domain.corpus import Said
from halo_app.domain.subjects import can_open
from halo_app.domain.suggesting import is_subject

_TERM = r"(?P<term>[“\"„«]?[^\W\d_][\w'’/-]*(?: (?:of|the|and|for|in|von|der|des|für)? ?[\w'’/-]+){0,4}?[”\"“»]?)"
_ARTICLE = r"(?:(?:The|A|An|Der|Die|Das|Ein|Eine) )?"
_PATTERNS = tuple((strength, re.compile(pattern)) for strength, pattern in (
    (3, rf"^{_ARTICLE}(?:term |word |Begriff )?{_TERM} (?:means|refers to|denotes|designates|is defined as|are defined as|stands "
        rf"for|bedeutet|bezeichnet|"
        r"wird definiert als|steht für)\b"),
    (3, rf"^(?:Unter|By) (?:dem Begriff |der |einem |einer |dem )?{_TERM} (?:versteht man|verstehen wir|wird .{{0,40}} verstanden|"
        rf"we mean|is meant)\b"),
    (3, rf"^Als {_TERM} (?:bezeichnet man|wird|werden)\b.{{0,200}}\b(?:bezeichnet\b|man\b)"),
    (2, rf"^{_ARTICLE}{_TERM}(?: \([^)]{{2,60}}\))?,? (?:is|are) (?:an?|the|any|one of|a kind of|a type of|the process of) [a-z]"),
    (2, rf"^{_ARTICLE}{_TERM}(?: \([^)]{{2,60}}\))? (?:ist|sind) (?:eine?|der|die|das|jede[rs]?|alle) [a-zäöüA-ZÄÖÜ]"),
))
_ENTRY = re.compile(r"^(?:\*\*|__)?(?P<term>[^\W\d_][\w'’/ -]{1,48}?)(?: \([^)]{2,40}\))?(?:\*\*|__)?\s*(?::(?:\*\*|__)?|"
                    r"\s[–—-])\s+(?=[^\W_]\w*(?:\W+\w+){3,})")
_SHORT = re.compile(r"(?P<long>(?:[^\W\d_][\w'’-]*[\s-]+){1,6}[^\W\d_][\w'’-]*) \((?P<short>[A-ZÄÖÜ][A-Za-zÄÖÜ]{1,7})\)")
_GLOSSARY = re.compile(r"glossary|definitions?|terms|terminology|abbreviations?|glossar|begriffe?|definitionen|abkürzungen",
    re.IGNORECASE)
_NO_TERM = frozenset("action decision agreed present agenda task todo next aufgabe beschluss anwesend note example question "
                     "answer q a hinweis beispiel frage antwort today source figure table warning result "
                     "goal aim problem reason "
                     "fact thing way idea point difference purpose case rest one list result email phone tel address date subject "
                     "from to "
                     "grund ziel problem ergebnis unterschied zweck tatsache folge".split())
_NO_MEANING = re.compile(r"(?:is|are|ist|sind) (?:the|der|die|das) (?:\w+est|most|least|only|same|"
                         r"first|last|best|worst|next|\w+sten?)\b")
_PLURAL = re.compile(r"\b(?:are|sind)\b")
_QUOTES = "“”\"„«»“"
TERM_WORDS = 5


@dataclass(frozen=True)
class Definition:
    """A term as it is written, where it is said what it means, and how surely (3: it says so, 1: an abbreviation in brackets)."""

    term: str
    said: Said
    strength: int

    @property
    def key(self) -> str:
        """The term for comparing and sorting."""
        return self.term.casefold()


def definitions(said: Iterable[Said]) -> list[Definition]:
    """Return one definition per term and source, the surest first among equals, in reading order."""
    best: dict[tuple[str, str], Definition] = {}
    for one in said:
        for found in _in(one):
            place = (found.key, one.of.source_id)
            if place not in best or best[place].strength < found.strength:
                best[place] = found
    return list(best.values())


def _in(said: Said) -> list[Definition]:
    text = " ".join(said.text.split())
    for strength, pattern in _PATTERNS:
        if (found := pattern.match(text)) is None:
            continue
        term = found["term"].strip(_QUOTES)
        stands = found["term"] != term or _stands(term, found, said, text)
        if stands and _is_term(term) and not text.endswith("?") and not _NO_MEANING.search(text, found.end("term"), found.end() + 20):
            return [Definition(term, said, strength)]
    heading = said.of.heading_of(said.start)
    listed = said.is_item or bool(heading and _GLOSSARY.search(heading.title))
    if listed and (found := _ENTRY.match(text)) and _is_term(found["term"]):
        return [Definition(found["term"].strip(), said, 3 if heading and _GLOSSARY.search(heading.title) else 2)]
    return [Definition(found["short"], said, 1) for found in _SHORT.finditer(text) if _abbreviates(found["short"], found["long"])]


def _stands(term: str, found: re.Match[str], said: Said, text: str) -> bool:
    """True for the name of a thing: "Magical are the wonders" and "Now there is a" name none."""
    subject = text[:found.end("term")]
    is_one = " " not in term and re.match(r"\s(?:\([^)]*\),?\s)?(?:is|ist) (?:an?|eine?)\b", text[found.end("term"):]) is not None
    return is_subject(subject) and (is_one or can_open(subject, plural=bool(_PLURAL.search(found[0])), known=said.of.names))


def _is_term(term: str) -> bool:
    words = term.split()
    return 1 <= len(words) <= TERM_WORDS and len(term) >= 3 and words[0].lower() not in _NO_TERM and not any(
        sign.isdigit() for sign in words[0])


def _abbreviates(short: str, long: str) -> bool:
    """True when the letters of the short form open words of the long one, in order and from its last word back."""
    initials = [part[0].lower() for part in re.split(r"[\s-]+", long) if part]
    letters = [sign.lower() for sign in short if sign.isupper()]
    if len(letters) < 2 or len(letters) > len(initials):
        return False
    at = 0
    for initial in initials:
        at += at < len(letters) and initial == letters[at]
    return at == len(letters)
