"""Memory in the chat as a person meets it: asked once, noticed, kept, recalled, remembered by hand, and left out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Server
from tests.browser.walking import ask, settled

Visit = Callable[..., Page]


@pytest.fixture
def server(servers: Callable[..., Server]) -> Server:
    return servers("data", HALO_AGENT_DB="sqlite:///{data_dir}/memory.db")


def new_chat(page: Page) -> None:
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".thread .question")).to_have_count(0)


def noticed(page: Page, text: str) -> object:
    return page.locator("[class*='st-key-noticed-']").filter(has_text=text)


def test_memory_is_asked_for_once_noticed_kept_and_recalled(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    ask(page, "I am allergic to quassilorbine. What is measured here?")
    card = page.locator(".st-key-card-consent")
    expect(card).to_contain_text("May HALO remember what you say about yourself?")
    expect(card).to_contain_text("withdraw")
    card.get_by_role("button", name="Yes, remember").click()
    expect(card).to_have_count(0)
    found = page.locator(".st-key-card-noticed")
    expect(found).to_contain_text("The user is allergic to quassilorbine.")
    found.get_by_role("button", name="Keep").click()
    expect(found).to_have_count(0)
    new_chat(page)
    ask(page, "quassilorbine")
    expect(page.locator(".thread .remembered")).to_contain_text("The user is allergic to quassilorbine. – it mentions “quassilorbine”")
    expect(page.locator(".st-key-card-consent")).to_have_count(0)


def test_who_says_no_is_not_asked_again_and_can_still_have_a_message_remembered(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    ask(page, "I live in Vemmertrask. What is measured here?")
    page.get_by_role("button", name="No", exact=True).click()
    expect(page.locator(".st-key-card-consent")).to_have_count(0)
    ask(page, "I am a vet. What is measured?")
    expect(page.locator(".st-key-card-consent")).to_have_count(0)
    expect(page.locator(".st-key-card-noticed")).to_have_count(0)
    page.get_by_role("button", name="Remember this question").last.click()
    expect(page.get_by_test_id("stToast").last).to_contain_text("Remembered: “The user is a vet.”")
    page.locator(".thread .turn").last.get_by_role("button", name="Remember this").click()
    expect(page.get_by_test_id("stToast").filter(has_text="emembered")).not_to_have_count(0)


def test_an_incognito_chat_goes_on_and_is_gone_when_it_ends(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    page.get_by_role("button", name="Incognito").click()
    expect(page.locator(".st-key-head .title")).to_have_text("Incognito chat")
    expect(page.locator(".st-key-head")).to_contain_text("Nothing of this chat is stored")
    ask(page, "I live in Vemmertrask. What is measured here?")
    ask(page, "And how often?")
    expect(page.locator(".thread .question")).to_have_count(2)
    expect(page.get_by_role("button", name=re.compile("Remember this"))).to_have_count(0)
    expect(page.get_by_role("button", name="Save to note")).to_have_count(0)
    expect(page.locator(".st-key-card-consent")).to_have_count(0)
    page.get_by_role("button", name="End incognito").click()
    expect(page.locator(".thread .question")).to_have_count(0)
    expect(page.locator(".shelf")).not_to_contain_text("Vemmertrask")
    assert not list((server.data_dir / "chat_history").glob("*.json"))
    page.reload()
    settled(page)
    expect(page.locator(".thread .question")).to_have_count(0)


def test_a_notebook_that_is_left_out_is_never_asked_about(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    ask(page, "What is measured here?")
    page.locator(".st-key-head").get_by_role("button", name="⋯").click()
    page.get_by_text("Notice what I say about myself in this notebook").click()
    page.keyboard.press("Escape")
    settled(page)
    ask(page, "I live in Vemmertrask. What is measured here?")
    settled(page)
    expect(page.locator(".st-key-card-consent")).to_have_count(0)
