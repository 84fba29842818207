"""Originals under the SHA-256 of their bytes: the same file twice is kept once."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from halo_app.domain.source import Original
from halo_app.errors import EmptyFile, NotFound, StoreUnavailable, TooLarge
from halo_app.storage.atomic import make_folder, sweep, sync_folder, unfinished, worded

_SHA256 = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20


class OriginalFiles:
    """The bytes people gave us, untouched. Files in the folder that are not named by a hash are not ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, stream: BinaryIO, *, limit_bytes: int) -> Original:
        """Copy the stream in, durable when this returns; the same bytes twice are kept once.

        Raises EmptyFile, TooLarge beyond `limit_bytes`, or StoreUnavailable; nothing is left behind then.
        """
        digest, size = hashlib.sha256(), 0
        try:
            with unfinished(self.folder) as (file, finish):
                for piece in _pieces(stream):
                    size += len(piece)
                    if size > limit_bytes:
                        raise TooLarge(f"the file is larger than {limit_bytes / 1e6:g} MB",
                                       fix="split it, or raise HALO_MAX_FILE_MB")
                    digest.update(piece)
                    file.write(piece)
                if not size:
                    raise EmptyFile("the file is empty (0 bytes)", fix="check the original and add it again")
                path = self.folder / digest.hexdigest()
                if not path.is_file() or path.stat().st_size != size:
                    finish(path)
        except OSError as error:
            raise worded(error, "the file", self.folder) from error
        return Original(digest.hexdigest(), size, str(path))

    def path(self, sha256: str) -> Path:
        """Return where the bytes lie. Raises NotFound when they were removed by hand."""
        path = self.folder / sha256
        if not _SHA256.fullmatch(sha256) or not path.is_file():
            raise NotFound("the original file is no longer there", fix="restore it with the same file, or remove the source")
        return path

    def remove(self, sha256: str) -> None:
        """Remove the bytes; those already gone are no error."""
        if not _SHA256.fullmatch(sha256):
            return
        try:
            (self.folder / sha256).unlink(missing_ok=True)
            if self.folder.is_dir():
                sync_folder(self.folder)
        except OSError as error:
            raise worded(error, "the original", self.folder) from error

    def all(self) -> list[str]:
        """Return the hashes of everything kept."""
        try:
            return sorted(name for name in os.listdir(self.folder) if _SHA256.fullmatch(name))  # noqa: PTH208 - thousands of names
        except FileNotFoundError:
            return []
        except OSError as error:
            raise worded(error, "the folder of the originals", self.folder) from error

    def sweep(self) -> int:
        """Remove what killed writers left behind; the folder is made when missing."""
        make_folder(self.folder)
        return sweep(self.folder)


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while True:
        try:
            piece = stream.read(_PIECE)
        except OSError as error:
            raise StoreUnavailable(f"the file cannot be read: {error.strerror or error}", fix="check the file and its disk") from error
        if not piece:
            return
        yield piece
