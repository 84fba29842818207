"""Cut stored text into sentences with exact offsets, never across blank lines, headings, list items or table rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

LIMIT = 400

_BLANK = re.compile(r"\n[^\S\n]*(?:\n\s*)|\f\s*|\r\n[^\S\n]*(?:\r\n\s*)")
_LINE = re.compile(r"[^\n]*\n?")
_END = re.compile(r"""(?:[.!?…]+|[。！？｡]+)(?:["'”’»›)\]}」』）】]|\[[\d,\s–-]{1,12}\])*""")
_CJK = "。！？｡"
_ITEM = re.compile(r"\s*(?:[-*+•‣◦▪–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])\s+")
_LAST_WORD = re.compile(r"[^\s(\[{\"'“„‘«»/]+$")
_NEXT_WORD = re.compile(r"""[\s"'“„‘«»(\[{¿¡]*(\w[\w'’-]*)?""")
_CLAUSES = tuple(re.compile(mark) for mark in (
    r"[;；]\s*", r"[:：]\s+|\s[–—-]\s|[—]", r"[,，、]\s+(?=(?:and|but|or|while|which|who|whereas|und|aber|oder|die|der|das)\s)",
    r"[,，、]\s*", r"\s+"))

# Written shortenings that a sentence may go on after, whatever follows them.
_OPEN = frozenset("""
    dr mr mrs ms messrs prof rev hon pres gov sen rep gen col lt maj capt cpt sgt cmdr adm st ste mt ft e.g i.e eg ie viz cf
    vs v approx ca c fig figs eq eqs ref refs sec sect tab ch chap vol vols ed eds trans op cit resp incl esp dept univ ave
    blvd rd z.b d.h u.a u.ä o.ä s.o s.u i.d.r z.t z.zt m.e bzw vgl sog evtl ggf gem inkl exkl zzgl abzgl hr fr frl dipl ing
    jg abb kap hrsg verf anm bspw max min mind höchst mio mrd tsd p.ej sr sra av m mme mlle env janv févr jan feb mar apr jun
    jul aug sep sept oct nov dec okt dez""".split())
_OPEN_UNLESS_NEW = frozenset("max min v c m ed st ref al inc co corp ltd jr sr usw etc".split())
# Shortenings only in front of a number.
_NUMBERED = frozenset("no nos nr p pp s f ff art abs § §§ bd zl z para par pos ziff rn lit n° núm num page seite line tel fax".split())
_STARTERS = frozenset("""
    the a an this that these those it its he she they we you i his her their our in on at by for from with when while if as
    after before although though because since however but and so then there here what who where why how many most some all
    no not one der die das ein eine es er sie wir ihr im in am an auf bei mit nach von vor wenn weil da dies diese dieser
    dieses aber und so le la les un une il elle ils dans en el los las una se según je nous""".split())
_ORDINAL_FOLLOWERS = frozenset("""
    januar februar märz april mai juni juli august september oktober november dezember jahrhundert jahrhunderts jh auflage
    kapitel mal platz klasse""".split())


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None, *, breaks: Iterable[int] = (), limit: int = LIMIT) -> list[Span]:
    """Return the sentences of `text[start:end]` in order: disjoint, without outer white space, covering all else.

    A sentence ends at a full stop that is not part of a shortening, initial, ordinal or number, at a blank line, a
    heading, a list item or a table row, and at every offset in `breaks`. One longer than `limit` characters is cut
    at the last clause boundary that fits.
    """
    end = len(text) if end is None else end
    found: list[Span] = []
    for block in _blocks(text, start, end, sorted(set(breaks))):
        for span in _sentences_of(text, block):
            found.extend(_fitting(text, span, limit))
    return found


def _blocks(text: str, start: int, end: int, breaks: list[int]) -> Iterator[Span]:
    """Yield the runs of text that a sentence may not leave."""
    edges = [start, *(cut for cut in breaks if start < cut < end), end]
    for left, right in pairwise(edges):
        at = left
        for blank in _BLANK.finditer(text, left, right):
            yield from _paragraph_blocks(text, at, blank.start())
            at = blank.end()
        yield from _paragraph_blocks(text, at, right)


def _paragraph_blocks(text: str, start: int, end: int) -> Iterator[Span]:
    lines = [Span(*line.span()) for line in _LINE.finditer(text, start, end) if line.end() > line.start()]
    widest = max((line.end - line.start for line in lines), default=0)
    at = start
    for line, following in pairwise(lines):
        if _parted(text[line.start:line.end], text[following.start:following.end], widest):
            yield Span(at, line.end)
            at = line.end
    if at < end:
        yield Span(at, end)


def _parted(line: str, following: str, widest: int) -> bool:
    """True when no sentence runs from one line into the next."""
    if _stands_alone(line) or _stands_alone(following) or _ITEM.match(following):
        return True
    bare = line.strip()
    unfinished = bare[-1:].isalnum() or bare[-1:] in ")”\"'"
    short = len(bare) < 0.6 * widest or len(bare) < 25
    return unfinished and short and following.lstrip()[:1].isupper()


def _stands_alone(line: str) -> bool:
    bare = line.strip()
    data = bare.endswith(("{", "[")) or (bare != "" and not bare.strip("{}[],;"))
    return data or bare.startswith(("#", "|", "```", "===", "---")) or "\t" in bare or " | " in bare


def is_item(line: str) -> bool:
    """True for an item of a list."""
    return _ITEM.match(line) is not None


def _sentences_of(text: str, block: Span) -> Iterator[Span]:
    at = block.start
    for mark in _END.finditer(text, block.start, block.end):
        if mark.start() >= at and _ends_here(text, at, mark, block.end):
            yield from _trimmed(text, at, mark.end())
            at = mark.end()
    yield from _trimmed(text, at, block.end)


def _ends_here(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    after = mark.end()
    if after >= end or mark[0][0] in _CJK:
        return True
    if not text[after].isspace() or text[mark.start() - 1:mark.start()].isspace():     # "I am here to . . . submit"
        return False
    follows = _NEXT_WORD.match(text, after, end)
    next_word = (follows and follows[1]) or ""
    if next_word[:1].islower():
        return False
    if mark[0] != ".":
        return True
    words = text[start:mark.start()]
    before = _LAST_WORD.search(words[-40:])
    word = before[0] if before else ""
    return not _shortened(word, next_word, at_start=words.strip() == word)


def _shortened(word: str, next_word: str, *, at_start: bool) -> bool:
    """True when the full stop after `word` belongs to the word."""
    bare = word.lower().strip("-–")
    starts_new = next_word.lower() in _STARTERS
    if bare in _OPEN_UNLESS_NEW:
        return bool(next_word) and not starts_new
    if bare in _OPEN:
        return True
    if bare in _NUMBERED and (next_word[:1].isdigit() or len(bare) > 1):
        return next_word[:1].isdigit()
    if bare.isdigit() and len(bare) <= 3:
        return at_start or next_word.lower() in _ORDINAL_FOLLOWERS
    if (len(bare) == 1 and bare.isalpha()) or re.fullmatch(r"(?:\w\.)+\w|(?:\w\.-?)+\w", bare):
        return bool(next_word) and not starts_new
    return False


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)


def _fitting(text: str, span: Span, limit: int) -> Iterator[Span]:
    """Cut a long sentence at the strongest clause boundary in the second half of what fits."""
    start, end = span
    while end - start > limit:
        cut = _cut(text, start, start + limit)
        yield from _trimmed(text, start, cut)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    yield from _trimmed(text, start, end)


def _cut(text: str, start: int, latest: int) -> int:
    for mark in _CLAUSES:
        places = [found.end() for found in mark.finditer(text, start + (latest - start) // 2, latest)]
        if places:
            return places[-1]
    return latest
