"""Write notes as one HTML file without scripts or outside addresses: pictures inside, citations lead to their quotes."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import unquote

from halo_app.domain.note_page import NotePage, Written, numbers, told
from halo_app.domain.note_text import folded

_STYLE = (
    ":root{color-scheme:light dark}body{max-width:42rem;margin:3rem auto;padding:0 1rem;font:1.06rem/1.68 Georgia,serif;color:#1d1c1a;"
    "background:#fbfaf7}h1,h2,h3,h4,h5,h6,table,nav,.facts,.notes{font-family:system-ui,sans-serif}h1,h2,h3,h4{line-height:1.3}"
    "blockquote{border-left:3px solid #e4e0d6;margin:0 0 1rem;padding-left:1rem}code,pre{background:#f4f1ea;border-radius:4px;"
    "padding:.1em .3em}pre{padding:.8em;overflow-x:auto}table{border-collapse:collapse;font-size:.92rem}"
    "td,th{border:1px solid #e4e0d6;"
    "padding:.3em .6em;text-align:left}img{max-width:100%}sup a{text-decoration:none}a{color:#0b6b5b}.facts{color:#625e56;"
    "font-size:.88rem}.notes{font-size:.9rem;border-top:1px solid #e4e0d6;margin-top:2rem}li.task{list-style:none;margin-left:-1.3em}"
    "article+article{border-top:1px solid #e4e0d6;margin-top:3rem;padding-top:1rem}:target{background:#ffe99c}"
    "@media (prefers-color-scheme:dark){body{color:#ece8df;background:#151412}code,pre{background:#1a1917}a{color:#62cdb4}"
    "td,th,blockquote,.notes,article+article{border-color:#33302b}.facts{color:#a8a296}:target{background:#5c4a0e}}"
    "@media print{body{margin:0;max-width:none;background:#fff;color:#000}article+article{break-before:page;border:0}}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
_WEB = re.compile(r"(https?|mailto):", re.IGNORECASE)
_TAGS = {"b": "strong", "i": "em", "s": "s"}


class NoteHtml:
    """Offered as `NOTE_EXPORTER`."""

    suffix = "html"
    label = "Web page"

    def write(self, pages: Sequence[NotePage]) -> Written:
        """Return the page in UTF-8; it reads alone, opens nothing and runs nothing."""
        anchors = {folded(page.title): f"note-{place}" for place, page in reversed(list(enumerate(pages, start=1)))}
        title = pages[0].title if len(pages) == 1 else "Notes"
        body = "".join(_Article(page, anchors, own, place).html() for place, (page, own)
                       in enumerate(zip(pages, numbers(pages), strict=True), start=1))
        lines = "".join(_line(page, place) for place, page in _placed(pages))
        contents = f"<h1>Notes</h1><nav><ul>{lines}</ul></nav>" if len(pages) > 1 else ""
        whole = (f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
                 f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
                 f"<style>{_STYLE}</style></head><body>{contents}{body}</body></html>\n")
        return Written(whole.encode("utf-8", "replace"), "html", "text/html")


def _placed(pages: Sequence[NotePage]) -> list[tuple[int, NotePage]]:
    return list(enumerate(pages, start=1))


def _line(page: NotePage, place: int) -> str:
    return f'<li><a href="#note-{place}">{escape(page.title)}</a></li>'


class _Article:
    """One note; `anchors` tells which notes stand in the same file."""

    def __init__(self, page: NotePage, anchors: Mapping[str, str], own: Mapping[str, int], place: int) -> None:
        self._page, self._anchors, self._numbers, self._place = page, anchors, own, place
        self._feet = {name: f"{chr(96 + number) if number < 27 else number}" for number, name in enumerate(page.feet, start=1)}

    def html(self) -> str:
        page = self._page
        facts = " · ".join([f"{page.updated_at.astimezone():%Y-%m-%d}", *(f"#{tag}" for tag in page.tags)])
        notes = "".join(f'<li id="quote-{self._numbers[name]}" value="{self._numbers[name]}">{escape(told(mark))}</li>'
                        for name, mark in page.cited.items())
        besides = "".join(f"<li>{escape(told(citation))}</li>" for citation in page.besides)
        feet = "".join(f"<p><sup>{self._feet[name]}</sup> {self._flat(blocks)}</p>" for name, blocks in page.feet.items())
        below = (f"<h2>Sources</h2><ol>{notes}</ol>" if notes else "") + (f"<h2>Rests on</h2><ul>{besides}</ul>" if besides else "")
        return (f'<article id="note-{self._place}"><h1>{escape(page.title)}</h1><p class="facts">{escape(facts)}</p>'
                f"{self._blocks(page.blocks)}{feet}{f'<section class=notes>{below}</section>' if below else ''}</article>")

    def _flat(self, blocks: Sequence[Mapping[str, Any]]) -> str:
        return " ".join(self._inline(block["c"]) if "c" in block else self._block(block) for block in blocks)

    def _blocks(self, blocks: Sequence[Mapping[str, Any]]) -> str:
        return "".join(self._block(block) for block in blocks)

    def _block(self, node: Mapping[str, Any]) -> str:
        match node["k"]:
            case "h":
                tag = f"h{min(6, node['level'] + 1)}"
                return f"<{tag}>{self._inline(node['c'])}</{tag}>"
            case "quote":
                return f"<blockquote>{self._blocks(node['b'])}</blockquote>"
            case "list":
                tag = "ol" if node["ordered"] else "ul"
                start = f' start="{node["start"]}"' if node["ordered"] and node["start"] != 1 else ""
                return f"<{tag}{start}>{''.join(self._item(item) for item in node['items'])}</{tag}>"
            case "code":
                return f"<pre><code>{escape(node['v'])}</code></pre>"
            case "rule":
                return "<hr>"
            case "table":
                return self._table(node)
            case _:
                return f"<p>{self._inline(node['c'])}</p>"

    def _item(self, item: Mapping[str, Any]) -> str:
        inside = "".join(self._inline(block["c"]) if block["k"] == "p" else self._block(block) for block in item["b"])
        return f"<li>{inside}</li>" if item["done"] is None else f"<li class=task>{'☑' if item['done'] else '☐'} {inside}</li>"

    def _table(self, node: Mapping[str, Any]) -> str:
        def row(cells: Sequence[Any], tag: str) -> str:
            return "<tr>" + "".join(f'<{tag}{_aligned(node["align"], place)}>{self._inline(cell)}</{tag}>'
                                    for place, cell in enumerate(cells)) + "</tr>"

        body = "".join(row(cells, "td") for cells in node["rows"])
        return f"<table><thead>{row(node['head'], 'th')}</thead><tbody>{body}</tbody></table>"

    def _inline(self, nodes: Sequence[Mapping[str, Any]]) -> str:
        return "".join(self._leaf(node) for node in nodes)

    def _leaf(self, node: Mapping[str, Any]) -> str:
        kind = node["k"]
        if kind in _TAGS:
            return f"<{_TAGS[kind]}>{self._inline(node['c'])}</{_TAGS[kind]}>"
        match kind:
            case "code":
                return f"<code>{escape(node['v'])}</code>"
            case "br":
                return "<br>"
            case "img":
                return self._picture(node)
            case "cite":
                return self._cite(node["v"])
            case "note":
                anchor = self._anchors.get(folded(node["v"]))
                return f'<a href="#{anchor}">{escape(node["shown"])}</a>' if anchor else escape(node["shown"])
            case "a":
                inside = self._inline(node["c"])
                return f'<a href="{escape(node["to"])}" rel="noreferrer">{inside}</a>' if _WEB.match(node["to"]) else inside
            case _:
                return escape(node["v"])

    def _cite(self, name: str) -> str:
        if number := self._numbers.get(name):
            return f'<sup><a href="#quote-{number}">{number}</a></sup>'
        return f"<sup>{self._feet[name]}</sup>" if name in self._feet else ""

    def _picture(self, node: Mapping[str, Any]) -> str:
        name = unquote(node["to"])
        media, content = _PICTURES.get(name.rpartition(".")[2].lower()), self._page.files.get(name)
        if not media or content is None:
            return escape(f"[{node['alt'] or name}]")
        return f'<img alt="{escape(node["alt"] or name)}" src="data:{media};base64,{base64.b64encode(content).decode()}">'


def _aligned(align: Sequence[str], place: int) -> str:
    side = align[place] if place < len(align) else ""
    return f' style="text-align:{side}"' if side in ("left", "right", "center") else ""


NOTE_EXPORTER = NoteHtml()
