"""How the walks of the Account page fill a house, find their way and press its controls."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page

from halo_app.bootstrap import App, build_app
from halo_app.domain.memory import Fact, Memory
from halo_app.settings import read_settings
from tests.browser.serving import Server
from tests.browser.walking import settled

Visit = Callable[..., Page]
PAUSE_MS = 250                  # until the page knows of a click
DATABASE = "sqlite:///{data_dir}/memory.db"


def furnished(data_dir: Path, furnish: Callable[[App], object]) -> None:
    """Make a data directory and let `furnish` fill it."""
    app = build_app(read_settings(environ={"HALO_DATA_DIR": str(data_dir), "HALO_AGENT_DB": DATABASE}))
    app.first_start(serving=False)
    furnish(app)
    app.close()


def remember(app: App, *memories: Memory) -> None:
    assert app.memory
    app.memory.kept.add(app.principal, [Memory(**{**_fields(one), "user_id": app.user_id}) for one in memories])
    app.outbox.drain()


def _fields(one: Memory) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def facts(*contents: str) -> list[Memory]:
    return [Memory(Fact(content)) for content in contents]


def account(visit: Visit, server: Server, section: str, **options: object) -> Page:
    """Open a section of the Account page by its address."""
    page = visit(server.link, **options)
    settled(page)
    page.goto(f"{server.home}account?section={section.replace(' ', '%20')}")
    settled(page)
    return page


def section(page: Page, name: str) -> Locator:
    return page.locator(".st-key-section").get_by_role("radio", name=name, exact=True)


def rows(page: Page) -> Locator:
    return page.locator(".entries tbody tr")


def row(page: Page, text: str) -> Locator:
    return rows(page).filter(has_text=text)


def press(page: Page, name: str, within: str = "body") -> None:
    """Press a button by its name, once the page rests, and wait until it rests again."""
    settled(page)
    page.locator(within).get_by_role("button", name=name, exact=True).first.click()
    rest(page)


def rest(page: Page) -> None:
    """Wait until a click was taken up and what it did is drawn."""
    page.wait_for_timeout(PAUSE_MS)
    settled(page)


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(f"{label}$")).first
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    rest(page)


def fill(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True).last
    box.fill(text)
    box.press("Tab")
    rest(page)
