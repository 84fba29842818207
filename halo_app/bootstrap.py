"""Build the application from Settings; with `adapters`, the one place that knows every concrete class."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from halo_app.adapters import FOLDERS, STORES, part
from halo_app.chat_parts import ChatParts
from halo_app.errors import HaloError
from halo_app.settings import PACKAGE, Settings, default_data_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from halo_app.domain.agent import AgentConfig
    from halo_app.domain.erasure import Target
    from halo_app.domain.health import Check
    from halo_app.services.account import AccountService
    from halo_app.services.chat import ChatService
    from halo_app.services.chat_memory import ChatMemory
    from halo_app.services.evidence import EvidenceService
    from halo_app.services.following import FollowUps
    from halo_app.services.guides import GuideService
    from halo_app.services.guides_ahead import GuidesAhead
    from halo_app.services.health import HealthService
    from halo_app.services.indexing import Preparation
    from halo_app.services.ingest import IngestService
    from halo_app.services.observing import ObservingService
    from halo_app.services.reindexing import ReindexService
    from halo_app.services.retention import Daily, RetentionService
    from halo_app.services.retrieval import RetrievalService
    from halo_app.services.rewording import Reworder
    from halo_app.services.samples import SampleService
    from halo_app.services.studio import StudioService
    from halo_app.services.workshop import Workshop
    from halo_app.services.writing import WrittenAnswers

def build_app(settings: Settings) -> App:
    """Return the application for these settings."""
    return App(settings)


class App(ChatParts):
    """Every part of HALO, made on first use and closed in reverse order of making."""

    @part
    def ingest(self) -> IngestService:
        from halo_app.services.ingest import IngestService
        from halo_app.services.stages import Stages
        stages = Stages(
            records=self.records("sources"), waiting=self.records("intakes"), originals=self.originals, texts=self.texts,
            index=self.index, preparation=self.preparation, reader=self.reader, attendance=self.attendance,
            limits=self.limits, clock=self.clock, acts=self.acts,
        )
        return self._closing(IngestService(stages, self._fetch, self.user_id, self._guide_soon))

    @part
    def guides_ahead(self) -> GuidesAhead:
        from halo_app.services.guides_ahead import GuidesAhead
        return self._closing(GuidesAhead(self.sources.guide, self.ingest.wait))

    @part
    def preparation(self) -> Preparation:
        from halo_app.services.indexing import Preparation
        return Preparation(lambda: self.splitter, self.analyzer, lambda: self.embedder)

    @part
    def reindexing(self) -> ReindexService:
        from halo_app.services.reindexing import ReindexService
        return ReindexService(self.records("sources"), self.texts, self.index, self.preparation, self.attendance)

    @part
    def retrieval(self) -> RetrievalService:
        from halo_app.services.retrieval import RetrievalService
        return RetrievalService(embedder=lambda: self.embedder, index=self.index, analyzer=self.analyzer,
                                sources=self.records("sources"), texts=self.texts, cache=self.cache)

    @part
    def guides(self) -> GuideService:
        from halo_app.services.guides import GuideService
        from halo_app.storage.guides import GuideFiles
        return GuideService(self.texts, self.embedder, self.analyzer, self.cache, self.evidence, GuideFiles(self.texts.folder))

    @part
    def chat(self) -> ChatService:
        from halo_app.services.answering import ExtractiveAnswers
        from halo_app.services.chat import ChatService
        from halo_app.services.overview import OverviewAnswers
        overview = OverviewAnswers(self.records("sources"), self.guides)
        return ChatService(self.records("chats"), ExtractiveAnswers(self.evidence), overview, self.clock, self.user_id,
                           lambda: self.written, self.settings.memory.num_history_runs, overview.inside, self.acts,
                           lambda: self.chat_memory, self._name_soon)

    @part
    def observing(self) -> ObservingService:
        """Suggests facts from what the user says; refuses in words while memory is disabled."""
        from halo_app.services.observing import ObservingService
        return self._closing(ObservingService(
            self.reconciling, self.consent, self.principal, self.clock, is_on=self.notebooks.is_observed,
            ephemeral_days=self.settings.memory.ephemeral_fact_ttl_days))

    @part
    def chat_memory(self) -> ChatMemory | None:
        """The memory as chats use it, None while it is disabled."""
        if self.memory_store is None:
            return None
        from halo_app.services.chat_memory import ChatMemory
        return ChatMemory(self._store, self.recall, self.reconciling, self.observing, self.principal, self.clock, self._agent_name)

    @part
    def written(self) -> WrittenAnswers | None:
        """The language model's way of answering, None when none is configured."""
        if self.provider is None:
            return None
        from halo_app.services.answering import ExtractiveAnswers
        from halo_app.services.context import ContextService
        from halo_app.services.writing import WrittenAnswers
        context = ContextService(self.texts, self.settings.memory.max_context_tokens, self.settings.llm.max_tokens, self.token_count)
        return WrittenAnswers(ExtractiveAnswers(self.evidence), context, self.provider, self.ledger, self.embedder, self.clock)

    @part
    def evidence(self) -> EvidenceService:
        from halo_app.services.evidence import EvidenceService
        return EvidenceService(self.retrieval, self.texts, self.embedder, self.analyzer, self.cache)

    @part
    def following(self) -> FollowUps:
        """Finds questions to go on with."""
        from halo_app.services.following import FollowUps
        return FollowUps(self.evidence, self.texts, self.analyzer)

    @part
    def studio(self) -> StudioService:
        import halo_app.studio
        from halo_app.discovery import by_name, offers
        from halo_app.services.making import Maker
        from halo_app.services.studio import StudioService
        maker = Maker(self.records("sources"), self.texts, self.embedder, self.analyzer, by_name(offers(halo_app.studio, "TEMPLATE")),
                      self.clock, self.user_id, self._reworder)
        return StudioService(self.records("outputs"), maker, self._exporters(), self.clock, self.user_id, self.acts)

    @part
    def workshop(self) -> Workshop:
        """Makes outputs behind the reader's back."""
        from halo_app.services.workshop import Workshop
        return self._closing(Workshop())

    @part
    def _reworder(self) -> Reworder | None:
        """Lets the language model word outputs, None when none is configured."""
        if self.provider is None:
            return None
        from halo_app.services.rewording import Reworder
        return Reworder(self.provider, self.ledger, self.embedder, self.clock, self.user_id,
                        self.settings.memory.max_context_tokens, self.settings.llm.max_tokens, self.token_count)

    @part
    def samples(self) -> SampleService:
        from halo_app.services.samples import SampleService
        return SampleService(self.notebooks, self.ingest, PACKAGE / "samples")

    @part
    def retention(self) -> RetentionService:
        """Deletes what is older than its rule allows."""
        from halo_app.aging import retention_of
        return retention_of(self, self._delete)

    @part
    def _daily(self) -> Daily:
        """Runs retention at the start and daily."""
        from halo_app.services.retention import Daily
        return self._closing(Daily("halo-retention", self.retention.run))

    @part
    def account(self) -> AccountService:
        from halo_app.services.account import AccountService
        from halo_app.storage.logs import log_place
        return AccountService(self.settings, lambda: self.memory, log_place(self.data_dir), lambda: self.provider, self.ledger)

    def health(self) -> list[Check]:
        """Return what `halo doctor` shows."""
        return self._health.checks()

    def memory_health(self) -> list[Check]:
        """Return how each part of the memory is, with the time that it took."""
        return self._health.memory()

    @part
    def _health(self) -> HealthService:
        from halo_app.services.health import HealthService
        from halo_app.services.memory_health import MemoryHealth
        from halo_app.storage.database import sqlite_path, users_of
        from halo_app.storage.logs import log_place
        memory = MemoryHealth(lambda: self.memory, lambda: self.memory_index, lambda: self.embedder, lambda: self.audit, self.user_id)
        return HealthService(
            settings=self.settings, log=log_place(self.data_dir), records={kind: self.records(kind) for kind in STORES},
            embedder=lambda: self.embedder, index=lambda: self.index, reader=lambda: self.reader, provider=lambda: self.provider,
            memory_place=lambda: sqlite_path(self.memory_url, self.data_dir), memory_users=users_of,
            memory_checks=memory.named(), ledger=self.ledger,
        )

    def first_start(self, *, serving: bool = True, working: bool = True) -> None:
        """Make what is missing in the data directory and clear away what a killed run left behind.

        `serving` also puts the sample notebook into an empty house and, `working`, begins what is done behind the pages.
        Raises StoreUnavailable when the data directory cannot be used.
        """
        from halo_app.storage.atomic import close_folder, make_folder
        from halo_app.storage.logs import start_log
        make_folder(self.data_dir)
        self.finish_restore()
        if self.data_dir == default_data_dir():      # in a checkout git has made it, open to everyone
            close_folder(self.data_dir)
        for name in FOLDERS:
            make_folder(self.data_dir / name)
        start_log(self.data_dir, self.settings.log)
        self.finish_erasure()
        self._make_agent()
        self._sweep()
        if serving:
            self._welcome()
            if working:
                self.begin_work()
        elif self.attendance.dead():
            self.ingest.tidy()

    def begin_work(self) -> None:
        """Take up interrupted reading, embed memories that wait, and delete what is over by the rules, all of it behind the pages."""
        if not self.closed:
            self.ingest.resume()
            self._embed_memories()
            self._daily.start()

    def warm_up(self) -> None:
        """Open what the first question needs before it is asked; what cannot be opened is told when it is needed."""
        from halo_app.domain.chunk import Scope
        try:
            for notebook in self.notebooks.all()[:1]:
                self.retrieval.find("warm", Scope(self.user_id, notebook.id), limit=1)
        except HaloError as error:
            logging.getLogger(__name__).info("not warm yet: %s", error.message)

    def mend(self) -> None:
        """Build the search index again when it was lost or the embedding model changed; words serve meanwhile."""
        try:
            if self.reindexing.is_needed():
                for so_far in self.reindexing.run():
                    if self.closed:                    # the next start begins anew
                        return
                    logging.getLogger(__name__).info("index built again for %s of %s sources", so_far.done, so_far.total)
        except HaloError as error:
            logging.getLogger(__name__).warning("the index could not be built again: %s", error.message)

    def _guide_soon(self, source_id: str) -> None:
        self.guides_ahead.soon(source_id)

    def _delete(self, kind: str, record_id: str) -> None:
        shelves: dict[str, Callable[[], Any]] = {"chats": lambda: self.chat, "notes": lambda: self.notes,
                                                 "sources": lambda: self.sources, "outputs": lambda: self.studio}
        shelves[kind]().delete(record_id)

    def forget(self) -> None:
        """Let go of everything that this process remembers of what was asked and read."""
        self.cache.clear()
        keepers = {"chat_search", "dashboard", "note_shelf", "notes", "recall", "retrieval", "viewing", "where_cited"}
        for name in keepers & set(self.__dict__):
            self.__dict__[name].forget()
        if memory := self.__dict__.get("chat_memory"):
            memory.forgotten.clear()

    def rebuild(self) -> Iterator[object]:
        """Build again what was derived, in steps."""
        yield from self.reindexing.run()
        if self.database is not None:
            self.outbox.check()
            self.outbox.drain()

    def settle(self, target: Target) -> None:
        """Stop taking in files of whoever is erased."""
        if "ingest" in self.__dict__ and target.is_person and target.user_id == self.user_id:
            for intake in self.records("intakes").all(target.user_id):
                self.ingest.cancel(intake.id)
            self.ingest.wait(20)

    def _found_evidence(self) -> EvidenceService:
        return self.evidence

    def _taken_in(self) -> IngestService:
        return self.ingest

    def _agent_name(self) -> str:
        agent: AgentConfig = self.records("agents").get("halo")
        return agent.name

    def _make_agent(self) -> None:
        from halo_app.domain.agent import default_agent
        if not (self.data_dir / "agents" / "halo.json").exists():
            self.records("agents").put(default_agent(self.user_id, self.clock(), self.settings.memory.num_history_runs))

    def _welcome(self) -> None:
        """Put the sample into an empty house, once in its life."""
        from halo_app.storage.locks import write_lock
        mark = self.data_dir / ".welcomed"
        with write_lock(self.locks, "welcome"):
            if not mark.exists() and not any((self.data_dir / "notebooks").glob("*.json")):
                self.samples.put_in()
            mark.touch(mode=0o600)

    def _sweep(self) -> None:
        for kind in STORES:
            self.records(kind).sweep()
        self.originals.sweep()
        self.note_originals.sweep()
        if not self.attendance.others():
            self.note_files.sweep()
        self.texts.sweep()
