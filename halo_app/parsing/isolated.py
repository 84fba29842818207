"""Read files in processes of their own, kept within time, memory and size, and stopped at once when asked."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import Any

import halo_app
from halo_app import errors
from halo_app.domain.source import Parsed, parsed_of
from halo_app.errors import Cancelled, HaloError, NotFound, TooLarge, Unavailable, UnreadableFile
from halo_app.parsing.worker import HEADER
from halo_app.plugins import Limits
from halo_app.ports import Boxes, PagePicture, Reading

_BEAT_SECONDS = 0.05          # how often a running reading looks whether it was cancelled
_PICTURE_SECONDS = 20.0       # drawing one page
_OCR_SECONDS = 15.0           # of these, for finding a quote's words in the picture of a page
_KEPT = 2                     # idle processes kept warm
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX")      # no keys, no addresses


def _never() -> bool:
    return False


@dataclass
class IsolatedReader:
    """Reads each file in a fresh process; several threads may read at once. `folder` is where temporary files go."""

    limits: Limits = field(default_factory=Limits)
    folder: Path | None = None
    _idle: list[_Process] = field(default_factory=list, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def read(self, path: Path, name: str, *, cancelled: Callable[[], bool] = _never, limits: Limits | None = None) -> Reading:
        """Return the format's name and the text of the file at `path`, shown to people as `name`.

        Raises UnsupportedFormat, RefusedFile (with its kinds), MissingExtra, NotFound when there is no such file,
        or Cancelled within a moment of `cancelled()` becoming true. A reader that dies or hangs is an error like these.
        """
        tree = self._do({"do": "read", "path": str(path.absolute()), "name": name}, limits or self.limits, cancelled)
        try:
            return Reading(str(tree["type"]), parsed_of(tree["parsed"]))
        except (ValueError, KeyError, TypeError) as error:
            raise _nonsense(name) from error

    def page(self, path: Path, page_number: int, quote: str = "", *, width_px: int = 900) -> PagePicture:
        """Return one page of a PDF, numbered from 1, with the quote boxed.

        Raises NotFound, PasswordProtected, UnreadableFile or TooLarge.
        """
        request = {"do": "draw", "path": str(path.absolute()), "name": path.name,
                   "page": page_number, "quote": quote, "width_px": width_px}
        tree = self._look(request)
        return PagePicture(b64decode(tree["png"]), bool(tree["found"]), float(tree["top"]))

    def sizes(self, path: Path) -> list[tuple[float, float]]:
        """Return the size of every page of a PDF or a picture. Raises as `page` does."""
        tree = self._look({"do": "measure", "path": str(path.absolute()), "name": path.name})
        return [(float(width), float(height)) for width, height in tree["sizes"]]

    def plain(self, path: Path, page_number: int, *, width_px: int = 900) -> bytes:
        """Return one page of a PDF or a picture as PNG, numbered from 1. Raises as `page` does."""
        request = {"do": "show", "path": str(path.absolute()), "name": path.name, "page": page_number, "width_px": width_px}
        return b64decode(self._look(request)["png"])

    def boxes(self, path: Path, page_number: int, quote: str) -> Boxes:
        """Return where the quote stands on a page of a PDF or a picture. Raises as `page` does."""
        request = {"do": "place", "path": str(path.absolute()), "name": path.name, "page": page_number, "quote": quote,
                   "seconds": _OCR_SECONDS}
        tree = self._look(request)
        return Boxes(tuple((float(a), float(b), float(c), float(d)) for a, b, c, d in tree["boxes"]), bool(tree["by_ocr"]))

    def _look(self, request: dict[str, Any]) -> dict[str, Any]:
        return self._do(request, replace(self.limits, seconds=min(self.limits.seconds, _PICTURE_SECONDS)), _never)

    def _do(self, request: dict[str, Any], limits: Limits, cancelled: Callable[[], bool]) -> dict[str, Any]:
        if not Path(request["path"]).is_file():
            raise NotFound(f"“{request['name']}” is not there to be read", fix="add the file again")
        process = self._take()
        try:
            reply = process.ask(request, limits, cancelled)
        except BaseException:
            process.end()
            raise
        self._give_back(process)
        return _understood(reply, request["name"])

    def close(self) -> None:
        """End the processes kept warm; a later `read` starts a new one."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.end()

    def _take(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                process.end()
        return _Process(self.folder)

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            if len(self._idle) < _KEPT:
                self._idle.append(process)
                return
        process.end()


def read_isolated(path: Path, name: str, limits: Limits, *, cancelled: Callable[[], bool] = _never) -> Parsed:
    """Read one file in a process that ends with it; see `IsolatedReader.read`."""
    reader = IsolatedReader(limits)
    try:
        return reader.read(path, name, cancelled=cancelled).parsed
    finally:
        reader.close()


class _Process:
    """One warm worker, its pipes and its temporary folder."""

    def __init__(self, folder: Path | None) -> None:
        self._room = tempfile.mkdtemp(prefix="halo-read-", dir=folder)
        surroundings = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
        surroundings |= {
            "TMPDIR": self._room, "HOME": self._room, "PYTHONPATH": str(Path(halo_app.__file__).parents[1]),
            "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1",
        }
        self._child = subprocess.Popen(
            [sys.executable, "-P", "-m", "halo_app.parsing.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, env=surroundings, cwd=self._room, start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def ask(self, request: dict[str, Any], limits: Limits, cancelled: Callable[[], bool]) -> bytes:
        """Send one request and return the reply's bytes; words every way in which none can come."""
        name = request["name"]
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):
            self._child.stdin.write(json.dumps({**request, "limits": asdict(limits)}).encode() + b"\n")
            self._child.stdin.flush()
        deadline = time.monotonic() + limits.seconds
        header = self._receive(HEADER.size, deadline, cancelled, name, limits)
        status, length = HEADER.unpack(header)
        if status:
            raise _died(status, name, limits)
        if length > limits.text_chars * 8 + 64_000_000:
            raise TooLarge(f"“{name}” holds more text than HALO takes from one file", fix="split the file into parts")
        return self._receive(length, deadline, cancelled, name, limits)

    def end(self) -> None:
        """Kill the worker and all it started, and remove its temporary folder."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        shutil.rmtree(self._room, ignore_errors=True)

    def _receive(self, length: int, deadline: float, cancelled: Callable[[], bool], name: str, limits: Limits) -> bytes:
        assert self._child.stdout is not None
        pipe = self._child.stdout.fileno()
        pieces = bytearray()
        while len(pieces) < length:
            if cancelled():
                raise Cancelled(f"reading “{name}” was stopped")
            left = deadline - time.monotonic()
            if left <= 0:
                raise TooLarge(f"“{name}” took longer than {limits.seconds:g} seconds to read", fix="split the file into parts")
            if not select.select([pipe], [], [], min(left, _BEAT_SECONDS))[0]:
                continue
            piece = os.read(pipe, min(length - len(pieces), 1 << 20))
            if not piece:
                raise Unavailable(f"“{name}” could not be read: the reading process ended", fix="try again")
            pieces += piece
        return bytes(pieces)


def _died(status: int, name: str, limits: Limits) -> HaloError:
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        return TooLarge(f"“{name}” took longer than {limits.seconds:g} seconds to read", fix="split the file into parts")
    if code in (-signal.SIGKILL, -signal.SIGABRT):
        return TooLarge(f"“{name}” needs more than {limits.memory_mb} MB of memory to read", fix="split the file into parts")
    return _nonsense(name)


def _understood(reply: bytes, name: str) -> dict[str, Any]:
    try:
        tree = json.loads(reply)
    except ValueError as error:
        raise _nonsense(name) from error
    if "error" not in tree:
        return dict(tree)
    kind, message, fix = tree["error"]
    raise getattr(errors, kind)(message, fix=fix)


def _nonsense(name: str) -> UnreadableFile:
    return UnreadableFile(f"“{name}” made its reader stop: it is damaged", fix="open and save it again in the program it came from")
