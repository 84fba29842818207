"""Open the pages of a running HALO as a browser does, over its websocket, and tell how long the server took for each.

`python -m halo_app.ui.visiting LINK ROUNDS [PAGE…]` prints {page: [seconds]}. A page counts as drawn when the script that draws it is
over; what the browser then paints is not in it. The first visit to each page is left out.
"""

from __future__ import annotations

import http.cookiejar
import json
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PAGES = ("chat", "sources", "notes", "studio", "account")
PATIENCE_SECONDS = 60.0
_XSRF = "_streamlit_xsrf"


@dataclass
class Visit:
    """An open window: its socket, and the pages that the server offers, by their name in the address."""

    socket: ClientConnection
    pages: dict[str, str] = field(default_factory=dict)

    def draw(self, page: str = "") -> float:
        """Have a page drawn, the first one when none is named; returns the seconds until the server is done with it."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        if page:
            message.rerun_script.page_script_hash = self.pages[page]
        began = time.perf_counter()
        self.socket.send(message.SerializeToString())
        self._wait()
        return time.perf_counter() - began

    def _wait(self) -> None:
        """Read what the server says until a script that was not cut short is over. Raises TimeoutError when nothing comes."""
        said = ForwardMsg()
        while True:
            said.ParseFromString(_bytes(self.socket.recv(timeout=PATIENCE_SECONDS)))
            kind = said.WhichOneof("type")
            if kind == "navigation":
                self.pages = {page.url_pathname or PAGES[0]: page.page_script_hash for page in said.navigation.app_pages}
            if kind == "script_finished" and said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return


@contextmanager
def visit(link: str) -> Iterator[Visit]:
    """Open a window on the link that HALO prints, and draw its first page."""
    parts = urlsplit(link)
    cookies = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies))
    for address in (link, f"{parts.scheme}://{parts.netloc}/_stcore/health"):
        opener.open(address, timeout=PATIENCE_SECONDS).close()
    held = {cookie.name: cookie.value or "" for cookie in cookies}
    heads = {"Cookie": "; ".join(f"{name}={value}" for name, value in held.items())}
    with connect(f"ws://{parts.netloc}/_stcore/stream", additional_headers=heads, origin=Origin(f"http://{parts.netloc}"),
                 subprotocols=[Subprotocol("streamlit"), Subprotocol(held[_XSRF])], proxy=None, max_size=None) as socket:
        window = Visit(socket)
        window.draw()
        yield window


def _bytes(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else said


def main(link: str, rounds: int, pages: Sequence[str] = PAGES) -> dict[str, list[float]]:
    """Draw each page so often, in turns, and return the seconds of each."""
    with visit(link) as window:
        for page in pages:
            window.draw(page)
        drawn = [(page, window.draw(page)) for _ in range(rounds) for page in pages]
    return {page: [seconds for name, seconds in drawn if name == page] for page in pages}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:] or PAGES)))  # noqa: T201
