"""The palette leads anywhere with the keyboard alone, gives the focus back, and answers at once in a full house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from halo_app.bootstrap import build_app
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.note import Note
from halo_app.services.uploads import Upload
from halo_app.settings import read_settings
from tests.browser.serving import Server
from tests.browser.walking import settled, title

Visit = Callable[..., Page]
FERRY = "The ferry to Sund leaves at noon. It takes forty minutes, and bicycles ride for free."


def fill(data_dir: Path) -> None:
    """Put two notebooks, a source, and hundreds of chats and notes into a fresh house."""
    app = build_app(read_settings({"data_dir": str(data_dir)}))
    app.first_start(serving=False)
    garden, coast = app.notebooks.create("Garden").id, app.notebooks.create("Coast").id
    list(app.ingest.add([Upload.from_text("Timetable of the ferry", FERRY)], coast))
    now = datetime.now(UTC)
    when = [now - timedelta(hours=hours) for hours in range(300)]
    app.records("chats").put_all([
        Conversation(uuid4().hex, f"Harbour {place}", coast, app.user_id, at, at, (Message(Role.USER, "What is told?", at),))
        for place, at in enumerate(when)])
    notes = [Note(uuid4().hex, garden, app.user_id, f"Rose {place}", "Red.", at, at) for place, at in enumerate(when)]
    app.records("notes").put_all(notes)
    app.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("house") / "data"
    fill(home)
    server = Server(home).start()
    yield server
    server.stop()


def opened(page: Page) -> Locator:
    """Open the palette by its keys and return its field."""
    settled(page)
    expect(page.locator("body > .halo-palette")).to_be_attached()      # the keys are listened for
    page.keyboard.press("Alt+k")
    field = page.get_by_role("combobox", name="Go to anything")
    expect(field).to_be_focused()
    return field


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="What fits").get_by_role("option")


def go_to(page: Page, letters: str, first: str) -> None:
    """Type some letters, see what stands first, and open it."""
    opened(page).fill(letters)
    expect(options(page).first).to_contain_text(first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Go to anything")).to_have_count(0)


def test_a_few_letters_lead_to_every_kind_of_thing_also_in_another_notebook(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    go_to(page, "harb 217", "Harbour 217")
    expect(title(page)).to_have_text("Harbour 217")
    go_to(page, "rose 42", "Rose 42")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Rose 42")
    expect(page.get_by_role("combobox", name="Notebook")).to_have_value("Garden")
    go_to(page, "timetable", "Timetable of the ferry")
    expect(page.get_by_text("bicycles ride for free").first).to_be_visible()
    go_to(page, "account", "Account")
    expect(page.locator(".stMain h1").first).to_have_text("Account")
    go_to(page, "garden", "Garden")
    expect(page.get_by_role("combobox", name="Notebook")).to_have_value("Garden")
    go_to(page, "new note", "New note")
    expect(page.get_by_label("Title", exact=True)).not_to_have_value("Rose 42")


def test_arrows_choose_escape_gives_the_focus_back_and_what_was_used_last_comes_first(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    box = page.get_by_test_id("stChatInputTextArea")
    box.focus()
    field = opened(page)
    field.fill("harbour")
    expect(options(page).first.locator("b")).to_have_text("Harbour")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(2)).to_have_attribute("aria-selected", "true")
    third = options(page).nth(2).locator(".what").inner_text()
    assert field.get_attribute("aria-activedescendant") == options(page).nth(2).get_attribute("id")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    opened(page).fill("harbour")
    expect(options(page).first.locator("b")).to_have_text("Harbour")
    expect(options(page).nth(2)).to_contain_text(third)
    options(page).nth(2).click()
    expect(title(page)).to_have_text(third)
    opened(page)
    expect(options(page).first).to_contain_text(third)
    page.keyboard.press("Escape")


def test_what_is_typed_can_be_asked_and_what_has_no_name_says_so(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    opened(page).fill("When does the ferry to Sund leave?")
    page.get_by_role("option", name="Ask “When does the ferry to Sund leave?”").click()
    expect(page.locator(".thread .question").last).to_have_text("When does the ferry to Sund leave?")
    expect(page.locator(".thread .turn .actions").last).to_be_visible()


def test_all_shortcuts_are_listed_by_a_sign_that_can_be_switched_off(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    settled(page)
    expect(page.locator("body > .halo-palette")).to_be_attached()
    page.get_by_test_id("stChatInputTextArea").press("?")
    shown = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shown).to_have_count(0)                                     # a question mark in a question is one
    page.locator("body").press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(shown).to_contain_text("Alt + K")
    shown.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(shown).to_have_count(0)
    opened(page).fill("keyboard")
    page.keyboard.press("Enter")                                       # quicker than the answer: what it brings first is meant
    expect(shown).to_be_visible()


def test_the_first_stop_of_the_keyboard_leads_past_the_navigation(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    settled(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#stMain")).to_be_focused()


def test_a_finger_opens_it_on_a_phone(house: Server, visit: Visit) -> None:
    page = visit(house.link, width=390, height=844)
    page.get_by_role("button", name="Go to anything").click()
    page.get_by_role("option", name="Sources Page").click()
    expect(page.locator(".stMain h1").first).to_have_text("Sources")


def test_the_address_of_a_passage_opens_it_and_one_that_is_cut_off_says_so(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    go_to(page, "timetable", "Timetable of the ferry")
    expect(page.get_by_text("bicycles ride for free").first).to_be_visible()
    source = page.url.partition("&")[0]
    page.goto(f"{source}&at=0-33")
    expect(page.locator("mark").first).to_have_text(FERRY[:33])
    page.goto(f"{source}&at=5-99999999")
    expect(page.get_by_text("has no such passage")).to_be_visible()
    expect(page.get_by_text("bicycles ride for free").first).to_be_visible()


def test_other_colours_are_chosen_from_the_palette(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    app = page.get_by_test_id("stApp")
    go_to(page, "dark", "Dark colours")
    expect(app).to_have_css("background-color", "rgb(21, 20, 18)")
    go_to(page, "colours of the", "Colours of the system")
    expect(app).to_have_css("background-color", "rgb(251, 250, 247)")
