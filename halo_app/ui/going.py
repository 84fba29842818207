"""What the palette offers, as plain data for its script: pages and actions by their names, and what of the reader's fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from halo_app.domain.fitting import fit, marked
from halo_app.domain.seeking import folded, sought

if TYPE_CHECKING:
    from halo_app.bootstrap import App

ADDRESS = "/go/names"
SHOWN = 12
QUERY_CHARS = 200
LABELS = {kind: kind.title() for kind in ("page", "action", "notebook", "chat", "source", "note", "output")}


@dataclass(frozen=True, slots=True)
class Fixed:
    """A page or an action. `typed` words an action that takes what was typed along; `also` are other words for it."""

    kind: str
    id: str
    name: str
    also: str = ""
    typed: str = ""


FIXED: tuple[Fixed, ...] = (
    Fixed("page", "chat", "Chat", "ask questions"),
    Fixed("page", "sources", "Sources", "documents files"),
    Fixed("page", "notes", "Notes"),
    Fixed("page", "studio", "Studio", "outputs"),
    Fixed("page", "account", "Account", "settings"),
    Fixed("action", "new-chat", "New chat", "start conversation"),
    Fixed("action", "incognito", "New incognito chat", "private"),
    Fixed("action", "new-note", "New note", "write"),
    Fixed("action", "add-sources", "Add sources", "upload files documents"),
    Fixed("action", "make-output", "Make a summary or another output", "studio create"),
    Fixed("action", "search-memory", "Search memory", "remembered facts", "Search memory for “{}”"),
    Fixed("action", "search-chats", "Search chats", "find messages", "Search chats for “{}”"),
    Fixed("action", "theme-light", "Light colours", "theme appearance"),
    Fixed("action", "theme-dark", "Dark colours", "theme appearance night"),
    Fixed("action", "theme-system", "Colours of the system", "theme appearance"),
    Fixed("action", "shortcuts", "Keyboard shortcuts", "keys help"),
)
ASK = Fixed("action", "ask", "Ask", typed="Ask “{}”")


def found(app: App, query: str, notebook_id: str) -> list[dict[str, Any]]:
    """Return at most a dozen rows: what fits, best first, then what can be done with the words themselves."""
    query = " ".join(query.split())[:QUERY_CHARS]
    words = sought(query)
    names = {notebook.id: notebook.name for notebook in app.notebooks.all()}
    scored = []
    for thing in app.going.find(query, notebook_id, limit=SHOWN):
        where = "" if thing.kind == "notebook" else names.get(thing.notebook_id, "")
        scored.append((fit(words, thing.plain) if words else 1.0, _row(thing.kind, thing.id, thing.name, words, where)))
    scored += [(score, _row(one.kind, one.id, one.name, words)) for one in FIXED if (score := _fit(words, one))]
    last = {one: place for place, one in enumerate(app.going.used())}
    rows = [row for _, row in sorted(scored, key=lambda pair: (-pair[0], last.get(_of(pair[1]), len(last)), _rank(pair[1])))]
    return [*rows[:SHOWN], *_typed(query)] if words else _opening(rows, last)


def _opening(rows: Sequence[dict[str, Any]], last: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    """Return what stands there before anything is typed: what was used last, then some of each kind."""
    recent = [row for row in rows if _of(row) in last]
    rest = [row for row in rows if row not in recent]
    fixed = [row for row in rest if row["kind"] in ("page", "action")]
    own = [row for row in rest if row not in fixed]
    return [*recent[:6], *own[:5], *fixed][:SHOWN + 6]


def _fit(words: Sequence[str], one: Fixed) -> float:
    if not words:
        return 1.0
    return fit(words, folded(one.name)) or fit(words, folded(f"{one.name} {one.also}")) * 0.6


def _of(row: dict[str, Any]) -> tuple[str, str]:
    return row["kind"], row["id"]


def _rank(row: dict[str, Any]) -> int:
    return 0 if row["kind"] in ("page", "action") else 1


def _typed(query: str) -> list[dict[str, Any]]:
    offered = (ASK, *(one for one in FIXED if one.typed))
    return [{**_row(one.kind, one.id, one.typed.format(query), ()), "text": query} for one in offered]


def _row(kind: str, thing_id: str, name: str, words: Sequence[str], where: str = "") -> dict[str, Any]:
    parts = [[piece.text, piece.found] for piece in marked(words, name)] if words else [[name, False]]
    return {"kind": kind, "id": thing_id, "parts": parts, "label": LABELS[kind], "where": where, "text": ""}
