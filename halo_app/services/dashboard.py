"""A way into what is remembered and used: over time, by kind, by meaning, and by what leads to what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock, Thread
from typing import Generic, TypeVar

from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Conversation, Role
from halo_app.domain.mapping import means, plane
from halo_app.domain.memory import Kind, Memory, Sought, State
from halo_app.domain.shortening import shortened
from halo_app.domain.source import Source
from halo_app.domain.user import Principal
from halo_app.errors import HaloError
from halo_app.memory_ports import MemoryStore
from halo_app.ports import Clock, Records, VectorIndex

Made = TypeVar("Made")
EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)
LABEL_CHARS = 90
DAYS_BY_DAY = 62               # a longer time is counted by month


@dataclass(frozen=True, slots=True)
class Bar:
    """How many memories of a kind are of the time that begins at `begins` (a day, or a month)."""

    begins: date
    kind: Kind
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """A memory on the map by meaning; `x` and `y` lie in [-1, 1]."""

    memory_id: int
    x: float
    y: float
    kind: Kind
    label: str
    is_current: bool           # False when it is superseded, expired or only suggested


@dataclass(frozen=True, slots=True)
class Link:
    """`kind` is `superseded` (the later memory took its place), `disputed`, `merged` or `source` (the chat it was said in)."""

    kind: str
    memory_id: int
    label: str
    other_id: int | None = None
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """What was used on one day: questions asked, sources and memories added, bytes of sources taken in."""

    day: date
    questions: int
    sources: int
    memories: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What pictures need of one memory."""

    memory_id: int
    kind: Kind
    label: str
    is_current: bool           # False when it is superseded, expired or only suggested
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The memories of one user at one time: each by its public id, how many of each kind, when, and what leads to what."""

    memories: Mapping[str, Seen]
    kinds: Mapping[Kind, int]
    bars: Sequence[Bar]
    links: Sequence[Link]


class Latest(Generic[Made]):
    """What was worked out last, given again until what it was worked out from has changed; threads wait for one another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: tuple[Hashable, Made] | None = None

    def of(self, key: Hashable, make: Callable[[], Made]) -> Made:
        with self._lock:
            if self._made is None or self._made[0] != key:
                self._made = (key, make())
            return self._made[1]

    def forget(self) -> None:
        with self._lock:
            self._made = None


@dataclass(frozen=True)
class DashboardService:
    """Pictures of one user's memory, drawn anew only when it changed. `kept` gives the database, None while it is disabled."""

    kept: Callable[[], MemoryStore | None]
    index: Callable[[], VectorIndex]
    chats: Records[Conversation]
    sources: Records[Source]
    clock: Clock

    _overview: Latest[Overview] = field(default_factory=Latest)
    _map: Latest[list[Point]] = field(default_factory=Latest)

    def overview(self, who: Principal, user_id: str) -> Overview:
        """Return what there is of all of the user's memories; nothing while the memory is disabled."""
        store = self.kept()
        if store is None:
            return Overview({}, {}, [], [])
        return self._overview.of(self._time(user_id), lambda: self._seen(store.select(who, user_id, EVERYTHING)))

    def by_meaning(self, who: Principal, user_id: str) -> list[Point]:
        """Return a point for each memory that is found by meaning; what means alike lies together."""
        memories = self.overview(who, user_id).memories
        return self._map.of((self._time(user_id), self.index().version()), lambda: self._points(user_id, memories))

    def begin_map(self, who: Principal, user_id: str) -> None:
        """Work the map out behind the page, for whoever asks for it next; what fails is told then."""
        def work() -> None:
            with suppress(HaloError):
                self.by_meaning(who, user_id)

        Thread(target=work, name="halo-map", daemon=True).start()

    def forget(self) -> None:
        """Let go of what was worked out."""
        self._overview.forget()
        self._map.forget()

    def timeline(self, memories: Sequence[Memory]) -> list[Bar]:
        """Return how many memories are of when, by day of the reader, or by month when they span more than two months."""
        dated = [(memory.when.astimezone().date(), memory.kind) for memory in memories if memory.when]
        if not dated:
            return []
        by_month = (max(dated)[0] - min(dated)[0]).days > DAYS_BY_DAY
        counted = Counter((day.replace(day=1) if by_month else day, kind) for day, kind in dated)
        return [Bar(begins, kind, count) for (begins, kind), count in sorted(counted.items())]

    def kinds(self, memories: Sequence[Memory]) -> dict[Kind, int]:
        """Return how many memories there are of each kind that occurs, most first."""
        return dict(Counter(memory.kind for memory in memories).most_common())

    def links(self, memories: Sequence[Memory]) -> list[Link]:
        """Return what leads to what: superseded and disputed memories, those merged, and the chats they were said in."""
        numbers = {memory.public_id: memory.id for memory in memories}
        return [link for memory in memories for link in _links(memory, numbers)]

    def usage(self, who: Principal, user_id: str, days: int = 30) -> list[Day]:
        """Return what was used on each of the last `days` days, oldest first, days without anything too."""
        today = self.clock().astimezone().date()
        first = today - timedelta(days=days - 1)
        said = (message for chat in self.chats.all(user_id) for message in chat.messages)
        asked = _per_day(message.created_at for message in said if message.role is Role.USER)
        sources = self.sources.all(user_id)
        added = _per_day(source.created_at for source in sources)
        size: Counter[date] = Counter()
        for source in sources:
            size[source.created_at.astimezone().date()] += source.size_bytes
        remembered = _per_day(one.created_at for one in self.overview(who, user_id).memories.values() if one.created_at)
        counted = (first + timedelta(days=number) for number in range(days))
        return [Day(day, asked[day], added[day], remembered[day], size[day]) for day in counted]

    def _time(self, user_id: str) -> Hashable:
        """Return what changes when the user's memories do; what expires is seen within the hour."""
        store, now = self.kept(), self.clock()
        return user_id, store.version(user_id) if store else 0, now.date(), now.hour

    def _seen(self, memories: Sequence[Memory]) -> Overview:
        now = self.clock()
        found = {one.public_id: Seen(one.id, one.kind, _label(one), is_current(one, now), one.created_at) for one in memories}
        return Overview(found, self.kinds(memories), self.timeline(memories), self.links(memories))

    def _points(self, user_id: str, memories: Mapping[str, Seen]) -> list[Point]:
        chunks, vectors = self.index().rows(Scope(user_id))
        if vectors is None:
            return []
        names, middles = means([chunk.source_id for chunk in chunks], vectors)
        placed = zip((memories.get(name) for name in names), plane(middles).tolist(), strict=True)
        return [Point(one.memory_id, x, y, one.kind, one.label, one.is_current) for one, (x, y) in placed if one]


def is_current(memory: Memory, now: datetime) -> bool:
    """Tell whether a memory counts now: kept, not superseded, not expired."""
    expired = memory.expires_at is not None and memory.expires_at <= now
    return memory.state is State.KEPT and not memory.superseded_by and not expired


def _links(memory: Memory, numbers: dict[str, int]) -> Iterable[Link]:
    if memory.superseded_by in numbers:
        yield Link("superseded", memory.id, _label(memory), numbers[memory.superseded_by])
    for other in memory.disputes:
        if other in numbers and numbers[other] > memory.id:
            yield Link("disputed", memory.id, _label(memory), numbers[other])
    for origin in memory.merged:
        yield Link("merged", memory.id, _label(memory), session_id=origin.session_id)
    if memory.provenance.session_id:
        yield Link("source", memory.id, _label(memory), session_id=memory.provenance.session_id)


def _label(memory: Memory) -> str:
    return shortened(memory.text, LABEL_CHARS)


def _per_day(moments: Iterable[datetime]) -> Counter[date]:
    return Counter(moment.astimezone().date() for moment in moments)
