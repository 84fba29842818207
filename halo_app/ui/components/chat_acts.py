"""What is done with a whole chat, from its head, from the list or from the palette: begin, rename, delete with a way back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from halo_app.domain.conversation import Conversation
from halo_app.ui import faults, state

NAMES = {"md": "Markdown", "html": "HTML", "pdf": "PDF", "docx": "Word document", "txt": "plain text"}


def formats() -> list[tuple[str, str]]:
    """Return the formats in which a chat can be taken along: (name, suffix)."""
    return [(NAMES.get(suffix, suffix.upper()), suffix) for suffix in state.app().chat_exports.formats()]


def begin() -> None:
    """Open an empty page for a new chat."""
    state.open_conversation(None)


def begin_private() -> None:
    """Begin a chat that is stored nowhere."""
    now = datetime.now(UTC)
    user_id = state.app().settings.app.user_id
    state.open_incognito(Conversation(uuid4().hex, "Incognito chat", state.notebook().id, user_id, now, now))


@faults.caught
def rename(session_id: str, title: str) -> None:
    """Give a chat another name; an empty one changes nothing."""
    if title.strip():
        state.app().chat.rename(session_id, title)
        state.redraw()


@faults.caught
def delete(session_id: str) -> None:
    """Delete a chat and offer the way back."""
    gone = state.app().chat.delete(session_id)
    was_open = state.session_id() == session_id
    if was_open:
        state.open_conversation(None)
    state.offer_undo(f"The chat “{gone.title}” is deleted.", lambda: _restore(gone, was_open))


def _restore(gone: Conversation, was_open: bool) -> None:
    state.app().chat.restore(gone)
    if was_open:
        state.open_conversation(gone.id)
