"""Build the application from Settings: the one place that knows every concrete class. Nothing is opened until asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from halo_app.settings import PACKAGE, Settings, default_data_dir

if TYPE_CHECKING:
    from halo_app.domain.health import Check
    from halo_app.parsing.isolated import IsolatedReader
    from halo_app.ports import Analyzer, Cache, Clock, Embedder, Limits, PagePictures, Provider, Reader, Splitter, VectorIndex
    from halo_app.services.account import AccountService
    from halo_app.services.chat import ChatService
    from halo_app.services.evidence import EvidenceService
    from halo_app.services.guides import GuideService
    from halo_app.services.guides_ahead import GuidesAhead
    from halo_app.services.indexing import Preparation
    from halo_app.services.ingest import IngestService
    from halo_app.services.notebooks import NotebookService
    from halo_app.services.notes import NoteService
    from halo_app.services.reindexing import ReindexService
    from halo_app.services.retrieval import RetrievalService
    from halo_app.services.samples import SampleService
    from halo_app.services.sources import SourceService
    from halo_app.services.studio import StudioService
    from halo_app.services.writing import WrittenAnswers
    from halo_app.storage.json_files import JsonRecords
    from halo_app.storage.ledger import LedgerFile
    from halo_app.storage.locks import AttendanceBook
    from halo_app.storage.sql_memories import SqlMemories
    from halo_app.storage.texts import TextFiles
    from halo_app.storage.uploads import OriginalFiles



class _Closes(Protocol):
    def close(self) -> None: ...


Part = TypeVar("Part")
Closable = TypeVar("Closable", bound=_Closes)
FOLDERS = ("chat_history", "lancedb", "sources", "notes", "outputs", "agents", "notebooks")
_STORES = {"chats": ("chat_history", "CHATS"), "sources": ("sources", "SOURCES"), "intakes": ("sources/intake", "INTAKES"),
           "notes": ("notes", "NOTES"), "outputs": ("outputs", "OUTPUTS"), "notebooks": ("notebooks", "NOTEBOOKS"),
           "agents": ("agents", "AGENTS")}


def utc_now() -> datetime:
    return datetime.now(UTC)


def build_app(settings: Settings) -> App:
    """Return the application for these settings."""
    return App(settings)


class part(Generic[Part]):  # noqa: N801  it reads as a decorator
    """A part made on first use, and once only even when two threads ask together."""

    def __init__(self, make: Callable[[Any], Part]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, app: Any, owner: type | None = None) -> Part:
        with app.lock:
            if self._name not in app.__dict__:
                app.__dict__[self._name] = self._make(app)      # Python looks there first from now on
            made: Part = app.__dict__[self._name]
            return made


class App:
    """Every part of HALO, made on first use and closed in reverse order of making."""

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.lock = RLock()
        self._records: dict[str, JsonRecords[Any]] = {}
        self._closers: list[Callable[[], None]] = []

    # services: the verbs

    @part
    def notebooks(self) -> NotebookService:
        from halo_app.services.notebooks import NotebookService
        shelves = {kind: self.records(kind) for kind in ("intakes", "chats", "notes", "outputs")}
        return NotebookService(self.records("notebooks"), self.records("sources"), shelves,
                               self._delete_source, self.user_id, self.clock)

    @part
    def sources(self) -> SourceService:
        from halo_app.services.sources import SourceService
        return SourceService(self.records("sources"), self.records("intakes"), self.originals, self.texts, self.index, self.guides,
                             self.attendance, self.user_id, self.limits)

    @part
    def ingest(self) -> IngestService:
        from halo_app.services.ingest import IngestService
        return self._closing(IngestService(
            records=self.records("sources"), waiting=self.records("intakes"), originals=self.originals, texts=self.texts,
            index=self.index, preparation=self.preparation, reader=self.reader, attendance=self.attendance,
            fetch_address=self._fetch, user_id=self.user_id, limits=self.limits, clock=self.clock,
            taken_in=self._guide_soon,
        ))

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
                           lambda: self.written, self.settings.memory.num_history_runs, overview.inside)

    @part
    def written(self) -> WrittenAnswers | None:
        """The language model's way of answering, None when none is configured."""
        if self.provider is None:
            return None
        from halo_app.services.answering import ExtractiveAnswers
        from halo_app.services.context import ContextService
        from halo_app.services.writing import WrittenAnswers
        context = ContextService(self.texts, self.settings.memory.max_context_tokens, self.settings.llm.max_tokens)
        return WrittenAnswers(ExtractiveAnswers(self.evidence), context, self.provider, self.ledger, self.embedder, self.clock)

    @part
    def evidence(self) -> EvidenceService:
        from halo_app.services.evidence import EvidenceService
        return EvidenceService(self.retrieval, self.texts, self.embedder, self.analyzer, self.cache)

    @part
    def notes(self) -> NoteService:
        from halo_app.services.notes import NoteService
        return NoteService(self.records("notes"), self.user_id, self.clock)

    @part
    def studio(self) -> StudioService:
        import halo_app.exports
        import halo_app.studio
        from halo_app.discovery import by_name, offers
        from halo_app.services.studio import StudioService
        exporters = {offer.suffix: offer for offer in offers(halo_app.exports, "EXPORTER").values()}
        return StudioService(records=self.records("outputs"), sources=self.records("sources"), texts=self.texts,
                             offered=by_name(offers(halo_app.studio, "TEMPLATE")), exporters=exporters,
                             embedder=self.embedder, analyzer=self.analyzer, user_id=self.user_id, clock=self.clock)

    @part
    def samples(self) -> SampleService:
        from halo_app.services.samples import SampleService
        return SampleService(self.notebooks, self.ingest, PACKAGE / "samples")

    @part
    def account(self) -> AccountService:
        from halo_app.services.account import AccountService
        from halo_app.storage.logs import log_place
        return AccountService(self.settings, lambda: self.memory_store, log_place(self.data_dir), lambda: self.provider, self.ledger)

    def health(self) -> list[Check]:
        """Return what `halo doctor` shows."""
        from halo_app.services.health import HealthService
        from halo_app.storage.logs import log_place
        from halo_app.storage.sql_memories import sqlite_path, users_of
        return HealthService(
            settings=self.settings, log=log_place(self.data_dir), records={kind: self.records(kind) for kind in _STORES},
            embedder=lambda: self.embedder, index=lambda: self.index, reader=lambda: self.reader, provider=lambda: self.provider,
            memory_place=lambda: sqlite_path(self._memory_url, self.data_dir), memory_users=users_of,
            check_memories=self._check_memories, ledger=self.ledger,
        ).checks()

    # adapters: what the services stand on

    @part
    def embedder(self) -> Embedder:
        from halo_app.embedding.late import LateEmbedder
        return LateEmbedder(self._open_embedder)

    @part
    def splitter(self) -> Splitter:
        from halo_app.embedding.late import LateSplitter
        return LateSplitter(self._open_splitter)

    @part
    def analyzer(self) -> Analyzer:
        from halo_app.language.snowball import SnowballAnalyzer
        return SnowballAnalyzer()

    @part
    def index(self) -> VectorIndex:
        from halo_app.storage.locks import write_lock
        from halo_app.vectors.lance import LanceIndex
        lock = partial(write_lock, self.locks, "lancedb")
        return self._closing(LanceIndex(self.data_dir / "lancedb", lock, self.settings.embedding.dimension))

    @part
    def cache(self) -> Cache:
        from halo_app.cache.in_process import LruCache
        return LruCache(self.settings.cache.size)

    @part
    def reader(self) -> Reader:
        return self._isolated

    @part
    def _isolated(self) -> IsolatedReader:
        from halo_app.parsing.isolated import IsolatedReader
        return self._closing(IsolatedReader(self.limits))

    @part
    def pictures(self) -> PagePictures:
        return self._isolated

    @part
    def provider(self) -> Provider | None:
        """The language model that is configured, None when answers are extractive."""
        import halo_app.llm
        from halo_app.discovery import offers
        wanted = [offer for offer in offers(halo_app.llm, "PROVIDER").values() if offer.wants(self.settings.llm)]
        return wanted[0].make(self.settings.llm) if wanted else None

    @part
    def ledger(self) -> LedgerFile:
        """What was sent to models outside this machine."""
        from halo_app.storage.ledger import LedgerFile
        from halo_app.storage.locks import write_lock
        return LedgerFile(self.data_dir / "ledger.jsonl", partial(write_lock, self.locks, "ledger"))

    @part
    def originals(self) -> OriginalFiles:
        from halo_app.storage.uploads import OriginalFiles
        return OriginalFiles(self.data_dir / "sources" / "originals")

    @part
    def texts(self) -> TextFiles:
        from halo_app.storage.texts import TextFiles
        return TextFiles(self.data_dir / "sources" / "texts")

    @part
    def attendance(self) -> AttendanceBook:
        from halo_app.storage.locks import AttendanceBook
        return AttendanceBook(self.locks)

    @part
    def memory_store(self) -> SqlMemories | None:
        """The memory database, None while it is disabled."""
        from halo_app.storage.sql_memories import open_memories
        memories = open_memories(self._memory_url, self.data_dir, self.settings.memory.pool_size)
        return self._closing(memories) if memories else None

    def records(self, kind: str) -> JsonRecords[Any]:
        """Return the store of one kind: chats, sources, intakes, notes, outputs, notebooks or agents."""
        from halo_app.storage import codecs
        from halo_app.storage.json_files import NAMED, OPAQUE, JsonRecords
        folder, codec = _STORES[kind]
        with self.lock:
            if kind not in self._records:
                ids = NAMED if kind == "agents" else OPAQUE
                self._records[kind] = JsonRecords(self.data_dir / folder, getattr(codecs, codec), locks=self.locks, ids=ids)
            return self._records[kind]

    # places and names

    @property
    def user_id(self) -> str:
        return self.settings.app.user_id

    @property
    def data_dir(self) -> Path:
        return self.settings.data_dir

    @property
    def locks(self) -> Path:
        """The folder of lock files, apart from the records."""
        return self.data_dir / ".locks"

    @property
    def limits(self) -> Limits:
        """What reading one file may cost."""
        from halo_app.ports import Limits
        given = self.settings.sources
        return Limits(seconds=given.max_seconds, memory_mb=given.max_memory_mb, size_mb=given.max_file_mb)

    # from start to end

    def first_start(self, *, serving: bool = True) -> None:
        """Make what is missing in the data directory and clear away what a killed run left behind.

        `serving` also takes up interrupted reading, and puts the sample notebook into an empty house.
        Raises StoreUnavailable when the data directory cannot be used.
        """
        from halo_app.storage.atomic import close_folder, make_folder
        from halo_app.storage.logs import start_log
        make_folder(self.data_dir)
        if self.data_dir == default_data_dir():      # in a checkout git has made it, open to everyone
            close_folder(self.data_dir)
        for name in FOLDERS:
            make_folder(self.data_dir / name)
        start_log(self.data_dir, self.settings.log)
        self._make_agent()
        self._sweep()
        if serving:
            self._welcome()
            self.ingest.resume()
        elif self.attendance.dead():
            self.ingest.tidy()

    def close(self) -> None:
        """Close what was opened, last first."""
        while self._closers:
            self._closers.pop()()

    def _closing(self, made: Closable) -> Closable:
        self._closers.append(made.close)
        return made

    def _guide_soon(self, source_id: str) -> None:
        self.guides_ahead.soon(source_id)

    def _delete_source(self, source_id: str) -> None:
        self.sources.delete(source_id)

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
        for kind in _STORES:
            self.records(kind).sweep()
        self.originals.sweep()
        self.texts.sweep()

    def _open_embedder(self) -> Embedder:
        from halo_app.embedding.onnx import OnnxEmbedder
        return OnnxEmbedder(self._model_place(), self.settings.embedding.dimension)

    def _open_splitter(self) -> Splitter:
        from halo_app.embedding.onnx import TokenSplitter
        return TokenSplitter.of_model(self._model_place())

    def _model_place(self) -> Path:
        from halo_app.embedding.minilm import ensure_model
        return self.settings.embedding.path or ensure_model(self.settings.model_cache)

    def _fetch(self, address: str) -> tuple[str, bytes, str]:
        from halo_app.parsing.web import fetch
        return fetch(address, self.limits)

    @property
    def _memory_url(self) -> str:
        return self.settings.memory.database.get_secret_value()

    def _check_memories(self) -> str | None:
        if self.memory_store is None:
            return None
        self.memory_store.check()
        return self.memory_store.place
