"""The addresses of pages, and the frame that is served there."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.testclient import TestClient

from halo_app.ui import places, progress, shell
from tests.ui_fakes import busy_app


def test_the_frame_of_a_page_says_where_the_server_is_before_any_script_runs() -> None:
    client = TestClient(Starlette(routes=shell.routes(["chat", "notes"])), follow_redirects=False)
    html = client.get("/notes").text
    assert html.index(shell.TOLD) < html.index("<script type=")
    assert client.get("/chat?chat=1").headers["location"] == "/?chat=1"


def test_every_page_has_a_name_and_the_first_ones_lead() -> None:
    names = places.page_names(["chat", "nowhere"])
    assert names[0] == "chat"
    assert {"sources", "notes", "studio", "account"} <= set(names)


def test_progress_holds_ids_and_numbers_and_no_names() -> None:
    seen = progress.of(busy_app().ingest.intakes("n0"))
    assert seen["moving"] == "i1"
    assert seen["steps"].endswith(":34/120")
    assert "Annual" not in str(seen)
