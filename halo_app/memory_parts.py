"""The parts that remember, each made on first use: the database, its stores, search, and the verbs of the local operator."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from halo_app.adapters import Adapters, part
from halo_app.errors import EmbedderUnavailable, HaloError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from halo_app.domain.audit import Act
    from halo_app.domain.user import Principal
    from halo_app.memory_ports import Models, Users
    from halo_app.services.acting import Acts
    from halo_app.services.consent import ConsentService
    from halo_app.services.dashboard import DashboardService
    from halo_app.services.memory import MemoryService
    from halo_app.services.memory_context import MemoryContextService
    from halo_app.services.memory_outbox import MemoryOutbox
    from halo_app.services.memory_pieces import Cutting
    from halo_app.services.recall import RecallService
    from halo_app.services.reconciling import ReconcilingService
    from halo_app.services.rolling import RollingService
    from halo_app.services.weaving import WeavingService
    from halo_app.storage.audit import AuditTrail
    from halo_app.storage.audit_keys import AuditKeys
    from halo_app.storage.database import Database
    from halo_app.storage.sql_memories import SqlMemoryStore
    from halo_app.vectors.lance import LanceIndex

log = logging.getLogger(__name__)


class MemoryParts(Adapters):
    """What depends on the memory database is None, or raises BadInput in words, while the memory backend is disabled."""

    @part
    def database(self) -> Database | None:
        """The memory database, None while it is disabled."""
        from halo_app.storage.database import open_database
        database = open_database(self.memory_url, self.data_dir, self.settings.memory.pool_size)
        return self._closing(database) if database else None

    @part
    def audit(self) -> AuditTrail:
        """The audit log: in the memory database, in one of its own while memory is disabled."""
        from halo_app.storage.audit import AuditTrail, log_name
        from halo_app.storage.database import open_database
        database = self.database or open_database("sqlite:///{data_dir}/audit.db", self.data_dir)
        assert database is not None
        if database is not self.database:
            self._closing(database)
        return self._closing(AuditTrail(database, self.audit_keys, log_name(database.place, self.data_dir), self.clock))

    @part
    def acts(self) -> Acts:
        """Whatever is told here is written into the audit log."""
        from halo_app.services.acting import Recorder
        return Recorder(self._write_down)

    def audited_as(self, action: str, what: str = "") -> AbstractContextManager[Any]:
        """Write what happens in the block down as one act of the user: done, refused or failed."""
        from halo_app.domain.audit import Act
        from halo_app.services.acting import telling
        return telling(self.acts, Act(self.user_id, action, self.user_id, what))

    @part
    def audit_keys(self) -> AuditKeys:
        from halo_app.storage.audit_keys import AuditKeys
        from halo_app.storage.locks import write_lock
        return AuditKeys(self.data_dir / "keys", partial(write_lock, self.locks, "keys"))

    @part
    def memory_store(self) -> SqlMemoryStore | None:
        from halo_app.storage.sql_memories import SqlMemoryStore
        return SqlMemoryStore(self.database, self.audit, self.clock) if self.database else None

    @part
    def users(self) -> Users:
        from halo_app.storage.sql_users import SqlUsers
        return SqlUsers(self._enabled, self.audit, self.clock)

    @part
    def models(self) -> Models:
        from halo_app.storage.sql_models import SqlModels
        return SqlModels(self._enabled, self.audit, self.clock)

    @part
    def memory_index(self) -> LanceIndex:
        from halo_app.storage.locks import write_lock
        from halo_app.vectors.lance import LanceIndex
        lock = partial(write_lock, self.locks, "lancedb-memory")
        return self._closing(LanceIndex(self.data_dir / "lancedb" / "memory", lock, self.settings.embedding.dimension))

    @part
    def cutting(self) -> Cutting:
        from halo_app.services.memory_pieces import Cutting
        return Cutting(lambda: self.splitter, self.analyzer)

    @part
    def recall(self) -> RecallService:
        from halo_app.services.recall import RecallService
        return RecallService(self._store, self.memory_index, lambda: self.embedder, self.analyzer, self.cutting, self.cache,
                             self.clock, self.settings.retrieval.similarity_threshold)

    @part
    def outbox(self) -> MemoryOutbox:
        from halo_app.services.memory_outbox import MemoryOutbox
        from halo_app.storage.workers import has_died, worker_name
        return self._closing(MemoryOutbox(self._store, self.memory_index, self.cutting, lambda: self.embedder,
                                          weave=lambda by_words: self.weaving.step(by_words=by_words),
                                          worker=worker_name(), has_died=has_died))

    @part
    def weaving(self) -> WeavingService:
        """Relates what is stored to what was known, behind the outbox."""
        from halo_app.services.weaving import WeavingService
        return WeavingService(self._store, self.recall.beside)

    @part
    def reconciling(self) -> ReconcilingService:
        """Merges facts, lets the new replace the old, and asks in doubt; refuses in words while memory is disabled."""
        from halo_app.services.reconciling import ReconcilingService
        return ReconcilingService(self._store, self.clock, self._similar, self._stored)

    @part
    def memory(self) -> MemoryService | None:
        """The memory as the local operator may use it, None while it is disabled."""
        if self.memory_store is None:
            return None
        from halo_app.services.memory import MemoryService
        given = self.settings
        return MemoryService(self.memory_store, self.users, self.recall, self.analyzer, self.clock, self.principal,
                             given.retrieval.top_k, given.memory.ephemeral_fact_ttl_days, self._stored, self.reconciling)

    @part
    def memory_context(self) -> MemoryContextService:
        from halo_app.services.memory_context import MemoryContextService
        from halo_app.services.rolling import RollingWhenDue
        given = self.settings.memory
        return MemoryContextService(self._store, self.recall, self.token_count, given.max_context_tokens, given.num_history_runs,
                                    RollingWhenDue(self.rolling))

    @part
    def token_count(self) -> Callable[[str], int]:
        """Counts tokens with the language model's own tokenizer when it is named and can be read, otherwise never too few."""
        from halo_app.embedding.counting import BoundedCount, ExactCount
        from halo_app.embedding.minilm import ensure_model
        if self.settings.llm.tokenizer:
            try:
                return ExactCount(self.settings.llm.tokenizer)
            except EmbedderUnavailable as error:
                log.warning("HALO_LLM__TOKENIZER: %s; a bound counts in its place", error.message)
        try:
            return BoundedCount(ensure_model(self.settings.model_cache) / "tokenizer.json")      # another model may know more words
        except EmbedderUnavailable:
            return BoundedCount(None)

    @part
    def rolling(self) -> RollingService:
        """Makes lines of sessions and topics of what is no longer recent."""
        from halo_app.services.rolling import RollingService
        terms = self.analyzer.terms
        return RollingService(self._store, lambda text: terms(text, "en"), self.token_count, self.settings.memory.num_history_runs,
                              self._may_read_runs)

    @part
    def consent(self) -> ConsentService:
        """Whether the user agreed that what they say about themself is observed."""
        from halo_app.services.consent import ConsentService
        return ConsentService(self.records("consents"), self.user_id, self.clock, self.acts, withdrawn=self._forget_rejected)

    @part
    def dashboard(self) -> DashboardService:
        from halo_app.services.dashboard import DashboardService
        return DashboardService(lambda: self.memory_store, lambda: self.memory_index, self.records("chats"), self.records("sources"),
                                self.clock)

    def _similar(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """Return the cosine of the text to each of the others."""
        vectors = self.embedder.embed([text, *others])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    def warm_memory(self) -> None:
        """Load what embedding, search and language need; what cannot be loaded is told when it is needed."""
        from halo_app.domain.chunk import Scope
        with suppress(HaloError):
            self.analyzer.detect("Which language is this?")
            self.memory_index.count(Scope(self.user_id))
            self.embedder.embed(["ready"])

    def migrate(self) -> list[int]:
        """Bring the tables up to date and return the numbers of the steps that were missing."""
        from halo_app.storage.migrations import bring_up_to_date
        return bring_up_to_date(self._enabled)

    def _write_down(self, act: Act) -> None:
        self.audit.note(act)

    def _may_read_runs(self, user_id: str) -> bool:
        """Tell whether what a user said to an agent may be summarised; without consent it is not."""
        from halo_app.services.consent import ConsentService
        return ConsentService(self.records("consents"), user_id, self.clock).is_given()

    def _embed_memories(self) -> None:
        """Begin to embed memories that wait, and hold the index of memories against the database; a fault is told where it is met."""
        try:
            if self.memory_store is not None:
                self.outbox.begin()
        except HaloError as error:
            log.warning("memories are not embedded: %s", error.message)

    def _forget_rejected(self, user_id: str) -> None:
        """Let go of what was suggested and rejected: it was observed, too."""
        if self.memory_store is not None:
            self.memory_store.forget_rejected(self.principal, user_id)

    def _stored(self) -> None:
        self.outbox.wake()

    @property
    def principal(self) -> Principal:
        """As whom everything is done on this machine until somebody else is named."""
        from halo_app.domain.user import Principal, UserRole
        return Principal(self.user_id, UserRole.ADMIN, reason="the local operator")

    @property
    def memory_url(self) -> str:
        return self.settings.memory.database.get_secret_value()

    @property
    def _store(self) -> SqlMemoryStore:
        if self.memory_store is None:
            from halo_app.services.account import disabled
            raise disabled()
        return self.memory_store

    @property
    def _enabled(self) -> Database:
        if self.database is None:
            from halo_app.services.account import disabled
            raise disabled()
        return self.database
