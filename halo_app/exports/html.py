"""Write an output as one HTML file without scripts or outside addresses: citations are links to their quotes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.conversation import Citation, Sentence
from halo_app.domain.numbering import numbered

_STYLE = (
    "body{max-width:44rem;margin:3rem auto;padding:0 1rem;font:1.05rem/1.65 Georgia,serif;color:#1d1c1a;background:#fbfaf7}"
    "h1,h2,h3,th,dt,summary,.day,.note{font-family:system-ui,sans-serif}h1,h2,h3{line-height:1.3}h2{margin-top:2.2rem}"
    "sup a{text-decoration:none;padding:0 .15em}a{color:#0b6b5b}ol.quotes{font-size:.9rem}q,.note,small{color:#625e56}"
    "table{border-collapse:collapse;width:100%;font-size:.95rem}"
    "th,td{border:1px solid #e4e0d6;padding:.4rem .6rem;text-align:left;vertical-align:top}.frame{overflow-x:auto}"
    "dt{font-weight:650;margin-top:1rem}dd{margin:0}ul.time{list-style:none;padding-left:0}.day{font-weight:650}"
    ".sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:1rem}"
    ".side,.slide,details.card{border:1px solid #e4e0d6;border-radius:8px;padding:.6rem 1rem;margin:.6rem 0}"
    "mark{background:#ffe99c;color:inherit}.slide{break-inside:avoid;min-height:12rem}"
    "li:target,li:target q{background:#ffe99c;color:#1d1c1a}"
    "@media (prefers-color-scheme:dark){body{color:#ece8df;background:#151412}q,.note,small{color:#a8a296}a{color:#62cdb4}"
    "th,td,.side,.slide,details.card{border-color:#33302b}mark,li:target,li:target q{background:#5c4a0e;color:inherit}}"
    "@media print{body{margin:0;background:#fff;color:#000}}")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
Numbers = Mapping[Citation, int]


class Html:
    """Offered as `EXPORTER`."""

    suffix = "html"
    media_type = "text/html"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the page in UTF-8; it reads alone, opens nothing and runs nothing."""
        numbers = numbered(sections)
        body = "".join(_part(section, numbers) for section in sections)
        notes = "".join(_note(citation, number) for citation, number in numbers.items())
        sources = f'<section><h2>Sources</h2><ol class="quotes">{notes}</ol></section>' if notes else ""
        return (f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
                '<meta name="viewport" content="width=device-width,initial-scale=1">'
                f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
                f"<body><h1>{escape(title)}</h1>{body}{sources}</body></html>\n").encode("utf-8", "replace")


def _part(section: Section, numbers: Numbers) -> str:
    remark = f'<p class="note">{escape(section.remark)}</p>' if section.remark else ""
    said = [_said(one, numbers) for one in section.sentences]
    text = "".join(f"<li>{one}</li>" if section.layout is Layout.LIST else f"<p>{one}</p>" for one in said)
    text = f"<ul>{text}</ul>" if section.layout is Layout.LIST else text
    items = _ITEMS.get(section.layout, _pairs)(section, numbers) if section.items else ""
    return f"<section><h2>{escape(section.title)}</h2>{remark}{text}{items}</section>"


def _said(sentence: Sentence, numbers: Numbers) -> str:
    return escape(" ".join(sentence.text.split())) + _marks(sentence, numbers)


def _marks(sentence: Sentence, numbers: Numbers) -> str:
    return "".join(f'<sup><a href="#quote-{numbers[one]}">{numbers[one]}</a></sup>' for one in sentence.citations)


def _all(sentences: Sequence[Sentence], numbers: Numbers) -> str:
    return " ".join(_said(one, numbers) for one in sentences)


def _pairs(section: Section, numbers: Numbers) -> str:
    return f"<dl>{''.join(f'<dt>{escape(item.label)}</dt><dd>{_all(item.sentences, numbers)}</dd>' for item in section.items)}</dl>"


def _timeline(section: Section, numbers: Numbers) -> str:
    rows = (f'<li><span class="day">{escape(item.label)}</span>{f" <small>({escape(item.detail)})</small>" if item.detail else ""} '
            f"{_all(item.sentences, numbers)}</li>" for item in section.items)
    return f'<ul class="time">{"".join(rows)}</ul>'


def _table(section: Section, numbers: Numbers) -> str:
    labelled = any(item.label for item in section.items)
    head = "".join(f"<th>{escape(name)}</th>" for name in [*([""] if labelled else []), *section.columns])
    rows = "".join("<tr>" + (f"<th>{escape(item.label)}</th>" if labelled else "")
                   + "".join(f"<td>{_all(cell, numbers) or '–'}</td>" for cell in item.cells) + "</tr>" for item in section.items)
    return f'<div class="frame"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _sides(section: Section, numbers: Numbers) -> str:
    def side(cell: tuple[Sentence, ...]) -> str:
        source = cell[0].citations[0].source if cell[0].citations else ""
        return (f'<div class="side"><mark>{escape(cell[0].text)}</mark>{_marks(cell[0], numbers)} <small>{escape(source)}</small>'
                f"<p>{_all(cell[1:] or cell, numbers)}</p></div>")
    return "".join(f'<h3>{escape(item.label)}</h3><div class="sides">{"".join(map(side, item.cells))}</div>' for item in section.items)


def _cards(section: Section, numbers: Numbers) -> str:
    return "".join(f'<details class="card"><summary>{_front(item)}</summary><p>{_all(item.sentences, numbers)}</p></details>'
                   for item in section.items)


def _front(item: Item) -> str:
    if not item.gap:
        return escape(item.label)
    text, (start, end) = item.sentences[0].text, item.gap
    return f"{escape(text[:start])}＿＿＿{escape(text[end:])}"


def _quiz(section: Section, numbers: Numbers) -> str:
    rows = (f"<li><p>{_front(item)}</p><ul>{''.join(f'<li>{escape(one.text)}</li>' for one in item.choices)}</ul>"
            f'<details class="card"><summary>Answer</summary><p>{_all(item.sentences, numbers)}</p></details></li>'
            for item in section.items)
    return f"<ol>{''.join(rows)}</ol>"


def _tree(section: Section, numbers: Numbers) -> str:
    """Nest the items by their level; a step down by several opens one list only."""
    written, levels = ["<ul>"], [0]
    for item in section.items:
        while levels[-1] >= item.level and len(levels) > 1:
            written.append("</li></ul>" if len(levels) > 2 else "</li>")
            levels.pop()
        if len(levels) > 1:
            written.append("<ul>")
        levels.append(item.level)
        written.append(f"<li>{f'<strong>{escape(item.label)}</strong>' if item.label else _all(item.sentences, numbers)}")
    written += ["</li></ul>" if place else "</li>" for place in reversed(range(len(levels) - 1))]
    return "".join(written) + "</ul>"


def _slide(section: Section, numbers: Numbers) -> str:
    points, *notes = section.items
    shown = "".join(f"<li>{_said(one, numbers)}</li>" for one in points.sentences)
    return f'<div class="slide"><ul>{shown}</ul></div>' + "".join(
        f'<p class="note"><strong>{escape(item.label)}:</strong> {_all(item.sentences, numbers)}</p>' for item in notes)


_ITEMS: dict[Layout, Callable[[Section, Numbers], str]] = {
    Layout.TIMELINE: _timeline, Layout.TABLE: _table, Layout.SIDES: _sides, Layout.CARDS: _cards, Layout.QUIZ: _quiz,
    Layout.TREE: _tree, Layout.SLIDE: _slide,
}


def _note(citation: Citation, number: int) -> str:
    place = f", {citation.locator}" if citation.locator else ""
    return f'<li id="quote-{number}">{escape(citation.source + place)}: <q>{escape(citation.quote)}</q></li>'


EXPORTER = Html()
