"""What can be done with memories: every verb checks what it is given, acts as somebody, and names whose memory is meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Protocol

from halo_app.domain.memory import AgentRun, Content, Fact, Indexed, Memory, Sought, State, Transcription
from halo_app.domain.user import Principal
from halo_app.errors import BadInput
from halo_app.memory_ports import LanguageTeller, MemoryStore, Users
from halo_app.ports import Clock
from halo_app.services import memory_fields as are
from halo_app.services.memory_checks import read_page, read_run, read_sought
from halo_app.services.memory_forms import read_change, read_memory, read_memory_id, read_user_id
from halo_app.services.reconciling import Kept

Given = Memory | Content | Mapping[str, Any] | str
Memories = list[Memory]
MOST_FOUND = 1000
MOST_QUERY_CHARS = 10_000
EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)


class Keeping(Protocol):
    """Stores facts beside what is known, and settles what was suggested."""

    def keep(self, who: Principal, draft: Memory) -> Kept: ...

    def accept(self, who: Principal, memory: Memory) -> Kept: ...

    def reject(self, who: Principal, memory: Memory) -> None: ...


class Recall(Protocol):
    """Finds memories by words and by meaning."""

    def search(self, who: Principal, user_id: str, query: str, *, limit: int, where: Sought) -> Memories:
        """Return at most `limit` memories, best first, with `score` and `match`."""


@dataclass(frozen=True)
class MemoryService:
    """The memory of many users as one principal may use it; `as_user` gives the same for another.

    `kept` is the database, `recall` the search. `changed` is called after every write, so that work behind it can begin.
    What the principal may not do raises PermissionDenied, a value that cannot be used BadInput, and what is not there NotFound.
    """

    kept: MemoryStore
    users: Users
    recall: Recall
    languages: LanguageTeller
    clock: Clock
    who: Principal
    top_k: int = 10
    ephemeral_days: int = 30
    changed: Callable[[], None] = lambda: None
    keeping: Keeping | None = None

    def as_user(self, user_id: str, reason: str = "") -> MemoryService:
        """Return the same memory as this user may use it; an admin's `reason` says why another's content is read.

        Only admins act as others, and say why; the audit log keeps it. Raises PermissionDenied.
        """
        if user_id == self.who.user_id:
            return replace(self, who=replace(self.who, reason=reason or self.who.reason))
        return replace(self, who=self.users.act_as(self.who, read_user_id(user_id), reason=reason))

    # storing

    def store(self, user_id: str, memory: Given) -> Memory:
        """Remember something: text (a fact), a content, a Memory, or the JSON of one. Durable when it returns."""
        [stored] = self.store_all(user_id, [memory])
        return stored

    def store_all(self, user_id: str, memories: Sequence[Given]) -> Memories:
        """Remember several things at once, all or none; what is already known word for word is not stored twice."""
        owner = read_user_id(user_id)
        drafts = [self._draft(owner, read_memory(memory)) for memory in memories]
        stored = self.kept.add(self.who, drafts) if drafts else []
        self.changed()
        return stored

    def remember(self, user_id: str, memory: Given) -> Memory:
        """Remember what a person says: a fact that is known is merged into it, one that contradicts a known one replaces it.

        Returns the memory that holds it now. What is no fact is stored as by `store`.
        """
        owner = read_user_id(user_id)
        draft = self._draft(owner, read_memory(memory))
        if self.keeping is None or not isinstance(draft.content, Fact):
            return self.store(owner, draft)
        return self.keeping.keep(self.who, draft).memory

    def update(self, user_id: str, memory_id: int | str, changes: Mapping[str, Any] | Content | str) -> Memory:
        """Change fields of a memory, or its main text; returns it as it is now."""
        return self._change(user_id, memory_id, lambda memory: self._finished(read_change(memory, changes), memory))

    def pin(self, user_id: str, memory_id: int | str, pinned: bool = True) -> Memory:
        """Let a memory always have its place in the context, or no longer."""
        return self.update(user_id, memory_id, {"pinned": pinned})

    def tag(self, user_id: str, memory_id: int | str, tags: Sequence[str]) -> Memory:
        """Put these tags in place of a memory's tags."""
        return self.update(user_id, memory_id, {"tags": tags})

    # reading

    def get(self, user_id: str, memory_id: int | str) -> Memory:
        """Return a memory by its number or public id, whatever its state. Raises NotFound."""
        return self.kept.get(self.who, read_user_id(user_id), read_memory_id(memory_id))

    def list(self, user_id: str, where: Sought = Sought(), *, limit: int | None = None, offset: int = 0) -> Memories:  # noqa: B008
        """Return the user's memories, newest first."""
        most, first = read_page(limit, offset)
        return self.kept.select(self.who, read_user_id(user_id), read_sought(where), limit=most, offset=first)

    def count(self, user_id: str, where: Sought = Sought()) -> int:  # noqa: B008  frozen
        return self.kept.count(self.who, read_user_id(user_id), read_sought(where))

    def search(self, user_id: str, query: str, *, limit: int | None = None, where: Sought = Sought()) -> Memories:  # noqa: B008
        """Return the user's memories that fit best, best first, each with its `score` and what in it was found."""
        owner = read_user_id(user_id)
        asked = are.checked("query", query, lambda given: are.text(given, least=1, most=MOST_QUERY_CHARS))
        most = self.top_k if limit is None else are.checked("limit", limit, lambda given: are.whole(given, least=1, most=MOST_FOUND))
        return self.recall.search(self.who, owner, asked, limit=most, where=read_sought(where))

    # suggestions

    def suggested(self, user_id: str) -> Memories:
        """Return what was suggested and waits for the user's word, newest first."""
        return self.list(user_id, Sought(states=(State.SUGGESTED,)))

    def accept(self, user_id: str, memory_id: int | str) -> Memory:
        """Keep a suggested memory; returns it, or the one that said the same and has taken it in."""
        if self.keeping is not None:
            return self.keeping.accept(self.who, self.get(user_id, memory_id)).memory
        return self._change(user_id, memory_id, lambda memory: replace(memory, state=State.KEPT))

    def reject(self, user_id: str, memory_id: int | str) -> None:
        """Delete a suggested memory for good. Raises BadInput for one that is kept."""
        suggested = self.get(user_id, memory_id)
        if suggested.state is not State.SUGGESTED:
            raise BadInput(f"memory {memory_id} is kept, not suggested", fix="delete it if that is meant")
        if self.keeping is not None:
            self.keeping.reject(self.who, suggested)
        else:
            self.delete(user_id, [memory_id])

    # deleting

    def delete(self, user_id: str, memory_ids: Sequence[int | str]) -> int:
        """Delete those of the user's memories for good; returns how many there were."""
        removed = self.kept.remove(self.who, read_user_id(user_id), [read_memory_id(one) for one in memory_ids])
        self.changed()
        return len(removed)

    def clear(self, user_id: str) -> int:
        """Delete everything that is remembered of the user for good; returns how many memories there were."""
        removed = self.kept.clear(self.who, read_user_id(user_id))
        self.changed()
        return len(removed)

    def clear_everyone(self) -> int:
        """Delete the memories of all users for good; returns how many there were."""
        removed = self.kept.clear_everyone(self.who)
        self.changed()
        return removed

    # what could not be found by its meaning

    def failed(self, user_id: str) -> dict[str, int]:
        """Return why memories are found by their words only, and how many for each reason; {} when all is well."""
        return self.kept.failed(self.who, read_user_id(user_id))

    def retry(self, user_id: str) -> int:
        """Try again with what failed; returns how many memories that are."""
        waiting = self.kept.retry(self.who, read_user_id(user_id))
        self.changed()
        return waiting

    # agent runs

    def add_run(self, run: AgentRun) -> AgentRun:
        """Write down one run of an agent for its user. Raises BadInput for what could not be read again."""
        return self.kept.add_run(self.who, read_run(run))

    def runs(self, user_id: str, *, session_id: str = "", limit: int | None = None) -> Sequence[AgentRun]:
        """Return the user's runs, newest first."""
        most, _ = read_page(limit, 0)
        return self.kept.runs(self.who, read_user_id(user_id), session_id=session_id, limit=most)

    def remove_runs(self, user_id: str, session_id: str) -> int:
        """Delete the user's runs of one session for good; returns how many there were."""
        return self.kept.remove_runs(self.who, read_user_id(user_id), session_id)

    def _change(self, user_id: str, memory_id: int | str, change: Callable[[Memory], Memory]) -> Memory:
        changed = self.kept.change(self.who, read_user_id(user_id), read_memory_id(memory_id), change)
        self.changed()
        return changed

    def _draft(self, owner: str, given: Memory) -> Memory:
        """Keep of what was given what somebody may decide; ids, times and standing are the store's."""
        if given.user_id not in ("", owner):
            raise are.bad("user_id", given.user_id, f"the user whose memory this becomes, {are.shown(owner)}, or none")
        draft = replace(given, id=0, user_id=owner, created_at=None, updated_at=None, reworded_at=None, superseded_by="", disputes=(),
                        indexed=Indexed.PENDING, failure="", score=None, match=None)
        return self._finished(draft)

    def _finished(self, memory: Memory, before: Memory | None = None) -> Memory:
        """Work out what was left open: the language of a transcription, the end of an ephemeral fact."""
        if memory.valid_from and memory.valid_to and memory.valid_to < memory.valid_from:
            raise are.bad("valid_to", memory.valid_to.isoformat(), "a time that is not before valid_from")
        content = memory.content
        if isinstance(content, Transcription) and not content.language:
            language, confidence = self.languages.detect(content.text)
            return replace(memory, content=replace(content, language=language, language_confidence=confidence))
        if isinstance(content, Fact):
            was_ephemeral = before is not None and isinstance(before.content, Fact) and before.content.ephemeral
            if content.ephemeral and memory.pinned:
                return replace(memory, expires_at=None)             # what is pinned stays
            if content.ephemeral and memory.expires_at is None:
                return replace(memory, expires_at=self.clock() + timedelta(days=self.ephemeral_days))
            if was_ephemeral and before is not None and not content.ephemeral and memory.expires_at == before.expires_at:
                return replace(memory, expires_at=None)
        return memory
