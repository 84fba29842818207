"""Store a fact beside what is already known: merge what says the same, let the new replace what it contradicts, else ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from halo_app.domain.memory import Fact, Kind, Memory, Sought, State
from halo_app.domain.reconciling import Judged, Relation, compare
from halo_app.domain.user import Principal
from halo_app.domain.verifying import Similarity
from halo_app.errors import EmbedderUnavailable, NotFound
from halo_app.memory_ports import MemoryStore, Together
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
        def decided(_: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
            mine, others = _apart(found, memory)
            standing = [one for one in others if _stands(one)]
            for one in standing if not holds else ():
                mine = self._ended(mine, one)
            others = [self._ended(one, mine) if holds and one in standing else _settled(one, mine) for one in others]
            return [replace(mine, disputes=(), state=State.KEPT if holds else mine.state), *others]

        return self._decide(who, memory, decided)

    def agree(self, who: Principal, memory: Memory) -> Memory:
        """End the disputes of a fact without a loser: all of them hold."""
        def agreed(_: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
            mine, others = _apart(found, memory)
            return [replace(mine, disputes=()), *(_settled(one, mine) for one in others)]

        return self._decide(who, memory, agreed)

    def accept(self, who: Principal, memory: Memory) -> Kept:
        """Keep a suggested fact: from now on it counts, and what it says against others counts too."""
        is_fact = isinstance(memory.content, Fact)
        held = [one for one in self._known(who, memory) if one.public_id != memory.public_id] if is_fact else []
        held = [one for one in held if one.state is State.KEPT]
        judged, other = self._closest(held, memory.text)
        if other and judged.relation in DUPLICATES:
            merged = self._merge(who, other, memory, remove=memory)
            self.changed()
            return Kept(merged, judged, other)
        against = [one for one in held if _contradicts(one, memory)]

        def accepted(_: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
            mine, others = _apart(found, memory)
            over = [one for one in others if _stands(one) and _contradicts(one, mine)]
            mine = _settled(replace(mine, state=State.KEPT), *over)
            return [mine, *(self._ended(one, mine) for one in over)]

        kept = self._decide(who, memory, accepted, beside=[one.public_id for one in against])
        return Kept(kept, judged, other)

    def reject(self, who: Principal, memory: Memory) -> None:
        """Delete a suggested fact for good; what is kept stays, and the same is not suggested again."""
        if memory.state is State.SUGGESTED:
            def settled(_: Sequence[Memory], others: Sequence[Memory]) -> list[Memory]:
                return [_settled(one, memory) for one in others]

            self.store.together(who, memory.user_id, settled, beside=memory.disputes, remove=[memory.public_id], rejected=True)
            self.changed()

    def rejected(self, who: Principal, user_id: str, texts: Sequence[str]) -> set[str]:
        """Return which of these the user did not want when they were suggested."""
        return self.store.rejected(who, user_id, texts) if texts else set()

    def _decide(self, who: Principal, memory: Memory, change: Together, beside: Sequence[str] | None = None) -> Memory:
        """Change a fact and those beside it (None: those that it disputes) at once. Raises NotFound when it is gone."""
        others = memory.disputes if beside is None else beside
        now = self.store.together(who, memory.user_id, change, beside=[memory.public_id, *others])
        self.changed()
        return _apart(now, memory)[0]

    def _keep(self, who: Principal, draft: Memory) -> Kept:
        if not isinstance(draft.content, Fact):
            return Kept(self._add(who, draft), Judged(Relation.UNRELATED))
        known = self._known(who, draft)
        judged, other = self._closest(known, draft.text)
        if other is None:
            return Kept(self._add(who, draft), Judged(Relation.UNRELATED))
        if judged.relation in DUPLICATES and not (draft.state is not other.state and _says_more(draft, other)):
            return Kept(self._merge(who, other, draft), judged, other)
        against = [one for one in known if _contradicts(one, draft)]
        if judged.relation is Relation.CONTRADICTS and draft.state is State.KEPT:
            return Kept(self._replace(who, draft, against), judged, other)
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

    def _merge(self, who: Principal, other: Memory, draft: Memory, *, remove: Memory | None = None) -> Memory:
        """Let a fact take in what says the same, and what was stored of that go."""
        def taken(_: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
            return [merged(one, draft) if one.public_id == other.public_id else _settled(one, draft) for one in found]

        beside, gone = [other.public_id, *(remove.disputes if remove else ())], [remove.public_id] if remove else []
        now = self.store.together(who, other.user_id, taken, beside=beside, remove=gone)
        return next((one for one in now if one.public_id == other.public_id), None) or self._add(who, draft)

    def _replace(self, who: Principal, draft: Memory, against: Sequence[Memory]) -> Memory:
        """Store the draft, and let what it contradicts hold until then."""
        new = replace(draft, valid_from=draft.valid_from or draft.occurred_at or self.clock())

        def replacing(added: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
            return [self._ended(one, added[0]) for one in found if _stands(one) and one not in added]

        [stored, *_] = self.store.together(who, draft.user_id, replacing, add=[new], beside=[one.public_id for one in against])
        return stored

    def _dispute(self, who: Principal, draft: Memory, others: Sequence[Memory]) -> Memory:
        """Store the draft beside the others; both sides name each other."""
        def disputing(added: Sequence[Memory], found: Sequence[Memory]) -> list[Memory]:
            new, beside = added[0], [one for one in found if one not in added]
            named = tuple(dict.fromkeys((*new.disputes, *(one.public_id for one in beside))))
            return [replace(new, disputes=named),
                    *(replace(one, disputes=tuple(dict.fromkeys((*one.disputes, new.public_id)))) for one in beside)]

        [stored, *_] = self.store.together(who, draft.user_id, disputing, add=[draft], beside=[one.public_id for one in others])
        return stored

    def _ended(self, over: Memory, new: Memory) -> Memory:
        """Return a fact that another replaces: it held until then, and what they disputed is decided."""
        return replace(over, valid_to=new.valid_from or self.clock(), superseded_by=new.public_id, disputes=_without(over, new))


def _apart(found: Sequence[Memory], memory: Memory) -> tuple[Memory, list[Memory]]:
    """Return the memory as it is by now, and the others. Raises NotFound when it is gone."""
    mine = next((one for one in found if one.public_id == memory.public_id), None)
    if mine is None:
        raise NotFound(f"there is no memory {memory.id}", fix="list the memories to see which there are")
    return mine, [one for one in found if one.public_id != memory.public_id]


def _stands(memory: Memory) -> bool:
    return not memory.superseded_by and memory.valid_to is None


def _contradicts(one: Memory, other: Memory) -> bool:
    return _compare(one.text, other.text).relation is Relation.CONTRADICTS


def _without(memory: Memory, *others: Memory) -> tuple[str, ...]:
    named = {other.public_id for other in others}
    return tuple(one for one in memory.disputes if one not in named)


def _settled(memory: Memory, *others: Memory) -> Memory:
    """Return a memory that disputes those others no longer."""
    return replace(memory, disputes=_without(memory, *others))


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
