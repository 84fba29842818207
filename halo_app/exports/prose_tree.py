"""Markdown as a tree of plain values, for whatever draws or writes notes: the page, and every format they are exported to.

Blocks: h (level, c), p (c), quote (b), list (ordered, start, items: b, done), code (lang, v), rule, table (align, head, rows).
Inline: text (v), b, i, s (c), code (v), a (to, c), img (to, alt), br, cite (v: the name), note (v: the title, shown).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Node = dict[str, Any]
_SPECIAL = re.compile(r"\[\[([^\[\]|#\n]+)(#[^\]|\n]*)?(?:\|([^\]\n]*))?\]\]|\[\^([\w-]{1,40})\]")
_FOOT = re.compile(r"^\[\^([\w-]{1,40})\]:[ \t]*(.*)$")
_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_TASK = re.compile(r"^\[([ xX])\]\s+")
_SPANS = {"strong": "b", "em": "i", "s": "s"}


@dataclass(frozen=True, slots=True)
class Tree:
    """A text's blocks, and its own footnotes by name."""

    blocks: list[Node]
    feet: dict[str, list[Node]] = field(default_factory=dict)


def tree_of(text: str) -> Tree:
    """Return the tree of a Markdown text. Markup of pages in it stays as words; nothing is fetched or run."""
    body, feet = _without_feet(text)
    read = _reader()
    return Tree(_Blocks(read.parse(body)).all(), {name: _Blocks(read.parse(words)).all() for name, words in feet.items()})


def words_of(nodes: Sequence[Node]) -> str:
    """Return what inline nodes say, without any markup."""
    said = []
    for node in nodes:
        match node["k"]:
            case "text" | "code":
                said.append(node["v"])
            case "img":
                said.append(node["alt"])
            case "note":
                said.append(node["shown"])
            case "br":
                said.append("\n")
            case _:
                said.append(words_of(node.get("c", [])))
    return "".join(said)


def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt
    reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return reader.disable(["reference", "html_inline", "html_block"])


class _Blocks:
    """Walks the reader's flat tokens and gathers them into a tree."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def all(self) -> list[Node]:
        found: list[Node] = []
        while self._at < len(self._tokens) and self._tokens[self._at].nesting >= 0:
            found += self._block()
        return found

    def _block(self) -> list[Node]:
        token = self._tokens[self._at]
        self._at += 1
        make: dict[str, Callable[[Token], list[Node]]] = {
            "heading_open": self._heading, "paragraph_open": self._paragraph, "blockquote_open": self._quote,
            "bullet_list_open": self._list, "ordered_list_open": self._list, "table_open": self._table,
            "fence": _code, "code_block": _code, "hr": lambda _: [{"k": "rule"}],
        }
        known = make.get(token.type)
        return known(token) if known else []

    def _heading(self, token: Token) -> list[Node]:
        return [{"k": "h", "level": int(token.tag[1]), "c": self._inline_until_close()}]

    def _paragraph(self, token: Token) -> list[Node]:
        return [{"k": "p", "c": self._inline_until_close()}]

    def _inline_until_close(self) -> list[Node]:
        inline = self._tokens[self._at]
        self._at += 2
        return _inline(inline.children or [])

    def _quote(self, token: Token) -> list[Node]:
        return [{"k": "quote", "b": self._inside()}]

    def _inside(self) -> list[Node]:
        blocks = self.all()
        self._at += 1
        return blocks

    def _list(self, token: Token) -> list[Node]:
        items = []
        while self._tokens[self._at].type == "list_item_open":
            self._at += 1
            items.append(_item(self._inside()))
        self._at += 1
        return [{"k": "list", "ordered": token.type == "ordered_list_open", "start": int(token.attrs.get("start", 1)), "items": items}]

    def _table(self, token: Token) -> list[Node]:
        rows: list[list[list[Node]]] = []
        align: list[str] = []
        while (one := self._tokens[self._at]).type != "table_close":
            self._at += 1
            if one.type == "tr_open":
                rows.append([])
            elif one.type in ("th_open", "td_open"):
                if len(rows) == 1:
                    align.append(str(one.attrs.get("style", "")).rpartition(":")[2])
                rows[-1].append(_inline(self._tokens[self._at].children or []))
        self._at += 1
        return [{"k": "table", "align": align, "head": rows[0] if rows else [], "rows": rows[1:]}]


def _code(token: Token) -> list[Node]:
    return [{"k": "code", "lang": token.info.strip().partition(" ")[0], "v": token.content.removesuffix("\n")}]


def _item(blocks: list[Node]) -> Node:
    """Return a list item; `done` is set when it is a task."""
    first = blocks[0]["c"][0] if blocks and blocks[0]["k"] == "p" and blocks[0]["c"] else None
    task = _TASK.match(first["v"]) if first and first["k"] == "text" else None
    if first and task:
        first["v"] = first["v"][task.end():]
    return {"b": blocks, "done": task[1] != " " if task else None}


def _inline(tokens: Sequence[Token]) -> list[Node]:
    holds: list[list[Node]] = [[]]
    opened: list[Node] = []
    for token in tokens:
        if token.nesting == 1:
            node: Node = {"k": "a", "to": str(token.attrs.get("href", ""))} if token.tag == "a" else {"k": _SPANS.get(token.tag, "b")}
            opened.append(node)
            holds.append([])
        elif token.nesting == -1:
            node = opened.pop()
            node["c"] = holds.pop()
            holds[-1].append(node)
        else:
            holds[-1] += _leaf(token)
    return holds[0]


def _leaf(token: Token) -> Iterator[Node]:
    match token.type:
        case "text":
            yield from _special(token.content)
        case "code_inline":
            yield {"k": "code", "v": token.content}
        case "image":
            yield {"k": "img", "to": str(token.attrs.get("src", "")), "alt": token.content}
        case "hardbreak":
            yield {"k": "br"}
        case "softbreak":
            yield {"k": "text", "v": "\n"}
        case _:
            yield {"k": "text", "v": token.content}


def _special(text: str) -> Iterator[Node]:
    at = 0
    for match in _SPECIAL.finditer(text):
        if match.start() > at:
            yield {"k": "text", "v": text[at:match.start()]}
        if match[4]:
            yield {"k": "cite", "v": match[4]}
        else:
            title = match[1].strip()
            yield {"k": "note", "v": title, "shown": (match[3] or "").strip() or title}
        at = match.end()
    if at < len(text):
        yield {"k": "text", "v": text[at:]}


def _without_feet(text: str) -> tuple[str, dict[str, str]]:
    """Return the text without the footnotes that it defines, and those by name; what stands in code is no footnote."""
    kept, feet, fence, name = [], {}, "", ""
    for line in text.splitlines():
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1].startswith(fence):
            fence = ""
        found = None if fence else _FOOT.match(line)
        if found:
            name = found[1]
            feet[name] = found[2]
        elif name and line[:1] in (" ", "\t") and line.strip():
            feet[name] += f"\n{line.strip()}"
        else:
            name = "" if line.strip() else name
            kept.append(line)
    return "\n".join(kept), feet
