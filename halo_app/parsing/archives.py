"""Guard against archives that grow: office documents and books are zip files, and a small one can hide gigabytes."""

from __future__ import annotations

import zipfile
from pathlib import Path

from halo_app.errors import TooLarge, UnreadableFile
from halo_app.plugins import Limits

ENTRIES = 20_000          # parts in one archive
RATIO = 200               # bytes out for one byte in, over the whole archive ...
RATIO_FREE_MB = 50        # ... counted only above this expanded size: small repetitive documents are harmless
EXPANSION = 5             # expanded megabytes allowed for each megabyte of the size limit


def open_archive(path: Path, name: str, limits: Limits) -> zipfile.ZipFile:
    """Return the opened archive after `check_archive`; the caller closes it."""
    check_archive(path, name, limits)
    return zipfile.ZipFile(path)


def check_archive(path: Path, name: str, limits: Limits) -> None:
    """Refuse an archive that is damaged, or whose parts are too many, too large, or expand beyond reason.

    The sizes an archive states are not believed: `read_part` counts again while reading.
    Raises UnreadableFile or TooLarge.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise UnreadableFile(f"“{name}” is cut short or damaged", fix="check the original and add it again") from error
    if len(parts) > ENTRIES:
        raise TooLarge(f"“{name}” has {len(parts):,} parts inside; {ENTRIES:,} is the limit", fix="split the document")
    expanded = sum(part.file_size for part in parts)
    packed = max(sum(part.compress_size for part in parts), 1)
    if expanded > EXPANSION * limits.size_mb * 1_000_000:
        raise TooLarge(f"“{name}” grows to {expanded // 1_000_000:,} MB when opened", fix="split the document")
    if expanded > RATIO_FREE_MB * 1_000_000 and expanded > RATIO * packed:
        raise TooLarge(f"“{name}” grows {expanded // packed:,} times when opened, as only a trap does", fix="do not trust this file")


def read_part(archive: zipfile.ZipFile, part: str, name: str, limits: Limits) -> bytes:
    """Return one part's bytes, never more than the limit of size, whatever the archive says about it.

    Raises KeyError when there is no such part, TooLarge, or UnreadableFile when its bytes are damaged.
    """
    most = limits.size_mb * 1_000_000
    try:
        with archive.open(part) as stream:
            data = stream.read(most + 1)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise UnreadableFile(f"“{name}” is damaged inside ({part})", fix="check the original and add it again") from error
    if len(data) > most:
        raise TooLarge(f"“{name}” holds a part of more than {limits.size_mb} MB", fix="split the document")
    return data
