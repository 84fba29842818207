"""Archives that HALO writes and takes back: a zip with a manifest of hashes, checked whole before anything of it is used."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from halo_app.errors import BadInput, RefusedFile, StoreUnavailable, TooLarge
from halo_app.storage.atomic import make_folder, unfinished, worded

MANIFEST = "manifest.json"
MANIFEST_BYTES = 64_000_000
MOST_MEMBERS = 1_000_000
MOST_TIMES, FREE_BYTES = 200, 50_000_000       # how far an archive may expand: so many times its size, or so many bytes
_PIECE = 1 << 20
_PART = re.compile(r"[^/\\\x00-\x1f]{1,255}")

Content = bytes | Path | Iterable[bytes]


def write_archive(path: Path, about: dict[str, Any], members: Iterable[tuple[str, Content]], *, house: Path) -> dict[str, Any]:
    """Write the archive whole or not at all, 0600, and return its manifest: `about` with {"files": {name: {sha256, bytes}}}.

    `house` is the data directory, where an archive must not lie. Raises BadInput for a place that cannot be, StoreUnavailable.
    """
    path = path.absolute()
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {path.parent}", fix="make it first, or name another place")
    if path.is_dir():
        raise BadInput(f"{path} is a folder", fix="name a file in it")
    if path.resolve().is_relative_to(house.resolve()):
        raise BadInput(f"{path} lies in the data directory", fix="name a place outside of it")
    files: dict[str, dict[str, Any]] = {}
    try:
        with unfinished(path.parent) as (file, finish):
            with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
                for name, content in members:
                    files[name] = _add(zipped, name, content)
                manifest = {**about, "files": files}
                zipped.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            finish(path)
    except OSError as error:
        raise worded(error, path.name, path.parent) from error
    return manifest


@dataclass(frozen=True)
class Archive:
    """An archive whose every member was checked against the manifest."""

    manifest: dict[str, Any]
    zipped: ZipFile

    @property
    def names(self) -> list[str]:
        return sorted(self.manifest["files"])

    def lines(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the JSON objects of a member, one a line. Raises RefusedFile."""
        with self.zipped.open(name) as file:
            for number, line in enumerate(file, start=1):
                try:
                    tree = json.loads(line)
                except ValueError:
                    tree = None
                if not isinstance(tree, dict):
                    raise RefusedFile(f"line {number} of {name} is not a JSON object", fix="export it again")
                yield tree

    def put(self, name: str, path: Path) -> None:
        """Write a member to a file, 0600, its folders made."""
        make_folder(path.parent)
        with self.zipped.open(name) as source, path.open("xb") as file:
            path.chmod(0o600)
            shutil.copyfileobj(source, file, _PIECE)


@contextmanager
def open_archive(path: Path, form: str, version: int) -> Iterator[Archive]:
    """Open an archive of this form after checking names, sizes and hashes.

    Raises RefusedFile for what is no such archive, was changed or would write elsewhere, TooLarge for what expands too far.
    """
    try:
        with ZipFile(path) as zipped:
            manifest = _manifest(zipped, path.name)
            if manifest.get("format") != form:
                raise RefusedFile(f"“{path.name}” is not a {form}", fix="choose a file that HALO wrote for this")
            if not isinstance(manifest.get("version"), int) or manifest["version"] > version:
                raise RefusedFile(f"“{path.name}” was written by a newer version of HALO", fix="update this one")
            _check(zipped, manifest, path)
            yield Archive(manifest, zipped)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise RefusedFile(f"“{path.name}” cannot be read: {error}", fix="choose a file that HALO wrote, or copy it again") from error
    except FileNotFoundError:
        raise BadInput(f"there is no file {path}", fix="check the name") from None
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be read: {error.strerror or error}", fix="check the file and its disk") from error


def _add(zipped: ZipFile, name: str, content: Content) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with zipped.open(_info(name), "w", force_zip64=True) as out:
        for piece in _pieces(content):
            digest.update(piece)
            size += len(piece)
            out.write(piece)
    return {"sha256": digest.hexdigest(), "bytes": size}


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _pieces(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
    elif isinstance(content, Path):
        with content.open("rb") as file:
            yield from _read(file)
    else:
        yield from content


def _read(file: IO[bytes]) -> Iterator[bytes]:
    reading: Callable[[], bytes] = lambda: file.read(_PIECE)  # noqa: E731
    yield from iter(reading, b"")


def _manifest(zipped: ZipFile, name: str) -> dict[str, Any]:
    try:
        info = zipped.getinfo(MANIFEST)
        if info.file_size > MANIFEST_BYTES:
            raise TooLarge(f"the manifest of “{name}” is too large", fix="choose a file that HALO wrote")
        manifest = json.loads(zipped.read(MANIFEST))
        files = manifest["files"]
        assert isinstance(files, dict) and all(isinstance(entry["sha256"], str) for entry in files.values())
    except (KeyError, ValueError, TypeError, AssertionError) as error:
        raise RefusedFile(f"“{name}” has no manifest, so nobody can tell whether it is whole",
                          fix="choose a file that HALO wrote") from error
    return manifest  # type: ignore[no-any-return]


def _check(zipped: ZipFile, manifest: dict[str, Any], path: Path) -> None:
    infos = [info for info in zipped.infolist() if info.filename != MANIFEST]
    names = [info.filename for info in infos]
    if len(names) != len(set(names)) or set(names) != set(manifest["files"]):
        raise RefusedFile(f"“{path.name}” does not hold what its manifest says", fix="copy it again, or choose another")
    packed, unpacked = path.stat().st_size, sum(info.file_size for info in infos)
    overlap = sum(info.compress_size for info in infos) > packed
    if overlap or len(names) > MOST_MEMBERS or unpacked > max(FREE_BYTES, MOST_TIMES * packed):
        raise TooLarge(f"“{path.name}” would expand to {unpacked / 1e6:.0f} MB", fix="choose a file that HALO wrote")
    for info in infos:
        _check_name(info, path.name)
    for info in infos:
        digest, size = hashlib.sha256(), 0
        with zipped.open(info) as file:
            for piece in _read(file):
                digest.update(piece)
                size += len(piece)
                if size > info.file_size:
                    raise TooLarge(f"{info.filename} in “{path.name}” is larger than it says", fix="choose a file that HALO wrote")
        if digest.hexdigest() != manifest["files"][info.filename]["sha256"]:
            raise RefusedFile(f"{info.filename} in “{path.name}” was changed: its hash does not agree",
                              fix="use the file as it was written")


def _check_name(info: ZipInfo, archive: str) -> None:
    parts = info.filename.split("/")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if any(part in (".", "..") or not _PART.fullmatch(part) for part in parts) or ":" in parts[0] or kind not in (0, stat.S_IFREG):
        raise RefusedFile(f"“{archive}” holds {info.filename!r}, which would lie elsewhere", fix="choose a file that HALO wrote")
