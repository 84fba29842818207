"""Take the pictures of the pages: `python -m tests.browser.gallery [FOLDER]`, docs/screens when no folder is named.

Without a folder only the few that the README shows are kept; with one, every page in light and dark at three widths.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.serving import ROOT, Server
from tests.browser.walking import ask, card, chips, go, make_pdf, own_notebook, panel, suggested, upload

SCREENS = ROOT / "docs" / "screens"
SIZES = {"wide": (1440, 860), "tablet": (820, 1100), "phone": (390, 844)}
QUESTION = "How many storms did the keeper Anna Holm record?"


def main(folder: Path | None) -> None:
    """Walk through a fresh HALO and take a picture of every page on the way."""
    target = folder or SCREENS
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        server = Server(Path(home) / "data").start()
        try:
            _furnish(_visit(browser, server.link), Path(home))
            for scheme in ("light", "dark"):
                for size in SIZES if folder else ("wide",):
                    for name, page in _pages(browser, server.link, size, scheme):
                        if folder or name in {"chat", "sources"}:
                            page.screenshot(path=str(target / f"{name}-{scheme}{'' if size == 'wide' else '-' + size}.png"))
        finally:
            server.stop()
            browser.close()


def _visit(browser: Browser, link: str, size: str = "wide", scheme: str = "light") -> Page:
    width, height = SIZES[size]
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    page.goto(link)
    expect(page.locator(".prose .title").first).to_be_visible()
    return page


def _furnish(page: Page, home: Path) -> None:
    """Put in a document, a file that fails, a chat, a note and an output, beside the sample's."""
    suggested(page).first.click()
    expect(chips(page).first).to_be_visible()
    page.get_by_role("button", name="New chat").click()
    own_notebook(page)
    broken = home / "scan.pdf"
    broken.write_bytes(b"%PDF-1.7\nthis is no document\n")
    upload(page, make_pdf(home))
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(str(broken))
    expect(card(page, "scan.pdf").locator(".fault")).to_be_visible()
    go(page, "Chat")
    ask(page, QUESTION)
    page.get_by_role("button", name="Save to note").first.click()
    expect(page.get_by_text("Saved as a note")).to_be_visible()
    page.context.close()


def _pages(browser: Browser, link: str, size: str, scheme: str) -> Iterator[tuple[str, Page]]:
    page = _visit(browser, link, size, scheme)
    yield "empty", page
    for name in ("Sources", "Notes", "Studio", "Account"):
        go(page, name)
        expect(page.locator(".stMain h1").first).to_have_text(name)
        expect(page.locator("[class*='st-key-card-'] .prose").first).to_be_visible()
        yield name.lower(), page
    page.context.close()
    page = _visit(browser, link, size, scheme)
    if size == "phone":
        page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".shelf .chat").first.click()
    if size == "phone":
        page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    chips(page).first.click()
    expect(panel(page).locator(".picture img")).to_be_visible()
    yield "chat", page
    page.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
