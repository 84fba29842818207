"""The sockets: what services need and adapters give. Units and score directions are stated here and hold everywhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from halo_app.domain.artifact import GuideSketch
from halo_app.domain.chunk import Chunk, Scope
from halo_app.domain.erasure import Target, Whose
from halo_app.domain.ledger import Sending
from halo_app.domain.source import Original, Parsed

Vectors = NDArray[np.float32]
Clock = Callable[[], datetime]
Record = TypeVar("Record")


class Embedder(Protocol):
    """Turns text into unit vectors. Raises EmbedderUnavailable when the model cannot be used."""

    @property
    def model_id(self) -> str:
        """Names the weights and their precision; stored with every vector table."""

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return one row per text: float32, shape (len(texts), dimension), length 1. `query` adds a query prefix."""


class Splitter(Protocol):
    """Cuts text into consecutive spans that an embedder reads whole."""

    def split(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) spans in order that cover the text exactly, each within the model's token limit."""


class Analyzer(Protocol):
    """Turns text into the words that BM25 counts."""

    def language(self, text: str) -> str:
        """Return the ISO 639-1 code, or "" when it cannot be told."""

    def terms(self, text: str, language: str = "") -> tuple[str, ...]:
        """Return stemmed, folded words without that language's stop words, in text order."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored chunk that an index proposes. `score`: cosine in [-1, 1] from `nearest`, BM25-like (>= 0) from `matching`."""

    chunk: Chunk
    score: float


@dataclass(frozen=True, slots=True)
class Entry:
    """All chunks of one source, and one vector per chunk; None when it is found by words only."""

    source_id: str
    chunks: Sequence[Chunk]
    vectors: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What an index holds of one source: how many chunks, and how many of them with a vector."""

    chunks: int
    vectors: int


class VectorIndex(Protocol):
    """Chunks with their vectors. Every filter is applied BEFORE the limit; an empty scope finds nothing.

    The vectors that serve are all of one model. Vectors of another model are kept aside until `switch`; their chunks are
    found by words meanwhile. Raises StoreUnavailable when nothing can be written, Damaged when it cannot be read.
    """

    def put(self, source_id: str, chunks: Sequence[Chunk], vectors: Vectors | None, *, model_id: str = "") -> None:
        """Replace all chunks of one source at once; durable on return. Without vectors they are found by words only."""

    def put_all(self, entries: Sequence[Entry], *, model_id: str = "") -> None:
        """Replace all chunks of several sources at once: all of them are in, or none. Much faster than one by one."""

    def fill(self, entries: Sequence[Entry], *, model_id: str) -> None:
        """Keep vectors of a model that does not serve yet; what serves is not touched."""

    def switch(self, model_id: str) -> None:
        """Let the vectors kept by `fill` serve from now on, at once; the older ones are dropped."""

    def remove(self, source_id: str) -> None:
        """Remove all chunks of one source; unknown ids are no error."""

    def remove_all(self, source_ids: Sequence[str]) -> None:
        """Remove all chunks of several sources at once; unknown ids are no error."""

    def purge(self) -> None:
        """Rewrite the files in which removed chunks still lie; of a very large index that is left to erasure and reindexing."""

    def model_id(self) -> str:
        """Return the model whose vectors serve, "" when there are none."""

    def held(self, model_id: str = "") -> dict[str, Held]:
        """Return source id -> what is held: of the vectors that serve, or those kept aside for `model_id`."""

    def version(self) -> int:
        """A number that changes with every write by any process."""

    def count(self, where: Scope) -> int: ...

    def rows(self, where: Scope, *, limit: int | None = None) -> tuple[list[Chunk], Vectors | None]:
        """Return all chunks of the scope (or `limit` of them) with their vectors (a row of zeros where one is missing)."""

    def some(self, ids: Sequence[str], *, where: Scope) -> tuple[list[Chunk], Vectors | None]:
        """Return the chunks of these ids that lie in the scope, like `rows`."""

    def nearest(self, vector: Vectors, *, where: Scope, limit: int) -> list[Hit]: ...

    def matching(self, terms: Sequence[str], *, where: Scope, limit: int) -> list[Hit]: ...

    def proposed(
        self, terms: Sequence[str], vector: Vectors | None, *, where: Scope, limit: int
    ) -> tuple[list[Chunk], Vectors | None]:
        """Return what is among the `limit` nearest or best matching, in no order and perhaps without its text, like `rows`."""

    def verify(self, source_id: str) -> str:
        """Return a hash over the stored chunks of the source, as `domain.chunking.chunks_hash` computes it."""

    def reset(self) -> None:
        """Drop everything, also what cannot be read; it is derived data and is built again from the stored texts."""

    def close(self) -> None: ...


class Cache(Protocol):
    """Values by key, gone at any time. Never raises: a fault is a miss."""

    def get(self, key: str) -> Any | None: ...

    def put(self, key: str, value: Any) -> None: ...

    def clear(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Damage:
    """A record that could not be read and was set aside."""

    name: str
    moved_to: str
    reason: str


class Records(Protocol[Record]):
    """A store of one kind of record, by opaque id. Writes are durable and atomic when they return."""

    def get(self, record_id: str) -> Record:
        """Raises NotFound, or Damaged when the record was set aside."""

    def all(self, user_id: str) -> list[Record]:
        """Return the user's records, newest first; a damaged one is set aside and listed in `damaged`."""

    def everyone(self) -> list[Record]:
        """Return the records of all users, in no order: for keeping the house in order, never for showing."""

    def put(self, record: Record) -> None: ...

    def put_all(self, records: Sequence[Record]) -> None:
        """Put several records of different ids; much faster than one by one. When it raises, some may have been written."""

    def change(self, record_id: str, change: Callable[[Record], Record]) -> Record:
        """Read, change and write under the store's lock; raises NotFound when it is gone (nothing comes back from the dead)."""

    def change_all(self, record_ids: Sequence[str], change: Callable[[Record], Record]) -> list[Record]:
        """The same for several records at once, much faster than one by one; those that are gone are left out."""

    def remove(self, record_id: str) -> bool: ...

    def damaged(self) -> list[Damage]: ...


class Originals(Protocol):
    """Uploads by content hash."""

    def keep(self, stream: BinaryIO, *, limit_bytes: int) -> Original:
        """Copy the stream in; the same bytes twice are kept once. Raises EmptyFile, TooLarge, StoreUnavailable."""

    def path(self, sha256: str) -> Path:
        """Raises NotFound when the original was removed by hand."""

    def remove(self, sha256: str) -> None: ...

    def all(self) -> list[str]:
        """Return the hashes of everything kept."""


class Texts(Protocol):
    """What was read from each source."""

    def put(self, source_id: str, parsed: Parsed) -> None: ...

    def put_all(self, texts: Mapping[str, Parsed]) -> None:
        """Put several texts by source id; much faster than one by one. When it raises, some may have been written."""

    def get(self, source_id: str) -> Parsed:
        """Raises NotFound or Damaged."""

    def remove(self, source_id: str) -> None: ...

    def all(self) -> list[str]:
        """Return the ids of all sources that have a text."""


class KeptGuides(Protocol):
    """Guides made before, by the hash of the text; derived data."""

    def get(self, source_id: str, text_sha256: str) -> GuideSketch | None: ...

    def put(self, source_id: str, text_sha256: str, sketch: GuideSketch) -> None: ...


class Attendance(Protocol):
    """Who is at work on this data directory, over all its processes: half-made things of the dead may be cleared away."""

    def working(self) -> AbstractContextManager[str]:
        """Be seen at work while the block runs, under the name it is given."""

    def others(self) -> bool:
        """Tell whether another living process is at work."""

    def is_at_work(self, name: str) -> bool: ...

    def dead(self) -> list[str]:
        """Return the names of those who died at work."""

    def bury(self, names: Sequence[str]) -> None:
        """Forget the dead, after their things were cleared away."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file: the format's name (`pdf`) and the text with its places."""

    type: str
    parsed: Parsed


class Reader(Protocol):
    """Reads any file in a process of its own, within limits of time, memory and size."""

    def read(self, path: Path, name: str, *, cancelled: Callable[[], bool] = ...) -> Reading:
        """Raises UnsupportedFormat, RefusedFile, MissingExtra, or Cancelled as soon as `cancelled()` is true."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as PNG; when the quote was `found` it is boxed, and `top` says how far down its first line stands (0 to 1)."""

    png: bytes
    found: bool
    top: float = 0.0


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where a quote stands on a page: (left, top, right, bottom) of its lines as shares of the page; none when it is not known.

    `by_ocr` says that the words were looked for in the picture, because the page has no text layer that holds them.
    """

    boxes: tuple[tuple[float, float, float, float], ...]
    by_ocr: bool = False


class PagePictures(Protocol):
    """Pictures of a document's pages, for showing a quote where it stands."""

    def sizes(self, path: Path) -> list[tuple[float, float]]:
        """Return width and height of every page of a PDF or a picture, in any unit. Raises NotFound or RefusedFile."""

    def plain(self, path: Path, page_number: int, *, width_px: int = 900) -> bytes:
        """Return the page of a PDF or a picture as PNG with nothing marked on it. Raises NotFound or RefusedFile."""

    def boxes(self, path: Path, page_number: int, quote: str) -> Boxes:
        """Return where the quote stands on the page of a PDF or a picture. Raises NotFound or RefusedFile."""

    def page(self, path: Path, page_number: int, quote: str = "", *, width_px: int = 900) -> PagePicture:
        """Return the page numbered from 1 with the quote boxed. Raises NotFound or RefusedFile."""


class Ledger(Protocol):
    """What was sent to models outside this machine; entries are added and never changed."""

    def note(self, sending: Sending) -> None:
        """Add an entry, durable on return. Raises StoreUnavailable."""

    def all(self, user_id: str) -> list[Sending]:
        """Return the user's entries, newest first."""

    def damaged(self) -> int:
        """Return how many lines cannot be read; they stay where they are."""


Clean = Callable[[str], str]           # takes out of a text what it repeats of an erasure's target


class PersonalStore(Protocol):
    """One place where something of a person is kept, with what taking it along, bringing it back and erasing it mean there."""

    name: str
    covers: Sequence[str]              # patterns of its files below the data directory
    tables: Sequence[str]              # of the databases, when it is one
    derived: str                       # "" when it is exported; else why not, in words
    kept: str                          # "" when it is erased; else why it stays, in words

    def people(self) -> set[str]:
        """Return the ids of the users who have something here."""

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Yield everything of the user as JSON objects, in an order that stays."""

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a line."""

    def files(self, user_id: str) -> Iterator[tuple[str, Path]]:
        """Yield (name, place) of the user's files that go along as they are; a name is one part, no path."""

    def is_empty(self) -> bool:
        """Tell whether nobody has anything here."""

    def take(self, lines: Iterable[dict[str, Any]]) -> int:
        """Bring exported lines back and return how many. Raises ValueError, KeyError or TypeError for one that is none."""

    def take_file(self, name: str, path: Path) -> None:
        """Bring an exported file back."""

    def gather(self, target: Target) -> Target:
        """Return the target with the ids and hashes that this store knows of it."""

    def erase(self, target: Target, clean: Clean) -> int:
        """Erase what is the target's, take what repeats it out of the rest, and return how many records were touched.

        Durable on return; may be done again at any time. Raises StoreUnavailable.
        """

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        """Yield every text that lies in the store, read back from its files, also from those that nothing refers to."""

    def forget(self) -> None:
        """Let go of what this process remembers of the store."""
