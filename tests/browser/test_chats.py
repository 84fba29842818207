"""What is done with chats, a thousand of them: found by words, renamed where they stand, taken along, deleted with a way back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from halo_app.bootstrap import build_app
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.settings import read_settings
from tests.browser.serving import Server
from tests.browser.walking import chips, panel, settled, suggested, title

Visit = Callable[..., Page]
MANY = 1000
CLIPBOARD = ["clipboard-read", "clipboard-write"]


def chats(page: Page) -> Locator:
    return page.locator(".shelf .chat")


def fill(data_dir: Path) -> None:
    """Put a thousand chats into a fresh house, one every seven hours; each fortieth speaks of a volcano."""
    app = build_app(read_settings({"data_dir": str(data_dir)}))
    app.first_start(serving=False)
    shelf, now = app.notebooks.create("Many").id, datetime.now(UTC)
    made = []
    for number in range(MANY):
        at = now - timedelta(hours=7 * number)
        said = "The volcano of Naples slept." if number % 40 == 39 else "The harbour of Sund freezes in January."
        turns = (Message(Role.USER, "What is told?", at), Message(Role.ASSISTANT, said, at))
        made.append(Conversation(uuid4().hex, f"Harbour {number}", shelf, app.user_id, at, at, turns))
    app.records("chats").put_all(made)
    app.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("many") / "data"
    fill(home)
    server = Server(home).start()
    yield server
    server.stop()


def test_a_thousand_chats_are_listed_as_they_are_scrolled_to_and_found_by_their_words(many: Server, visit: Visit) -> None:
    page = visit(many.link)
    expect(page.locator(".shelf h2").first).to_have_text("Today")
    expect(chats(page).first).to_have_text("Harbour 0")
    before = chats(page).count()
    assert before < 200
    page.locator(".shelf .more").scroll_into_view_if_needed()
    expect(chats(page).nth(before)).to_be_attached()
    expect(page.locator(".state").first).to_be_in_viewport()               # the state stays at the foot
    field = page.get_by_role("searchbox", name="Search chats")
    field.fill("VOLCANO")
    expect(page.locator(".shelf h2").first).to_have_text("25 chats found")
    expect(chats(page)).to_have_count(25)
    expect(page.locator(".shelf mark").first).to_have_text("volcano")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(chats(page).first).to_be_focused()
    page.keyboard.press("Enter")
    expect(title(page)).to_have_text("Harbour 39")
    expect(page.locator(".thread")).to_contain_text("The volcano of Naples slept.")
    field.fill("nothing like it")
    expect(page.locator(".shelf h2").first).to_have_text("No chat holds these words")
    field.fill("")
    expect(chats(page).first).to_have_text("Harbour 0")


def test_a_chat_is_renamed_where_it_stands_in_the_list_and_in_its_head(many: Server, visit: Visit) -> None:
    page = visit(many.link)
    chats(page).nth(1).click()
    expect(title(page)).to_have_text("Harbour 1")
    page.keyboard.press("F2")
    name = page.get_by_role("textbox", name="New name of the chat")
    name.fill("Ice in Sund")
    name.press("Enter")
    expect(title(page)).to_have_text("Ice in Sund")
    expect(chats(page).nth(1)).to_be_focused()
    page.get_by_role("button", name="Rename this chat").click()
    name = page.get_by_role("textbox", name="New name of this chat")
    name.fill("Never kept")
    name.press("Escape")
    expect(title(page)).to_have_text("Ice in Sund")
    page.get_by_role("button", name="Rename this chat").click()
    page.get_by_role("textbox", name="New name of this chat").fill("Ice")
    page.keyboard.press("Enter")
    expect(chats(page).nth(1)).to_have_text("Ice")
    expect(page.get_by_role("button", name="Rename this chat")).to_be_focused()


def test_a_deleted_chat_comes_back_and_the_offer_outlives_what_is_done_meanwhile(many: Server, visit: Visit) -> None:
    page = visit(many.link)
    chats(page).nth(3).hover()
    page.get_by_role("button", name="More about “Harbour 3”").click()
    page.get_by_role("menuitem", name="Delete").click()
    offer = page.locator(".undo")
    expect(offer).to_contain_text("The chat “Harbour 3” is deleted.")
    expect(page.locator(".shelf").get_by_text("Harbour 3", exact=True)).to_have_count(0)
    chats(page).nth(0).click()
    settled(page)
    offer.get_by_role("button", name="Undo").click()
    expect(page.locator(".shelf").get_by_text("Harbour 3", exact=True)).to_have_count(1)
    expect(page.locator(".undo")).to_have_count(0)


def test_a_chat_is_taken_along_as_markdown_and_as_one_page_with_its_proof(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    suggested(page).first.click()
    expect(chips(page).first).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="Markdown").click()
    text = Path(coming.value.path()).read_text(encoding="utf-8")
    assert coming.value.suggested_filename.endswith(".md")
    assert re.search(r"^\[\^1\]: \S+.*: “.+”$", text, re.MULTILINE)
    chats(page).first.hover()
    page.locator(".shelf .dots").first.click()
    with page.expect_download() as coming:
        page.get_by_role("menuitem", name="Save as HTML").click()
    assert "<q>" in Path(coming.value.path()).read_text(encoding="utf-8")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_citations_are_stepped_through_copied_and_left_by_keys(width: int, height: int, server: Server, visit: Visit) -> None:
    page = visit(server.link, width=width, height=height, reduced_motion="reduce", permissions=CLIPBOARD)
    suggested(page).first.click()
    expect(chips(page).nth(1)).to_be_visible(timeout=60_000)
    settled(page)
    chips(page).first.click()
    count = panel(page).locator(".count")
    expect(count).to_contain_text("1 /")
    expect(chips(page).first).to_be_in_viewport()
    page.keyboard.press("]")
    expect(count).to_contain_text("2 /")
    page.keyboard.press("[")
    expect(count).to_contain_text("1 /")
    panel(page).get_by_role("button", name="Next citation").focus()
    page.keyboard.press("ArrowRight")
    expect(count).to_contain_text("2 /")
    expect(panel(page).get_by_role("button", name="Next citation")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(count).to_contain_text("1 /")
    panel(page).get_by_role("button", name="Copy with citation").click()
    expect(panel(page).get_by_role("button", name="Copied")).to_be_visible()
    assert re.fullmatch(r"“.+” \(.+\)", page.evaluate("navigator.clipboard.readText()"))
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(chips(page).first).to_be_focused()


def test_the_link_of_a_passage_opens_it_in_its_source(server: Server, visit: Visit) -> None:
    page = visit(server.link, permissions=CLIPBOARD)
    suggested(page).first.click()
    chips(page).first.click(timeout=60_000)
    panel(page).get_by_role("button", name="Copy link").click()
    expect(panel(page).get_by_role("button", name="Copied")).to_be_visible()
    quote = panel(page).locator("mark").inner_text()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    expect(page.locator("mark").first).to_contain_text(quote[:20])
