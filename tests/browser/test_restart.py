"""The server dies while the page is open: the page says so in words, and goes on by itself when it is back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from halo_app.ui.components.away import TITLE
from tests.browser.serving import Server
from tests.browser.walking import ask, card, chips, go, make_pdf, make_text, own_notebook, panel, settled, upload

Visit = Callable[..., Page]
ABSENCE = r"net::ERR_CONNECTION|server endpoint|server is not responding"       # what is said of a server that is away


def test_a_file_that_is_being_read_when_the_server_dies_is_read_to_its_end_by_the_next_one(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    page = visit(server.link, expected=ABSENCE)
    own_notebook(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(str(make_text(tmp_path / "long.txt", passages=500)))
    expect(page.get_by_test_id("stProgress")).to_be_visible()
    server.kill()
    dialog = page.get_by_role("dialog", name=TITLE)
    expect(dialog).to_contain_text("Start it again in the terminal")
    expect(dialog).not_to_contain_text("Streamlit")
    server.start()
    expect(dialog).to_have_count(0, timeout=60_000)
    expect(card(page, "long.txt").get_by_role("button", name="Open")).to_be_visible(timeout=120_000)       # nobody clicked
    go(page, "Chat")
    ask(page, "How far is harbour 77 from the lighthouse?")
    expect(page.locator(".said").first).to_contain_text("Harbour 77 lies 539 metres")


def test_an_open_chat_is_still_open_when_the_server_comes_back(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link, expected=ABSENCE, width=390, height=844)
    own_notebook(page)
    upload(page, make_pdf(tmp_path))
    go(page, "Chat")
    ask(page, "When was the lighthouse at Cape Verin first lit?")
    server.kill()
    expect(page.get_by_role("dialog", name=TITLE)).to_be_visible()
    server.start()
    settled(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    opened = panel(page).get_by_text("quote found verbatim")
    for _ in range(30):                                   # the first click may come before the page is drawn again
        chips(page).first.click()
        page.wait_for_timeout(1000)
        if opened.is_visible():
            break
    expect(opened).to_be_visible()
