"""The sockets that plug-ins fit: parsers, language models, Studio templates and exports, each offered by a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from halo_app.domain.artifact import Section
from halo_app.domain.source import Parsed
from halo_app.ports import Vectors


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


@dataclass(frozen=True, slots=True)
class Material:
    """What a template works on: one source's name, hash and text."""

    source_id: str
    name: str
    parsed: Parsed
    language: str = ""


class Template(Protocol):
    """A Studio output; offered by its module as `TEMPLATE`. Works with no option given and no model."""

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def purpose(self) -> str: ...

    def make(self, materials: Sequence[Material], options: Mapping[str, str], tools: Tools) -> Iterable[Section]: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a template may use besides its materials."""

    embed: Callable[[Sequence[str]], Vectors] | None
    terms: Callable[[str, str], tuple[str, ...]]
    extras: Mapping[str, Any] = field(default_factory=dict)


class Exporter(Protocol):
    """One output format; offered by its module as `EXPORTER`."""

    @property
    def suffix(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    def write(self, title: str, sections: Sequence[Section]) -> bytes: ...
