"""Roll what was said into fewer lines: turns into the lines of their session, the lines of many sessions into topics."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from halo_app.domain.sentences import sentences

Count = Callable[[str], int]
Terms = Callable[[str], Sequence[str]]

SAME = 0.7                     # share of the shorter line's terms from which two lines say the same
_SHORTEST = 3                  # content words under which a sentence says nothing by itself
_SELF = re.compile(r"\b(?:I|I'm|I've|I'd|my|mine|we|we're|we've|our|ich|mein\w*|wir|unser\w*)\b")
_WHEN = re.compile(
    r"\d|\b(?:yesterday|today|tomorrow|tonight|last|next|ago|since|until|week|weekend|month|year|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday|january|february|march|april|may|june|july|august|september|october|november|december|gestern|heute|morgen|seit|"
    r"woche|monat|jahr)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-zäöüß,;:] )[A-ZÄÖÜ][\w'’-]+")
_DID = re.compile(r"\b(?:\w{3,}ed|was|were|went|got|made|took|found|bought|met|saw|had|have|has|been|started|love|like|want|plan\w*|"
                  r"work\w*|live\w*|use\w*|need|prefer|hope|will|war|habe|bin|möchte|will|wohne|arbeite)\b", re.IGNORECASE)
_EMPTY = re.compile(
    r"^(?:hi|hey|hello|wow|thanks|thank you|great|nice|cool|awesome|sure|ok|okay|yeah|yes|no|bye|good (?:morning|evening|night|luck)|"
    r"see you|take care|congrat\w*|that's (?:great|awesome|amazing|so|really)|sounds|absolutely|definitely|glad|no problem|"
    r"danke|hallo|gern\w*|tschüss)\b[^.]{0,40}[.!,]*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """One turn: who said what when in which session. `id` names it in what is made of it."""

    id: str
    speaker: str
    text: str
    session_id: str = ""
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence that stands for a turn in a summary, with its worth before others are known."""

    turn: Said
    place: int                 # of the turn among all turns, then of the sentence in it, so that order can be kept
    sentence: int
    text: str
    terms: frozenset[str]
    worth: float

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(_NUMBER.findall(self.text))


def lines_of(turns: Sequence[Said], terms: Terms) -> list[Line]:
    """Return the sentences that tell something, in order: no greetings, thanks, questions or echoes.

    A sentence is worth the rarity of its words (mean idf over all turns, dampened by length), and more when somebody
    speaks of themself, of what was done, of a time, a number or a name.
    """
    found = [(place, number, turn, text) for place, turn in enumerate(turns) for number, text in enumerate(_sentences(turn.text))]
    words = [frozenset(terms(text)) for *_, text in found]
    spread = Counter(term for line in words for term in line)
    lines = []
    for (place, number, turn, text), held in zip(found, words, strict=True):
        if len(held) >= _SHORTEST and not text.endswith("?") and not _EMPTY.match(text):
            rarity = math.fsum(math.log(1 + len(found) / spread[term]) for term in sorted(held)) / (len(held) + 4)
            lines.append(Line(turn, place, number, text, held, rarity + _telling(text)))
    return lines


def roll(lines: Sequence[Line], room: int, count: Count) -> list[Line]:
    """Return the lines that are worth most for their length and together cost at most `room`, in order.

    Each session first spends an equal share of the room, so that none is forgotten; what is left goes to the best of the rest.
    A line that says what a chosen one says is left out.
    """
    costs = {id(line): max(count(line.text), 1) for line in lines}
    by_session: dict[str, list[Line]] = {}
    for line in lines:
        by_session.setdefault(line.turn.session_id, []).append(line)
    chosen = _Chosen(costs)
    share = room / max(len(by_session), 1)
    for own in by_session.values():
        chosen.take(_best(own, costs), chosen.spent + share)
    chosen.take(_best(lines, costs), room)
    return sorted(chosen.lines, key=lambda line: (line.place, line.sentence))


def by_worth(lines: Sequence[Line], count: Count) -> list[Line]:
    """Return the lines in the order in which a summary with more and more room would take them up.

    One line of each session first, the best for its length, then the second of each, and so on; what says the same as a line
    before it comes last.
    """
    costs = {id(line): max(count(line.text), 1) for line in lines}
    by_session: dict[str, list[Line]] = {}
    for line in _best(lines, costs):
        by_session.setdefault(line.turn.session_id, []).append(line)
    rounds = [line for lines_at in zip_longest(*by_session.values()) for line in lines_at if line is not None]
    chosen = _Chosen(costs)
    chosen.take(rounds, math.inf)
    told = {id(line) for line in chosen.lines}
    return [*chosen.lines, *(line for line in rounds if id(line) not in told)]


def grouped(lines: Sequence[Line], topics: int) -> list[list[Line]]:
    """Part the lines of many sessions into at most `topics` groups by their words, each group in order.

    The most frequent terms that are not everywhere name the groups; a line joins the first of them it holds, rarest first.
    """
    spread = Counter(term for line in lines for term in line.terms)
    most = max(2, len(lines) // 3)
    names = [term for term, times in sorted(spread.items(), key=lambda pair: (-pair[1], pair[0])) if 2 <= times <= most][:topics]
    groups: dict[str, list[Line]] = {}
    for line in lines:
        held = [name for name in reversed(names) if name in line.terms]
        groups.setdefault(held[0] if held else "", []).append(line)
    return [groups[name] for name in [*names, ""] if name in groups]


class _Chosen:
    """Lines taken so far and what they cost."""

    def __init__(self, costs: dict[int, int]) -> None:
        self.lines: list[Line] = []
        self.spent = 0
        self._costs = costs
        self._terms: dict[str, list[Line]] = {}

    def take(self, offered: Iterable[Line], limit: float) -> None:
        """Take what fits under the limit and says something new."""
        for line in offered:
            cost = self._costs[id(line)]
            if self.spent + cost <= limit and not self._is_told(line):
                self.lines.append(line)
                self.spent += cost
                for term in line.terms:
                    self._terms.setdefault(term, []).append(line)

    def _is_told(self, line: Line) -> bool:
        """Tell whether a chosen line says it already; what has a number of its own is said nowhere else."""
        near = {id(other): other for term in line.terms for other in self._terms.get(term, ())}
        return any(len(line.terms & other.terms) >= SAME * min(len(line.terms), len(other.terms))
                   and line.numbers <= other.numbers for other in near.values())


def _best(lines: Sequence[Line], costs: dict[int, int]) -> list[Line]:
    """Return the lines, most worth for their length first; short ones gain only so far."""
    return sorted(lines, key=lambda line: (-line.worth / (costs[id(line)] + 6) ** 0.5, line.place, line.sentence))


def _telling(text: str) -> float:
    weights = ((_SELF, 0.7), (_DID, 0.4), (_WHEN, 0.6), (_NAME, 0.5))
    return sum(weight for pattern, weight in weights if pattern.search(text))


def _sentences(text: str) -> list[str]:
    return [" ".join(text[span.start:span.end].split()) for span in sentences(text)]
