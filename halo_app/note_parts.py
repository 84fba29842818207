"""The parts of the application that notes are worked on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from halo_app.adapters import part
from halo_app.source_parts import SourceParts

if TYPE_CHECKING:
    from halo_app.services.evidence import EvidenceService
    from halo_app.services.ingest import IngestService
    from halo_app.services.note_citing import NoteCiting
    from halo_app.services.note_files import NoteFiles
    from halo_app.services.note_import import NoteImport
    from halo_app.services.note_moves import NoteMoves
    from halo_app.services.note_reading import NoteReading
    from halo_app.services.note_shelf import NoteShelf
    from halo_app.services.note_sources import NoteSources
    from halo_app.services.note_templates import NoteTemplates
    from halo_app.services.note_transfer import NoteTransfer
    from halo_app.services.notes import NoteService


class NoteParts(SourceParts):
    """Writing, finding, citing, moving, exporting and importing notes."""

    @part
    def notes(self) -> NoteService:
        from halo_app.services.note_history import NoteHistories
        from halo_app.services.notes import NoteService
        histories = NoteHistories(self.records("note_histories"))
        return NoteService(self.records("notes"), self.user_id, self.clock, self.acts, histories, self.note_files)

    @part
    def note_files(self) -> NoteFiles:
        from halo_app.services.note_files import NoteFiles
        return NoteFiles(self.note_originals, self.records("notes"), self.user_id)

    @part
    def note_shelf(self) -> NoteShelf:
        from halo_app.services.note_shelf import NoteShelf
        return NoteShelf(self.records("notes"), self.records("sources"), self.user_id)

    @part
    def note_citing(self) -> NoteCiting:
        from halo_app.services.note_citing import NoteCiting
        return NoteCiting(self.notes, self.records("sources"), self.texts, self._found_evidence, self.user_id, self.clock, self.acts)

    @part
    def note_moves(self) -> NoteMoves:
        from halo_app.services.note_moves import NoteMoves
        return NoteMoves(self.notes)

    @part
    def note_reading(self) -> NoteReading:
        from halo_app.exports.prose_tree import tree_of
        from halo_app.services.note_reading import NoteReading
        return NoteReading(self.notes, self.note_shelf, self.note_citing, tree_of)

    @part
    def note_templates(self) -> NoteTemplates:
        from halo_app.services.note_templates import NoteTemplates
        from halo_app.settings import PACKAGE
        return NoteTemplates([PACKAGE / "templates"])

    @part
    def note_sources(self) -> NoteSources:
        from halo_app.services.note_sources import NoteSources
        return NoteSources(self.notes, self.records("sources"), self._taken_in, self.user_id)

    @part
    def note_transfer(self) -> NoteTransfer:
        import halo_app.exports
        from halo_app.discovery import offers
        from halo_app.exports.prose_tree import tree_of
        from halo_app.services.note_transfer import NoteTransfer
        writers = {offer.suffix: offer for offer in offers(halo_app.exports, "NOTE_EXPORTER").values()}
        return NoteTransfer(self.notes, self.note_files, writers, tree_of, self.user_id, self.acts)

    @part
    def note_import(self) -> NoteImport:
        from halo_app.services.note_import import NoteImport
        return NoteImport(self.notes, self.note_files, self.user_id, self.acts)

    def _found_evidence(self) -> EvidenceService:
        raise NotImplementedError

    def _taken_in(self) -> IngestService:
        raise NotImplementedError
