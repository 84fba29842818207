"""Notebooks and what is done with their sources as wholes: kept, moved, copied, deleted with a way back."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, BinaryIO, cast

from halo_app.account_parts import AccountParts
from halo_app.adapters import part
from halo_app.errors import NotFound

if TYPE_CHECKING:
    from halo_app.services.duplicating import DuplicatingService
    from halo_app.services.guides import GuideService
    from halo_app.services.moving import MovingService
    from halo_app.services.notebooks import NotebookService
    from halo_app.services.removing import RemovingService
    from halo_app.services.sources import SourceService
    from halo_app.services.viewing import ViewingService
    from halo_app.services.where_cited import WhereCitedService


class SourceParts(AccountParts):
    """The services of notebooks and sources, each made on first use."""

    guides: part[GuideService]

    @part
    def notebooks(self) -> NotebookService:
        from halo_app.services.notebooks import NotebookService
        shelves = {kind: self.records(kind) for kind in ("intakes", "chats", "notes", "note_histories", "outputs")}
        return NotebookService(self.records("notebooks"), self.records("sources"), shelves,
                               self._delete_sources, self.user_id, self.clock, self.acts)

    @part
    def sources(self) -> SourceService:
        from halo_app.services.sources import SourceService
        return SourceService(self.records("sources"), self.records("intakes"), self.originals, self.texts, self.index, self.guides,
                             self.attendance, self.user_id, self.limits, self.acts)

    @part
    def removing(self) -> RemovingService:
        """Deletes sources with a way back."""
        from halo_app.services.removing import RemovingService
        return RemovingService(self.records("sources"), self.records("intakes"), self.originals, self.texts, self.index,
                               self.attendance, self._nameless, self._is_notebook, self.user_id, self.acts)

    @part
    def moving(self) -> MovingService:
        """Moves and copies sources between notebooks."""
        from halo_app.services.moving import MovingService
        return MovingService(self.records("sources"), self.texts, self.index, self.attendance, self.notebooks.get, self.user_id,
                             self.acts)

    @part
    def duplicating(self) -> DuplicatingService:
        """Makes a second notebook of one."""
        from halo_app.services.duplicating import DuplicatingService
        return DuplicatingService(self.notebooks.create, self.notebooks.get, self.records("sources"), self.moving,
                                  self.records("chats"), self.records("notes"), self.user_id)

    @part
    def viewing(self) -> ViewingService:
        """Lays sources out for reading."""
        from halo_app.services.viewing import ViewingService
        return ViewingService(self.sources, self.pictures)

    @part
    def where_cited(self) -> WhereCitedService:
        """Finds what cites a source."""
        from halo_app.services.where_cited import WhereCitedService
        return WhereCitedService(self.records("chats"), self.records("notes"), self.records("outputs"), self.user_id)

    def _delete_sources(self, source_ids: Sequence[str]) -> None:
        self.removing.remove(source_ids, for_good=True)

    def _nameless(self) -> BinaryIO:
        """Open a file that lies in the data directory without a name, and is gone when it is closed."""
        return cast(BinaryIO, tempfile.TemporaryFile(dir=self.data_dir))

    def _is_notebook(self, notebook_id: str) -> bool:
        try:
            self.notebooks.get(notebook_id)
        except NotFound:
            return False
        return True
