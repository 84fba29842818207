"""Plain text in any encoding, with its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.encodings import decode
from halo_app.plugins import Limits


def add_lines(builder: TextBuilder, text: str, first: int = 1) -> None:
    """Append the text with one LINE place per line; `first` is the number of its first line. Blank lines stay."""
    skipped = 0
    for number, line in enumerate(text.split("\n"), start=first):
        if line.strip():
            builder.add(line, Locator(Place.LINE, str(number)), gap="\n" * (skipped + 1))
            skipped = 0
        else:
            skipped += 1


@dataclass(frozen=True)
class PlainText:
    """Text files: every line is a place."""

    types: Mapping[str, str] = field(default_factory=lambda: {"txt": "txt", "text": "txt", "log": "txt"})
    about: str = "the text in any encoding; places are lines"
    libraries: tuple[str, ...] = ("charset_normalizer",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        text, _ = decode(path.read_bytes(), name)
        builder = TextBuilder(name, limits)
        add_lines(builder, text)
        return builder.build()


PARSER = PlainText()
