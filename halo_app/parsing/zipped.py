"""Open documents that are zip archives, and read no more of them than is safe."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from urllib.parse import unquote

from halo_app.errors import PasswordProtected, TooLarge, UnreadableFile
from halo_app.parsing.archives import EXPANSION, open_archive, read_part
from halo_app.parsing.xml_tree import Element, parse_xml
from halo_app.plugins import Limits

_AGAIN = "check the original and add it again"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """An opened archive. Member names are looked up exactly first, then whatever their case and slashes."""

    def __init__(self, archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self.name = name
        self._limits = limits
        self._archive = archive
        self._members = {info.filename: info for info in archive.infolist() if not info.is_dir()}
        self._folded = {_folded(member): member for member in reversed(self._members)}
        self._spent = 0

    def find(self, member: str) -> str | None:
        """Return the stored name of a member, or None."""
        return member if member in self._members else self._folded.get(_folded(member))

    def names(self) -> list[str]:
        """Return all member names, in archive order."""
        return list(self._members)

    def read(self, member: str) -> bytes:
        """Return the member's bytes; raises UnreadableFile, PasswordProtected or TooLarge."""
        stored = self.find(member)
        if stored is None:
            raise UnreadableFile(f"“{self.name}” has no part {member!r} inside", fix=_AGAIN)
        info = self._members[stored]
        if info.flag_bits & 0x1:
            raise PasswordProtected(f"“{self.name}” needs a password", fix="save it without a password and add it again")
        if self._members[stored].flag_bits & 0x1:
            raise PasswordProtected(f"“{self.name}” is protected by a password", fix="remove the password and add the file again")
        try:
            data = read_part(self._archive, stored, self.name, self._limits)
        except (zlib.error, ValueError) as error:
            raise UnreadableFile(f"“{self.name}” is damaged inside ({member})", fix=_AGAIN) from error
        self._spent += len(data)
        if self._spent > EXPANSION * self._limits.size_mb * 1_000_000:
            raise TooLarge(f"“{self.name}” grows beyond reason when opened", fix="do not trust this file")
        return data

    def xml(self, member: str) -> Element:
        """Return the root element of an XML member."""
        return parse_xml(self.read(member), f"“{self.name}” ({member})")

    def xml_or_none(self, member: str) -> Element | None:
        """Return the root element of a member that need not be there or be sound."""
        if self.find(member) is None:
            return None
        try:
            return self.xml(member)
        except UnreadableFile:
            return None


def open_package(path: Path, name: str, limits: Limits) -> Package:
    """Open a document that is a zip archive; raises UnreadableFile or TooLarge for what it turns out to be instead."""
    return Package(open_archive(path, name, limits), name, limits)


def _folded(member: str) -> str:
    return member.replace("\\", "/").lstrip("/").lower()


def resolve(base: str, target: str) -> str:
    """Return the member that `target`, written inside the member `base`, points to (without its #fragment)."""
    target = unquote(target.partition("#")[0].replace("\\", "/"))
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target)).lstrip("/")
