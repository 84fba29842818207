"""Compare one sentence with one sentence of a source, token by token and in order: what is missing, moved, changed or denied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from halo_app.domain.pairing import Pairing, link_before, touched_by
from halo_app.domain.quantities import Quantity, same_value
from halo_app.domain.wording import Role, Token, same


@dataclass(frozen=True, slots=True)
class Finding:
    """`share` is how much of the sentence's weight the source's sentence holds, 0 to 1; `faults` what speaks against it, in words."""

    share: float
    faults: tuple[str, ...] = ()
    contradicts: bool = False

    @property
    def reason(self) -> str:
        """The weightiest fault, in plain words."""
        return self.faults[0] if self.faults else ""


def judge(said: Sequence[Token], stated: Sequence[Token], *, before: Sequence[Sequence[Token]],
    weigh: Callable[[Token], float]) -> Finding:
    """Judge the tokens of a claim against those of one stored sentence; `before` are the sentences ahead of it, nearest first."""
    direct = _compared(said, stated, before, weigh)
    if not direct.faults:
        return direct
    passive = any(token.key == "by" for token in said)
    turned = _active(said if passive else stated)
    if not turned:
        return direct
    other = _compared(turned, stated, before, weigh) if passive else _compared(said, turned, before, weigh)
    return direct if other.faults else other


def _active(stated: Sequence[Token]) -> list[Token]:
    """Turn “A was led by B at C” into “B led A at C”; nothing when the sentence is not of that form."""
    places = [place for place, token in enumerate(stated) if token.role is Role.LINK and token.key == "by"]
    if len(places) != 1 or not any(token.text.lower() in _BEEN for token in stated[:places[0]]):
        return []
    [by] = places
    end = next((at for at in range(by + 1, len(stated)) if stated[at].role in {Role.LINK, Role.BREAK, Role.LIMIT, Role.NOT}),
        len(stated))
    verb = next((at for at in range(by - 1, -1, -1) if stated[at].role is Role.WORD), None)
    if verb is None or not any(token.role is Role.NAME for token in stated[by + 1:end]):
        return []
    return [*stated[by + 1:end], *stated[verb:by], *stated[:verb], *stated[end:]]


_BEEN = frozenset("is are was were been be being".split())


def _compared(
    said: Sequence[Token], stated: Sequence[Token], before: Sequence[Sequence[Token]], weigh: Callable[[Token], float]
) -> Finding:
    pairing = Pairing(said, stated)
    carried = _carried(pairing, before)
    missing = [at for at in pairing.missing if at not in carried]
    total = sum(weigh(said[at]) for at in pairing.asked) or 1.0
    share = 1 - sum(weigh(said[at]) for at in missing) / total
    if share < 0.25:
        return Finding(share, ("no passage says this",))
    replaced = [_replaced(pairing, at) for at in missing]
    denials = _denials(pairing)
    faults = [
        *denials, *(words for words, _ in replaced), *_misplaced(pairing), *_limits(pairing), *_links(pairing),
        *_joined(pairing), *_skipped(pairing),
    ]
    opposed = denials == [_DENIED] and not missing and share > 0.9 and not _swapped(said, stated)
    contradicts = opposed or (len(missing) == 1 and replaced[0][1])
    return Finding(share, tuple(faults), contradicts)


def _carried(pairing: Pairing, before: Sequence[Sequence[Token]]) -> set[int]:
    """Return the claim's words that the source's sentence says by a pronoun: the subject of the sentence before it."""
    pronoun = next((token for token in pairing.stated[:8] if token.text.lower() in _PRONOUNS), None)
    if pronoun is None or not pairing.missing or any(token.text.lower() in _SUBJECTS for token in pairing.said[:4]):
        return set()
    first = pairing.asked[0]
    for earlier in before:
        named = _first_name(earlier)
        if named:
            lead = [at for at in pairing.missing if pairing.said[at].role is Role.NAME or at == first]
            if not _leads(pairing, lead):
                return set()
            return {at for at in lead if any(same(pairing.said[at], token) for token in named)}
        subject = next((token for token in earlier if token.counts), None)
        if subject and same(pairing.said[first], subject):
            return {first} & set(pairing.missing)
    return set()


_SUBJECTS = frozenset("he she it they er sie es".split())
_PRONOUNS = frozenset("he she it they er sie es his her its their".split())


def _first_name(tokens: Sequence[Token]) -> list[Token]:
    """The name that opens a sentence, when it does: Ada Lindqvist, The Orra Bridge."""
    found: list[Token] = []
    for token in tokens:
        if token.role is Role.NAME or (token.role is Role.WORD and token.text[:1].isupper()):
            found.append(token)
        elif token.role is not Role.OTHER or found:
            break
    return found


def _leads(pairing: Pairing, lead: Sequence[int]) -> bool:
    return bool(lead) and lead[-1] - pairing.asked[0] <= 3


def _replaced(pairing: Pairing, at: int) -> tuple[str, bool]:
    """Say in words what is wrong with a token that the source does not hold, and whether the source says something else there."""
    token = pairing.said[at]
    if token.quantity:
        return _other_quantity(pairing, token.quantity)
    if token.role is Role.NAME:
        return f"the name {token.text} is not in the passage", False
    return f"“{token.text}” is not in the passage", False


def _other_quantity(pairing: Pairing, said: Quantity) -> tuple[str, bool]:
    free = [token.quantity for place, token in enumerate(pairing.stated) if token.quantity and place not in pairing.used]
    for other in free:
        if other.values and said.values and same_value(said, other) and other.unit != said.unit:
            return f"the unit differs: the passage says {other.text}", True
    alike = [other for other in free if bool(other.days) == bool(said.days) and other.unit == said.unit]
    if len(alike) == 1:
        return f"the passage says {alike[0].text}, not {said.text}", True
    if said.days:
        return f"the date {said.text} is not stated", False
    return (f"the year {said.text} is not stated", False) if said.is_year else (f"{said.text} is not in the passage", False)


def _denials(pairing: Pairing) -> list[str]:
    flags = [at for at, there in pairing.all.items() if pairing.said[at].denied != pairing.stated[there].denied]
    if flags and not _same_count(pairing):
        return [_DENIED]
    if not _same_count(pairing):
        return [_DENIED]
    if flags and any(token.role is Role.NOT for token in pairing.said) and not _same_heads(pairing):
        return ["a negation stands elsewhere"]
    return []


_DENIED = "a negation differs"


def _swapped(said: Sequence[Token], stated: Sequence[Token]) -> bool:
    """Platform 7 instead of platform 12 is platform 7, not platform 12: another way to say it, not its opposite."""
    return any(token.key == "instead" for token in [*said, *stated])


def _same_heads(pairing: Pairing) -> bool:
    """True when each negation of the claim stands before the same word as one of the source: did not, was not analysed."""
    said = {pairing.all.get(at) for at in _heads(pairing.said)}
    touched = touched_by(pairing)
    return None not in said and said == {at for at in _heads(pairing.stated) if at in touched}


def _heads(tokens: Sequence[Token]) -> list[int]:
    denials = [at for at, token in enumerate(tokens) if token.role is Role.NOT]
    return [next((at for at in range(place + 1, len(tokens)) if tokens[at].counts), -1) for place in denials]


def _same_count(pairing: Pairing) -> bool:
    said = sum(token.role is Role.NOT for token in pairing.said)
    touched = touched_by(pairing)
    return said == sum(token.role is Role.NOT and place in touched for place, token in enumerate(pairing.stated))


def _misplaced(pairing: Pairing) -> list[str]:
    """A part may stand elsewhere when it moves as a whole with its preposition: In 1950 … / … in 1950."""
    if not pairing.moved:
        return []
    moved = sorted(pairing.moved)
    places = [pairing.moved[at] for at in moved]
    run = pairing.asked[pairing.asked.index(moved[0]):pairing.asked.index(moved[-1]) + 1]
    between = {place for place in pairing.pairs.values() if min(places) < place < max(places)}
    rivalled = _rivalled(pairing, moved) or _traded(pairing, moved)
    whole = run == moved and places == sorted(places) and not between and not rivalled
    here, there = link_before(pairing.said, moved[0]), link_before(pairing.stated, places[0])
    if whole and ((here and here == there) or _apposition(pairing, moved, places) or _beside(pairing, moved)):
        return []
    return ["the passage puts it in another order"]


def _rivalled(pairing: Pairing, moved: Sequence[int]) -> bool:
    """True when the source says another number, date or name that could have stood in the moved one's stead."""
    free = (token for place, token in enumerate(pairing.stated) if place not in pairing.used)
    spare = [token for token in free if token.role in {Role.QUANTITY, Role.NAME}]
    return any(_rival(token, (pairing.said[at], pairing.said[at]), token.role) for token in spare for at in moved)


def _traded(pairing: Pairing, moved: Sequence[int]) -> bool:
    """Higher in Spain than in Italy / in Italy than in Spain: two of a kind behind the same word have changed places."""
    def kind(at: int) -> tuple[Role, str]:
        return pairing.said[at].role, link_before(pairing.said, at)

    return any(
        kind(at) == kind(other) and (at < other) != (pairing.moved[at] < there)
        for at in moved if pairing.said[at].role in {Role.NAME, Role.QUANTITY} for other, there in pairing.pairs.items()
    )


def _beside(pairing: Pairing, moved: Sequence[int]) -> bool:
    """Removed permanently / permanently removed: one plain word that keeps its neighbour."""
    [first, *more] = moved
    if more or pairing.said[first].role is not Role.WORD:
        return False
    if link_before(pairing.said, first) != link_before(pairing.stated, pairing.moved[first]):
        return False                                   # from negative to stable / from stable to negative

    def neighbours(places: Sequence[int], place: int) -> set[int]:
        at = places.index(place)
        return set(places[max(at - 1, 0):at + 2]) - {place}

    here = {pairing.all.get(at) for at in neighbours(pairing.asked, first) if pairing.said[at].role is Role.WORD}
    return bool(here & neighbours(pairing.known, pairing.moved[first]))


def _apposition(pairing: Pairing, moved: Sequence[int], places: Sequence[int]) -> bool:
    """Its first director, Helene Varga, … / Helene Varga, its first director, …"""
    def between_commas(tokens: Sequence[Token], first: int, last: int) -> bool:
        ahead = next((token for token in reversed(tokens[:first]) if token.role is not Role.OTHER), None)
        after = next((token for token in tokens[last + 1:] if token.role is not Role.OTHER), None)
        return after is not None and after.text == "," and (ahead is None or ahead.text == ",")

    return between_commas(pairing.said, moved[0], moved[-1]) and between_commas(pairing.stated, places[0], places[-1])


def _limits(pairing: Pairing) -> list[str]:
    """At least, only, may, before … must be said by both; in the source they count where the claim draws on it."""
    touched = touched_by(pairing)
    here = {token.key: token.text for token in pairing.said if token.role is Role.LIMIT}
    often = Counter(token.key for token in pairing.said if token.role is Role.LIMIT)
    due = Counter(
        token.key for place, token in enumerate(pairing.stated) if token.role is Role.LIMIT and place in touched
        and _bears(pairing, place)
    )
    everywhere = {token.key: token.text for token in pairing.stated if token.role is Role.LIMIT}
    there = {
        token.key: token.text for place, token in enumerate(pairing.stated)
        if token.role is Role.LIMIT and place in touched and _bears(pairing, place)
    }
    strict = {key: words for key, words in everywhere.items() if key in {"if", "except", "claimed"}}
    added = [f"“{words}” is not in the passage" for key, words in here.items() if key not in everywhere]
    left_out = [
        f"the passage says “{words}”"
        for key, words in {**there, **strict}.items() if key not in here or often[key] < due[key]
    ]
    return [*added, *left_out]


def _bears(pairing: Pairing, place: int) -> bool:
    """True when a limit bears on what the claim took: the word after it, or the one before when none follows."""
    following = next((at for at in pairing.known if at > place), None)
    return (following if following is not None else pairing.known[-1]) in pairing.used


_EXACT_LINKS = frozenset({"to", "from", "by", "between", "against", "unlike", "of", "for"})


def _links(pairing: Pairing) -> list[str]:
    """Rose to 10 is not rose by 10, from London not to London."""
    for at, there in pairing.all.items():
        here, other = link_before(pairing.said, at), link_before(pairing.stated, there)
        if {here, other} == {"from", "to"}:
            return [f"the passage does not say it of {pairing.said[at].text}"]
        agent = "by" in (here, other)          # hired by Jones is not hired Jones
        precise = pairing.said[at].quantity or pairing.said[at].role is Role.NAME
        if here != other and (agent or (precise and here in _EXACT_LINKS and other in _EXACT_LINKS)):
            return [f"the passage does not say it of {pairing.said[at].text}"]
    return []


def _joined(pairing: Pairing) -> list[str]:
    """One or the other is not one and the other."""
    for (left, first), (right, second) in pairwise(sorted(pairing.pairs.items())):
        here, there = _joint(pairing.said[left + 1:right]), _joint(pairing.stated[first + 1:second])
        if here and there and here != there:
            return [f"the passage says “{there}”, not “{here}”"]
    return []


def _joint(between: Sequence[Token]) -> str:
    """The word that joins two parts, when nothing but small words stands beside it."""
    if any(token.counts for token in between):
        return ""
    return next((_JOINTS[token.key] for token in between if token.key in _JOINTS), "")


_JOINTS = {"and": "and", "und": "and", "or": "or", "oder": "or"}


def _skipped(pairing: Pairing) -> list[str]:
    """A claim must not fetch its parts from two statements: founded in 1950 and sold in 1960 is not founded in 1960."""
    ordered = sorted(pairing.pairs.items())
    for (_, left), (at, right) in pairwise(ordered):
        between = [pairing.stated[place] for place in range(left + 1, right) if place not in pairing.used]
        ends = (pairing.stated[left], pairing.stated[right])
        for role in (Role.QUANTITY, Role.NAME):
            rivals = [token for token in between if token.role is role and _rival(token, ends, role)]
            if rivals:
                return [f"the passage says {rivals[0].text} there, too"]
        if _crosses(between):
            return [f"the passage does not say “{pairing.said[at].text}” of the same thing"]
    return []


def _rival(token: Token, ends: tuple[Token, Token], role: Role) -> bool:
    alike = [end.quantity for end in ends if end.role is role]
    return any(not token.quantity or not other or bool(token.quantity.days) == bool(other.days) for other in alike)


def _crosses(between: Sequence[Token]) -> bool:
    breaks = [place for place, token in enumerate(between) if token.role is Role.BREAK]
    return any(any(one.counts for one in between[:place]) and any(one.counts for one in between[place:]) for place in breaks)
