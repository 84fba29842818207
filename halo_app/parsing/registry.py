"""Choose which parser reads a file: by its suffix, checked against its bytes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePath

import halo_app.parsing
from halo_app.discovery import offers
from halo_app.errors import EmptyFile, PasswordProtected, TooLarge, UnreadableFile, UnsupportedFormat
from halo_app.parsing.sniffing import DAMAGED_ARCHIVE, kind_of
from halo_app.plugins import Limits, Parser
from halo_app.ports import Reading

# Kinds that people mix up without harm: one is read as the other, with a remark. Any other mismatch is a disguise.
_KIN = (
    frozenset({"png", "jpg", "jpeg", "webp", "tif", "tiff", "gif", "bmp"}),
    frozenset({"mp3", "wav", "m4a", "mp4", "ogg", "oga", "flac"}),
    frozenset({"doc", "docx", "odt", "rtf"}),
    frozenset({"ppt", "pptx", "odp"}),
    frozenset({"xls", "xlsx", "ods"}),
)
_BINARY = frozenset().union(*_KIN, {"pdf", "epub", "msg", "zip"})
_MARKUP_IN_OFFICE = frozenset({"doc", "xls"})        # old programs saved web pages under these names


@dataclass(frozen=True, slots=True)
class Choice:
    """The parser for one file, the name to give it (ending in the true suffix), and what the reader should know."""

    parser: Parser
    type: str
    name: str
    remark: str = ""


@lru_cache(maxsize=1)
def by_suffix() -> dict[str, Parser]:
    """Return suffix without dot -> the parser that reads it; two parsers for one suffix are an error."""
    found: dict[str, Parser] = {}
    for module, parser in offers(halo_app.parsing, "PARSER").items():
        for suffix in parser.types:
            if suffix in found:
                raise ValueError(f"two parsers read .{suffix}, one of them in {module!r}: take it out of one")
            found[suffix] = parser
    return found


def read(path: Path, name: str, limits: Limits) -> Reading:
    """Choose a parser and read the file, here in this process. Raises UnsupportedFormat, RefusedFile or MissingExtra."""
    choice = choose(path, name, limits)
    parsed = choice.parser.parse(path, choice.name, limits)
    if choice.remark:
        parsed = replace(parsed, remarks=(choice.remark, *parsed.remarks))
    return Reading(choice.type, parsed)


def choose(path: Path, name: str, limits: Limits) -> Choice:
    """Return what reads this file. Raises EmptyFile, TooLarge, UnreadableFile, PasswordProtected or UnsupportedFormat."""
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(f"“{name}” is empty (0 bytes)", fix="check the original and add it again")
    if size > limits.size_mb * 1_000_000:
        raise TooLarge(f"“{name}” is larger than {limits.size_mb} MB", fix="split it, or raise HALO_MAX_FILE_MB")
    suffix = PurePath(name).suffix.lower().lstrip(".")
    kind = kind_of(path)
    if kind == "encrypted":
        raise PasswordProtected(f"“{name}” is protected by a password", fix="remove the password and add the file again")
    parsers = by_suffix()
    if suffix not in parsers:
        return _by_content(kind, name, suffix)
    if _agree(suffix, kind):
        return Choice(parsers[suffix], parsers[suffix].types[suffix], name)
    if kind in parsers and any(suffix in kin and kind in kin for kin in _KIN):
        return _as(kind, name, f"named .{suffix}, but read as {kind.upper()}, which it is")
    if kind == "text" and suffix in _MARKUP_IN_OFFICE and (markup := _markup(path)):
        words = "a web page" if markup == "html" else "XML"
        return _as(markup, name, f"named .{suffix}, but read as {words}, which it is")
    if kind == DAMAGED_ARCHIVE and suffix in _BINARY:
        raise UnreadableFile(f"“{name}” is cut short or damaged", fix="check the original and add it again")
    raise UnreadableFile(f"“{name}” is not what its name says: {_found(kind, suffix)}", fix="give it its true suffix, if you trust it")


def _agree(suffix: str, kind: str) -> bool:
    parsers = by_suffix()
    if kind in parsers and parsers[kind].types[kind] == parsers[suffix].types[suffix]:
        return True
    if suffix in _BINARY:
        return kind == ""          # nothing known about these bytes: the parser will see
    return kind == "text"


def _markup(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<?xml") and b"<html" not in head:
        return "xml"
    return "html" if head.startswith(b"<") else ""


def _by_content(kind: str, name: str, suffix: str) -> Choice:
    parsers = by_suffix()
    known = "txt" if kind == "text" else kind if kind in parsers and kind != "zip" else ""
    if not known:
        shown = f".{suffix} files are" if suffix else "a file of this kind is"
        raise UnsupportedFormat(f"cannot read “{name}”: {shown} not among the formats HALO reads",
                                fix=f"convert it to one of: {', '.join(sorted(parsers))}")
    words = "text" if known == "txt" else known.upper()
    return _as(known, name, f"read as {words}, going by its content")


def _as(suffix: str, name: str, remark: str) -> Choice:
    parser = by_suffix()[suffix]
    return Choice(parser, parser.types[suffix], f"{name}.{suffix}" if PurePath(name).suffix.lower() != f".{suffix}" else name, remark)


def _found(kind: str, suffix: str) -> str:
    if kind == "":
        return f"it holds no {suffix.upper()} text" if suffix not in _BINARY else "its bytes are of no known kind"
    if kind.startswith("a ") or kind == "zip":
        return "it is a compressed archive" if kind == "zip" else f"it is {kind}"
    return "it holds plain text" if kind == "text" else f"it holds {kind.upper()} data"
