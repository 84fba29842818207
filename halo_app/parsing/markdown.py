"""Markdown: the words without their markup, sections as places, front matter as properties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.encodings import decode
from halo_app.parsing.manuscript import Headings
from halo_app.plugins import Limits

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_NO_TITLE = re.compile(r"\s*([-*+>|]|\d+[.)]\s|#|\s*$)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r" {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$")
_TABLE_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?::?-+:?)?[ \t]*$")
_CODE = re.compile(r"(`+)(.+?)(?<!`)\1(?!`)")
_IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)\s]*(?:\s+\"([^\"]*)\")?\)|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\[\]]+)\]\(<?([^()\s>]*(?:\([^()\s]*\)[^()\s>]*)*)>?(?:\s+[\"'(][^)]*[\"')])?\)")
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_STRONG = re.compile(r"(\*\*|(?<!\w)__)(?=\S)(.+?)(?<=\S)\1(?!\w)|(\*\*)(?=\S)(.+?)(?<=\S)\3")
_EMPHASIS = re.compile(r"(?<![\*\w])\*(?=[^\s*])([^*\n]+?)(?<=\S)\*(?!\*)|(?<![_\w])_(?=[^\s_])([^_\n]+?)(?<=\S)_(?!\w)")
_STRUCK = re.compile(r"~~(?=\S)(.+?)(?<=\S)~~")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~\"'$&,/:;=?@^%])")
_LINE_BREAK = re.compile(r"[ \t]*<br\b[^<>]*>[ \t]*", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|em|br|hr|h[1-6]|ul|ol|li|dl|dt|dd|td|th|tr|div|img|sub|sup|kbd|del|ins|pre|code|span|font|small|strong|center|"
    r"table|thead|tbody|details|summary|picture|source|blockquote|figure|figcaption)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Markdown:
    """Markdown files: sections are places."""

    types: Mapping[str, str] = field(default_factory=lambda: {"md": "md", "markdown": "md", "mdx": "md"})
    about: str = "the words without markup, front matter; places are headings (lines before the first one)"
    libraries: tuple[str, ...] = ("charset_normalizer",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        text, _ = decode(path.read_bytes(), name)
        builder = TextBuilder(name, limits)
        lines = text.split("\n")
        properties, first = front_matter(lines)
        for key, value in properties:
            builder.property(key, value)
        add_markdown(builder, lines[first:], first + 1)
        return builder.build(title=dict(properties).get("title", ""))


def add_markdown(builder: TextBuilder, lines: list[str], first: int = 1, place: Locator | None = None) -> None:
    """Append Markdown lines as plain words. Places are the headings above, or `place` throughout when it is given;
    before the first heading they are lines, of which `first` is the number of the first one."""
    path = Headings()
    gap = "\n"
    for number, kind, content in read_lines(lines, first):
        if kind == "blank":
            gap = "\n\n"
        elif kind.isdigit() and place is None:
            path.write(builder, int(kind), content)
            gap = "\n"
        elif kind.isdigit():
            builder.heading(content, int(kind), place)
            gap = "\n"
        else:
            builder.add(content, place or path.locator(Locator(Place.LINE, str(number))), gap=gap)
            gap = "\n"


def read_lines(lines: list[str], first: int = 1) -> Iterator[tuple[int, str, str]]:
    """Yield (line number, kind, words) where kind is the heading level "1".."6", "text" or "blank"; code stays as it is."""
    fence = ""
    skip = False
    for index, line in enumerate(lines):
        number = first + index
        if skip:
            skip = False
            continue
        opened = _FENCE.match(line)
        if fence:
            if opened and opened.group(1).startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            else:
                yield number, "text" if line.strip() else "blank", line
            continue
        if opened:
            fence = opened.group(1)
            continue
        below = lines[index + 1] if index + 1 < len(lines) else ""
        heading = _HEADING.match(line)
        underline = _UNDERLINE.match(below)
        if heading:
            yield number, str(len(heading.group(1))), words(heading.group(2) or "")
        elif underline and not _NO_TITLE.match(line):
            skip = True
            yield number, "1" if underline.group(1)[0] == "=" else "2", words(line)
        elif not line.strip() or _RULE.match(line) or ("|" in line and _TABLE_RULE.match(line)):
            if not line.strip():
                yield number, "blank", ""
        else:
            yield number, "text", words(line)


def words(line: str) -> str:
    """Return one line of Markdown as it reads: no emphasis marks, links as `text (address)`, escapes and tags undone."""
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match.group(2).strip())
        return f"\x00{len(kept) - 1}\x00"

    line = _ESCAPE.sub(lambda match: f"\x01{ord(match.group(1))}\x01", _CODE.sub(keep, line))
    line = _IMAGE.sub(lambda match: match.group(1) or match.group(2) or "", line)
    line = _REFERENCE.sub(r"\1", _LINK.sub(_link, line))
    line = _TAG.sub("", _LINE_BREAK.sub(" ", line))
    line = _STRONG.sub(lambda match: match.group(2) or match.group(4), line)
    line = _STRUCK.sub(r"\1", _EMPHASIS.sub(lambda match: match.group(1) or match.group(2), line))
    line = re.sub("\x01(\\d+)\x01", lambda match: chr(int(match.group(1))), line)
    return re.sub("\x00(\\d+)\x00", lambda match: kept[int(match.group(1))], line).rstrip()


def front_matter(lines: list[str]) -> tuple[list[tuple[str, str]], int]:
    """Return the (key, value) lines between two `---` at the very start, and how many lines they take; lists are joined."""
    if not lines or lines[0].rstrip() != "---":
        return [], 0
    end = next((index for index, line in enumerate(lines[1:200], start=1) if line.rstrip() in ("---", "...")), 0)
    if not end or not any(re.match(r"[\w-]+\s*:", line) for line in lines[1:end]):
        return [], 0
    found: list[tuple[str, str]] = []
    for line in lines[1:end]:
        pair = re.match(r"([\w-][\w .-]*?)\s*:(?:\s+(.*)|$)", line)
        if pair:
            found.append((pair.group(1), (pair.group(2) or "").strip().strip("\"'")))
        elif found and line.strip():
            key, value = found[-1]
            piece = line.strip().removeprefix("- ").strip().strip("\"'")
            found[-1] = (key, f"{value}, {piece}" if value not in ("", "|", ">") else piece)
    return found, end + 1


def _link(match: re.Match[str]) -> str:
    text, address = match.group(1), match.group(2)
    outside = re.match(r"https?://|mailto:", address)
    return f"{text} ({address})" if outside and address not in text else text


PARSER = Markdown()
