"""Find the facts that a new one may repeat or contradict: a few of the same user and model, by meaning and by shared words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from halo_app.domain.chunk import Scope
from halo_app.domain.memory import Kind, Memory, Sought
from halo_app.domain.ranking import Floats, Integers, Mask, top
from halo_app.ports import VectorIndex
from halo_app.services.memory_columns import meant
from halo_app.services.memory_far import FarShelf
from halo_app.services.memory_pieces import Cutting
from halo_app.services.memory_shelf import MemoryShelf

EACH = 5                        # by meaning, and as many by words, of those stored before it; as many again of those after it
_STANDING = Sought(kinds=(Kind.FACT,))
Near = dict[str, float | None]  # public id -> cosine, None when it is not known


@dataclass(frozen=True)
class NearFacts:
    """What it costs for a batch: one product of its vectors with those of the user, and the postings of its rarer words."""

    index: VectorIndex
    cutting: Cutting

    def of(self, shelf: MemoryShelf | FarShelf, facts: Sequence[Memory], now: datetime) -> dict[str, Near]:
        """Return for each fact (public id) the closest others that hold now and are as private as it is."""
        if isinstance(shelf, FarShelf):
            return {fact.public_id: self._far(fact) for fact in facts}
        holds = meant(shelf.memories, shelf.models, _STANDING, now)
        known = [fact for fact in facts if fact.public_id in shelf.rows]
        cosines = shelf.products([fact.public_id for fact in known])
        found: dict[str, Near] = {fact.public_id: {} for fact in facts}
        for at, fact in enumerate(known):
            mine = holds & (shelf.memories["model"] == shelf.models.known(fact.model))
            near = cosines[at] if cosines is not None and shelf.has_meaning(fact.public_id) else None
            number, terms = shelf.memories["number"], _terms(self.cutting, fact)
            for group in (number < fact.id, number > fact.id):          # those behind it must not crowd out those before
                found[fact.public_id] |= _closest(shelf, terms, mine & group, near)
        return found

    def _far(self, fact: Memory) -> Near:
        """Ask the index; what does not hold any more among its answers is told by the store."""
        where = Scope(fact.user_id, fact.model)
        _, vectors = self.index.some([f"{fact.public_id}-0"], where=Scope(fact.user_id))
        near: Near = {hit.chunk.source_id: None for hit in
                      self.index.matching(sorted(set(_terms(self.cutting, fact))), where=where, limit=2 * EACH)}
        if vectors is not None and len(vectors) and vectors[0].any():
            near |= {hit.chunk.source_id: hit.score for hit in self.index.nearest(vectors[0], where=where, limit=2 * EACH)}
        near.pop(fact.public_id, None)
        return near


def _closest(shelf: MemoryShelf, terms: Sequence[str], among: Mask, cosines: Floats | None) -> Near:
    memory = shelf.pieces["memory"]
    inside = among[memory]
    if not inside.any():
        return {}
    places = list(_first(shelf.sharing(terms, inside), memory))
    near: Near = {}
    if cosines is not None:
        has = inside & shelf.pieces["has"]
        places = [*_first(top(cosines, 2 * EACH, has), memory), *places]
        near = {shelf.ids[memory[place]]: float(cosines[place]) for place in places if has[place]}
    return {shelf.ids[memory[place]]: near.get(shelf.ids[memory[place]]) for place in places}


def _terms(cutting: Cutting, fact: Memory) -> Sequence[str]:
    return cutting.cut(fact)[0][0].terms


def _first(places: Iterable[int], memory: Integers) -> Iterable[int]:
    """Yield the best place of each of the first few memories."""
    seen: set[int] = set()
    for place in places:
        if memory[place] not in seen and len(seen) < EACH:
            seen.add(int(memory[place]))
            yield int(place)
