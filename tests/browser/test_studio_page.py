"""Studio as a reader walks it: choose, make, stop, change, open the proof, compare, take along; and on a phone it fits."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import Server
from tests.browser.walking import chips, go, panel, settled

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("studio") / "data").start()
    yield running
    running.stop()


def template(page: Page, title: str) -> Locator:
    return page.locator(".gallery .card").filter(has=page.get_by_role("heading", name=title, exact=True))


def made(page: Page, title: str) -> None:
    expect(page.locator(".prose .title", has_text=title)).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Refresh")).to_be_visible()
    settled(page)


def test_an_output_is_made_with_options_changed_compared_and_taken_along(house: Server, visit: Visit) -> None:
    page = visit(house.link, accept_downloads=True)
    go(page, "Studio")
    expect(page.get_by_text("From 3 sources that count.")).to_be_visible(timeout=60_000)       # the sample has been read
    template(page, "Report").get_by_role("button", name="Options").click()
    page.get_by_label("What should it be about?").fill("heat pump")
    page.get_by_role("button", name="Make", exact=True).click()
    made(page, "Report: heat pump")
    expect(page.get_by_text("Asked for: about heat pump")).to_be_visible()

    chips(page).first.click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()

    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("button", name="Shorter").click()
    expect(page.get_by_text("2 versions").first).to_be_visible(timeout=60_000)
    settled(page)
    page.locator("summary", has_text="2 versions").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".difference .gone").first).to_be_visible()
    page.get_by_role("button", name="Show the output again").click()
    expect(page.locator(".difference")).to_have_count(0)

    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as word:
        page.get_by_role("button", name="Word (.docx)").click()
    assert zipfile.is_zipfile(word.value.path())
    assert word.value.suggested_filename == "Report heat pump.docx"


def test_what_is_made_stands_in_the_list_pinned_renamed_and_deleted_with_a_way_back(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    go(page, "Studio")
    template(page, "Glossary").get_by_role("button", name="Make").click()
    made(page, "Glossary")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Pin", exact=True).click()
    settled(page)
    page.get_by_role("button", name="All outputs").click()
    card = page.locator("[class*='st-key-card-output']").first
    expect(card.get_by_role("heading", name="★ Glossary")).to_be_visible()
    card.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[class*='st-key-card-output']").first.get_by_role("heading", name="★ Glossary")).to_be_visible()


def test_a_quiz_tells_right_from_wrong_and_shows_the_proof(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    go(page, "Studio")
    template(page, "Quiz").get_by_role("button", name="Make").click()
    made(page, "Quiz")
    first = page.locator(".question-block").first
    first.locator(".choice").first.click()
    expect(first.locator(".told .verdict")).to_have_text(re.compile("Right|It is:"))
    first.locator(".told .chip").click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()
    expect(page.locator(".question-block").first.locator(".told .verdict")).to_be_visible()        # the answer stays


def test_makings_go_on_while_one_reads_on_and_can_be_stopped(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    go(page, "Studio")
    for title in ("Report", "Executive brief", "Newsletter"):
        template(page, title).get_by_role("button", name="Make").click()
        settled(page)
        if page.get_by_role("button", name="All outputs").is_visible():
            page.get_by_role("button", name="All outputs").click()
    cancel = page.locator("[class*='st-key-card-making']").get_by_role("button", name="Cancel").last
    if cancel.is_visible():                         # a quick machine has made them already
        cancel.click()
        expect(page.get_by_text("Stopped.").first).to_be_visible(timeout=60_000)
        page.get_by_role("button", name="Dismiss").first.click()
    go(page, "Chat")
    go(page, "Studio")
    expect(page.locator("[class*='st-key-card-output']").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_every_layout_fits(house: Server, visit: Visit, scheme: str) -> None:
    outputs = [json.loads(path.read_text("utf-8")) for path in (house.data_dir / "outputs").glob("*.json")]
    page = visit(house.link, width=390, height=844, color_scheme=scheme)
    for one in outputs[:4]:
        page.goto(f"{house.home}studio?output={one['id']}")
        expect(page.locator(".blocks .title").first).to_be_visible()
        settled(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
