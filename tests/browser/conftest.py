"""A real server and a real Chromium; every request is recorded, and one that leaves this machine fails the test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from halo_app.bootstrap import App
from tests.browser.accounts import DATABASE, furnished
from tests.browser.serving import Server

CHROMIUM = os.environ.get("HALO_CHROMIUM", "/usr/bin/chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            # Chromium asks for nothing of its own: whatever looks for a way out is ours
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-domain-reliability",
            "--disable-client-side-phishing-detection", "--no-first-run", "--no-pings",
            "--disable-features=OptimizationHints,MediaRouter",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"]
NOTHING = r"(?!)"
LOOPBACK = {"127.0.0.1", "localhost", ""}

expect.set_options(timeout=30_000)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start as many servers as the test asks for."""
    running: list[Server] = []

    def start(name: str = "data", **environ: str) -> Server:
        running.append(Server(tmp_path / name, environ).start())
        return running[-1]

    yield start
    for one in running:
        one.stop()


@pytest.fixture
def server(servers: Callable[..., Server]) -> Server:
    return servers()


@pytest.fixture
def house(tmp_path: Path, servers: Callable[..., Server]) -> Callable[..., Server]:
    """Start a server with a memory database on a data directory that `furnish` has filled."""

    def start(furnish: Callable[[App], object] = lambda app: None) -> Server:
        furnished(tmp_path / "data", furnish)
        return servers("data", HALO_AGENT_DB=DATABASE)

    return start


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a link in a context that fails the test on outside requests, console errors that are not `expected`, and page errors."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    complaints: list[str] = []

    def open_page(
        link: str,
        *,
        width: int = 1440,
        height: int = 900,
        context: BrowserContext | None = None,
        expected: str = NOTHING,
        **options: Any,
    ) -> Page:
        home = context or browser.new_context(viewport={"width": width, "height": height}, **options)
        if context is None:
            contexts.append(home)
        page = home.new_page()
        page.on("request", lambda request: outside.append(request.url) if _leaves(request.url) else None)
        page.on("console", lambda message: _note(message, expected, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(link)
        expect(page.get_by_role("main")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert outside == [], f"requests left this machine: {outside}"
    assert complaints == [], f"the browser complained: {complaints}"


def _note(message: ConsoleMessage, expected: str, complaints: list[str]) -> None:
    if message.type == "error" and not re.search(expected, message.text):
        complaints.append(message.text)


def _leaves(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK
