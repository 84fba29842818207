"""The first five minutes, as docs/newcomer.md lists them: each step is done, and what the list says is looked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.serving import ROOT, Server
from tests.browser.walking import ask, card, chips, go, make_pdf, settled, suggested, upload

Visit = Callable[..., Page]
ROW = re.compile(r"^\| (\d+) \| (?P<does>.+?) \| (?P<sees>.+?) \| (?P<seconds>\d+) \|$", re.MULTILINE)
QUOTED = re.compile(r"“(.+?)”")
LONGEST_SECONDS = 300
QUESTION = "How many storms did the keeper Anna Holm record?"


def test_the_first_five_minutes_go_as_they_are_written(server: Server, visit: Visit, tmp_path: Path) -> None:
    rows = list(ROW.finditer((ROOT / "docs" / "newcomer.md").read_text(encoding="utf-8")))
    assert sum(int(row["seconds"]) for row in rows) <= LONGEST_SECONDS
    done = 0
    for page, row in zip(_steps(server, visit, tmp_path), rows, strict=True):
        for words in QUOTED.findall(row["sees"]):
            expect(page.get_by_text(words).filter(visible=True).first, f"{row['does']} {words}").to_be_visible(timeout=60_000)
        done += 1
    assert done == len(rows)


def _steps(server: Server, visit: Visit, home: Path) -> Iterator[Page]:
    """Do one step after the other and give the page to look at."""
    page = visit(server.link)
    yield page
    suggested(page).first.click()
    yield page
    chips(page).first.click()
    yield page
    page.get_by_role("button", name="New chat").first.click()
    page.get_by_role("button", name="Use my own documents").click()
    yield page
    upload(page, make_pdf(home / "mine"))
    expect(card(page, "lighthouse.pdf")).to_contain_text("3 pages")
    yield page
    go(page, "Chat")
    ask(page, QUESTION)
    yield page
    chips(page).first.click()
    yield page
    page.get_by_role("button", name="Save to note").first.click()
    go(page, "Notes")
    expect(page.get_by_text(QUESTION).first).to_be_visible()
    yield page
    go(page, "Studio")
    settled(page)
    page.get_by_role("button", name="Make", description="Summary of all sources").click()
    yield page
    go(page, "Account")
    page.get_by_text("Privacy", exact=True).first.click()
    yield page
    page.close()
    server.stop()
    server.start()
    page = visit(server.link)
    page.locator(".shelf").get_by_text("storms").first.click()
    yield page
