"""Relate every stored fact to what was known, behind whoever stored it: join repeats, end what no longer holds, ask in doubt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from halo_app.domain.memory import Fact, Memory, State
from halo_app.domain.reconciling import Relation, compare
from halo_app.memory_ports import MemoryStore
from halo_app.services.reconciling import DUPLICATES, merged

AT_ONCE = 64                    # facts in one transaction
Near = Mapping[str, float | None]
Beside = Callable[[str, Sequence[Memory]], Mapping[str, Near]]
_compare = lru_cache(maxsize=20_000)(compare)


class WeavingService:
    """`beside` gives, for facts of one user, the few others (public ids) that each may concern, with cosines where known.

    Each fact is compared when it is new, and again when its words are changed by hand: it says so from then on. What the user
    settles stays as they leave it.
    """

    def __init__(self, store: MemoryStore, beside: Beside, *, at_once: int = AT_ONCE) -> None:
        self._store, self._beside, self._at_once = store, beside, at_once

    def step(self, *, by_words: bool) -> bool:
        """Compare some of the facts that wait; False when none does. `by_words` does not wait for their meaning.

        Raises StoreUnavailable.
        """
        facts = self._store.uncompared(self._at_once, pending=by_words)
        owned: dict[str, list[Memory]] = defaultdict(list)
        for fact in facts:
            owned[fact.user_id].append(fact)
        near = {public_id: beside for user_id, mine in owned.items() for public_id, beside in self._beside(user_id, mine).items()}
        if facts:
            given = {fact.public_id: near.get(fact.public_id, {}) for fact in facts}
            self._store.weave({one: list(beside) for one, beside in given.items()},
                              lambda new, others: woven(new, others, given[new.public_id]))
        return bool(facts)


def woven(new: Memory, others: Sequence[Memory], cosines: Near) -> list[Memory]:
    """Return how a new fact and others of its user change each other; [] when they do not.

    One of two that say the same takes the other in: the pinned one, else the one that says more, else the one stored first. Its
    words stay. The other stands in it from its beginning (`superseded_by`). Of two that contradict each other the later holds
    from when it was said; when the earlier is pinned, or it is doubtful, each names the other and the user is asked. Two pinned
    facts, two that are in dispute, and two of which one is private to another model are left alone.
    """
    if not _stands(new):
        return []
    now = _Now(new)
    found = [(other, _judged(other, new, cosines.get(other.public_id))) for other in others if _concerns(other, new)]
    same = [other for other, relation in found if relation in DUPLICATES and not (other.pinned and new.pinned)]
    for other in sorted(same, key=_strength, reverse=True):
        keeps, goes = sorted((now.new, other), key=_strength, reverse=True)
        now.take(taking_in(keeps, goes), _stood_in(goes, keeps))
        if keeps is other:
            return now.changed
    against = [other for other, relation in found if relation is Relation.CONTRADICTS]
    later = sorted((other for other in against if _age(other) > _age(now.new)), key=_age)
    for other in against:
        if not other.pinned and other not in later:
            now.take(replace(now.new, valid_from=_said(now.new)), _ended(other, now.new))
    if later and not now.new.pinned:
        now.take(_ended(now.new, later[0]))
        return now.changed
    for other in against:
        if other.pinned or other in later:
            now.take(*_disputing(now.new, other))
    for other, relation in found:
        if relation is Relation.DOUBTFUL:
            now.take(*_disputing(now.new, other))
    return now.changed


class _Now:
    """What has changed so far; `new` is the fact that is compared, as it is by now."""

    def __init__(self, new: Memory) -> None:
        self.new, self._held = new, dict[str, Memory]()

    @property
    def changed(self) -> list[Memory]:
        return list(self._held.values())

    def take(self, *memories: Memory) -> None:
        for memory in memories:
            self._held[memory.public_id] = memory
            self.new = memory if memory.public_id == self.new.public_id else self.new


def taking_in(keeps: Memory, goes: Memory) -> Memory:
    """Return a fact with what another adds that says the same: where it was said, its turns and tags, since when; its words stay."""
    joined = merged(keeps, goes)
    if not isinstance(joined.content, Fact):
        return keeps
    places = tuple(dict.fromkeys((*joined.merged, *(one for one in goes.merged if one != keeps.provenance))))
    began = min(_began(keeps), _began(goes))
    return replace(joined, content=replace(joined.content, content=keeps.text), merged=places,
                   valid_from=keeps.valid_from if began == _began(keeps) else began)


def _stood_in(goes: Memory, keeps: Memory) -> Memory:
    return replace(goes, valid_to=_began(goes), superseded_by=keeps.public_id)


def _ended(over: Memory, new: Memory) -> Memory:
    return replace(over, valid_to=_said(new), superseded_by=new.public_id)


def _disputing(new: Memory, other: Memory) -> tuple[Memory, Memory]:
    return (replace(new, disputes=tuple(dict.fromkeys((*new.disputes, other.public_id)))),
            replace(other, disputes=tuple(dict.fromkeys((*other.disputes, new.public_id)))))


def _judged(one: Memory, other: Memory, cosine: float | None) -> Relation:
    old, new = sorted((one, other), key=_age)
    return _compare(old.text, new.text, cosine).relation


def _concerns(other: Memory, new: Memory) -> bool:
    asked = other.public_id in new.disputes or new.public_id in other.disputes
    return _stands(other) and other.model == new.model and other.public_id != new.public_id and not asked


def _stands(memory: Memory) -> bool:
    return (isinstance(memory.content, Fact) and memory.state is State.KEPT and not memory.superseded_by and memory.valid_to is None)


def _strength(memory: Memory) -> tuple[bool, int, int]:
    return memory.pinned, len(memory.text.split()), -memory.id


def _age(memory: Memory) -> tuple[datetime, int]:
    return _said(memory), memory.id


def _said(memory: Memory) -> datetime:
    """Return since when a fact holds as it is worded now."""
    return max(_began(memory), memory.reworded_at or _began(memory))


def _began(memory: Memory) -> datetime:
    began = memory.valid_from or memory.when
    assert began is not None                    # what is stored has a time
    return began
