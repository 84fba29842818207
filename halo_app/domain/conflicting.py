"""Find where sources contradict each other in figures or dates: the same thing said of it, another value."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from halo_app.domain.conversation import Sentence
from halo_app.domain.corpus import Corpus, Said, Text
from halo_app.domain.gridding import Grid, grids
from halo_app.domain.quantities import Quantity, agrees, quantities, same_value
from halo_app.domain.questions import names

ALIKE = 0.5                    # share of words that two statements must share beside their values
ALIKE_WITHIN = 0.8             # the same within one source
ALIKE_IN_MEANING = 0.34        # the same where their meaning is close
CLOSE = 0.8                    # cosine of the statements with their values left out
MOST = 1500                    # statements with a value that are compared
_BOUND = re.compile(r"\b(?:at least|at most|more than|less than|over|under|above|below|up to|about|around|roughly|nearly|almost|"
                    r"approximately|"
                    r"mindestens|höchstens|mehr als|weniger als|über|unter|bis zu|etwa|rund|circa|ca\.?|fast)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Side:
    """What one source says: the value as it stands, and the sentence or row that says it."""

    value: Sentence
    said: Sentence
    source_id: str


@dataclass(frozen=True)
class Conflict:
    """Something that is said differently; `about` are the words that its sides share."""

    about: str
    sides: tuple[Side, ...]
    alike: float                   # 0 to 1: how surely they speak of the same thing


@dataclass(frozen=True)
class _Claim:
    """A statement read for one of its values: its other words, and what sets it apart."""

    said: Said
    value: Quantity
    words: frozenset[str]
    apart: frozenset[str]          # other figures and names: statements that differ in them speak of different things


def conflicts(corpus: Corpus) -> list[Conflict]:
    """Return the contradictions between sources, and within one, surest first."""
    found = [*_in_tables(corpus.texts), *_in_sentences(corpus)]
    return sorted(found, key=lambda conflict: (-len({side.source_id for side in conflict.sides}), -conflict.alike))


def _in_sentences(corpus: Corpus) -> Iterator[Conflict]:
    claims = [claim for one in corpus.said if not one.text.endswith("?") for claim in _claims(one)][:MOST]
    by_word: dict[str, list[int]] = defaultdict(list)
    for at, claim in enumerate(claims):
        for word in claim.words:
            by_word[word].append(at)
    often = max(12, len(claims) // 6)
    near = {pair for places in by_word.values() if len(places) <= often for pair in combinations(places, 2)}
    told: set[tuple[int, int]] = set()
    for one, other in sorted(near):
        left, right = claims[one], claims[other]
        key = (id(left.said), id(right.said))
        if key not in told and _differ(left, right) and (alike := _alike(corpus, left, right)):
            told.add(key)
            yield Conflict(_about(left, right), (_side(left), _side(right)), alike)


def _claims(said: Said) -> list[_Claim]:
    """Return a claim for the one value of its kind in a statement; where there are several of a kind, they cannot be matched."""
    values = [one for one in said.figures if one.unit not in ("th", "clock", "decade")]
    people = {word for name in names(said.text) for word in said.of.terms(name, said.of.language)} if said.of.speech == "en" else set()
    found = []
    for value in values:
        rest = said.text[:value.start] + " " + said.text[value.end:]
        others = [one for one in values if one is not value]
        if any(_same_kind(value, one) for one in others) or _BOUND.search(said.text[:value.start]):
            continue
        if not value.unit and not value.days and not any(sign.isdigit() for sign in value.text):     # three meet, two threes
            continue
        words = frozenset(said.of.terms(rest, said.of.language))
        apart = frozenset({_name(one) for one in others} | (people & words))
        if len(words) >= 3:
            found.append(_Claim(said, value, words, apart))
    return found


def _differ(one: _Claim, other: _Claim) -> bool:
    if one.said is other.said or not _same_kind(one.value, other.value) or one.apart != other.apart:
        return False
    if one.said.of is other.said.of and one.said.text == other.said.text:
        return False
    return not (agrees(one.value, other.value) or agrees(other.value, one.value) or (
        one.value.unit == other.value.unit and not one.value.days and same_value(one.value, other.value)))


def _alike(corpus: Corpus, one: _Claim, other: _Claim) -> float:
    """Return how surely both speak of the same thing, 0 when they do not seem to."""
    shared = len(one.words & other.words) / len(one.words | other.words)
    if one.said.of is other.said.of:                     # a text goes through its cases in the same words
        return shared if shared >= ALIKE_WITHIN else 0.0
    if shared >= ALIKE and len(one.words & other.words) >= 3:
        return shared
    if corpus.embed is None or shared < ALIKE_IN_MEANING or len(one.words & other.words) < 3:
        return 0.0
    left, right = corpus.embed([_blank(one), _blank(other)])
    close = float(left @ right)
    return close * shared if close >= CLOSE else 0.0


def _blank(claim: _Claim) -> str:
    return f"{claim.said.text[:claim.value.start]}…{claim.said.text[claim.value.end:]}"


def _same_kind(one: Quantity, other: Quantity) -> bool:
    if one.days or other.days or one.is_year or other.is_year:
        return bool(one.days or one.is_year) and bool(other.days or other.is_year)
    return one.unit == other.unit


def _name(value: Quantity) -> str:
    return f"{value.values[:1] or value.days[:1]}{value.unit}"


def _about(one: _Claim, other: _Claim) -> str:
    """Return up to five words that both sides use, in the order of the first."""
    text = one.said
    shared = [word for word in re.findall(r"[^\W\d_][\w'’-]{3,}", text.text)
              if set(text.of.terms(word, text.of.language)) & one.words & other.words]
    return " ".join(dict.fromkeys(shared[:5]))


def _side(claim: _Claim) -> Side:
    said, value = claim.said, claim.value
    written = said.text[value.start:value.end]
    start = value.start + len(written) - len(written.lstrip())
    end = value.start + len(written.rstrip())
    return Side(said.part(start, end), said.sentence(), said.of.source_id)


# --- tables ------------------------------------------------------------------------------------------------------

def _in_tables(texts: Iterable[Text]) -> Iterator[Conflict]:
    """Yield cells of tables that stand under the same column in rows of the same name, and differ in their number."""
    cells: dict[tuple[str, str, str], list[tuple[Grid, int, int]]] = defaultdict(list)
    for text in texts:
        for grid in grids(text):
            for number, row in enumerate(grid.rows):
                if row and row[0].text and len(row) == len(grid.columns):
                    for place in range(1, len(row)):
                        cells[(_folded(grid.columns[0].text), _folded(row[0].text), _folded(grid.columns[place].text))].append(
                            (grid, number, place))
    for (_, row_name, column), places in cells.items():
        by_source = {grid.of.source_id: (grid, number, place) for grid, number, place in reversed(places)}
        repeated = len(places) != len(by_source)            # a name that is no name: the same in several rows
        if row_name and column and len(by_source) > 1 and not repeated and _values_differ(list(by_source.values())):
            sides = tuple(_cell_side(*place) for place in by_source.values())
            grid, number, place = next(iter(by_source.values()))
            yield Conflict(f"{grid.rows[number][0].text}, {grid.columns[place].text}", sides, 1.0)


def _values_differ(places: Sequence[tuple[Grid, int, int]]) -> bool:
    found = []
    for grid, number, place in places:
        text = grid.rows[number][place].text
        values = quantities(text, grid.of.speech)
        if len(values) != 1:
            return False
        found.append(values[0])
    return any(not same_value(one, other) and not (one.days or other.days) for one, other in combinations(found, 2))


def _cell_side(grid: Grid, number: int, place: int) -> Side:
    row, cell = grid.rows[number], grid.rows[number][place]
    return Side(grid.of.quote(cell.start, cell.end), grid.of.quote(row[0].start, row[-1].end), grid.of.source_id)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
