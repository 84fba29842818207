"""Open documents that are zip archives, and read no more of them than is safe."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from urllib.parse import unquote

from halo_app.errors import PasswordProtected, TooLarge, UnreadableFile
from halo_app.parsing.xml_tree import Element, parse_xml

_MOST_MEMBERS = 20_000
_MOST_BYTES = 400_000_000        # of one document, unpacked
_MOST_XML = 250_000_000          # of one XML member, unpacked
_SUSPECT_BYTES, _SUSPECT_RATIO = 50_000_000, 150
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Package:
    """An opened archive. Member names are looked up exactly first, then whatever their case and slashes."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.name = name
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
            raise UnreadableFile(f"{self.name!r} has no part {member!r} inside", fix="save the document again and add the new file")
        info = self._members[stored]
        if info.flag_bits & 0x1:
            raise PasswordProtected(f"{self.name!r} needs a password", fix="save it without a password and add it again")
        left = min(_MOST_XML, _MOST_BYTES - self._spent)
        try:
            with self._archive.open(info) as stream:
                data = stream.read(left + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
            raise UnreadableFile(f"{self.name!r} is damaged: {error}", fix="save the document again and add the new file") from None
        if len(data) > left:
            raise _bomb(self.name)
        self._spent += len(data)
        return data

    def xml(self, member: str) -> Element:
        """Return the root element of an XML member."""
        return parse_xml(self.read(member), f"{self.name!r} ({member})")

    def xml_or_none(self, member: str) -> Element | None:
        """Return the root element of a member that need not be there or be sound."""
        if self.find(member) is None:
            return None
        try:
            return self.xml(member)
        except UnreadableFile:
            return None


def open_package(path: Path, name: str) -> Package:
    """Open a document that is a zip archive; raises RefusedFile kinds for what it turns out to be instead."""
    with path.open("rb") as stream:
        start = stream.read(8)
    if start == OLE_MAGIC:
        raise UnreadableFile(f"{name!r} is not a zip document", fix="add it with the suffix it was made with")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        fix = "save the document again and add the new file"
        raise UnreadableFile(f"{name!r} is cut short or damaged: {error}", fix=fix) from None
    _check(archive, path.stat().st_size, name)
    return Package(archive, name)


def _check(archive: zipfile.ZipFile, size: int, name: str) -> None:
    infos = archive.infolist()
    total = sum(info.file_size for info in infos)
    suspicious = total > _SUSPECT_BYTES and total > size * _SUSPECT_RATIO
    if len(infos) > _MOST_MEMBERS or total > 20 * _MOST_BYTES or suspicious:
        raise _bomb(name)


def _bomb(name: str) -> TooLarge:
    return TooLarge(f"{name!r} unpacks to far more than a document holds", fix="do not open it unless you know who made it")


def _folded(member: str) -> str:
    return member.replace("\\", "/").lstrip("/").lower()


def resolve(base: str, target: str) -> str:
    """Return the member that `target`, written inside the member `base`, points to (without its #fragment)."""
    target = unquote(target.partition("#")[0].replace("\\", "/"))
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target)).lstrip("/")
