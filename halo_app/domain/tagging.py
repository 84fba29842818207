"""Tags: short words of the reader's own that sort their sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from halo_app.errors import BadInput

TAG_CHARS = 40
MOST = 20


def tag_of(words: str) -> str:
    """Return the words as a tag: one line, single spaces. Raises BadInput when they are none."""
    tag = " ".join("".join(mark if mark.isprintable() else " " for mark in words).split())
    if not tag:
        raise BadInput("a tag needs a name", fix="type at least one letter")
    if len(tag) > TAG_CHARS:
        raise BadInput(f"the tag “{tag[:TAG_CHARS]}…” is longer than {TAG_CHARS} letters", fix="choose a shorter one")
    return tag


def tagged(tags: Sequence[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the tags without those removed and with those added; capitals do not tell two tags apart.

    Raises BadInput for more than twenty, or for a tag that is none.
    """
    gone = {tag.casefold() for tag in remove}
    left = {tag.casefold(): tag for tag in tags if tag.casefold() not in gone}
    for tag in map(tag_of, add):
        left.setdefault(tag.casefold(), tag)
    if len(left) > MOST:
        raise BadInput(f"a source takes at most {MOST} tags", fix="remove one first")
    return tuple(left.values())


def renamed(tags: Sequence[str], old: str, new: str) -> tuple[str, ...]:
    """Return the tags with one of them called otherwise; when both are there, one is left. Raises BadInput."""
    wanted = tag_of(new)
    swapped = [wanted if tag.casefold() in (old.casefold(), wanted.casefold()) else tag for tag in tags]
    return tuple({tag.casefold(): tag for tag in swapped}.values())


def tags_in(each: Iterable[Sequence[str]]) -> dict[str, int]:
    """Return tag -> how many have it, in the order of the alphabet; the spelling used most often stands for all."""
    spelled: dict[str, Counter[str]] = {}
    for tags in each:
        for tag in tags:
            spelled.setdefault(tag.casefold(), Counter())[tag] += 1
    return {counts.most_common(1)[0][0]: counts.total() for _, counts in sorted(spelled.items())}
