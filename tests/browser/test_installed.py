"""What a wheel shows in the browser is what the checkout shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.wheels import install

Visit = Callable[..., Page]


def test_an_installed_halo_shows_the_same_pages(servers: Callable[..., Any], visit: Visit, tmp_path: Path) -> None:
    walk(visit(servers().link))
    process = install(tmp_path).start("--port", "0", "--no-browser")
    try:
        assert process.stdout is not None
        link = next(line for line in process.stdout if "HALO is open at " in line).partition(" at ")[2].strip()
        page = visit(link)
        walk(page)
        page.close()                   # before its server goes
    finally:
        process.terminate()
        process.communicate(timeout=30)


def walk(page: Page) -> None:
    """Open every page through the navigation; each shows its own heading."""
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links).to_have_text(["Chat", "Sources", "Notes", "Studio", "Account"])
    for name in links.all_inner_texts():
        links.filter(has_text=name).first.click()
        title = "New chat" if name == "Chat" else name
        expect(page.get_by_role("main").get_by_role("heading", name=title, exact=True).first).to_be_visible()
