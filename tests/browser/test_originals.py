"""Originals in a window of their own: a PDF opens at the cited page, and nothing that somebody else wrote runs as a script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.serving import Server
from tests.browser.walking import ask, chips, go, make_pdf, own_notebook, panel, upload

Visit = Callable[..., Page]
SCRIPT = "document.title='owned'; document.documentElement.setAttribute('data-owned','yes'); fetch('/files/reading/stolen')"
WORDS = "The ferry to Sund leaves the quay at 21:40 on every weekday of the winter."
MARKUP = {
    "ferry.html": f'<!doctype html><p>{WORDS}</p><script>{SCRIPT}</script><img src="x" onerror="{SCRIPT}">',
    "ferry.xml": (
        f'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}">'
        f"<text>{WORDS}</text><script>{SCRIPT}</script></svg>"
    ),
    "ferry.md": f"# Ferry\n\n{WORDS}\n\n<script>{SCRIPT}</script>\n",
}


def opened_original(page: Page) -> tuple[Page, list[str]]:
    """Open the original of the cited source; return its window and what the browser complained of there."""
    complaints: list[str] = []
    page.context.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    with page.expect_popup() as popup:
        panel(page).get_by_role("link", name="Open original").click()
    window = popup.value
    window.wait_for_load_state("load")
    return window, complaints


def viewer(window: Page) -> Frame:
    """Return the frame of Chromium's PDF viewer."""
    for _ in range(100):
        for frame in window.frames:
            if frame.url.startswith("chrome-extension://"):
                return frame
        window.wait_for_timeout(100)
    raise AssertionError(f"no PDF viewer among {[frame.url for frame in window.frames]}")


def test_a_pdf_opens_in_the_browser_at_the_cited_page(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link)
    own_notebook(page)
    upload(page, make_pdf(tmp_path / "mine"))
    go(page, "Chat")
    ask(page, "When was the lighthouse at Cape Verin first lit?")
    chips(page).first.click()
    window, complaints = opened_original(page)
    bar = viewer(window).locator("viewer-toolbar")
    expect(bar.locator("#title")).to_have_text("lighthouse.pdf")
    expect(bar.locator("viewer-page-selector #pagelength")).to_have_text("3")
    expect(bar.locator("viewer-page-selector #pageSelector")).to_have_value("2")
    assert complaints == []


@pytest.mark.parametrize("name", MARKUP)
def test_a_script_in_an_original_does_not_run(name: str, server: Server, visit: Visit, tmp_path: Path) -> None:
    (tmp_path / name).write_text(MARKUP[name], encoding="utf-8")
    page = visit(server.link)
    own_notebook(page)
    upload(page, tmp_path / name)
    go(page, "Chat")
    ask(page, "When does the ferry to Sund leave?")
    chips(page).first.click()
    window, _ = opened_original(page)
    expect(window.locator("body")).to_contain_text(WORDS)
    expect(window.locator("body")).to_contain_text("<script>")             # its source is shown, as text
    seen = window.evaluate("[document.contentType, document.title, document.documentElement.dataset.owned ?? '']")
    assert seen == ["text/plain", "", ""]


def test_markup_is_downloaded_when_its_bare_address_is_opened_and_is_never_served_as_a_page(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    (tmp_path / "ferry.html").write_text(MARKUP["ferry.html"], encoding="utf-8")
    page = visit(server.link)
    own_notebook(page)
    upload(page, tmp_path / "ferry.html")
    go(page, "Chat")
    ask(page, "When does the ferry to Sund leave?")
    chips(page).first.click()
    inline = str(panel(page).get_by_role("link", name="Open original").get_attribute("href"))
    with page.expect_download() as download:
        page.evaluate("address => { location.href = address }", inline.partition("?")[0])
    assert download.value.suggested_filename == "ferry.html"
    asked = page.request.get(server.home.rstrip("/") + inline)
    assert asked.headers["content-security-policy"].startswith("sandbox;")
    assert asked.headers["content-type"].startswith("text/plain")
    assert asked.headers["x-content-type-options"] == "nosniff"
