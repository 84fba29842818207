"""Find what a meeting decided, who does what by when, what stayed open and who was there. English and German."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from halo_app.domain.corpus import Said, Text

_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau)\.? )?[A-ZÄÖÜ][\w'’-]+(?: [A-ZÄÖÜ][\w'’.-]+){0,2}"
_DECIDED = re.compile(
    r"^(?:decision|resolved|resolution|agreed|beschluss|entscheidung)\b\s*\w*\s*[:–-]"
    r"|\b(?:(?:was|were|has been|have been|is|it was) (?:unanimously |formally )?(?:decided|agreed|resolved|approved|adopted|"
    r"rejected|carried|postponed)|"
    r"(?:we|they|committee|board|team|group|council|members?|meeting|everyone|all|parties|management) (?:\w+ ){0,2}?"
    r"(?:decided|agreed|resolved|approved|rejected|voted|adopted|decide|agree|approve)|the motion (?:was|is)|decision (?:was|is) "
    r"(?:made|taken))\b"
    r"|\b(?:beschlossen|beschließt|beschließen|vereinbart|entschieden|genehmigt|abgelehnt|verabschiedet|angenommen|vertagt|"
    r"einstimmig|einigten sich|einigt sich)\b",
    re.IGNORECASE)
_TASK = re.compile(r"^(?:action(?: item| point)?|to ?-?do|task|aufgabe|maßnahme|a[pi]\s?\d*|next step|nächster "
                   r"schritt)\b\s*\d*\s*[:–-]\s*", re.IGNORECASE)
_VERBS = (r"(?:prepare|send|write|check|contact|call|organi[sz]e|draft|review|update|provide|report|schedule|follow|ask|get|book|"
          r"order|share|"
          r"circulate|arrange|finali[sz]e|complete|submit|present|discuss|confirm|investigate|clarify|invite|collect|create|set|"
          r"talk|speak|look|"
          r"inform|coordinate|test|fix|deliver|publish|sign|pay|find|make|bring|compile|revise|propose|plan|hand|take|measure|"
          r"compare|install|request|obtain)")
_OWNED = re.compile(rf"^(?P<owner>{_NAME})(?: and {_NAME})?(?:\s*[:–-]\s+(?=\w)| (?:will|shall|is to|has to|needs to|must|to|"
                    rf"agreed to|offered to|undertook to|volunteered to|"
                    rf"promised to) {_VERBS}\b| (?:will|shall) [a-z]+)")
_OWNED_DE = re.compile(rf"^(?P<owner>{_NAME})(?: und {_NAME})? (?:wird|soll|muss|übernimmt|kümmert sich|prüft|erstellt|sendet|"
                       rf"schickt|klärt|bereitet|organisiert|"
                       r"informiert|verteilt|legt|stellt|kontaktiert|schreibt|holt|liefert|bestellt)\b")
_OWNER_AT_END = re.compile(rf"[(\[](?:owner|responsible|verantwortlich|zuständig)?:?\s*(?P<owner>{_NAME})(?:,[^)\]]*)?[)\]]\s*\.?$"
                           rf"|\b(?:owner|responsible|assigned to|verantwortlich|zuständig)\s*:?\s+(?P<also>{_NAME})", re.IGNORECASE)
_DUE_WORDS = re.compile(r"\b(?:by|until|before|bis(?: zum| spätestens)?|due)\s+(?P<due>(?:the )?(?:end of (?:the )?(?:week|month|"
                        r"year|quarter)|next (?:week|month|meeting|"
                        r"Monday|Tuesday|Wednesday|Thursday|Friday)|Monday|Tuesday|Wednesday|Thursday|Friday|tomorrow|(?:zum "
                        r")?Monatsende|Ende (?:der Woche|des Monats)|"
                        r"nächste[rn]? (?:Woche|Sitzung)|Montag|Dienstag|Mittwoch|Donnerstag|Freitag))\b", re.IGNORECASE)
_OPEN = re.compile(r"\?\s*$|^(?:open(?: point| question| issue)?|offen(?:er punkt)?|tbd)\s*[:–-]|\b(?:remains? open|to be "
                   r"clarified|still unclear|not yet (?:clear|decided)|"
                   r"undecided|open question|noch offen|bleibt offen|zu klären|ungeklärt)\b", re.IGNORECASE)
_MAYBE = re.compile(r"\b(?:may|can|cannot|shall|must|should|might|could|would|if|until|unless|when|whether|not yet|wenn|falls|bis"
                    r"|kann|können|darf|"
                    r"dürfen|muss|müssen|soll|sollte|ob)\b", re.IGNORECASE)
_PRESENT = re.compile(r"^(?:present|attendees?|attending|participants?|in attendance|anwesend(?:e)?|teilnehmer(?:innen)?(?: und "
                      r"teilnehmer)?|apologies|absent|"
                      r"entschuldigt|chair(?:person)?|minutes|minute taker|secretary|leitung|vorsitz|protokoll)\s*:\s*\S",
    re.IGNORECASE)
_NEXT = re.compile(r"\bnext meeting\b|\bnächste (?:sitzung|besprechung)\b", re.IGNORECASE)
_MEETING = re.compile(r"\b(?:minutes|meeting|agenda|attendees|protokoll|sitzung|besprechung|tagesordnung|motion|action items?)\b",
    re.IGNORECASE)
_NO_OWNER = frozenset("the this it that these we they you i he she there if when what in on at all each every no one decision "
                      "action agreed note "
                      "present attendees apologies minutes agenda next open der die das wir sie es wenn ein eine beschluss "
                      "aufgabe".split())


class Point(StrEnum):
    """What a statement of a meeting is."""

    PRESENT = "present"
    DECISION = "decision"
    ACTION = "action"
    OPEN = "open"
    NEXT = "next"


@dataclass(frozen=True)
class Told:
    """A statement of a meeting; `owner` and `due` are characters of it, None when it names none."""

    point: Point
    said: Said
    owner: tuple[int, int] | None = None
    due: tuple[int, int] | None = None


def points(texts: Iterable[Text], about: frozenset[Said]) -> list[Told]:
    """Return what the statements of `about` are, in reading order.

    Who does what, and what is open, is read only from a text that speaks of a meeting: elsewhere "she will write" is a story.
    """
    found: list[Told] = []
    for text in texts:
        is_meeting = len(_MEETING.findall(f"{text.name}\n{text.parsed.text[:20_000]}")) >= 2
        found += [told for one in text.said if one in about and (told := _told(one, is_meeting))]
    return found


def _told(said: Said, is_meeting: bool) -> Told | None:
    text = said.text
    if is_meeting and _PRESENT.match(text):
        return Told(Point.PRESENT, said)
    if is_meeting and _NEXT.search(text) and said.figures:
        return Told(Point.NEXT, said)
    if (decided := _DECIDED.search(text)) and not text.endswith("?") and not _MAYBE.search(text[:decided.end()]):
        return Told(Point.DECISION, said)
    if (task := _TASK.match(text)) or (is_meeting and _owner(text, 0)):
        return Told(Point.ACTION, said, _owner(text, task.end() if task else 0), _due(said))
    if is_meeting and _OPEN.search(text):
        return Told(Point.OPEN, said)
    return None


def _owner(text: str, start: int) -> tuple[int, int] | None:
    rest = text[start:]
    for pattern in (_OWNED, _OWNED_DE):
        if (found := pattern.match(rest)) and found["owner"].split()[0].lower() not in _NO_OWNER:
            return start + found.start("owner"), start + found.end("owner")
    if found := _OWNER_AT_END.search(text):
        group = "owner" if found["owner"] else "also"
        if found[group][:1].isupper():
            return found.span(group)
    return None


def _due(said: Said) -> tuple[int, int] | None:
    for figure in said.figures:
        if figure.days and said.text.startswith(figure.text, figure.start):
            return figure.start, figure.start + len(figure.text)
    found = _DUE_WORDS.search(said.text)
    return found.span("due") if found else None
