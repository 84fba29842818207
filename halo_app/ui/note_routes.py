"""Routes of our own for the note editor: what is typed is saved at once, without drawing the page, and nothing is written over."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from halo_app.domain.differing import differences
from halo_app.errors import BadInput, ChangedMeanwhile, HaloError, NotFound, TooLarge
from halo_app.services.note_citing import quoted
from halo_app.services.note_files import LIMIT_MB
from halo_app.ui import note_view
from halo_app.ui.files import serve
from halo_app.ui.words import shortened

if TYPE_CHECKING:
    from halo_app.bootstrap import App

BODY_BYTES = 10_000_000
STATUS = {NotFound: 404, TooLarge: 413, BadInput: 400}
Act = Callable[["App", str, dict[str, Any]], dict[str, Any]]


def routes(app: Callable[[], App]) -> list[Route]:
    """Return the routes; `app` gives the application when the first request comes."""
    acts: dict[str, Act] = {"save": _save, "aside": _aside, "both": _both, "passages": _passages, "cite": _cite, "titles": _titles}
    one = note_view.ADDRESS + "/{note_id:str}"
    return [
        Route(one, _reading(app), methods=["GET"]),
        Route(f"{one}/head", _head(app), methods=["GET"]),
        Route(f"{one}/file/{{name:path}}", _file(app), methods=["GET"]),
        Route(f"{one}/attach", _attach(app), methods=["POST"]),
        *(Route(f"{one}/{name}", _acting(app, act), methods=["POST"]) for name, act in acts.items()),
    ]


def _save(app: App, note_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    title, text, base = str(asked["title"]), str(asked["text"]), int(asked["base"])
    try:
        note = app.notes.save(note_id, title, text, base)
    except ChangedMeanwhile as error:
        there = app.note_reading.read(note_id)
        return {"elsewhere": error.message, **note_view.whole(there),
                "changes": note_view.stretches(differences(there.note.text, text))}
    read = app.note_reading.read(note_id)
    return {"revision": note.revision, "title": note.title, "saved": note_view.clock(note.updated_at), **note_view.view(read)}


def _aside(app: App, note_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    app.notes.put_aside(note_id, str(asked["title"]), str(asked["text"]))
    return note_view.whole(app.note_reading.read(note_id))


def _both(app: App, note_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    copy = app.note_moves.duplicate(note_id)
    app.notes.edit(copy.id, text=str(asked["text"]))
    return note_view.whole(app.note_reading.read(note_id))


def _passages(app: App, note_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    found = app.note_citing.find(note_id, str(asked.get("words", "")), [str(one) for one in asked.get("sources", [])])
    return {"found": [{"source_id": one.source_id, "start": one.start, "end": one.end, "title": shortened(one.quote, 260),
                       "about": f"{one.source}{' · ' + one.locator if one.locator else ''}"} for one in found]}


def _cite(app: App, note_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    name, mark = app.note_citing.cite(note_id, str(asked["source_id"]), int(asked["start"]), int(asked["end"]))
    return {"name": name, "markdown": quoted(mark.quote, name) + "\n"}


def _titles(app: App, note_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    note = app.notes.get(note_id)
    titles = app.note_shelf.titles(note.notebook_id, str(asked.get("words", "")))
    return {"found": [{"title": title, "about": ""} for title in titles if title != note.title]}


def _acting(app: Callable[[], App], act: Act) -> Callable[[Request], Awaitable[Response]]:
    @_worded
    async def answer(request: Request) -> Response:
        body = await _body(request, BODY_BYTES)
        try:
            asked = json.loads(body)
            if not isinstance(asked, dict):
                raise TypeError
            said = await run_in_threadpool(act, app(), request.path_params["note_id"], asked)
        except (ValueError, TypeError, KeyError) as error:
            raise BadInput("the page sent something that cannot be read", fix="load the page again") from error
        return JSONResponse(said)

    return answer


def _reading(app: Callable[[], App]) -> Callable[[Request], Awaitable[Response]]:
    @_worded
    async def answer(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(lambda: note_view.whole(app().note_reading.read(request.path_params["note_id"]))))

    return answer


def _head(app: Callable[[], App]) -> Callable[[Request], Awaitable[Response]]:
    @_worded
    async def answer(request: Request) -> Response:
        note = await run_in_threadpool(lambda: app().notes.get(request.path_params["note_id"]))
        return JSONResponse({"revision": note.revision})

    return answer


def _attach(app: Callable[[], App]) -> Callable[[Request], Awaitable[Response]]:
    @_worded
    async def answer(request: Request) -> Response:
        content, name = await _body(request, LIMIT_MB * 1_000_000), request.query_params.get("name", "file")
        kept = await run_in_threadpool(lambda: app().note_files.attach(request.path_params["note_id"], name, content))
        return JSONResponse({"name": kept.name, "size_bytes": kept.size_bytes})

    return answer


def _file(app: Callable[[], App]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        try:
            path = await run_in_threadpool(lambda: app().note_files.path(request.path_params["note_id"], name))
        except HaloError as error:
            return PlainTextResponse(f"{error.message}\n", status_code=404)
        return serve(path, name, inline="save" not in request.query_params)

    return answer


def _worded(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Answer with the words of whatever HALO refuses or fails at."""
    @wraps(answer)
    async def worded(request: Request) -> Response:
        try:
            return await answer(request)
        except HaloError as error:
            status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 503)
            return JSONResponse({"message": error.message, "fix": error.fix}, status_code=status)

    return worded


async def _body(request: Request, limit_bytes: int) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > limit_bytes:
            raise TooLarge(f"that is larger than {limit_bytes / 1e6:g} MB", fix="choose a smaller file")
        pieces.append(piece)
    return b"".join(pieces)
