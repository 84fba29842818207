"""What stands in a note's Markdown: its first line, its headings, what it cites and which notes it leads to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from halo_app.domain.shortening import shortened

LINE_CHARS = 160
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$")
_LINK = re.compile(r"\[\[([^\[\]|#\n]+)(#[^\]|\n]*)?(\|[^\]\n]*)?\]\]")
_MARK = re.compile(r"\[\^([\w-]{1,40})\](?!:)")
_DEFINED = re.compile(r"^\[\^([\w-]{1,40})\]:", re.MULTILINE)
_CODE = re.compile(r"(`+)(?:(?!\1).)+\1", re.DOTALL)
_SIGNS = re.compile(r"^\s*(?:[>#*+-]+\s+|\d+[.)]\s+|\[[ xX]\]\s+)+|[*_`~]{1,3}|!?\[\[|\]\]")
_TARGET = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with all that stands under it: characters `start` to `end` of the text."""

    title: str
    level: int
    start: int
    end: int


def first_line(text: str) -> str:
    """Return the first line that says something, without its signs, at most 160 characters."""
    for line in _prose(text):
        plain = " ".join(_SIGNS.sub("", _MARK.sub("", _TARGET.sub(r"\1", line))).split())
        if any(sign.isalnum() for sign in plain):
            return shortened(plain, LINE_CHARS)
    return ""


def parts(text: str) -> list[Part]:
    """Return the headings in order; each reaches to the next one of its level or above."""
    found = [(at, len(match[1]), match[2].strip()) for at, line in _lines(text) if (match := _HEADING.match(line))]
    ends = [next((later for later, other, _ in found if later > at and other <= level), len(text)) for at, level, _ in found]
    return [Part(title or "Untitled", level, at, end) for (at, level, title), end in zip(found, ends, strict=True)]


def marks_in(text: str) -> tuple[str, ...]:
    """Return the names that the text cites, each once, in reading order; the reader's own footnotes are not among them."""
    own = set(_DEFINED.findall(text))
    return tuple(dict.fromkeys(name for name in _MARK.findall(text) if name not in own))


def links_in(text: str) -> tuple[str, ...]:
    """Return the titles that the text leads to, each once, in reading order; what stands in code leads nowhere."""
    hidden = _hidden(text)
    return tuple(dict.fromkeys(match[1].strip() for match in _LINK.finditer(text) if not hidden(match.start())))


def relinked(text: str, old: str, new: str) -> str:
    """Return the text with its links to the title `old` leading to `new`; words shown in their place stay."""
    hidden = _hidden(text)

    def led(match: re.Match[str]) -> str:
        if hidden(match.start()) or folded(match[1]) != folded(old):
            return match[0]
        return f"[[{new}{match[2] or ''}{match[3] or ''}]]"

    return _LINK.sub(led, text)


def renamed_marks(text: str, names: dict[str, str]) -> str:
    """Return the text with its citations under other names."""
    return _MARK.sub(lambda match: f"[^{names.get(match[1], match[1])}]", text)


def linkable(title: str) -> str:
    """Return the title as it can stand in a link."""
    return " ".join(re.sub(r"[\[\]|#\n]", " ", title).split())


def folded(title: str) -> str:
    """Return the title as titles are compared: capitals and spaces do not matter."""
    return " ".join(re.sub(r"[\[\]|#]", " ", title).split()).casefold()


def free_name(wanted: str, taken: Callable[[str], bool]) -> str:
    """Return the name, with a number behind it when it is taken: `plan.png`, `plan 2.png`."""
    stem, dot, ending = wanted.rpartition(".") if "." in wanted.strip(".") else (wanted, "", "")
    name, number = wanted, 1
    while taken(name):
        number += 1
        name = f"{stem} {number}{dot}{ending}"
    return name


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (offset, line) outside fenced code."""
    at, fence = 0, ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            yield at, line.rstrip("\r\n")
        at += len(line)


def _prose(text: str) -> Iterator[str]:
    return (line for _, line in _lines(text))


def _hidden(text: str) -> Callable[[int], bool]:
    """Return whether a place of the text lies in code."""
    if "`" not in text and "~~~" not in text:
        return lambda _: False
    outside = [(at, at + len(line)) for at, line in _lines(text)]
    spans = [match.span() for start, end in outside for match in _CODE.finditer(text, start, end)]
    return lambda place: (not any(start <= place < end for start, end in outside)
                          or any(start <= place < end for start, end in spans))
