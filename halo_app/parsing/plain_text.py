"""Plain text in any encoding, with its lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import UnreadableFile
from halo_app.parsing.building import TextBuilder, clean
from halo_app.ports import Limits

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
         (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_SAMPLE_BYTES = 200_000


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text with `\\n` line ends and the encoding it was read in.

    A byte order mark wins, then UTF-8, then what charset-normalizer finds in a sample, then cp1252. Raises
    UnreadableFile for NUL bytes outside UTF-16 and UTF-32: that is not text.
    """
    encoding = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), "")
    if not encoding and b"\x00" in data:
        raise UnreadableFile(f"“{name}” holds binary data, not text", fix="choose a text file, or give it its true suffix")
    if not encoding:
        encoding = "utf-8" if _is(data, "utf-8") else _guessed(data)
    text = clean(data.decode(encoding, "replace"))
    return text, encoding


def add_lines(builder: TextBuilder, text: str, first: int = 1) -> None:
    """Append the text with one LINE place per line; `first` is the number of its first line. Blank lines stay."""
    skipped = 0
    for number, line in enumerate(text.split("\n"), start=first):
        if line.strip():
            builder.add(line, Locator(Place.LINE, str(number)), gap="\n" * (skipped + 1))
            skipped = 0
        else:
            skipped += 1


def _is(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    for candidate in _candidates(from_bytes(data[:_SAMPLE_BYTES])):
        if _is(data, candidate):
            return candidate
    return "cp1252"


def _candidates(matches: object) -> Iterator[str]:
    best = matches.best()  # type: ignore[attr-defined]
    if best is not None:
        yield best.encoding


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
