"""The parts behind the Account page: the look, the room that things take, the program log."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from halo_app.adapters import part
from halo_app.holdings import WORK, Holdings

if TYPE_CHECKING:
    from halo_app.services.about import Library
    from halo_app.services.appearance import AppearanceService
    from halo_app.services.program_log import ProgramLog
    from halo_app.services.room import RoomService


class AccountParts(Holdings):
    """What is told and chosen about this installation."""

    @part
    def appearance(self) -> AppearanceService:
        """The theme and density that the pages have here."""
        from halo_app.services.appearance import AppearanceService
        from halo_app.storage.config_file import ConfigFile
        from halo_app.storage.locks import write_lock
        overlay = ConfigFile(self.data_dir / "config.json", partial(write_lock, self.locks, "config"))
        return AppearanceService(self.settings.appearance, overlay, self.user_id, self.acts)

    @part
    def room(self) -> RoomService:
        from halo_app.services.room import RoomService
        from halo_app.storage.database import sqlite_path
        return RoomService(self.data_dir, lambda: sqlite_path(self.memory_url, self.data_dir), self.data_dir / WORK,
                           lambda: (self.index, self.memory_index), self._exclusive)

    @part
    def program_log(self) -> ProgramLog:
        from halo_app.services.program_log import ProgramLog
        from halo_app.storage.logs import log_place
        return ProgramLog(log_place(self.data_dir))

    def libraries(self) -> list[Library]:
        """Return what HALO stands on, with licences."""
        from halo_app.services.about import libraries
        from halo_app.settings import CHECKOUT
        return libraries(CHECKOUT)
