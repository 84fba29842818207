"""Routes for the reader: a source's layout, parts of its text and tables, its pages, its guide, and where it was cited."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from halo_app.errors import BadInput, HaloError
from halo_app.ui import reading_answers

if TYPE_CHECKING:
    from halo_app.bootstrap import App

ADDRESS = "/files/reader"
WIDTHS_PX = (300, 2400)
WORDS_CHARS = 400
Ask = Callable[["App", str, Request], Any]


def routes(app: Callable[[], App]) -> list[Route]:
    """Return the routes; `app` gives the application when the first request comes.

    What cannot be shown is told in words, `{"error": …}`: the page asks for it by itself, so there is no status to look at.
    """

    def route(name: str, ask: Ask) -> Route:
        async def answer(request: Request) -> Response:
            def work() -> Response:
                made = ask(app(), request.path_params["source_id"], request)
                return Response(made, media_type="image/png") if isinstance(made, bytes) else _told(made)

            try:
                return await run_in_threadpool(work)
            except HaloError as error:
                return _told({"error": f"{error.message}. {error.fix}".strip(". ") + "."})

        return Route(f"{ADDRESS}/{{source_id:str}}/{name}", answer)

    return [route(name, ask) for name, ask in _ANSWERS.items()]


def _told(tree: Any) -> Response:
    return Response(json.dumps(tree, separators=(",", ":")), media_type="application/json")      # lone surrogates stay escaped


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "0")
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise BadInput(f"{name} is not a number", fix="open the source again")
    return int(value)


def _page(app: App, source_id: str, request: Request) -> bytes:
    width = min(max(_number(request, "width"), WIDTHS_PX[0]), WIDTHS_PX[1])
    return app.viewing.page(source_id, _number(request, "page"), width)


_ANSWERS: dict[str, Ask] = {
    "layout": lambda app, source_id, _: reading_answers.layout(app.viewing.layout(source_id)),
    "text": lambda app, source_id, asked: app.viewing.text(source_id, _number(asked, "first"), _number(asked, "last")),
    "find": lambda app, source_id, asked: reading_answers.found(
        app.viewing.found(source_id, asked.query_params.get("words", "")[:WORDS_CHARS])),
    "rows": lambda app, source_id, asked: reading_answers.rows(
        app.viewing.rows(source_id, _number(asked, "sheet"), _number(asked, "first"), _number(asked, "last"))),
    "cells": lambda app, source_id, asked: reading_answers.cells(
        *app.viewing.cells(source_id, _number(asked, "start"), _number(asked, "end"))),
    "sizes": lambda app, source_id, _: app.viewing.sizes(source_id),
    "page": _page,
    "boxes": lambda app, source_id, asked: reading_answers.boxes(
        app.viewing.boxes(source_id, _number(asked, "page"), _number(asked, "start"), _number(asked, "end"))),
    "guide": lambda app, source_id, _: reading_answers.guide(app.sources.guide(source_id)),
    "cited": lambda app, source_id, _: reading_answers.cited(app.where_cited.mentions(app.sources.get(source_id).id)),
}
