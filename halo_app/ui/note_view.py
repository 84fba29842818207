"""A note as the scripts of its page are given it, whether the page or one of our routes asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from halo_app.domain.differing import Stretch, folded_away
from halo_app.domain.note_text import first_line
from halo_app.services.note_citing import Standing, State
from halo_app.services.note_reading import Read
from halo_app.services.note_shelf import Listed
from halo_app.ui.words import day, shortened

ADDRESS = "/files/note"
QUOTE_SHOWN = 320
STATES = {
    State.TRUE: "",
    State.MOVED: "moved within its source",
    State.CHANGED: "its source changed",
    State.GONE: "its source is gone",
    State.KEPT: "kept although its source changed",
}


def whole(read: Read) -> dict[str, Any]:
    """Return everything that the editor shows of a note."""
    note = read.note
    own = {"id": note.id, "title": note.title, "text": note.text, "revision": note.revision, "saved": clock(note.updated_at)}
    return {**own, **view(read)}


def view(read: Read) -> dict[str, Any]:
    """Return what the text is drawn with."""
    return {
        "blocks": list(read.tree.blocks),
        "feet": dict(read.tree.feet),
        "cites": {name: _cite(number, standing) for number, (name, standing) in enumerate(read.standings.items(), start=1)},
        "links": dict(read.links),
        "files": [one.name for one in read.note.attachments],
        "line": first_line(read.note.text),
    }


def row(listed: Listed) -> dict[str, Any]:
    """Return one line of the list."""
    note = listed.note
    return {"id": note.id, "title": note.title, "line": listed.line, "when": day(note.updated_at), "tags": list(note.tags[:4]),
            "pinned": note.pinned, "stale": listed.stale}


def stretches(found: Sequence[Stretch]) -> list[list[str]]:
    """Return what changed as pairs of fate and text, long runs of the same cut short."""
    return [[str(one.fate), one.text] for one in folded_away(found)]


def clock(when: datetime) -> str:
    """Return a time as it stands beside a note: `14:02` of today, `20 Nov 2026` of another day."""
    local, now = when.astimezone(), datetime.now().astimezone()
    return f"{local:%H:%M}" if local.date() == now.date() else day(when)


def place_of(locator: str, source: str) -> str:
    """Return the place as short as it stays clear."""
    if locator.startswith("“") and " › " in locator:
        return f"“{locator.rpartition(' › ')[2]}"
    return shortened(locator or source, 32)


def _cite(number: int, standing: Standing) -> dict[str, Any]:
    mark = standing.mark
    return {"n": number, "label": f"{number} · {place_of(mark.locator, mark.source)}", "source": mark.source, "place": mark.locator,
            "quote": shortened(mark.quote, QUOTE_SHOWN), "state": str(standing.state), "why": STATES[standing.state]}
