"""Build what a model is told about its user: pinned memories, facts, summaries, recent turns and passages, under a hard cap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from halo_app.domain.budgeting import Filled, Item, Section, fill
from halo_app.domain.memory import Conversation, Kind, Memory, Sought, Summary
from halo_app.domain.user import Principal
from halo_app.errors import BadInput
from halo_app.memory_ports import MemoryStore
from halo_app.services.rolling import said_in, turns_of

ASKED = 40                     # memories that are offered for a question, of each kind
MOST_SUMMARIES = 500
PINNED = 100                   # pinned memories offered at most


class Recall(Protocol):
    """Search over memories, best first."""

    def search(self, who: Principal, user_id: str, query: str, *, limit: int, where: Sought) -> list[Memory]: ...


class Past(Protocol):
    """What was said long ago, made small."""

    def prepare(self, who: Principal, user_id: str) -> None:
        """Bring the summaries up to date."""

    def best_lines(self, summaries: Sequence[Memory]) -> list[tuple[Memory, int, str]]:
        """Return (summary, place of the line, line) in the order in which they are worth their room."""


@dataclass(frozen=True, slots=True)
class MemoryContext:
    """What to tell a model: at most the cap by the count that was used.

    `memories` are the public ids of what it says, `sections` the items of each section by id; `trace` tells what was dropped
    and why: {"tokens", "cap", "kept": {section: n}, "dropped": [{"section", "id", "reason"}]}.
    """

    text: str
    tokens: int
    memories: tuple[str, ...]
    sections: Mapping[str, tuple[str, ...]]
    trace: Mapping[str, Any]


@dataclass(frozen=True)
class MemoryContextService:
    """Contexts from one store. `count` gives the tokens of a text and must never give too few."""

    store: MemoryStore
    recall: Recall
    count: Callable[[str], int]
    max_context_tokens: int = 4000
    num_history_runs: int = 3
    past: Past | None = None

    def build(
        self, who: Principal, user_id: str, query: str = "", *, model: str = "", session_id: str = "",
        passages: Sequence[str] = (), max_tokens: int | None = None,
    ) -> MemoryContext:
        """Return the context for a question (or for whatever comes next, when there is none).

        `model` is who will read it: "" gets only what is shared, a name also what is private to it. `passages` are added
        last, best first. Raises BadInput for a cap under 1, PermissionDenied, StoreUnavailable.
        """
        cap = self.max_context_tokens if max_tokens is None else max_tokens
        if cap < 1:
            raise BadInput(f"max_tokens={cap} leaves no room", fix="give at least 1, or leave it out for MAX_CONTEXT_TOKENS")
        if self.past:
            self.past.prepare(who, user_id)
        seen: set[str] = set()
        items = [
            *_once(seen, Section.PINNED, self.store.select(who, user_id, Sought(model=model, pinned=True), limit=PINNED)),
            *_once(seen, Section.FACTS, self._found(who, user_id, query, model, (Kind.FACT, Kind.IMAGE, Kind.TRANSCRIPTION))),
            *self._recent(who, user_id, session_id, model),
            *self._summaries(who, user_id, query, model, seen),
            *(Item(Section.PASSAGES, text, f"passage-{at}", at) for at, text in enumerate(passages))]
        return _context(fill(items, cap, self.count), cap)

    def _found(self, who: Principal, user_id: str, query: str, model: str, kinds: tuple[Kind, ...]) -> list[Memory]:
        where = Sought(kinds=kinds, model=model)
        if not query.strip():
            return self.store.select(who, user_id, where, limit=ASKED)
        return self.recall.search(who, user_id, query, limit=ASKED, where=where)

    def _summaries(self, who: Principal, user_id: str, query: str, model: str, seen: set[str]) -> Iterator[Item]:
        """Return what earlier conversations say to the question; without one, the lines that are worth most."""
        if query.strip() or self.past is None:
            yield from _once(seen, Section.SUMMARIES, self._found(who, user_id, query, model, (Kind.SUMMARY, Kind.CONVERSATION)))
            return
        summaries = self.store.select(who, user_id, Sought(kinds=(Kind.SUMMARY,), model=model), limit=MOST_SUMMARIES)
        fresh = [one for one in summaries if one.public_id not in seen]
        places = {one.public_id: at for at, one in enumerate(reversed(fresh))}
        for memory, at, line in self.past.best_lines(fresh):
            yield Item(Section.SUMMARIES, line, f"{memory.public_id}#{at}", places[memory.public_id] * 1000 + at)

    def _recent(self, who: Principal, user_id: str, session_id: str, model: str) -> list[Item]:
        """Return the last runs of the session, or the last turns of the newest conversation; the newest is the best."""
        if self.num_history_runs == 0:
            return []
        runs = self.store.runs(who, user_id, session_id=session_id, limit=self.num_history_runs)
        said = [turn for run in reversed(runs) for turn in said_in(run)]
        if not said:
            where = Sought(kinds=(Kind.CONVERSATION,), model=model, session_id=session_id)
            newest = self.store.select(who, user_id, where, limit=2 * self.num_history_runs)
            said = [turn for memory in reversed(newest) for turn in turns_of(memory)][-2 * self.num_history_runs:]
        lines = [Item(Section.RECENT, f"{turn.speaker}: {turn.text}", turn.id, at) for at, turn in enumerate(said)]
        return lines[::-1]


def _once(seen: set[str], section: Section, memories: Iterable[Memory]) -> Iterator[Item]:
    """Yield the items of memories that stand nowhere yet: a summary by its lines, a conversation by the turn that was found."""
    order = 0
    for memory in memories:
        if memory.public_id in seen:
            continue
        seen.add(memory.public_id)
        lines = _lines(memory)
        for at, line in enumerate(lines):
            yield Item(section, line, memory.public_id if len(lines) == 1 else f"{memory.public_id}#{at}", order)
            order += 1


def _lines(memory: Memory) -> list[str]:
    if isinstance(memory.content, Summary):
        lines = memory.text.splitlines()
        first = memory.match.position if memory.match and memory.match.position is not None else 0
        return [*lines[first:first + 1], *lines[:first], *lines[first + 1:]]
    if isinstance(memory.content, Conversation):
        return [f"{memory.match.speaker}: {' '.join(memory.match.text.split())}"] if memory.match else []
    return [" ".join(memory.text.split())]


def _context(filled: Filled, cap: int) -> MemoryContext:
    sections = {section.value: tuple(item.id for item in filled.kept if item.section is section) for section in Section}
    remembered = [item.id.partition("#")[0] for item in filled.kept if item.section not in (Section.RECENT, Section.PASSAGES)]
    trace = {"tokens": filled.tokens, "cap": cap, "kept": {name: len(ids) for name, ids in sections.items() if ids},
             "dropped": [{"section": one.section.value, "id": one.id, "reason": one.reason} for one in filled.dropped]}
    return MemoryContext(filled.text, filled.tokens, tuple(dict.fromkeys(remembered)), sections, trace)
