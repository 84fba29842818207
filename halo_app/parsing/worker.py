"""The process that reads files: `python -m halo_app.parsing.worker`, started and watched by `isolated`.

It stays warm with the libraries it has needed, and forks a child for every file, so that no file can touch the next.
Requests and replies are JSON, never pickles: what comes back from a hostile file is only data.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import struct
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from halo_app.domain.source import plain_of
from halo_app.errors import HaloError, TooLarge, UnreadableFile
from halo_app.parsing import confinement, registry
from halo_app.plugins import Limits

HEADER = struct.Struct("=iQ")            # exit status of the child, length of its reply


def main() -> None:
    """Answer requests from standard input until it closes."""
    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)                        # nothing a library prints can reach the replies
    room = Path(tempfile.gettempdir())
    confinement.refuse_network()
    for line in requests:
        request = json.loads(line)
        _preload(request["name"])
        status, reply = _in_a_child(request)
        replies.write(HEADER.pack(status, len(reply)))
        replies.write(reply)
        replies.flush()
        _empty(room)


def _preload(name: str) -> None:
    parser = registry.by_suffix().get(Path(name).suffix.lower().lstrip("."))
    for library in parser.libraries if parser else ():
        with suppress(ImportError):
            import_module(library)


def _in_a_child(request: Mapping[str, Any]) -> tuple[int, bytes]:
    limits = Limits(**request["limits"])
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inward)
        with os.fdopen(outward, "wb") as stream:
            confinement.limit_resources(limits)
            stream.write(answer(request, limits))
        os._exit(0)
    os.close(outward)
    most = limits.text_chars * 8 + 64_000_000
    with os.fdopen(inward, "rb", buffering=0) as stream:
        reply = _listen(stream, most)
    if len(reply) > most:
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1], reply


def _listen(stream: BinaryIO, most: int) -> bytes:
    """Return all the child writes, up to a little over `most` bytes; end with everything when the caller is gone."""
    pieces, length = [], 0
    while length <= most:
        ready = select.select([stream.fileno(), 0], [], [])[0]
        if 0 in ready and not os.read(0, 1):
            shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)
            os.killpg(0, signal.SIGKILL)
        if stream.fileno() in ready:
            piece = stream.read(1 << 20)
            if not piece:
                break
            pieces.append(piece)
            length += len(piece)
    return b"".join(pieces)


def answer(request: Mapping[str, Any], limits: Limits) -> bytes:
    """Return the reply to one request as JSON: what was read or drawn, or the error by its class name, message and fix."""
    name = request["name"]
    try:
        return json.dumps(_DO[request["do"]](request, limits), ensure_ascii=False).encode()
    except HaloError as error:
        failure: HaloError = error
    except MemoryError:
        failure = TooLarge(f"“{name}” needs more than {limits.memory_mb} MB of memory to read", fix="split the file into parts")
    except RecursionError:
        failure = UnreadableFile(f"“{name}” is nested too deeply to be read", fix="save it again in another format")
    except Exception as error:  # noqa: BLE001 - libraries raise anything on damaged files; this is the face of the process
        reason = " ".join(str(error).split())[:200]
        words = f"“{name}” cannot be read: it is damaged or cut short ({type(error).__name__}{': ' + reason if reason else ''})"
        failure = UnreadableFile(words, fix="open and save it again in the program it came from")
    return json.dumps({"error": [type(failure).__name__, failure.message, failure.fix]}, ensure_ascii=False).encode("utf-8", "replace")


def _read(request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    reading = registry.read(Path(request["path"]), request["name"], limits)
    return {"type": reading.type, "parsed": plain_of(reading.parsed)}


def _draw(request: Mapping[str, Any], _: Limits) -> dict[str, Any]:
    from halo_app.parsing.pages import page_picture

    picture = page_picture(
        Path(request["path"]), request["page"], request["quote"], width_px=request["width_px"], name=request["name"])
    return {"png": b64encode(picture.png).decode(), "found": picture.found, "top": picture.top}


def _measure(request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    from halo_app.parsing.page_views import sizes

    return {"sizes": sizes(Path(request["path"]), request["name"], limits)}


def _show(request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    from halo_app.parsing.page_views import plain

    png = plain(Path(request["path"]), request["page"], limits, width_px=request["width_px"], name=request["name"])
    return {"png": b64encode(png).decode()}


def _place(request: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    from halo_app.parsing.page_views import boxes

    found = boxes(Path(request["path"]), request["page"], request["quote"], limits, seconds=request["seconds"], name=request["name"])
    return {"boxes": found.boxes, "by_ocr": found.by_ocr}


_DO: Mapping[str, Callable[[Mapping[str, Any], Limits], dict[str, Any]]] = {
    "read": _read, "draw": _draw, "measure": _measure, "show": _show, "place": _place,
}


def _empty(room: Path) -> None:
    for left in room.iterdir():
        if left.is_dir() and not left.is_symlink():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
