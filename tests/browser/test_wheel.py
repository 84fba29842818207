"""What a wheel shows in the browser is what the checkout shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.wheels import install

Visit = Callable[..., Page]


def test_an_installed_halo_shows_the_same_pages(servers: Callable[..., object], visit: Visit, tmp_path: Path) -> None:
    checkout = seen(visit(servers().link))  # type: ignore[attr-defined]
    process = install(tmp_path).start("--port", "0", "--no-browser")
    try:
        assert process.stdout is not None
        link = next(line for line in process.stdout if "HALO is open at " in line).partition(" at ")[2].strip()
        assert seen(visit(link)) == checkout
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert [name for name, _ in checkout] == ["Chat", "Sources", "Notes", "Studio", "Account"]


def seen(page: Page) -> list[tuple[str, str]]:
    """Return (name, first heading) of every page in the navigation."""
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links.first).to_be_visible()
    found = []
    for name in links.all_inner_texts():
        links.filter(has_text=name).first.click()
        heading = page.get_by_test_id("stMain").get_by_role("heading").first
        expect(heading).to_be_visible()
        found.append((name.strip(), heading.inner_text()))
    return found
