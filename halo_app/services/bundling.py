"""Many originals as one zip file, made while it is sent: nothing of it is written to the disk or held in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from halo_app.domain.source import Source
from halo_app.errors import HaloError
from halo_app.services.sources import SourceService

_PIECE = 1 << 18
_FORBIDDEN = '<>:"/\\|?*'


class _Sink(io.RawIOBase):
    """Takes what is written until it is fetched."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: object, /) -> int:
        self._pieces.append(bytes(piece))  # type: ignore[call-overload]
        return len(self._pieces[-1])

    def fetch(self) -> bytes:
        pieces, self._pieces = b"".join(self._pieces), []
        return pieces


def zipped(service: SourceService, sources: Iterable[Source]) -> Iterator[bytes]:
    """Yield a zip file piece by piece; of a source whose original was removed by hand it holds the text."""
    sink, taken = _Sink(), set[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for source in sources:
            try:
                name, content = _found(service, source)
            except HaloError:                 # deleted meanwhile, or damaged: the others still go
                continue
            with archive.open(zipfile.ZipInfo(_free(name, taken)), "w", force_zip64=True) as member:
                for piece in content:
                    member.write(piece)
                    yield sink.fetch()
    yield sink.fetch()


def _found(service: SourceService, source: Source) -> tuple[str, Iterator[bytes]]:
    if source.missing:
        text = service.parsed(source.id).text.encode("utf-8", "replace")
        return f"{source.name}.txt", iter([text])
    return source.file, _pieces(service.original(source.id))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def _free(name: str, taken: set[str]) -> str:
    """Return a name that is no path, harmless on every system, and not in the archive yet."""
    clean = "".join("_" if mark in _FORBIDDEN or not mark.isprintable() else mark for mark in name).strip(". ") or "source"
    path, number, wanted = PurePosixPath(clean), 2, clean
    while wanted.casefold() in taken:
        wanted, number = f"{path.stem} ({number}){path.suffix}", number + 1
    taken.add(wanted.casefold())
    return wanted
