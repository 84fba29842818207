"""axe finds nothing serious on any page: empty and full, in light and dark, on a wide screen and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.serving import Server
from tests.browser.test_every_control import furnish
from tests.browser.walking import chips, settled

Visit = Callable[..., Page]
GRAVE = {"serious", "critical"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"]}
DATABASE = "sqlite:///{data_dir}/memory.db"
PAGES = ("", "sources", "notes", "studio", "account")
SECTIONS = ("Appearance", "Memory", "Models", "Privacy", "Storage", "Audit", "Log", "Keyboard", "This%20installation", "Danger%20zone")
FAULTY = """<button></button><p style="color:#bbb">pale</p>"""
SIZES = ((1440, 900), (390, 844))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _served(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from _served(tmp_path_factory.mktemp("full"))


def _served(folder: Path) -> Iterator[Server]:
    server = Server(folder / "data", {"HALO_AGENT_DB": DATABASE}).start()
    yield server
    server.stop()


def test_a_fault_that_is_put_in_is_found(empty: Server, visit: Visit) -> None:
    page = visit(empty.link)
    page.evaluate(f"document.querySelector('.stMain').insertAdjacentHTML('beforeend', '{FAULTY}')")
    assert {line.split(": ")[1] for line in faults_here(page, "here")} == {"button-name", "color-contrast"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_first_visit_has_no_grave_fault_on_any_page(scheme: str, empty: Server, visit: Visit) -> None:
    page = visit(empty.link, color_scheme=scheme, reduced_motion="reduce")
    found = [fault for name in PAGES for fault in _faults(page, empty.home + name, SIZES)]
    assert found == []


def test_a_furnished_house_has_no_grave_fault_on_any_page(full: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(full.link, reduced_motion="reduce")
    chat = furnish(page, tmp_path)
    chips(page).first.click()
    expect(page.locator(".evidence")).to_be_visible()
    addresses = [chat, *(full.home + name for name in PAGES[1:]), *(f"{full.home}account?section={name}" for name in SECTIONS)]
    found = faults_here(page, "the evidence")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [fault for address in addresses for fault in _faults(page, address, SIZES)]
    assert found == []


def _faults(page: Page, address: str, sizes: tuple[tuple[int, int], ...]) -> list[str]:
    """Open an address and return what axe finds grave there, a line each."""
    page.goto(address)
    expect(page.locator(".stMain h1, .stMain .title").first).to_be_visible()
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    found = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        settled(page)
        found += faults_here(page, f"{address.rpartition('/')[2]} at {width} px")
    return found


def faults_here(page: Page, where: str) -> list[str]:
    results = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{where}: {one['id']}: {one['help']}: {node['html'][:160]} ({'; '.join(check['message'] for check in node['any'][:1])})"
        for one in results if one["impact"] in GRAVE for node in one["nodes"][:3]
    ]
