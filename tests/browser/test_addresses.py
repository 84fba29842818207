"""The address in the browser leads back: after a reload, in a second window, by the way back, and with an id that is gone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Server
from tests.browser.walking import ask, card, go, own_notebook, suggested, title

Visit = Callable[..., Page]
UNKNOWN = "0" * 32


def asked_sample(page: Page) -> str:
    """Ask the first suggested question and return the name of its chat."""
    suggested(page).first.click()
    expect(page.locator(".thread .turn .actions").last).to_be_visible(timeout=60_000)
    return title(page).inner_text()


def again(page: Page) -> None:
    """Reload, once the address names what is open."""
    expect(page).to_have_url(re.compile(r"\?\w+=[0-9a-f]{32}$"))
    page.reload()


def test_a_reload_of_a_chat_opens_it_again(server: Server, visit: Visit, browser: Browser) -> None:
    page = visit(server.link)
    question = asked_sample(page)
    chat = page.url.partition("chat=")[2]
    assert len(chat) == 32
    again(page)
    expect(title(page)).to_have_text(question)
    other = visit(server.link + f"&chat={chat}")                       # a bookmark, in another window
    expect(title(other)).to_have_text(question)
    expect(other.locator(".shelf .chat[aria-current]")).to_have_text(question)


def test_the_way_back_leads_from_a_chat_to_the_one_before(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    first = asked_sample(page)
    expect(page).to_have_url(re.compile("chat="))
    there = page.url
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".thread")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("chat="))
    ask(page, "What do the bees of the sample prefer?")
    expect(page).to_have_url(re.compile("chat="))                  # told when the page is drawn whole, a moment after the answer
    page.locator(".shelf .chat").last.click()
    expect(title(page)).to_have_text(first)
    expect(page).to_have_url(there)
    page.go_back()
    expect(title(page)).to_have_text("What do the bees of the sample prefer?")


def test_notes_sources_and_outputs_have_addresses_too(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    asked_sample(page)
    page.get_by_role("button", name="Save to note").first.click()
    go(page, "Notes")
    page.locator(".notes .note").click()
    expect(page.get_by_role("textbox", name="Title")).to_be_visible()
    again(page)
    expect(page.get_by_role("textbox", name="Title")).to_be_visible()
    go(page, "Sources")
    card(page, "field-study.md").get_by_role("button", name="Open").click()
    expect(page.locator(".st-key-reader .bar")).to_be_visible()
    again(page)
    expect(page.locator(".st-key-reader .bar")).to_be_visible()
    go(page, "Studio")
    page.get_by_role("button", name="Make").first.click()
    expect(page.get_by_role("button", name="Refresh")).to_be_visible(timeout=60_000)
    again(page)
    expect(page.get_by_role("button", name="Refresh")).to_be_visible()
    page.get_by_role("button", name="All outputs").click()
    expect(page.get_by_role("button", name="Make").first).to_be_visible()


def test_a_chosen_notebook_is_still_chosen_after_a_reload(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    own_notebook(page)
    page.get_by_role("combobox", name="Notebook").click()
    page.get_by_role("option").last.click()
    expect(card(page, "field-study.md")).to_be_visible(timeout=60_000)
    again(page)
    expect(card(page, "field-study.md")).to_be_visible()
    go(page, "Chat")
    expect(page.get_by_text("This is the sample notebook.")).to_be_visible()


def test_an_address_that_names_nothing_is_told_in_a_sentence(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    for path, name in (("", "chat"), ("sources", "source"), ("notes", "note"), ("studio", "output"), ("notes", "notebook")):
        for value in (UNKNOWN, "../../etc/passwd"):
            page.goto(f"{server.home}{path}?{name}={value}")
            expect(page.get_by_text(f"There is no {name} at this address.")).to_be_visible()
            expect(page).to_have_url(f"{server.home}{path}")
    expect(page.locator(".stMain h1").first).to_have_text("Notes")
