"""The page's empty frame for an address like /notes: it says where the server is, so that nothing is looked for below the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from halo_app.ui import theme

FIRST = "chat"
HEAD = "<head>"
TOLD = "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin }</script>"


def routes(pages: Iterable[str], chosen: Callable[[], str] = lambda: "system") -> list[Route]:
    """Return a route for each page's address; the first page lives at the root. `chosen` tells the theme that the reader chose."""

    async def shell(_: Request) -> Response:
        return HTMLResponse(told(_index(), chosen()), headers={"Cache-Control": "no-cache"})

    async def home(request: Request) -> Response:
        return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/")

    return [Route("/", shell), *(Route(f"/{name}", home if name == FIRST else shell) for name in pages)]


def told(html: str, chosen: str = "system") -> str:
    """Return Streamlit's own page with the server's place and the reader's theme in it, said before its scripts run."""
    return html.replace(HEAD, HEAD + TOLD + theme.head(chosen), 1)


def _index() -> str:
    import streamlit

    return (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
