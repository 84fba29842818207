"""Search chats in full text: their titles and everything that was said in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from halo_app.domain.conversation import Conversation
from halo_app.domain.seeking import Piece, folded, holds, pieces, sought


@dataclass(frozen=True, slots=True)
class FoundChat:
    """A chat that holds every word sought; `said` shows the first message that does, () when the title alone answers."""

    chat: Conversation
    title: tuple[Piece, ...]
    said: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class _Folded:
    chat: Conversation
    title: str
    messages: tuple[str, ...]


@dataclass
class ChatSearch:
    """What was folded of a chat is kept in memory until the chat changes; `chats` gives those of a notebook, the latest first."""

    chats: Callable[[str | None], Sequence[Conversation]]
    _kept: dict[str, _Folded] = field(default_factory=dict)
    _guard: Lock = field(default_factory=Lock)

    def find(self, query: str, notebook_id: str | None = None, *, limit: int = 50) -> list[FoundChat]:
        """Return the chats that hold every word of the query, those that name them in the title first; [] for no words."""
        words = sought(query)
        if not words:
            return []
        titled, others = [], []
        for one in self._folded(notebook_id):
            if all(holds(one.title, word) for word in words):
                titled.append(one)
            elif all(holds(one.title, word) or any(holds(message, word) for message in one.messages) for word in words):
                others.append(one)
        return [_shown(one, words) for one in [*titled, *others][:limit]]

    def forget(self) -> None:
        """Let go of what was read."""
        with self._guard:
            self._kept.clear()

    def _folded(self, notebook_id: str | None) -> list[_Folded]:
        chats = self.chats(notebook_id)
        with self._guard:
            found = []
            for chat in chats:
                kept = self._kept.get(chat.id)
                if kept is None or kept.chat is not chat:       # a changed record is another object
                    kept = _Folded(chat, folded(chat.title), tuple(folded(message.content) for message in chat.messages))
                    self._kept[chat.id] = kept
                found.append(kept)
            if notebook_id is None and len(self._kept) > len(found):
                self._kept = {one.chat.id: one for one in found}
        return found


def _shown(one: _Folded, words: Sequence[str]) -> FoundChat:
    title = pieces(one.chat.title, words, around=len(one.chat.title)) or (Piece(one.chat.title),)
    missing = [word for word in words if not holds(one.title, word)]
    if not missing:
        return FoundChat(one.chat, title)
    best = max(range(len(one.messages)), key=lambda place: (sum(holds(one.messages[place], word) for word in missing), -place))
    return FoundChat(one.chat, title, pieces(one.chat.messages[best].content, words))
