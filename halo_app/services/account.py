"""Who works here, where everything lies, which model answers, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from halo_app.domain.ledger import Sending
from halo_app.errors import BadInput, HaloError
from halo_app.plugins import Provider
from halo_app.ports import Ledger
from halo_app.services.memory import MemoryService
from halo_app.settings import Settings

DISABLED = "Memory backend disabled: HALO_AGENT_DB is not set."
COMMAND = 'export HALO_AGENT_DB="sqlite:///data/memory.db"'


def disabled() -> BadInput:
    """Return the refusal of whatever needs memory while it is disabled."""
    return BadInput("memory backend disabled: HALO_AGENT_DB is not set", fix=COMMAND)


@dataclass(frozen=True, slots=True)
class Identity:
    user_id: str


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """The language model, if one is configured, and whether texts stay on this machine."""

    configured: bool
    name: str = ""
    base_url: str = ""
    is_local: bool = True


@dataclass(frozen=True, slots=True)
class MemoryStatus:
    """`message` says how the memory is, `command` what enables it; `place` is "" while it is disabled.

    `readable` when nothing can be changed (a full disk, a file that may not be written) but all can still be read.
    """

    enabled: bool
    message: str
    command: str = COMMAND
    place: str = ""
    readable: bool = False


@dataclass(frozen=True)
class AccountService:
    """The account of one user. `open_memory` gives the memory, None while it is disabled."""

    settings: Settings
    open_memory: Callable[[], MemoryService | None]
    log: Path
    provider: Callable[[], Provider | None]
    ledger: Ledger

    def identity(self) -> Identity:
        return Identity(self.settings.app.user_id)

    def places(self) -> dict[str, Path]:
        """Return where the data, the log and the embedding model lie."""
        return {"data": self.settings.data_dir, "log": self.log,
                "embedding_model": self.settings.embedding.path or self.settings.model_cache}

    def model(self) -> ModelStatus:
        """Return which language model answers; texts leave this machine only when it is not local."""
        provider = self.provider()
        if provider is None:
            return ModelStatus(False)
        address = urlsplit(self.settings.llm.base_url)
        return ModelStatus(True, provider.name, f"{address.scheme}://{provider.place}{address.path}", provider.is_local)

    def sent(self) -> list[Sending]:
        """Return what went to models outside this machine, newest first: places of sources, never their text."""
        return self.ledger.all(self.settings.app.user_id)

    def memory(self) -> MemoryStatus:
        """Return whether memories are kept, where, and what to do when they are not."""
        memory = None
        try:
            memory = self.open_memory()
            if memory is None:
                return MemoryStatus(False, DISABLED)
            memory.kept.check()
        except HaloError as error:
            told = f"{error.message}. {error.fix[:1].upper()}{error.fix[1:]}."
            if memory is not None and self._can_be_read(memory):
                return MemoryStatus(False, f"Memories can be read, not changed: {told}", "", memory.kept.place, readable=True)
            return MemoryStatus(False, f"Memory backend disabled: {told}")
        return MemoryStatus(True, "Memory backend enabled.", "", memory.kept.place)

    def _can_be_read(self, memory: MemoryService) -> bool:
        try:
            memory.list(self.settings.app.user_id, limit=1)
        except HaloError:
            return False
        return True
