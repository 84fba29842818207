"""ZIP archives of documents: every member is read by the parser of its own kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import EmptyFile
from halo_app.parsing.inside import include_file
from halo_app.parsing.manuscript import Manuscript
from halo_app.parsing.registry import by_suffix
from halo_app.parsing.zipped import open_package
from halo_app.plugins import Limits

_MOST_MEMBERS = 200


@dataclass(frozen=True)
class ZipFiles:
    """ZIP archives: members are places, with the place inside them."""

    types: Mapping[str, str] = field(default_factory=lambda: {"zip": "zip"})
    about: str = "the documents inside, but no archives inside archives; places are members with the place in them"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        package = open_package(path, name, limits)
        members = [member for member in package.names() if not _is_litter(member)]
        written = Manuscript(name, limits)
        remarks: list[str] = []
        for member in members[:_MOST_MEMBERS]:
            data = package.read(member)
            if data.startswith(b"PK\x03\x04") and PurePosixPath(member).suffix.lower().lstrip(".") not in by_suffix().keys() - {"zip"}:
                remarks.append(f"{member} was not read: it is an archive inside an archive")
            elif data:
                remarks += include_file(written, data, member, Locator(Place.PART, member), limits)
        if len(members) > _MOST_MEMBERS:
            remarks.append(f"{len(members) - _MOST_MEMBERS} more files were not read")
        if not written.length:
            raise EmptyFile(f"“{name}” holds no document that can be read{': ' + remarks[0] if remarks else ''}",
                            fix="unpack it and add the files")
        return written.build(remarks=remarks)


def _is_litter(member: str) -> bool:
    """What systems put into archives by themselves."""
    parts = PurePosixPath(member).parts
    return "__MACOSX" in parts or any(part.startswith(".") for part in parts) or parts[-1:] in (("Thumbs.db",), ("desktop.ini",))


PARSER = ZipFiles()
