"""The sockets that plug-ins fit: parsers, language models, Studio templates and exports, each offered by a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.corpus import Corpus
from halo_app.domain.source import Parsed
from halo_app.domain.wishes import Option


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost."""

    seconds: float = 120.0
    memory_mb: int = 2048
    size_mb: int = 200
    text_chars: int = 20_000_000
    pages: int = 5_000
    pixels: int = 100_000_000


class Parser(Protocol):
    """One format family; offered by its module as `PARSER`. Runs in a process of its own, without network."""

    @property
    def types(self) -> Mapping[str, str]:
        """Suffix without dot -> the format's name, e.g. {"jpg": "jpeg", "jpeg": "jpeg"}."""

    @property
    def about(self) -> str:
        """One line for the table of formats: what is read and what a place in it is called."""

    @property
    def libraries(self) -> tuple[str, ...]:
        """Modules that reading needs, imported once before the first file of this family."""

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Read the file at `path`, whose display name `name` ends in the suffix of its true type.

        `path` itself may have no suffix. Raises RefusedFile or MissingExtra.
        """


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a language model is asked: system text and alternating turns, the question last."""

    system: str
    turns: tuple[tuple[str, str], ...]        # (role, text)
    max_tokens: int = 1024


class Provider(Protocol):
    """A language model behind a socket. Raises ModelUnavailable for every failure, cut streams included."""

    @property
    def name(self) -> str: ...

    @property
    def place(self) -> str:
        """Where the text goes: host and port, nothing secret."""

    @property
    def is_local(self) -> bool:
        """True when the text stays on this machine."""

    def stream(self, prompt: Prompt) -> Iterator[str]:
        """Yield text as it comes, and "" now and then while there is none; closing the iterator stops the request."""

    def models(self) -> list[str]:
        """Return the names of the models that are offered there."""


@dataclass(frozen=True, slots=True)
class Offer:
    """How a provider module announces itself as `PROVIDER`: `wants(llm settings)` says if it is configured."""

    name: str
    wants: Callable[[Any], bool]
    make: Callable[[Any], Provider]


class Group(StrEnum):
    """What outputs are for; the gallery shows them in this order."""

    READ = "Read and report"
    FIND = "Compare and check"
    LEARN = "Learn"
    SHARE = "Share"


class Template(Protocol):
    """A Studio output; offered by its module as `TEMPLATE`. Works with no wish given and no model."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def german(self) -> str:
        """The title of outputs in German."""

    @property
    def group(self) -> Group: ...

    @property
    def shape(self) -> Layout:
        """What most of it looks like: the gallery draws it."""

    @property
    def purpose(self) -> str:
        """One sentence: what it is for."""

    @property
    def options(self) -> tuple[Option, ...]:
        """Wishes that only this template knows, beside focus, length, language and tone."""

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the sections. Each sentence is a verbatim span of a source; all else is a heading or label of HALO's own.

        When nothing of its kind stands in the sources, it says so and cites the nearest passages.
        Raises BadInput for a wish that it cannot use.
        """


class Exporter(Protocol):
    """One output format; offered by its module as `EXPORTER`."""

    @property
    def suffix(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the file. Text of the sources stays text: nothing in it becomes markup, link, formula or picture."""
