"""Which sources are shown, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from halo_app.domain.source import Source

PAGE = 50


class Order(StrEnum):
    ADDED = "added"
    NAME = "name"
    KIND = "kind"
    SIZE = "size"
    PAGES = "pages"
    CITED = "cited"


class Standing(StrEnum):
    """What a source can be looked for by, besides its words."""

    COUNTS = "counts"
    LEFT_OUT = "left out"
    MISSING = "original missing"
    REMARKS = "with remarks"
    CITED = "cited"
    UNCITED = "never cited"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the reader wants to see: "" leaves a filter open. `page` counts from 0."""

    words: str = ""
    kind: str = ""
    standing: str = ""
    tag: str = ""
    order: Order = Order.ADDED
    descending: bool = True
    page: int = 0

    @property
    def filters(self) -> bool:
        """Whether anything is left out."""
        return bool(self.words.strip() or self.kind or self.standing or self.tag)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of sources apart from their records: which count, how often each is cited, whose text holds the words."""

    ticked: Collection[str] = frozenset()
    cited: Mapping[str, int] = field(default_factory=dict)
    holding: Collection[str] = frozenset()


def listed(sources: Sequence[Source], wish: Wish, known: Known) -> list[Source]:
    """Return the sources that match, in the wished order; equal ones newest first."""
    parts = wish.words.casefold().split()
    fits = _STANDINGS.get(wish.standing, _any)
    tag = wish.tag.casefold()
    found = [
        source for source in sources
        if (not parts or source.id in known.holding or named(source, parts))
        and wish.kind in ("", source.type) and fits(source, known)
        and (not tag or any(one.casefold() == tag for one in source.tags))
    ]
    found.sort(key=lambda source: (source.created_at, source.id), reverse=True)
    found.sort(key=lambda source: _rank(source, wish.order, known), reverse=wish.descending)
    return found


def named(source: Source, parts: Sequence[str]) -> bool:
    """Tell whether every word stands in what the source is called: its name, its file, its title, its tags."""
    called = "\n".join((source.name, source.file_name, source.title, source.origin, *source.tags)).casefold()
    return all(part in called for part in parts)


def window(found: Sequence[Source], page: int) -> tuple[Sequence[Source], int, int]:
    """Return the sources of a page, which page that is (the last one when there are fewer), and how many there are."""
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(0, page), pages - 1)
    return found[page * PAGE:(page + 1) * PAGE], page, pages


def kinds(sources: Sequence[Source]) -> dict[str, int]:
    """Return kind -> how many, most first."""
    counts = Counter(source.type for source in sources)
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _rank(source: Source, order: Order, known: Known) -> tuple[object, ...]:
    match order:
        case Order.NAME:
            return (source.name.casefold(),)
        case Order.KIND:
            return (source.type,)
        case Order.SIZE:
            return (source.size_bytes,)
        case Order.PAGES:
            return (source.pages or 0, source.characters if not source.pages else 0)
        case Order.CITED:
            return (known.cited.get(source.id, 0),)
    return (source.created_at, source.id)


def _any(source: Source, known: Known) -> bool:
    return True


_STANDINGS: dict[str, Callable[[Source, Known], bool]] = {
    Standing.COUNTS: lambda source, known: source.id in known.ticked,
    Standing.LEFT_OUT: lambda source, known: source.id not in known.ticked,
    Standing.MISSING: lambda source, known: source.missing,
    Standing.REMARKS: lambda source, known: bool(source.remarks or source.blank_pages),
    Standing.CITED: lambda source, known: known.cited.get(source.id, 0) > 0,
    Standing.UNCITED: lambda source, known: not known.cited.get(source.id),
}
