"""Fill a limited number of tokens from several sections, each with a quota, and keep account of what had no room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Count = Callable[[str], int]


class Section(StrEnum):
    """The parts of a context in the order they are read; the first are the last to give way."""

    PINNED = "pinned"
    FACTS = "facts"
    SUMMARIES = "summaries"
    RECENT = "recent turns"
    PASSAGES = "passages"


QUOTAS: Mapping[Section, float] = {
    Section.PINNED: 0.15, Section.FACTS: 0.2, Section.SUMMARIES: 0.2, Section.RECENT: 0.2, Section.PASSAGES: 0.25}
HEADINGS: Mapping[Section, str] = {
    Section.PINNED: "Pinned by the user", Section.FACTS: "Known about the user", Section.SUMMARIES: "Earlier conversations",
    Section.RECENT: "Recent turns", Section.PASSAGES: "Passages"}

NO_QUOTA = "the section's share was used up"
NO_ROOM = "no room was left"
TOO_LONG = "it is longer than all the room there is"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may stand in the context, best first in its section. `order` is its place when the section is read."""

    section: Section
    text: str
    id: str = ""
    order: int = 0


@dataclass(frozen=True, slots=True)
class Dropped:
    """An item that was left out, and why."""

    section: Section
    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The text to give, at most the budget by the count that was used; what stands in it, and what was left out."""

    text: str
    tokens: int
    kept: tuple[Item, ...]
    dropped: tuple[Dropped, ...]


def fill(items: Sequence[Item], budget: int, count: Count, quotas: Mapping[Section, float] = QUOTAS) -> Filled:
    """Return a context of at most `budget` tokens.

    Every section first takes its items in order while they fit its quota; room that a section does not need goes to what
    the others had to leave out, in the order of the sections. The finished text is counted as a whole, since tokens can
    differ where pieces meet, and gives up its least items until it fits.
    """
    costs = {id(item): count(_line(item)) for item in items}
    room = budget - sum(count(HEADINGS[section] + ":\n\n") for section in {item.section for item in items})
    taken: list[Item] = []
    spent = 0
    for section in Section:
        limit = int(max(room, 0) * quotas.get(section, 0.0))
        used = 0
        for item in items:
            if item.section is section and used + costs[id(item)] <= limit:
                taken.append(item)
                used += costs[id(item)]
        spent += used
    held = {id(item) for item in taken}
    for item in sorted(items, key=lambda item: list(Section).index(item.section)):
        if id(item) not in held and spent + costs[id(item)] <= room:
            taken.append(item)
            held.add(id(item))
            spent += costs[id(item)]
    kept = _shrunk(taken, items, budget, count)
    text = render(kept)
    return Filled(text, count(text) if text else 0, tuple(kept), _left_out(items, kept, costs, budget))


def render(items: Sequence[Item]) -> str:
    """Return the sections under their headings, each in reading order."""
    parts = []
    for section in Section:
        own = sorted((item for item in items if item.section is section), key=lambda item: item.order)
        if own:
            parts.append("\n".join([f"{HEADINGS[section]}:", *(_line(item) for item in own)]))
    return "\n\n".join(parts)


def _line(item: Item) -> str:
    return f"- {item.text}"


def _shrunk(taken: Sequence[Item], items: Sequence[Item], budget: int, count: Count) -> list[Item]:
    rank = {id(item): at for at, item in enumerate(items)}
    kept = sorted(taken, key=lambda item: (list(Section).index(item.section), rank[id(item)]))
    while kept and count(render(kept)) > budget:
        kept.pop()
    return kept


def _left_out(items: Sequence[Item], kept: Sequence[Item], costs: Mapping[int, int], budget: int) -> tuple[Dropped, ...]:
    held = {id(item) for item in kept}
    stands = {item.section for item in kept}
    out = []
    for item in items:
        if id(item) not in held:
            reason = TOO_LONG if costs[id(item)] > budget else NO_QUOTA if item.section in stands else NO_ROOM
            out.append(Dropped(item.section, item.id, reason))
    return tuple(out)
