"""Write the sections of an output as Markdown; text of the sources is escaped, so that nothing in it becomes markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.conversation import Sentence

Mark = Callable[[Sentence], str]
GAP = "＿＿＿"
_SPECIAL = re.compile(r"([\\`*_\[\]<>|#!])")


def markdown_of(sections: Sequence[Section], mark: Mark = lambda sentence: "") -> str:
    """Return the sections; `mark` gives what stands behind a sentence, such as the marks of its footnotes."""
    return "\n".join(line for section in sections for line in _section(section, mark)).rstrip() + "\n"


def plain(text: str) -> str:
    """Return the text on one line with nothing in it that Markdown would take for markup, a link or a picture."""
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    line = re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+=~])", r"\\\1", line))
    return line.replace("!\\[", "!\u200b\\[").replace("://", ":\u200b//")      # some viewers link bare addresses


def _section(section: Section, mark: Mark) -> Iterator[str]:
    yield from (f"## {plain(section.title)}", "")
    if section.remark:
        yield from (f"*{plain(section.remark)}*", "")
    bullet = "- " if section.layout is Layout.LIST else ""
    for sentence in section.sentences:
        yield f"{bullet}{_said(sentence, mark)}"
        if not bullet:
            yield ""
    if section.sentences and bullet:
        yield ""
    yield from _ITEMS.get(section.layout, _pairs)(section, mark)


def _said(sentence: Sentence, mark: Mark) -> str:
    return plain(sentence.text) + mark(sentence)


def _all(sentences: Sequence[Sentence], mark: Mark) -> str:
    return " ".join(_said(sentence, mark) for sentence in sentences)


def _pairs(section: Section, mark: Mark) -> Iterator[str]:
    for item in section.items:
        yield from (f"**{_front(item)}**", "", _all(item.sentences, mark), "")


def _front(item: Item) -> str:
    return gapped(item) if item.gap else plain(item.label)


def gapped(item: Item) -> str:
    """Return the first sentence of an item with its gap."""
    text, (start, end) = item.sentences[0].text, item.gap
    return f"{plain(text[:start])} {GAP} {plain(text[end:])}".strip()


def _timeline(section: Section, mark: Mark) -> Iterator[str]:
    for item in section.items:
        detail = f" ({plain(item.detail)})" if item.detail else ""
        yield f"- **{plain(item.label)}**{detail}: {_all(item.sentences, mark)}"
    yield ""


def _table(section: Section, mark: Mark) -> Iterator[str]:
    labelled = any(item.label for item in section.items)
    names = [*([" "] if labelled else []), *(plain(name) for name in section.columns)]
    yield f"| {' | '.join(names)} |"
    yield f"|{' --- |' * len(names)}"
    for item in section.items:
        cells = [*([plain(item.label)] if labelled else []), *(_all(cell, mark) or "–" for cell in item.cells)]
        yield f"| {' | '.join(cells)} |"
    yield ""


def _sides(section: Section, mark: Mark) -> Iterator[str]:
    for item in section.items:
        yield from (f"### {plain(item.label)}", "")
        for cell in item.cells:
            yield f"- **{plain(cell[0].text)}** – {_all(cell[1:] or cell, mark)}"
        yield ""


def _quiz(section: Section, mark: Mark) -> Iterator[str]:
    for number, item in enumerate(section.items, start=1):
        yield f"{number}. {gapped(item)}"
        yield from (f"   - {plain(choice.text)}" for choice in item.choices)
    yield ""
    for number, item in enumerate(section.items, start=1):
        yield f"{number}. **{plain(item.sentences[0].text[slice(*item.gap)])}**{mark(item.sentences[0])}"
    yield ""


def _tree(section: Section, mark: Mark) -> Iterator[str]:
    for item in section.items:
        words = f"**{plain(item.label)}**" if item.label else _all(item.sentences, mark)
        yield f"{'  ' * (max(item.level, 1) - 1)}- {words}"
    yield ""


def _slide(section: Section, mark: Mark) -> Iterator[str]:
    for number, item in enumerate(section.items):
        if number:
            yield f"*{plain(item.label)}:* {_all(item.sentences, mark)}"
        else:
            yield from (f"- {_said(sentence, mark)}" for sentence in item.sentences)
        yield ""


_ITEMS: dict[Layout, Callable[[Section, Mark], Iterator[str]]] = {
    Layout.TIMELINE: _timeline, Layout.TABLE: _table, Layout.SIDES: _sides, Layout.QUIZ: _quiz, Layout.TREE: _tree,
    Layout.SLIDE: _slide,
}
