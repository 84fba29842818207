"""Routes of our own beside the pages: the original of a source, a chat as a file, and the pictures of the house."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from halo_app.errors import HaloError
from halo_app.services.bundling import zipped
from halo_app.ui import bundles, going, progress, reading_routes

if TYPE_CHECKING:
    from halo_app.bootstrap import App

ASSETS = Path(__file__).parent / "assets"
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
# Chromium's PDF viewer does not open in a sandbox; a PDF has no origin of its own to abuse.
PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
SHOWN = {                          # what a browser may draw by itself; everything else is downloaded
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp",
    "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "m4b": "audio/mp4", "mp4": "audio/mp4", "ogg": "audio/ogg",
    "oga": "audio/ogg", "opus": "audio/ogg", "flac": "audio/flac",
}
AS_TEXT = frozenset(
    ["txt", "md", "csv", "tsv", "tex", "json", "ipynb", "vtt", "srt", "html", "htm", "xhtml", "svg", "xml", "rss", "eml"]
)
SAVED = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "rtf": "application/rtf", "msg": "application/vnd.ms-outlook",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation", "epub": "application/epub+zip",
    "tiff": "image/tiff", "tif": "image/tiff",
}
TEXT = "text/plain; charset=utf-8"


def routes(app: Callable[[], App]) -> list[Route]:
    """Return the routes; `app` gives the application when the first request comes."""

    async def original(request: Request) -> Response:
        def find() -> tuple[Path, str]:
            sources = app().sources
            source = sources.get(request.path_params["source_id"])
            return sources.original(source.id), source.file

        try:
            path, name = await run_in_threadpool(find)
        except HaloError as error:
            return PlainTextResponse(f"{error.message}\n", status_code=404)
        return serve(path, name, inline="inline" in request.query_params)

    async def chat(request: Request) -> Response:
        asked = request.path_params["session_id"], request.query_params.get("as", "md")
        try:
            content, media_type, name = await run_in_threadpool(lambda: app().chat_exports.export(*asked))
        except HaloError as error:
            return PlainTextResponse(f"{error.message}\n", status_code=404)
        disposition = f"attachment; filename*=utf-8''{quote(name)}"
        headers = {"content-disposition": disposition, "content-security-policy": SANDBOX}
        return Response(content, media_type=media_type, headers=headers)

    async def bundle(request: Request) -> Response:
        wanted = set(bundles.asked(request.path_params["name"]))
        found = await run_in_threadpool(lambda: [source for source in app().sources.mine() if source.id in wanted])
        if not found:
            return PlainTextResponse("this download is over: select the sources and choose Download again\n", status_code=404)
        heads = {"content-disposition": 'attachment; filename="sources.zip"', "content-security-policy": SANDBOX}
        return StreamingResponse(zipped(app().sources, found), media_type="application/zip", headers=heads)

    async def reading(request: Request) -> Response:
        intakes = await run_in_threadpool(lambda: app().ingest.intakes(request.path_params["notebook_id"]))
        return JSONResponse(progress.of(intakes))

    async def making(request: Request) -> Response:
        makings = await run_in_threadpool(lambda: app().workshop.of(request.path_params["notebook_id"]))
        return JSONResponse(progress.of_makings(makings))
    async def names(request: Request) -> Response:
        asked = request.query_params.get("q", ""), request.query_params.get("notebook", "")
        try:
            return JSONResponse({"rows": await run_in_threadpool(lambda: going.found(app(), *asked))})
        except HaloError as error:
            return JSONResponse({"words": error.message}, status_code=503)

    def picture(name: str, media_type: str) -> Callable[[Request], Response]:
        return lambda _: FileResponse(ASSETS / name, media_type=media_type)

    return [
        Route("/files/original/{source_id:str}", original),
        Route("/files/chat/{session_id:str}", chat),
        *reading_routes.routes(app),
        Route(bundles.ADDRESS + "/{name:str}", bundle),
        Route(progress.ADDRESS + "/{notebook_id:str}", reading),
        Route(progress.MAKING_ADDRESS + "/{notebook_id:str}", making),
        Route(going.ADDRESS, names),
        Route("/favicon.ico", picture("favicon.png", "image/png")),
        Route("/favicon.png", picture("favicon.png", "image/png")),
    ]


def serve(path: Path, name: str, *, inline: bool) -> Response:
    """Return a file as its own media type, and never as a page that could run: markup is shown as text or downloaded."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    media_type = SHOWN.get(suffix) or (TEXT if suffix in AS_TEXT else SAVED.get(suffix, "application/octet-stream"))
    shown = inline and (suffix in SHOWN or suffix in AS_TEXT)
    csp = PDF_POLICY if suffix == "pdf" else SANDBOX
    disposition = "inline" if shown else "attachment"
    clean = "".join(mark for mark in name if mark.isprintable() and mark not in '/\\"') or "source"
    return FileResponse(
        path, media_type=media_type, filename=clean, content_disposition_type=disposition, headers={"content-security-policy": csp}
    )
