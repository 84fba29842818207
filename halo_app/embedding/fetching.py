"""Fetch the published weights from an address that the user names; what comes is verified like any other copy."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin, urlsplit

import httpx

from halo_app.embedding.weights import INSTALL, SIZE_LIMIT
from halo_app.errors import BadInput, EmbedderUnavailable

SECONDS_PER_READ, SECONDS_IN_ALL = 30.0, 3600.0
PIECE, DAY_SECONDS = 1 << 20, 86_400


def is_address(place: str) -> bool:
    """Tell an http(s) address from a path."""
    return urlsplit(place).scheme in {"http", "https"}


@contextmanager
def fetched(address: str, cache: Path, *, limit: int = SIZE_LIMIT, progress: Callable[[str], None]) -> Iterator[Path]:
    """Give a path with the weights behind an address, and remove it afterwards.

    The address names model.safetensors (tokenizer.json is asked for beside it), an archive (.whl, .zip), or a folder that
    holds both files and ends in "/". At most `limit` bytes are read.
    Raises BadInput for an address that cannot be used, EmbedderUnavailable when it does not give the files.
    """
    url = urlsplit(address)
    if not url.hostname:
        raise BadInput(f"{address} is not an address", fix="write it as https://host/path")
    cache.mkdir(parents=True, exist_ok=True)
    _sweep(cache)
    with TemporaryDirectory(prefix=".fetching-", dir=cache) as scratch, _client() as client:
        folder = Path(scratch)
        if url.path.endswith((".whl", ".zip")):
            yield _fetch(client, address, folder / "weights.zip", limit, progress)
            return
        tensors = urljoin(address, "model.safetensors") if url.path.endswith("/") else address
        _fetch(client, tensors, folder / "model.safetensors", limit, progress)
        try:
            _fetch(client, urljoin(tensors, "tokenizer.json"), folder / "tokenizer.json", limit, progress)
        except EmbedderUnavailable:
            (folder / "tokenizer.json").unlink(missing_ok=True)      # then the installed package's is used, if there is one
        yield folder / "model.safetensors"


def _sweep(cache: Path) -> None:
    """Remove what downloads that were killed more than a day ago left behind."""
    for leftover in cache.glob(".fetching-*"):
        if time.time() - leftover.stat().st_mtime > DAY_SECONDS:
            shutil.rmtree(leftover, ignore_errors=True)


def _client() -> httpx.Client:
    return httpx.Client(timeout=SECONDS_PER_READ, follow_redirects=True, max_redirects=5)


def _fetch(client: httpx.Client, address: str, target: Path, limit: int, progress: Callable[[str], None]) -> Path:
    name = urlsplit(address).path.rpartition("/")[2]
    deadline, had = time.monotonic() + SECONDS_IN_ALL, 0
    try:
        with client.stream("GET", address) as response, target.open("wb") as file:
            if response.status_code != 200:
                raise EmbedderUnavailable(f"{address} answered {response.status_code}", fix=INSTALL)
            total = int(response.headers.get("content-length") or 0)
            for piece in response.iter_bytes(PIECE):
                had += len(piece)
                if max(had, total) > limit or time.monotonic() > deadline:
                    raise EmbedderUnavailable(f"{address} gives more than {limit >> 20} MB, or too slowly", fix=INSTALL)
                file.write(piece)
                progress(f"{name}: {had >> 20} of {total >> 20} MB" if total else f"{name}: {had >> 20} MB")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise EmbedderUnavailable(f"{address} cannot be fetched: {error}", fix=INSTALL) from error
    return target
