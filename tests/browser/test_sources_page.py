"""The Sources page and the notebooks as a person works with them: find, select, tag, move, delete and undo, drop."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import Server
from tests.browser.test_accessibility import faults_here
from tests.browser.walking import ask, card, chips, go, make_pdf, panel, settled, upload

Visit = Callable[..., Page]
HARBOURS = {"sund.txt": "The harbour of Sund freezes in January.", "mira.md": "# Mira\n\nThe harbour of Mira never freezes.",
            "prices.csv": "quay,price\nnorth,12\nsouth,15\n"}
DROP = """
([name, words]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([words], name, { type: 'text/plain' }));
  const target = document.querySelector('.stMain');
  const send = (kind) => target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
  window.letGo = () => send('drop');
  send('dragenter');
  send('dragover');
}
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all walks of this file, with a notebook of four sources."""
    server = Server(tmp_path_factory.mktemp("house") / "data").start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    home = tmp_path_factory.mktemp("files")
    for name, words in HARBOURS.items():
        (home / name).write_text(words, encoding="utf-8")
    return [make_pdf(home), *(home / name for name in HARBOURS)]


@pytest.fixture
def page(house: Server, visit: Visit, files: list[Path]) -> Page:
    """The Sources page of a fresh notebook with the four files."""
    window = visit(house.link)
    go(window, "Sources")
    make_notebook(window, f"Coast {len(list((house.data_dir / 'notebooks').glob('*.json')))}")
    upload(window, *files)
    return window


def menu(page: Page, what: str) -> None:
    page.locator(".st-key-notebooks").get_by_test_id("stMenuButtonButton").first.click()
    page.get_by_role("menuitem", name=what).click()


def window(page: Page) -> Locator:
    return page.get_by_role("dialog")


def make_notebook(page: Page, name: str) -> None:
    menu(page, "New notebook…")
    window(page).get_by_role("textbox").fill(name)
    window(page).get_by_role("button", name="Create").click()
    expect(notebook(page)).to_have_value(name)
    settled(page)


def notebook(page: Page) -> Locator:
    return page.locator(".st-key-notebooks").get_by_role("combobox")


def summary(page: Page) -> Locator:
    return page.locator(".sources .summary")


def names(page: Page) -> Locator:
    return page.locator(".sources h3, .sources .open")


def select(page: Page, name: str) -> None:
    page.get_by_role("checkbox", name=f"Select {name}", exact=True).check()


def bar(page: Page, what: str) -> None:
    page.get_by_role("group", name="Selected sources").get_by_role("button", name=what).click()


def test_sources_are_found_by_their_text_and_sorted_and_the_table_is_remembered(page: Page) -> None:
    page.get_by_role("searchbox").fill("anna holm storms")
    expect(names(page)).to_have_text(["lighthouse.pdf"])
    expect(summary(page)).to_contain_text("1 of 4 sources match")
    page.get_by_role("searchbox").fill("")
    expect(summary(page)).to_contain_text("All 4 sources count when you ask")
    page.get_by_role("combobox", name="Kind").select_option("csv")
    expect(names(page)).to_have_text(["prices.csv"])
    page.get_by_role("combobox", name="Kind").select_option("")
    page.get_by_role("button", name="Table").click()
    page.get_by_role("button", name="Sort by name").click()
    expect(names(page)).to_have_text(["lighthouse.pdf", "mira.md", "prices.csv", "sund.txt"])
    page.get_by_role("button", name="Sort by size").click()
    expect(names(page).first).to_have_text("lighthouse.pdf")
    page.reload()
    expect(page.get_by_role("table", name="Sources")).to_be_visible()
    page.get_by_role("button", name="Cards").click()
    expect(page.locator(".sources article")).to_have_count(4)


def test_several_sources_are_tagged_left_out_downloaded_deleted_and_brought_back(page: Page, tmp_path: Path) -> None:
    select(page, "sund.txt")
    select(page, "mira.md")
    bar(page, "Tag…")
    window(page).get_by_role("combobox").fill("harbours")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    window(page).get_by_role("button", name="Save").click()
    expect(page.locator(".sources .tag")).to_have_text(["harbours", "harbours"])
    page.get_by_role("combobox", name="Tag", exact=True).select_option("harbours")
    expect(summary(page)).to_contain_text("2 of 4 sources match")
    bar(page, "Leave out")
    expect(page.get_by_role("checkbox", name="sund.txt counts", exact=True)).not_to_be_checked()
    with page.expect_download() as caught:
        bar(page, "Download")
    caught.value.save_as(tmp_path / "sources.zip")
    with zipfile.ZipFile(tmp_path / "sources.zip") as archive:
        assert archive.read("sund.txt").decode() == HARBOURS["sund.txt"]
    bar(page, "Delete…")
    window(page).get_by_role("button", name="Delete", exact=True).click()
    expect(summary(page)).to_contain_text("0 of 2 sources match")
    page.get_by_role("button", name="Undo").click()
    expect(names(page)).to_have_count(2)
    expect(page.locator(".sources .tag").first).to_have_text("harbours")


def test_a_source_is_renamed_and_all_that_match_are_selected(page: Page) -> None:
    card(page, "sund.txt").locator("summary").click()
    card(page, "sund.txt").get_by_role("button", name="Rename…").click()
    window(page).get_by_role("textbox").fill("The ice of Sund")
    window(page).get_by_role("button", name="Save").click()
    expect(card(page, "The ice of Sund")).to_be_visible()
    select(page, "mira.md")
    bar(page, "Select all 4")
    expect(page.get_by_role("group", name="Selected sources")).to_contain_text("4 selected")
    bar(page, "Clear")
    expect(page.get_by_role("group", name="Selected sources")).to_have_count(0)


def test_a_moved_source_answers_in_the_other_notebook_and_its_older_citation_still_opens(page: Page) -> None:
    here = notebook(page).input_value().partition(" · ")[0]
    go(page, "Chat")
    ask(page, "How many storms did the keeper Anna Holm record?")
    expect(chips(page).first).to_be_visible()
    cited = page.url
    go(page, "Sources")
    card(page, "lighthouse.pdf").locator("summary").click()
    card(page, "lighthouse.pdf").get_by_role("button", name="Move or copy…").click()
    window(page).get_by_role("combobox", name="To the notebook").click()
    page.get_by_role("option", name="A new notebook…").click()
    window(page).get_by_role("textbox", name="Its name").fill(f"{here}, lights")
    page.keyboard.press("Enter")
    window(page).get_by_role("button", name="Move", exact=True).click()
    expect(card(page, "lighthouse.pdf")).to_have_count(0)
    go(page, "Chat")
    page.goto(cited)
    chips(page).first.click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()
    ask(page, "When was the lighthouse at Cape Verin first lit?")
    expect(page.locator(".thread .turn").last).not_to_contain_text("1871")


def test_files_are_dropped_anywhere_on_the_page(page: Page) -> None:
    page.evaluate(DROP, ["whales.txt", "Whales pass the cape in spring."])
    expect(page.get_by_text("Drop to add to")).to_be_visible()
    page.evaluate("window.letGo()")
    expect(card(page, "whales.txt").get_by_role("button", name="Open")).to_be_visible()
    expect(page.get_by_text("Drop to add to")).to_be_hidden()


def test_a_notebook_is_duplicated_archived_brought_back_and_deleted_by_its_name(page: Page) -> None:
    here = notebook(page).input_value().partition(" · ")[0]
    menu(page, "Duplicate…")
    window(page).get_by_role("textbox").fill(f"{here} again")
    window(page).get_by_role("button", name="Duplicate", exact=True).click()
    expect(notebook(page)).to_have_value(f"{here} again · 4")
    expect(summary(page)).to_contain_text("All 4 sources count")
    menu(page, "Archive")
    expect(page.get_by_text(f"“{here} again” is archived")).to_be_visible()
    expect(notebook(page)).not_to_have_value(f"{here} again · 4")
    menu(page, "Archived notebooks…")
    window(page).get_by_role("button", name="Bring back").first.click()
    expect(notebook(page)).to_have_value(f"{here} again · 4")
    menu(page, "Delete…")
    gone = window(page).get_by_role("button", name="Delete all of it")
    expect(gone).to_be_disabled()
    window(page).get_by_role("textbox").fill(f"{here} again")
    page.keyboard.press("Enter")
    gone.click()
    expect(notebook(page)).not_to_have_value(f"{here} again · 4")


def test_cards_table_menu_and_windows_have_no_grave_fault(page: Page) -> None:
    found = faults_here(page, "cards")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.get_by_role("button", name="Table").click()
    select(page, "sund.txt")
    page.locator(".sources summary").last.click()
    expect(page.get_by_role("group", name="Selected sources")).to_be_visible()
    settled(page)
    found += faults_here(page, "table and menu")
    bar(page, "Move or copy…")
    expect(window(page).get_by_role("button", name="Move", exact=True)).to_be_visible()
    settled(page)
    found += faults_here(page, "window")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cards").click()
    assert found == [], "\n".join(found)


def test_on_a_phone_filters_fold_out_and_a_source_is_opened(house: Server, visit: Visit) -> None:
    page = visit(house.link, width=390, height=844)
    page.goto(house.home + "sources")
    expect(names(page).first).to_be_visible()
    page.get_by_role("button", name="Filter and sort").click()
    page.get_by_role("combobox", name="Order").select_option("name false")
    expect(names(page).first).to_have_text(re.compile("field-study.md|lighthouse.pdf"))      # the sample, when nothing else is here
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.locator(".sources").get_by_role("button", name="Open", exact=True).first.click()
    expect(page).to_have_url(re.compile("source=[0-9a-f]{32}"))
