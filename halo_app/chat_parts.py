"""The parts of the application that whole chats are worked on with, and the palette that finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from halo_app.adapters import part
from halo_app.note_parts import NoteParts

if TYPE_CHECKING:
    from halo_app.plugins import Exporter
    from halo_app.services.chat import ChatService
    from halo_app.services.chat_exports import ChatExports
    from halo_app.services.chat_search import ChatSearch
    from halo_app.services.going import GoingService
    from halo_app.services.naming import NamingService


class ChatParts(NoteParts):
    """Searching, naming and exporting chats, and finding anything by its name."""

    chat: part[ChatService]

    @part
    def chat_search(self) -> ChatSearch:
        from halo_app.services.chat_search import ChatSearch
        return ChatSearch(self.chat.sessions)

    @part
    def going(self) -> GoingService:
        """Finds anything by its name, for the palette."""
        from halo_app.services.going import GoingService
        kinds = {"notebook": "notebooks", "chat": "chats", "source": "sources", "note": "notes", "output": "outputs"}
        return GoingService({kind: self.records(shelf) for kind, shelf in kinds.items()}, self.user_id)

    @part
    def chat_exports(self) -> ChatExports:
        from halo_app.services.chat_exports import ChatExports
        return ChatExports(self.chat.get, self._exporters(), self.user_id, self.acts)

    @part
    def _naming(self) -> NamingService:
        from halo_app.services.naming import NamingService
        return self._closing(NamingService(self.records("chats"), lambda: self.provider, self.ledger, self.clock))

    def _exporters(self) -> dict[str, Exporter]:
        import halo_app.exports
        from halo_app.discovery import offers
        return {offer.suffix: offer for offer in offers(halo_app.exports, "EXPORTER").values()}

    def _name_soon(self, session_id: str) -> None:
        self._naming.soon(session_id)
