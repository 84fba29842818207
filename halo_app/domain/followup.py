"""Read a follow-up question ("and its price?") in the light of the turns before it; any other question stays as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from halo_app.domain.questions import Kind, about_the_whole, kind_of, names

_WORD = re.compile(r"[^\W_][\w'’-]*")
_YEAR = re.compile(r"\b(?:1\d{3}|20\d\d)\b")

_PERSON = frozenset("he she him her his hers er ihm ihn seine seiner seinen seinem seines ihre ihrer ihren ihrem ihres".split())
_ALWAYS = frozenset("it its itself they them their theirs he she him his hers davon dazu dafür damit darin dessen".split())
_THING = _ALWAYS | frozenset("this these those that es sie ihnen deren".split())
_LEAD = (r"(?:^|\b(?:about|of|for|after|before|than|from|with|by|in|at|on|to|during|under|did|does|do|is|was|are|were|has|have|"
         r"had|will|would|can|could|should|and|but|so|then))\s*")
_OWNED = frozenset("its their his her seine seinen ihre ihren".split())
_POINTING = re.compile(
    r"\bthe (?:former|latter)\b|\bthe (?:same|other|first|second|last|next) ones?\b"
    rf"|{_LEAD}\b(?:that|this|these|those)\b(?!\s+(?:year|month|week|morning|evening|document|notebook|source|file|paper|book|text)s?\b)"
    rf"|{_LEAD}\b(?:that|those) (?:year|month|week|morning|evening|document|source|file|paper|book|text)s?\b"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )(?<!\bhow many )\bthere\b(?!\s+(?:is|are|was|were|any|be)\b)"
    r"|\bthe (?:company|firm|author|city|country|project|product|team|film|book|device)\s*[?.!]*$"
    r"|\b(?:davon|dazu|dafür|damit|darin)\s*[?.!]*$|\b(?:diese[rsnm]?|jene[rsnm]?)\b|\bdort\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^\s*(?:and|but|so|or|also|und|aber|oder|auch)\b[\s,]*"
    r"|^\s*(?:(?:and|but|so|und|aber)\s+)?(?:what|how|was ist|wie ist es|wie steht es|wie sieht es)"
    r"\s*(?:about|mit|bei)\b[\s,]*", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:what|how)\s+about\b|\bwas ist mit\b|\bwie (?:ist|steht|sieht) es (?:\w+ )?(?:mit|bei)\b", re.IGNORECASE)
_BARE = frozenset("""
    why how when where who what which whose exactly then so and but more else ever since until long many much far old often
    come explain tell me details detail please go on continue example for instance an a any really the is was did do does
    that this say again about warum wieso weshalb wie wann wo wer was welche welcher welches seit genau denn dann und aber
    mehr noch weiter erkläre erklär mir bitte beispiel zum lange viele viel oft in of at by to from with not no yes on
    happened happen""".split())
_QUESTION_WORDS = frozenset("""
    what which who whom whose when where why how is are was were do does did has have had can could will would shall should
    may might must many much long old far often a an the of in on at by for from with to and or but as than into about there
    any some it its be been that this these those tell me give show us explain please name list describe get got called we i
    you my your our was welche welcher welches welchen wer wen wem wann wo wohin woher warum wieso wie viel viele ist sind
    war waren hat haben hatte hatten wird werden wurde wurden kann können der die das den dem des ein eine einen einem einer
    und oder in im an am auf bei mit nach von vor für zu zum zur es sich gibt gab""".split())

_EMPTY = frozenset("take possible necessary safe legal allowed true important mean cost".split())


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question as it was understood, and the best supported sentence of its answer."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """A question made complete: `text` is searched for, `own` is the part that is asked now ("" when that is all of it)."""

    text: str
    own: str = ""


def resolve(question: str, turns: Sequence[Turn]) -> Understood:
    """Return the question with what it leaves unsaid taken from the last of `turns`, or the question itself.

    A question is a follow-up when it begins with "and" or "what about", points at something ("it", "that year") that it
    does not name itself, or has hardly a word of its own. Nothing is guessed: only words of the earlier turn are added.
    """
    asked = question.strip()
    if not turns or not asked:
        return Understood(question)
    if about_the_whole(asked) and not _ALWAYS & {word.lower() for word in _WORD.findall(asked)}:
        return Understood(question)
    last = turns[-1]
    if _is_bare(asked):
        return _joined(asked, last.question)
    if _ABOUT.search(asked) or (_OPENING.match(asked) and not _has_verb_and_topic(asked)):
        return _replaced(_OPENING.sub("", asked).strip(" ?.!") or asked, asked, last)
    if _points_back(asked):
        return _joined(asked, _topic(asked, last))
    return Understood(question)


def _joined(question: str, topic: str) -> Understood:
    topic = topic.strip(" ?.!")
    return Understood(f"{question} ({topic})", question) if topic else Understood(question)


def _is_bare(question: str) -> bool:
    """True for "why?", "since when?", "tell me more": no content word of its own."""
    words = [word.lower() for word in _WORD.findall(question)]
    return 0 < len(words) <= 7 and all(word in _BARE for word in words)


def _has_verb_and_topic(question: str) -> bool:
    """True for "And who painted the ceiling of the Sistine Chapel?": complete in spite of its beginning."""
    if _points_back(question):
        return False
    own = [word for word in content(_OPENING.sub("", question)) if word]
    return len(own) >= 3 or (len(own) == 2 and bool(names("of " + _OPENING.sub("", question))))


def _points_back(question: str) -> bool:
    """True when a pronoun in the question has nothing before it in the same question to stand for."""
    if _POINTING.search(question):
        return True
    words = [word.lower() for word in _WORD.findall(question)]
    for place, word in enumerate(words):
        if word in _ALWAYS or word in _PERSON or word == "sie":
            return not _named_before(question, words, place) and not _empty_it(words, place)
    return False


def _named_before(question: str, words: list[str], place: int) -> bool:
    """True when something that the pronoun can mean stands earlier in the question: a name, or a noun in a clause before."""
    before = _WORD.findall(question)[:place]
    if words[0] in {"which", "what", "welche", "welcher"} and words[place] in _OWNED and content(" ".join(before)):
        return True                                        # "which company sold its branch"
    if any(word[:1].isupper() and word.lower() not in _QUESTION_WORDS for word in before[1:]):
        return True
    return len([word for word in words[:place] if word not in _QUESTION_WORDS]) >= 3


def _empty_it(words: list[str], place: int) -> bool:
    """True for the "it" that means nothing: "is it possible", "how long does it take to", "what time is it", "es gibt"."""
    if words[place] not in {"it", "es"}:
        return False
    after = words[place + 1:place + 6]
    if after[:1] in (["rain"], ["rains"], ["snow"], ["gibt"]):
        return True
    return bool(after) and after[0] in _EMPTY and bool({"to", "that"} & set(after[1:3]))


def content(question: str) -> list[str]:
    """Return the words of a question that say what it is about, as written."""
    skip = _QUESTION_WORDS | _PERSON | _THING
    return [word for word in _WORD.findall(question) if word.lower().removesuffix("'s").removesuffix("’s") not in skip]


def _topic(question: str, last: Turn) -> str:
    """Return what a pronoun can stand for: the thing asked about before, and what the answer named when that was asked for."""
    words = {word.lower() for word in _WORD.findall(question)}
    topic = _subject(last.question)
    asked_for = kind_of(last.question)
    if asked_for in (Kind.WHO, Kind.WHERE, Kind.NAME) and last.answer:
        known = {word.lower() for word in _WORD.findall(last.question)}
        new = [name for name in names(last.answer) if not {word.lower() for word in name.split()} <= known]
        people = sorted(new, key=lambda name: " " not in name)          # a person is likelier to have two names
        if words & _PERSON and asked_for is Kind.WHO:
            return " ".join([*people[:1], topic])
        if not words & _PERSON:
            return " ".join([topic, *new[:1]])
    return topic


_DOES = re.compile(r"\b(?:do|does|did)\b", re.IGNORECASE)
_WHO = re.compile(r"^\W*(?:who|wer)\b", re.IGNORECASE)
_PARTICIPLE = re.compile(r"(?:ed|en|built|made|sold|held|found|ge\w+t)$")


def _subject(question: str) -> str:
    """Return the content words of a question without its verb."""
    does = _DOES.search(question)
    words = content(question[does.end():] if does else question)
    if does and len(words) > 1:
        words = words[:-1]                                 # "does the lamp cost"
    elif _WHO.match(question) and len(words) > 1 and words[0].islower():
        words = words[1:]                                  # "who designed the lamp"
    elif len(words) > 1 and words[-1].islower() and _PARTICIPLE.search(words[-1]):
        words = words[:-1]                                 # "when was the lamp designed"
    return " ".join(words)


def _replaced(fragment: str, asked: str, last: Turn) -> Understood:
    """Put the new part into the earlier question: a year for its year, a name for its name; else ask about both."""
    new_year, old_year = _YEAR.search(fragment), _YEAR.search(last.question)
    if new_year and old_year and len(content(fragment)) <= 2:
        return Understood(_YEAR.sub(new_year[0], last.question))
    if _points_back(fragment):
        return _joined(asked, _topic(asked, last))
    new_names = names("of " + fragment)
    old_names = [name for name in names(last.question) if name.lower() not in _QUESTION_WORDS]
    if _ABOUT.search(asked) and new_names and old_names:
        return Understood(re.sub(rf"{re.escape(old_names[-1])}(?: (?!{_FOLLOWS})[a-zß-ÿ]+)?", new_names[0], last.question, count=1))
    if _ABOUT.search(asked) and not new_year and kind_of(fragment) is Kind.OPEN:
        return _joined(f"{fragment[:1].upper()}{fragment[1:]}", last.question)
    return _joined(asked, last.question if len(content(fragment)) < 2 and not new_names else _topic(asked, last))


_FOLLOWS = (r"(?:in|on|at|by|of|for|from|with|to|and|or|cost|costs|weigh|have|has|had|is|are|was|were|do|does|did|run|make|made|built|"
            r"founded|opened|called|kostet|hat|wiegt|ist|war|im|am|von|mit)\b")
