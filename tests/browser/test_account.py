"""The Account page as a person uses it: every section and its controls, on a screen and on a phone."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from halo_app.bootstrap import App
from halo_app.domain.memory import Fact, Memory, State
from tests.browser.accounts import account, facts, fill, press, remember, rest, section
from tests.browser.walking import settled

Visit = Callable[..., Page]
TOO_SMALL = """() => [...document.querySelectorAll('.stMain button, .stMain input[type=text], .stMain summary')]
    .filter((one) => one.offsetParent && !one.closest('[data-testid=stElementToolbar]'))
    .map((one) => one.closest('[data-testid=stTextInputRootElement], .stSelectbox, .stNumberInput > div') ?? one)
    .filter((one) => one.getBoundingClientRect().height < 39.5).map((one) => one.outerHTML.slice(0, 90))"""
SECTIONS = {"You": "Usage", "Appearance": "Density", "Memory": "No memories stored yet", "Models": "Models and what they may know",
            "Privacy": "What leaves this machine", "Storage": "Search index", "Audit": "Audit trail", "Log": "What HALO did",
            "Keyboard": "Start a new chat", "This installation": "under the MIT licence", "Danger zone": "Erase me"}


def test_each_section_is_reached_by_its_control_and_by_its_address(house, visit: Visit) -> None:
    server = house()
    page = account(visit, server, "You")
    for name, words in SECTIONS.items():
        section(page, name).click()
        expect(page.locator(".stMain")).to_contain_text(words)
        expect(section(page, name)).to_be_checked()
        if name != "You":
            expect(page).to_have_url(re.compile("section=" + name.replace(" ", "(%20|[+])")))
    for name in ("Memory", "This installation"):
        page.goto(f"{server.home}account?section={name.replace(' ', '%20')}")
        expect(page.locator(".stMain")).to_contain_text(SECTIONS[name])


def test_models_usage_audit_and_health_are_shown(house, visit: Visit) -> None:
    def furnish(app: App) -> None:
        remember(app, *facts("Keeps bees"))
        for number in range(60):
            app.notes.delete(app.notes.create(app.notebooks.default().id, f"Note {number}", "of no weight").id)
        logging.getLogger("halo_app.walk").warning("something was odd")

    page = account(visit, house(furnish), "You", accept_downloads=True)
    expect(page.locator(".st-key-card-usage")).to_contain_text("1 memory in the last 30 days")
    expect(page.locator(".st-key-card-usage .bars .field")).to_be_visible()
    section(page, "Models").click()
    press(page, "Register a model")
    fill(page, "Name", "Own-7B")
    page.get_by_role("combobox", name=re.compile("Good at")).click()
    page.get_by_role("option", name="text generation").click()
    page.keyboard.press("Escape")
    press(page, "Register")
    expect(page.locator(".st-key-card-registry")).to_contain_text("Own-7B")
    section(page, "Audit").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    press(page, "Show more")
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    page.get_by_text("Show looks at memories, too").click()
    rest(page)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    press(page, "Check it")
    expect(page.locator(".st-key-card-audit .yes")).to_contain_text("nothing was changed")
    section(page, "Log").click()
    expect(page.locator(".st-key-card-log")).to_contain_text("something was odd")
    page.get_by_text("Only warnings and errors").click()
    expect(page.locator(".st-key-card-log code")).to_contain_text("WARNING")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the log").click()
    assert b"something was odd" in Path(download.value.path()).read_bytes()
    section(page, "This installation").click()
    page.get_by_text("Libraries and their licences", exact=True).click()
    expect(page.locator(".st-key-card-about")).to_contain_text(re.compile(r"streamlit [\d.]+ · Apache"))
    press(page, "Check now")
    expect(page.get_by_text(re.compile("✓ memory: .*can be written"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_every_section_fits_and_is_made_for_fingers(house, visit: Visit, scheme: str) -> None:
    long = "W" * 400
    page = account(visit, house(lambda app: remember(
        app, *facts("Prefers tea", long, "המשתמש גר בחיפה"), Memory(Fact("Owns a boat"), state=State.SUGGESTED))),
        "Memory", width=390, height=844, color_scheme=scheme)
    expect(page.get_by_text("Select all", exact=True)).to_be_visible()
    for name in SECTIONS:
        section(page, name).click()
        settled(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert page.evaluate(TOO_SMALL) == [], name



def test_a_look_is_chosen_and_the_next_load_begins_in_it(house, visit: Visit) -> None:
    server = house()
    page = account(visit, server, "Appearance", color_scheme="light")
    look = page.locator(".st-key-card-appearance")
    look.get_by_role("radio", name="Compact").click()
    rest(page)
    expect(look).to_have_css("padding-left", "14px")
    look.get_by_role("radio", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    expect(look.get_by_role("radio", name="Dark", exact=True)).to_be_checked()
    page.goto(f"{server.home}notes", wait_until="commit")
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(21, 20, 18)"      # before any script
    settled(page)
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(21, 20, 18)")
    page.goto(f"{server.home}account?section=Appearance")
    look.get_by_role("radio", name="As the system").click()
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(251, 250, 247)")
