"""Cut a document into passages: consecutive spans of its stored text that never run over a page, slide, sheet or part."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from halo_app.domain.chunk import Chunk
from halo_app.domain.locator import HARD, Locator, Place, Region
from halo_app.domain.source import Heading, Parsed

Split = Callable[[str], list[tuple[int, int]]]
Span = tuple[int, int]

SMALL = 240                 # characters; a smaller neighbour is taken in when both fit into one passage
LEAD = 200                  # characters; a longer first line is not a title


def cut(parsed: Parsed, split: Split) -> list[Span]:
    """Return the (start, end) spans of the passages, in order, disjoint, none of them white space only.

    Together they cover all of the text but white space. `split` cuts a text into consecutive spans within the model's
    token limit, so no passage is longer than that. A passage never crosses the border of a page, slide, sheet, chapter,
    part, property or picture; short sections under headings are taken together while they fit.
    """
    spans: list[Span] = []
    for start, end in _blocks(parsed):
        spans.extend(_cut_block(parsed, start, end, split))
    return spans


def context_of(parsed: Parsed, start: int) -> str:
    """Return what a reader knows at character `start` without reading back: the title and the headings above, or "".

    Headings that begin at or after `start` are not in it, for the passage says them itself.
    """
    lines = [title(parsed)] if start > 0 else []
    path: list[Heading] = []
    for heading in parsed.outline[: bisect_right(parsed.outline, start - 1, key=lambda heading: heading.start)]:
        path = [above for above in path if above.level < heading.level]
        path.append(heading)
    lines += [heading.title for heading in path]
    return "\n".join(dict.fromkeys(line.strip() for line in lines if line.strip()))


def title(parsed: Parsed) -> str:
    """Return the document's title: a short first line standing by itself, else what its properties say, else ""."""
    first, gap, rest = parsed.text.lstrip().partition("\n")
    stands_alone = bool(gap) and rest[:1] in ("\n", "\r") and len(first) <= LEAD
    return first.strip().lstrip("# ") if stands_alone else parsed.title.strip()


def chunks_hash(chunks: Iterable[Chunk]) -> str:
    """Return the SHA-256 over place and text of the chunks in reading order, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for chunk in sorted(chunks, key=lambda chunk: chunk.position):
        text = chunk.text.encode("utf-8", "surrogatepass")
        digest.update(f"{chunk.id}\n{chunk.start}\n{chunk.end}\n{len(text)}\n".encode())
        digest.update(text)
    return digest.hexdigest()


def _blocks(parsed: Parsed) -> Iterator[Span]:
    """Yield consecutive blocks of the text whose borders are hard."""
    borders = {0, len(parsed.text)}
    before: Region | None = None
    for region in parsed.regions:
        if not _together(before, region):
            borders.add(region.start)
            if before is not None and _wall(before.locator):
                borders.add(before.end)
        before = region
    if before is not None and _wall(before.locator):
        borders.add(before.end)
    ordered = sorted(borders)
    yield from pairwise(ordered)


def _together(before: Region | None, region: Region) -> bool:
    """Say whether a passage may hold text of both neighbours."""
    if before is None:
        return not _wall(region.locator)
    return before.locator.kind == region.locator.kind and _wall(before.locator) == _wall(region.locator)


def _wall(locator: Locator) -> str:
    """Name what a passage at this place may not leave; "" when it may. Properties are short and stand together."""
    if locator.kind is Place.CELLS:
        return f"{locator.kind}\n{locator.value.rpartition('!')[0]}\n{locator.detail}"
    if locator.kind is Place.PROPERTY:
        return f"{locator.kind}\n{locator.detail}"
    if locator.kind is Place.PART:            # a detail is a place inside the part: a line of an attachment, a field of a header
        return f"{locator.kind}\n{locator.value}"
    return f"{locator.kind}\n{locator.value}\n{locator.detail}" if locator.kind in HARD else ""


def _cut_block(parsed: Parsed, start: int, end: int, split: Split) -> list[Span]:
    text = parsed.text
    found: list[Span] = []
    for first, last in _sections(parsed, start, end):
        section = text[first:last]
        if not section.strip():
            continue
        if found and _joins(text, found[-1], (first, last), split):
            found[-1] = (found[-1][0], last)
        else:
            found.extend((first + a, first + b) for a, b in split(section))
    trimmed = (_trim(text, a, b) for a, b in found)
    return [(a, b) for a, b in trimmed if a < b]


def _sections(parsed: Parsed, start: int, end: int) -> Iterator[Span]:
    """Yield the parts of a block between its headings."""
    low = bisect_right(parsed.outline, start, key=lambda heading: heading.start)
    inside = [heading.start for heading in parsed.outline[low:] if start < heading.start < end]
    edges = [start, *sorted(set(inside)), end]
    yield from pairwise(edges)


def _joins(text: str, before: Span, after: Span, split: Split) -> bool:
    small = min(before[1] - before[0], after[1] - after[0]) <= SMALL
    return small and before[1] <= after[0] and len(split(text[before[0] : after[1]])) == 1


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


