"""What the Sources page costs at the server with thousands of sources: `python benchmarks/sources_page.py [SOURCES]`.

The page is drawn over its own websocket; an action in the list (filter, search, order, turn a page, select all) draws the list alone,
so it is timed where the list is made: the records, what is known of them, the filter, the order, and the rows of one page.
Words alone are searched, because making vectors for the house would take longer than everything that is measured.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from halo_app.bootstrap import App, build_app
from halo_app.cli._speed_house import House, furnish
from halo_app.cli._timing import timed
from halo_app.domain.chunk import Scope
from halo_app.domain.listing import Known, Order, Wish, listed
from halo_app.settings import read_settings
from halo_app.ui import visiting
from halo_app.ui.components import source_rows
from tests.browser.serving import Server

ROUNDS = 40
WISHES = {
    "no filter": Wish(), "search in texts": Wish("harbour lighthouse"), "order by name": Wish(order=Order.NAME, descending=False),
    "order by cited": Wish(order=Order.CITED),
    "a later page": Wish(page=20), "kind and state": Wish(kind="txt", standing="never cited"),
}


def main(count: int) -> None:
    """Print the seconds (p50, p95) of the page and of each action."""
    os.environ["EMBEDDING_MODEL_PATH"] = "/nowhere"
    with tempfile.TemporaryDirectory() as home:
        settings = read_settings({"data_dir": f"{home}/data"})
        furnish(settings, House(chats=min(1000, count), sources=count, notes=min(5000, 2 * count)))
        app = build_app(settings)
        try:
            figures = {name: _timed(app, wish) for name, wish in WISHES.items()}
        finally:
            app.close()
        server = Server(Path(home) / "data").start()
        try:
            figures["whole page"] = timed(visiting.main(server.link, ROUNDS, ("sources",))["sources"])
        finally:
            server.stop()
    print(json.dumps(figures, indent=1))


def draw(app: App, wish: Wish) -> object:
    """Do what the server does for one action in the list."""
    notebook = app.notebooks.default().id
    sources = app.sources.of(notebook)
    counts = app.where_cited.counts()
    cited = {source.id: counts.get(source.id, 0) for source in sources}
    holding = app.retrieval.holding(wish.words, Scope(app.user_id, notebook)) if wish.words else frozenset()
    known = Known(frozenset(source.id for source in sources), cited, holding)
    return source_rows.view(sources, listed(sources, wish, known), wish, known, frozenset())


def _timed(app: App, wish: Wish) -> dict[str, Any]:
    """Return the figures of one action by the clock, and what of it this thread computed: the rest is waiting for others."""
    draw(app, wish)
    found, computed = [], time.thread_time()
    for _ in range(ROUNDS):
        began = time.perf_counter()
        draw(app, wish)
        found.append(time.perf_counter() - began)
    return {**timed(found), "computed_ms": round((time.thread_time() - computed) / ROUNDS * 1000, 2)}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
