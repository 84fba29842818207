"""The concrete classes that services stand on, each made on first use from Settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from halo_app.settings import Settings

if TYPE_CHECKING:
    from halo_app.language.snowball import SnowballAnalyzer
    from halo_app.parsing.isolated import IsolatedReader
    from halo_app.plugins import Limits, Provider
    from halo_app.ports import Cache, Clock, Embedder, PagePictures, Reader, Splitter
    from halo_app.storage.json_files import JsonRecords
    from halo_app.storage.ledger import LedgerFile
    from halo_app.storage.locks import AttendanceBook
    from halo_app.storage.texts import TextFiles
    from halo_app.storage.uploads import OriginalFiles
    from halo_app.vectors.lance import LanceIndex

class _Closes(Protocol):
    def close(self) -> None: ...


Part = TypeVar("Part")
Closable = TypeVar("Closable", bound=_Closes)
FOLDERS = ("chat_history", "lancedb", "sources", "notes", "outputs", "agents", "notebooks")
STORES = {"chats": ("chat_history", "CHATS"), "sources": ("sources", "SOURCES"), "intakes": ("sources/intake", "INTAKES"),
           "notes": ("notes", "NOTES"), "note_histories": ("notes/history", "NOTE_HISTORIES"),
           "outputs": ("outputs", "OUTPUTS"), "notebooks": ("notebooks", "NOTEBOOKS"),
           "agents": ("agents", "AGENTS"), "consents": ("consent", "CONSENTS")}


def utc_now() -> datetime:
    return datetime.now(UTC)


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


class Adapters:
    """Storage, index, models, reader and cache; closed in reverse order of making."""

    def __init__(self, settings: Settings, *, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.clock = clock
        self.lock = RLock()
        self.closed = False
        self._records: dict[str, JsonRecords[Any]] = {}
        self._closers: list[Callable[[], None]] = []

    @part
    def embedder(self) -> Embedder:
        from halo_app.embedding.late import LateEmbedder
        return LateEmbedder(self._open_embedder)

    @part
    def splitter(self) -> Splitter:
        from halo_app.embedding.late import LateSplitter
        return LateSplitter(self._open_splitter)

    @part
    def analyzer(self) -> SnowballAnalyzer:
        from halo_app.language.snowball import SnowballAnalyzer
        return SnowballAnalyzer()

    @part
    def index(self) -> LanceIndex:
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
    def note_originals(self) -> OriginalFiles:
        """The files that lie with notes."""
        from halo_app.storage.uploads import OriginalFiles
        return OriginalFiles(self.data_dir / "notes" / "files")

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

    def records(self, kind: str) -> JsonRecords[Any]:
        """Return the store of one kind: chats, sources, intakes, notes, outputs, notebooks or agents."""
        from halo_app.storage import codecs
        from halo_app.storage.json_files import NAMED, OPAQUE, JsonRecords
        folder, codec = STORES[kind]
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
        from halo_app.plugins import Limits
        given = self.settings.sources
        return Limits(seconds=given.max_seconds, memory_mb=given.max_memory_mb, size_mb=given.max_file_mb)

    def close(self) -> None:
        """Close what was opened, last first."""
        self.closed = True
        while self._closers:
            self._closers.pop()()

    def _closing(self, made: Closable) -> Closable:
        self._closers.append(made.close)
        return made

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
