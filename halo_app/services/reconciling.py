"""Store a fact beside what is already known: merge what says the same, let the new replace what it contradicts, else ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from uuid import uuid4

from halo_app.domain.memory import Fact, Kind, Memory, Sought, State
from halo_app.domain.reconciling import Judged, Relation, compare
from halo_app.domain.user import Principal
from halo_app.domain.verifying import Similarity
from halo_app.errors import EmbedderUnavailable
from halo_app.memory_ports import MemoryStore
from halo_app.ports import Clock

COMPARED = 2000                # newest facts that a new one is compared with
BY_MEANING = 12                # of them, those that are compared by meaning too
DUPLICATES = frozenset({Relation.SAME, Relation.NEAR})
_compare = lru_cache(maxsize=20_000)(compare)


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a fact: the memory that holds it now, how it stood to another one, and why."""

    memory: Memory
    judged: Judged
    other: Memory | None = None


@dataclass(frozen=True)
class ReconcilingService:
    """Compares facts of one user within one scope of models: what is private to a model never meets anything else.

    `similar` gives cosines; without it, or when it raises EmbedderUnavailable, the rules decide alone. `changed` is called
    after every write.
    """

    store: MemoryStore
    clock: Clock
    similar: Similarity | None = None
    changed: Callable[[], None] = lambda: None

    def keep(self, who: Principal, draft: Memory) -> Kept:
        """Store a draft and return what became of it.

        A fact that says what is known is merged into it, with its provenance. One that contradicts a known one replaces it
        from now on, and both stay visible; while it is only suggested, it waits for the user's word. What is doubtful stays
        beside the other, and both name each other. Raises PermissionDenied, StoreUnavailable.
        """
        try:
            return self._keep(who, draft)
        finally:
            self.changed()

    def settle(self, who: Principal, memory: Memory, *, holds: bool = True) -> Memory:
        """End the disputes of a fact: it replaces those that it disputes, or (`holds` False) they replace it."""
        for other in self._of(who, memory, Sought(ids=memory.disputes, states=tuple(State))):
            over, new = (other, memory) if holds else (memory, other)
            self._supersede(who, over, new)
            memory = self.store.get(who, memory.user_id, memory.public_id)
        settled = self.store.change(who, memory.user_id, memory.public_id, lambda old: replace(
            old, disputes=(), state=State.KEPT if holds else old.state))
        self.changed()
        return settled

    def agree(self, who: Principal, memory: Memory) -> Memory:
        """End the disputes of a fact without a loser: all of them hold."""
        for other in self._of(who, memory, Sought(ids=memory.disputes, states=tuple(State))):
            self.store.change(who, other.user_id, other.public_id, lambda old: replace(old, disputes=_without(old, memory)))
        return self.store.change(who, memory.user_id, memory.public_id, lambda old: replace(old, disputes=()))

    def accept(self, who: Principal, memory: Memory) -> Kept:
        """Keep a suggested fact: from now on it counts, and what it says against others counts too."""
        if not isinstance(memory.content, Fact):
            kept = self.store.change(who, memory.user_id, memory.public_id, lambda old: replace(old, state=State.KEPT))
            self.changed()
            return Kept(kept, Judged(Relation.UNRELATED))
        held = [one for one in self._known(who, memory) if one.public_id != memory.public_id and one.state is State.KEPT]
        judged, other = self._closest(held, memory.text)
        if other and judged.relation in DUPLICATES:
            merged = self._merge(who, other, memory)
            self.store.remove(who, memory.user_id, [memory.public_id])
            self.changed()
            return Kept(merged, judged, other)
        accepted = self.store.change(who, memory.user_id, memory.public_id, lambda old: replace(old, state=State.KEPT))
        for one in held:
            if _compare(one.text, memory.text).relation is Relation.CONTRADICTS:
                self._supersede(who, one, accepted)
        self.changed()
        return Kept(self.store.get(who, memory.user_id, memory.public_id), judged, other)

    def reject(self, who: Principal, memory: Memory) -> None:
        """Delete a suggested fact for good; what is kept stays."""
        if memory.state is State.SUGGESTED:
            for other in self._of(who, memory, Sought(ids=memory.disputes, states=tuple(State))):
                self.store.change(who, other.user_id, other.public_id, lambda old: replace(old, disputes=_without(old, memory)))
            self.store.remove(who, memory.user_id, [memory.public_id])
            self.changed()

    def _keep(self, who: Principal, draft: Memory) -> Kept:
        if not isinstance(draft.content, Fact):
            return Kept(self._add(who, draft), Judged(Relation.UNRELATED))
        known = self._known(who, draft)
        judged, other = self._closest(known, draft.text)
        if other is None:
            return Kept(self._add(who, draft), Judged(Relation.UNRELATED))
        if judged.relation in DUPLICATES and not (draft.state is not other.state and _says_more(draft, other)):
            return Kept(self._merge(who, other, draft), judged, other)
        against = [one for one in known if _compare(one.text, draft.text).relation is Relation.CONTRADICTS]
        if judged.relation is Relation.CONTRADICTS and draft.state is State.KEPT:
            stored = self._add(who, replace(draft, valid_from=draft.valid_from or draft.occurred_at or self.clock()))
            for one in against:
                self._supersede(who, one, stored)
            return Kept(stored, judged, other)
        if judged.relation in {Relation.CONTRADICTS, Relation.DOUBTFUL}:
            return Kept(self._dispute(who, draft, against or [other]), judged, other)
        return Kept(self._add(who, draft), judged, other)

    def _closest(self, known: Sequence[Memory], text: str) -> tuple[Judged, Memory | None]:
        """Return the known fact that matters most to the new one, and how they stand."""
        cosines = self._cosines(known, text)
        found = [(_compare(one.text, text, cosines.get(one.public_id)), one) for one in known]
        weighty = [(judged, one) for judged, one in found if judged.relation is not Relation.UNRELATED]
        return min(weighty, key=lambda pair: _WEIGHT[pair[0].relation], default=(Judged(Relation.UNRELATED), None))

    def _cosines(self, known: Sequence[Memory], text: str) -> dict[str, float]:
        """Return the cosines of the facts that share most words with the text."""
        words = set(text.lower().split())
        near = sorted(known, key=lambda one: -len(words & set(one.text.lower().split())))[:BY_MEANING]
        if self.similar is None or not near:
            return {}
        try:
            return dict(zip([one.public_id for one in near], self.similar(text, [one.text for one in near]), strict=True))
        except EmbedderUnavailable:
            return {}

    def _known(self, who: Principal, draft: Memory) -> list[Memory]:
        states = (State.KEPT, State.SUGGESTED) if draft.state is State.SUGGESTED else (State.KEPT,)
        return self._of(who, draft, Sought(kinds=(Kind.FACT,), model=draft.model, states=states))

    def _of(self, who: Principal, draft: Memory, where: Sought) -> list[Memory]:
        found = self.store.select(who, draft.user_id, where, limit=COMPARED)
        return [one for one in found if one.model == draft.model and one.valid_to is None]

    def _add(self, who: Principal, draft: Memory) -> Memory:
        [stored] = self.store.add(who, [draft])
        return stored

    def _merge(self, who: Principal, other: Memory, draft: Memory) -> Memory:
        return self.store.change(who, other.user_id, other.public_id, lambda old: merged(old, draft))

    def _supersede(self, who: Principal, over: Memory, new: Memory) -> None:
        """Let the new one hold from now on; what they disputed is decided."""
        self.store.change(who, over.user_id, over.public_id, lambda old: replace(
            old, valid_to=new.valid_from or self.clock(), superseded_by=new.public_id, disputes=_without(old, new)))
        if over.public_id in new.disputes:
            self.store.change(who, new.user_id, new.public_id, lambda old: replace(old, disputes=_without(old, over)))

    def _dispute(self, who: Principal, draft: Memory, others: Sequence[Memory]) -> Memory:
        """Store the draft beside the others; both sides name each other."""
        named = tuple(one.public_id for one in others)
        stored = self._add(who, replace(draft, public_id=draft.public_id or uuid4().hex, disputes=named))
        for one in others:
            self.store.change(who, one.user_id, one.public_id, lambda old: replace(
                old, disputes=tuple(dict.fromkeys((*old.disputes, stored.public_id)))))
        return stored


def _without(memory: Memory, other: Memory) -> tuple[str, ...]:
    return tuple(one for one in memory.disputes if one != other.public_id)


def _says_more(new: Memory, old: Memory) -> bool:
    return len(new.text.split()) > len(old.text.split())


_WEIGHT = {Relation.SAME: 0, Relation.NEAR: 1, Relation.CONTRADICTS: 2, Relation.DOUBTFUL: 3, Relation.UNRELATED: 4}


def merged(old: Memory, new: Memory) -> Memory:
    """Return the old memory with what the new one adds: where it was said again, its turns, and its words when they say more."""
    if not isinstance(old.content, Fact) or not isinstance(new.content, Fact):
        return old
    turns = tuple(dict.fromkeys((*old.content.source_turn_ids, *new.content.source_turn_ids)))
    longer = new.content.content if _says_more(new, old) else old.content.content
    content = replace(old.content, content=longer, confidence=max(old.confidence, new.confidence), source_turn_ids=turns,
                      ephemeral=old.content.ephemeral and new.content.ephemeral)
    places = old.merged if new.provenance in (old.provenance, *old.merged) else (*old.merged, new.provenance)
    expires = old.expires_at if content.ephemeral else None
    return replace(old, content=content, merged=places, tags=tuple(dict.fromkeys((*old.tags, *new.tags))), expires_at=expires)
