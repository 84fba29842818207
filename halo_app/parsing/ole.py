"""Open the compound files of older Office programs and of Outlook."""

from __future__ import annotations

import struct
from pathlib import Path

import olefile

from halo_app.domain.locator import Locator, Place
from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.manuscript import Manuscript, one_line

_NAMES = (("title", "Title"), ("subject", "Subject"), ("author", "Author"), ("keywords", "Keywords"), ("comments", "Description"),
          ("last_saved_by", "Last modified by"), ("company", "Company"), ("manager", "Manager"), ("category", "Category"),
          ("create_time", "Created"), ("last_saved_time", "Modified"))
_CODE_PAGES = {
    65001: "utf-8", 1200: "utf-16-le", 1201: "utf-16-be", 10000: "mac_roman", 20127: "ascii", 28591: "latin-1",
    28592: "iso8859-2", 28605: "iso8859-15", 20866: "koi8-r", 50220: "iso2022_jp", 51949: "euc_kr", 51932: "euc_jp",
    54936: "gb18030", 936: "gb18030",
}
_BROKEN = (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, struct.error, OverflowError)


class CompoundFile:
    """An opened compound file; streams are named by their path with slashes, whatever their case."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        try:
            self._file = olefile.OleFileIO(str(path))
            self.streams = ["/".join(parts) for parts in self._file.listdir()]
        except _BROKEN as error:
            raise UnreadableFile(f"“{name}” is cut short or damaged", fix="check the original and add it again") from error
        if self.has("EncryptedPackage") or self.has("EncryptionInfo"):
            raise PasswordProtected(f"“{name}” is protected by a password", fix="remove the password and add the file again")

    def has(self, stream: str) -> bool:
        """Say whether there is a stream of that name."""
        return bool(self._file.exists(stream))

    def read(self, stream: str) -> bytes:
        """Return a stream's bytes, b"" when there is none; raises UnreadableFile when it is damaged."""
        if not self.has(stream):
            return b""
        try:
            with self._file.openstream(stream) as opened:
                return bytes(opened.read())
        except _BROKEN as error:
            raise UnreadableFile(f"“{self.name}” is damaged inside ({stream})", fix="check the original and add it again") from error

    def properties(self) -> list[tuple[str, str]]:
        """Return (name, value) of the document's own properties; a damaged summary counts as none."""
        try:
            summary = self._file.get_metadata()
        except _BROKEN:
            return []
        page = summary.codepage or 1252
        found = []
        for key, shown in _NAMES:
            value = getattr(summary, key, None)
            text = value.decode(code_page(page), "replace") if isinstance(value, bytes) else str(value or "")
            text = one_line(text)
            if text and not text.startswith("1601-01-01"):
                found.append((shown, text))
        return found


def code_page(number: int) -> str:
    """Return Python's name of a Windows code page; Windows 1252 for unknown ones."""
    name = _CODE_PAGES.get(number & 0xFFFF, f"cp{number & 0xFFFF}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name


def write_comment(author: str, text: str, written: Manuscript) -> None:
    """Append a comment by its author."""
    author = one_line(author)
    if text:
        written.block(f"{author}: {text}" if author else text, Locator(Place.PART, f"comment by {author}" if author else "comment"))
