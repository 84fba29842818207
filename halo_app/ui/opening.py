"""Open a chat, a source, a note or an output by its id, in the notebook it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from halo_app.ui import state

PAGES = {"chat": "chat", "source": "sources", "note": "notes", "output": "studio"}      # what can be open -> the page it is open on


class _InNotebook(Protocol):
    @property
    def notebook_id(self) -> str: ...


def open_thing(kind: str, thing_id: str) -> None:
    """Open it on its page, which is not gone to here. Raises NotFound."""
    app = state.app()
    find: dict[str, Callable[[str], _InNotebook]] = {
        "chat": app.chat.get, "source": app.sources.get, "note": app.notes.get, "output": app.studio.get,
    }
    state.open_notebook(find[kind](thing_id).notebook_id)
    show(kind, thing_id)


def show(kind: str, thing_id: str | None) -> None:
    """Show a thing that is known to be there; None goes back to the list, or to an empty page."""
    if kind == "chat":
        state.open_conversation(thing_id)
    elif kind == "source":
        state.read(thing_id)
    else:
        state.open_card(kind, thing_id)
