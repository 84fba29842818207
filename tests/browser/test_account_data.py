"""Everything of mine, in my hands: consent, rules, copies, erasure, as a person uses them on the Account page."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from halo_app.bootstrap import App
from halo_app.domain.memory import Fact, Memory
from tests.browser.accounts import DATABASE, Visit, account, facts, fill, press, remember, row, section
from tests.browser.walking import go, settled


def test_consent_rules_copies_and_erasure_are_in_my_hands(house, servers, visit: Visit, tmp_path: Path) -> None:
    def furnish(app: App) -> None:
        long_ago = datetime.now(UTC) - timedelta(days=90)
        remember(app, *facts("Keeps bees"), Memory(Fact("Kept a cow"), created_at=long_ago, occurred_at=long_ago))

    page = account(visit, house(furnish), "Privacy", accept_downloads=True)
    card = page.locator(".st-key-card-consent")
    press(page, "Agree")
    expect(card).to_contain_text("You agreed.")
    press(page, "Take it back")
    expect(card).to_contain_text("You took it back.")

    rules = page.locator(".st-key-card-retention")
    expect(rules).to_contain_text("Now nothing would go.")
    fill(page, "Facts", "30")
    expect(rules).to_contain_text("By these days this would go: 1 fact.")
    press(page, "Save the days")
    expect(rules).to_contain_text(re.compile("Now (this|nothing) would go"))         # the run at the start may have been late
    press(page, "Delete now")
    press(page, "Delete for good")
    expect(rules).to_contain_text("Now nothing would go.")

    section(page, "Storage").click()
    press(page, "Make the file")
    expect(page.locator(".st-key-card-export .yes")).to_contain_text("record")
    mine = downloaded(page, "export", tmp_path / "mine.zip")
    assert any("memor" in name for name in mine.namelist())
    press(page, "Make a backup")
    expect(page.locator(".st-key-card-backup .yes")).to_contain_text("files")
    assert any(name.endswith("memory.db") for name in downloaded(page, "backup", tmp_path / "backup.zip").namelist())
    press(page, "Free what is spare")
    expect(page.get_by_test_id("stToast").filter(has_text=re.compile("given back|Nothing was spare"))).to_be_visible()

    section(page, "Danger zone").click()               # the sections stay in sight however far down the page is
    expect(page.locator(".st-key-card-erase")).to_be_visible()
    press(page, "Erase everything of mine")
    erase = page.get_by_role("button", name="Erase for good")
    expect(erase).to_be_disabled()
    fill(page, "Type your user ID, local-user, to go on", "local-user")
    erase.click()
    settled(page)
    expect(page.locator(".st-key-card-erase")).to_contain_text("0 left. Receipt", timeout=60_000)
    page.keyboard.press("Escape")
    section(page, "Memory").click()
    expect(page.get_by_text("No memories stored yet")).to_be_visible()
    for name in ("Chat", "Sources", "Notes", "Studio", "Account"):
        go(page, name)
        settled(page)
        expect(page.get_by_test_id("stAlert")).to_have_count(0)

    # what was taken along comes back in a house that holds nothing but the sample
    other = servers("other", HALO_AGENT_DB=DATABASE)
    page = account(visit, other, "Storage")
    expect(page.locator(".st-key-card-room")).to_contain_text("Original files")
    for told in ("brought in.", "already"):
        page.locator(".st-key-card-import input[type=file]").set_input_files(tmp_path / "mine.zip")
        press(page, "Bring it in")
        expect(page.locator("body")).to_contain_text(told, timeout=60_000)
    page.goto(f"{other.home}account?section=Memory")
    expect(row(page, "Keeps bees")).to_have_count(1)


def downloaded(page: Page, name: str, path: Path) -> zipfile.ZipFile:
    """Fetch what was made, and return it opened and checked."""
    with page.expect_download() as download:
        page.locator(f".st-key-card-{name}").get_by_role("button", name="Download", exact=True).click()
    download.value.save_as(path)
    with zipfile.ZipFile(path) as taken:
        assert taken.testzip() is None
        return taken


def test_an_administrator_clears_the_memory_of_everybody(house, visit: Visit) -> None:
    def furnish(app: App) -> None:
        assert app.memory
        app.memory.store(app.user_id, "Mine")
        app.memory.store("somebody", "Theirs")

    page = account(visit, house(furnish), "Danger zone")
    press(page, "Clear the memory of all users")
    clear = page.get_by_role("button", name="Clear for good")
    expect(clear).to_be_disabled()
    fill(page, "Type “clear everyone” to go on", "clear everyone")
    clear.click()
    expect(page.get_by_test_id("stToast")).to_contain_text("2 memories of all users deleted for good.")
