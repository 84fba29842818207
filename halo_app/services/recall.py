"""Find what one user's memories say about a question, message by message: by words at once, by meaning a moment later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import islice

from halo_app.domain.chunk import Scope
from halo_app.domain.dates import asked
from halo_app.domain.memory import Memory, Sought, State
from halo_app.domain.permissions import Action, refusal
from halo_app.domain.user import Principal
from halo_app.memory_ports import MemoryStore
from halo_app.ports import Analyzer, Cache, Clock, Embedder, VectorIndex
from halo_app.services.asking import Asking
from halo_app.services.memory_far import FarSearch, FarShelf
from halo_app.services.memory_near import Near, NearFacts
from halo_app.services.memory_pieces import Cutting, match_of, place_of
from halo_app.services.memory_ranking import Found, Wanted, rank_pieces
from halo_app.services.memory_shelf import MemoryShelf, Terms
from halo_app.services.memory_shelves import MemoryShelves

EXACT = 50_000              # memories of a user that are compared one by one, in memory; beyond, the index proposes
REMEMBERED = 150_000        # pieces kept in memory over all users
ANYTHING = Sought()
EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)


@dataclass(frozen=True)
class RecallService:
    """Only the memories that are meant are ranked and counted. The store has the last word on what may be seen.

    When `embedder` gives None, or EmbedderUnavailable is raised, the words decide.
    """

    store: MemoryStore
    index: VectorIndex
    embedder: Callable[[], Embedder | None]
    analyzer: Analyzer
    cutting: Cutting
    cache: Cache
    clock: Clock
    threshold: float = 0.7
    exact: int = EXACT

    def search(self, who: Principal, user_id: str, query: str, *, limit: int = 10, where: Sought = ANYTHING) -> list[Memory]:
        """Return at most `limit` memories, best first, with `score` (0 to 1) and, in `match`, what in each was found.

        Raises PermissionDenied, StoreUnavailable.
        """
        return self._found(who, user_id, query, limit, where, one_each=True)

    def pieces(self, who: Principal, user_id: str, query: str, *, limit: int = 10, where: Sought = ANYTHING) -> list[Memory]:
        """Return the best messages and segments, each as its memory with `match`; a memory may come several times."""
        return self._found(who, user_id, query, limit, where, one_each=False)

    def unasked(self, who: Principal, user_id: str, query: str, *, limit: int = 10, where: Sought = ANYTHING) -> list[Memory]:
        """Return what is worth recalling without having been asked for: what `search` finds at or above the threshold."""
        found = self.search(who, user_id, query, limit=limit, where=where)
        return [memory for memory in found if (memory.score or 0.0) >= self.threshold]

    def beside(self, user_id: str, facts: Sequence[Memory]) -> dict[str, Near]:
        """Return for facts of a user (public ids) the few others that each may repeat or contradict, with cosines where known.

        For the engine itself; nothing is shown to anybody.
        """
        with self._kept.lent(user_id, lambda: self.index.count(Scope(user_id))) as shelf:
            return NearFacts(self.index, self.cutting).of(shelf, facts, self.clock())

    def forget(self) -> None:
        """Let go of everything kept in memory."""
        self._kept.clear()

    # how

    def _found(self, who: Principal, user_id: str, query: str, limit: int, where: Sought, *, one_each: bool) -> list[Memory]:
        if not query.strip() or limit < 1 or refusal(who, Action.READ, user_id):
            return self.store.select(who, user_id, replace(where, ids=()))        # it refuses, and writes that down
        known: dict[str, Memory] | None = None
        if _only_the_store_tells(where):
            known = {memory.public_id: memory for memory in self.store.select(who, user_id, where)}
        now, (vector, model_id) = self.clock(), self._asking.vector(query)
        wanted = Wanted(query, vector, self._terms(query, now), where, now, limit, one_each, known)
        with self._kept.lent(user_id, lambda: self.store.count(who, user_id, EVERYTHING)) as shelf:
            if shelf.model_id != model_id:
                wanted = replace(wanted, vector=None)
            ranked = rank_pieces(shelf, wanted) if isinstance(shelf, MemoryShelf) else []
        if isinstance(shelf, FarShelf):
            ranked, known = self._far.ranked(shelf, wanted, lambda some: self.store.select(who, user_id, some))
        return list(islice(self._memories(who, user_id, ranked, limit, where, known), limit))

    def _terms(self, query: str, now: datetime) -> Terms:
        """Return the question's terms by language, the days that it asks about among them."""
        said, days = self._asking.without_stop_words(query), asked(query, now.date())
        return lru_cache(maxsize=None)(lambda language: (*self.analyzer.terms(said, language), *days))

    def _memories(
        self, who: Principal, user_id: str, ranked: Sequence[Found], limit: int, where: Sought, known: dict[str, Memory] | None
    ) -> Iterator[Memory]:
        """Yield what was found as the store has it now; what has gone or changed since it was ranked is left out."""
        for start in range(0, max(len(ranked), 1), limit):
            group = ranked[start : start + limit]
            ids = tuple(dict.fromkeys(found.public_id for found in group))
            stored = known
            if stored is None:
                stored = {memory.public_id: memory for memory in self.store.select(who, user_id, replace(where, ids=ids))}
            for found in group:
                memory = stored.get(found.public_id)
                match = match_of(memory, place_of(found.position), found.start, found.end) if memory else None
                if memory and match:
                    yield replace(memory, score=round(found.relevance, 4), match=match)

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.embedder, self.analyzer, self.cache)

    @cached_property
    def _kept(self) -> MemoryShelves:
        return MemoryShelves(self.store, self.index, self.cutting, self._far, exact=self.exact, pieces=REMEMBERED)

    @cached_property
    def _far(self) -> FarSearch:
        return FarSearch(self.store, self.index, self.cutting)


def _only_the_store_tells(where: Sought) -> bool:
    return bool(where.tags or where.session_id or where.category or where.words.strip() or where.ids is not None)
