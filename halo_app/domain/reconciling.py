"""Compare a new fact with an old one: the same, nearly the same, its contradiction, doubtful, or about something else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from halo_app.domain.quantities import Quantity, quantities
from halo_app.domain.stating import ENDED, Statement, key_of, kind_of, read, words_of
from halo_app.domain.third_person import is_past
from halo_app.domain.wording import stem

ALIKE = 0.93            # cosine from which two facts that differ in small words only count as nearly the same


class Relation(StrEnum):
    SAME = "same"
    NEAR = "near"                    # one says the other, or both the same in other words: merge them
    CONTRADICTS = "contradicts"      # the new one holds from now on, the old one did until now
    DOUBTFUL = "doubtful"            # perhaps a contradiction: both stay and the user is asked
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True)
class Judged:
    """How a new fact stands to an old one, and why, in words."""

    relation: Relation
    reason: str = ""


def compare(old: str, new: str, cosine: float | None = None) -> Judged:
    """
    Judge a new fact against an older one of the same user. `cosine` of their meanings, -1 to 1, helps where rules say
    nothing."""
    if _plain(old) == _plain(new):
        return Judged(Relation.SAME, "it says the same")
    before, now = _read(old), _read(new)
    if before.subject != now.subject:
        return _apart(before, now)
    if opposed := _opposed(before, now):
        return opposed
    if before.attribute == now.attribute:
        return _valued(before, now)
    return _worded(before, now, cosine)


_read = lru_cache(maxsize=5000)(read)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w'-]+", text.casefold().replace("’", "'")))


def _apart(before: Statement, now: Statement) -> Judged:
    return Judged(Relation.UNRELATED, f"one is about {before.subject or 'something'}, the other about "
                                      f"{now.subject or 'something'}")


_LIKES = re.compile(r"(?:likes?|loves?|enjoys?|is fond of|is a fan of)\b", re.IGNORECASE)
_DISLIKES = re.compile(r"(?:dislikes?|hates?|detests?|is tired of|avoids?)\b", re.IGNORECASE)


def _opposed(before: Statement, now: Statement) -> Judged | None:
    """Recognise the same thing said and denied: is and is not, likes and dislikes, owns and sold, smokes and quit smoking."""
    if (now.past or before.past) and not now.ended:
        return None
    old, new = words_of(before.text), words_of(now.text)
    if old == new and before.denied != now.denied:
        return Judged(Relation.CONTRADICTS, "one says it, the other denies it")
    for one, other in ((_LIKES, _DISLIKES), (_DISLIKES, _LIKES)):
        here, there = one.match(before.text), other.match(now.text)
        if here and there and before.denied == now.denied and words_of(before.text[here.end():]) == words_of(now.text[there.end():]):
            return Judged(Relation.CONTRADICTS, f"“{here[0]}” before, “{there[0]}” now")
    if before.ended != now.ended and before.denied == now.denied:
        over, holds = (now, before) if now.ended else (before, now)
        left, whole = words_of(ENDED.sub("", over.text, count=1)), words_of(holds.text)
        if left and (left in (whole, whole[1:]) or (len(left) > 1 and left[1:] == whole[1:])):
            return Judged(Relation.CONTRADICTS, "what one tells of is over in the other")
    return _turned(before, now)


def _turned(before: Statement, now: Statement) -> Judged | None:
    """Tea rather than coffee, then coffee rather than tea."""
    rather = [told for told in (before, now) if told.attribute.startswith("rather ")]
    sides = [(key_of(told.value), told.attribute.removeprefix("rather ")) for told in rather]
    if len(sides) == 2 and sides[0] == sides[1][::-1]:
        return Judged(Relation.CONTRADICTS, "the preference is turned round")
    return None


def _valued(before: Statement, now: Statement) -> Judged:
    """Two values of one attribute of one subject."""
    if not before.attribute:
        return _worded(before, now, None)
    old, new = words_of(before.value), words_of(now.value)
    if before.past or now.past or before.ended or now.ended:
        return Judged(Relation.UNRELATED, "one tells of an earlier time")
    if before.denied or now.denied:
        both = before.denied and now.denied and old == new
        return Judged(Relation.NEAR, "both deny the same") if both else Judged(Relation.UNRELATED, "one says what is not so")
    amounts = _amounts(before.value, now.value)
    if old == new and amounts is not False:
        return Judged(Relation.NEAR, "it says the same in other words")
    if amounts is None and (set(old) < set(new) or set(new) < set(old)) and not (set(old) ^ set(new)) & _GRADES:
        return Judged(Relation.NEAR, "one is the other, told more exactly")
    if before.single and now.single:
        kinds = {kind_of(before.value), kind_of(now.value)}
        if before.attribute == "is" and kinds in ({"quality", "amount"}, {"quality", "name"}):
            return Judged(Relation.DOUBTFUL, f"“{before.value}” and “{now.value}” may both be so")
        return Judged(Relation.CONTRADICTS, f"“{before.value}” before, “{now.value}” now")
    return Judged(Relation.UNRELATED, "both can be so")


_GRADES = frozenset(stem(word) for word in "senior junior head lead chief assistant deputy associate former principal vice "
                                           "interim".split())


def _amounts(old: str, new: str) -> bool | None:
    """Tell whether two texts give the same numbers and dates; None when one gives none."""
    here, there = (quantities(text, "en") for text in (old, new))
    if not here or not there:
        return None
    return [_measure(one) for one in here] == [_measure(one) for one in there]


def _measure(one: Quantity) -> tuple[tuple[float, ...], str, object]:
    return one.values, one.unit, one.days


def _worded(before: Statement, now: Statement, cosine: float | None) -> Judged:
    """Compare two statements of one subject whose attribute no frame knows."""
    if before.past or now.past or before.ended != now.ended:
        return Judged(Relation.UNRELATED, "one tells of an earlier time")
    old, new = words_of(before.text), words_of(now.text)
    if before.denied != now.denied:
        return _half_denied(old, new)
    if changed := _recounted(before.text, now.text):
        return changed
    only_old, only_new = set(old) - set(new), set(new) - set(old)
    shared = set(old) & set(new)
    if not only_old and not only_new:
        return Judged(Relation.NEAR, "it says the same in other words")
    if _amounts(before.text, now.text) is not False:
        if excluded := _excluded(only_old, only_new, shared, old[-1:] == new[-1:]):
            return excluded
        small = not only_old or not only_new
        if small and len(shared) >= 2 and not (only_old | only_new) & _GRADES and "only" not in before.text + now.text:
            return Judged(Relation.NEAR, "one is the other, told more exactly")
        if cosine is not None and cosine >= ALIKE and not _NAMES.search(_differing(before.text, now.text)):
            return Judged(Relation.NEAR, "it means the same in other words")
    if _tells_of_an_event(before.text):
        return Judged(Relation.UNRELATED, "both tell of something that was done")
    return _one_place(before.text, now.text) or Judged(Relation.UNRELATED, "both can be so")


_NAMES = re.compile(r"\b[A-Z\d]")


def _differing(old: str, new: str) -> str:
    """The words that only one of two texts has."""
    mine, yours = old.split(), new.split()
    return " ".join([*(word for word in mine if word not in yours), *(word for word in yours if word not in mine)])


def _half_denied(old: list[str], new: list[str]) -> Judged:
    shared = set(old) & set(new)
    if len(shared) >= 2 and (set(old) <= set(new) or set(new) <= set(old)):
        return Judged(Relation.DOUBTFUL, "one denies a part of what the other says")
    return Judged(Relation.UNRELATED, "both can be so")


def _recounted(old: str, new: str) -> Judged | None:
    """The same words around other numbers: two cats and three cats, 20 mg and 10 mg."""
    here, there = quantities(old, "en"), quantities(new, "en")
    if not here or _tells_of_an_event(old) or [one.unit for one in here] != [one.unit for one in there]:
        return None
    if words_of(_without(old, here)) != words_of(_without(new, there)):
        return None
    changed = [(one, other) for one, other in zip(here, there, strict=True) if _measure(one) != _measure(other)]
    if len(changed) != 1:                        # on another day, another number: both were so
        return None
    [(one, other)] = changed
    if not one.unit and _is_label(old, one.start):
        return Judged(Relation.UNRELATED, f"{one.text} and {other.text} are two things")
    return Judged(Relation.CONTRADICTS, f"{one.text} before, {other.text} now")


def _is_label(text: str, start: int) -> bool:
    """Tell whether a bare number names one of several: item 12, fact number 3; but has 2 cats, is 34, drinks 3 coffees."""
    before = re.findall(r"[^\W\d_]+", text[:start])
    return bool(before) and before[-1].lower() not in _COUNTING and not before[-1].endswith("s")


_COUNTING = frozenset("""have of in at to than about around roughly nearly almost over under only just exactly and or by for from
    with the a an be been am age aged approximately up least most own rent drink eat need want my""".split())


def _tells_of_an_event(text: str) -> bool:
    """Tell whether something was done, not is: ran 5 km, on Monday the pump used 12 kWh; but is called, has lived."""
    words = text.lower().split()
    return any(is_past(word) and before not in _STATES for before, word in zip(["", *words], words, strict=False))


_STATES = frozenset("is are has have been was be will not".split())


def _without(text: str, found: list[Quantity]) -> str:
    for one in reversed(found):
        text = text[:one.start] + " " + text[one.end:]
    return text


_EXCLUDE = tuple(tuple(frozenset(stem(word) for word in side.split()) for side in group.split("|")) for group in (
    "short brief concise terse | long detailed thorough extensive full", "formal | informal casual friendly",
    "light bright | dark",
    "morning mornings early | evening evenings night nights late", "metric | imperial", "british | american",
    "simple plain | technical",
    "bullet bullets lists | prose paragraphs continuous", "full-time | part-time", "vegetarian | vegan | omnivore",
    "left | right",
    "paper print printed | digital electronic", "married | single | divorced | widowed",
    "first-year | second-year | third-year | final-year",
    "employed | unemployed | self-employed | retired", "tenant | owner | landlord",
    "apa | mla | chicago | harvard | vancouver | oscola",
    "warm | cold", "weekly | daily | monthly", "more | less fewer", "alone | together", "sweet | savoury",
    "permanent | temporary"))


def _excluded(only_old: set[str], only_new: set[str], shared: set[str], same_head: bool) -> Judged | None:
    """Short answers and long answers: words that shut each other out, about the same thing."""
    for group in _EXCLUDE:
        here = next((side for side in group if side & only_old), None)
        there = next((side for side in group if side & only_new), None)
        rest = (only_old | only_new) - frozenset().union(*group)
        if here and there and here is not there and len(rest) <= 2 and (same_head or not rest):
            return Judged(Relation.CONTRADICTS, "they differ in what shuts each other out")
    return None


_OCCUPATION = re.compile(r"is an? (?P<what>(?:[\w-]+ ){0,3}?[\w-]*(?:er|or|ist|ian|nurse|ant|ent|eer|man|chef|cook|judge|vet|"
                         r"pilot))\b", re.IGNORECASE)
_MANY = frozenset(stem(word) for word in """
    likes loves enjoys hates dislikes prefers plays speaks knows owns has reads collects visited allergic
    interested takes eats drinks member writes needs wants uses sells teaches studied grew worked learns
    supports keeps asks fluent responsible""".split())


def _one_place(old: str, new: str) -> Judged | None:
    """Doubt when two statements differ in a single place and nothing tells whether both can be so."""
    one, other = _OCCUPATION.match(old), _OCCUPATION.match(new)
    if one and other and key_of(one["what"]) != key_of(other["what"]):
        return Judged(Relation.DOUBTFUL, f"both “{one['what']}” and “{other['what']}”")
    mine, yours = words_of(old), words_of(new)
    if {*mine, *yours} & _MANY or len(mine) != len(yours) or len(mine) < 3:
        return None
    places = [place for place, (here, there) in enumerate(zip(mine, yours, strict=True)) if here != there]
    if len(places) == 1 and places[0] > 0:
        return Judged(Relation.DOUBTFUL, "they differ in one word only")
    return None
