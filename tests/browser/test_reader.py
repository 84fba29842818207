"""Reading a source: pages, text, tables and sound, the way to a passage, words inside, the guide, and where it was cited."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests import documents
from tests.browser.serving import ROOT, Server
from tests.browser.walking import ALSO_SAID, PROVEN, chips, go, make_pdf, panel, settled

Visit = Callable[..., Page]
PARAGRAPH = "The keeper wrote on day {} that the ice had come in the night, and that the boats were drawn up on the shore."
OWNED = "document.title='owned'"
HOSTILE = f'# Ferry\n\n<img src=x onerror="{OWNED}"> <script>{OWNED}</script> The ferry leaves at nine.\n'


@dataclass(frozen=True)
class House:
    """A running server and the ids of its sources by name."""

    server: Server
    ids: dict[str, str]

    def open(self, visit: Visit, name: str, at: str = "", **options: object) -> Page:
        """Come in, and go straight to the source."""
        page = visit(self.server.link, **options)
        settled(page)
        page.goto(f"{self.server.home}sources?source={self.ids[name]}{f'&at={at}' if at else ''}")
        expect(page.locator(".reader h1")).to_have_text(name)
        expect(page.locator(".reader .bar")).to_be_visible()
        return page


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home, data = tmp_path_factory.mktemp("files"), tmp_path_factory.mktemp("data")
    make_pdf(home)
    documents.scanned_pdf(home / "scan.pdf", "MIND THE ROPES", "SECOND SHEET")
    days = (f"## Winter {day // 40}\n\n{PARAGRAPH}" if day % 40 == 0 else PARAGRAPH for day in range(400))
    (home / "winters.md").write_text("\n\n".join(days).format(*range(400)), encoding="utf-8")
    rows = "\n".join(f"Harbour {row},{1000 + row}" for row in range(1, 900))
    (home / "ships.csv").write_text(f"Name,Ships\n{rows}\n", encoding="utf-8")
    (home / "hostile.md").write_text(HOSTILE, encoding="utf-8")
    with wave.open(str(home / "bell.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(b"\0\0" * 8000)
    command = [sys.executable, "-m", "halo_app.cli", "ingest", *map(str, sorted(home.iterdir())), "--json", "--data-dir", str(data)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    ids = {source["name"]: source["source_id"] for source in json.loads(told)["sources"]}
    server = Server(data).start()
    yield House(server, ids)
    server.stop()


def reader(page: Page) -> Locator:
    return page.locator(".reader")


def search(page: Page, words: str) -> None:
    page.get_by_label("Search inside this source").fill(words)


def boxed(page: Page) -> Locator:
    return reader(page).locator(".sheet .box").first


def test_a_pdf_opens_as_pages_and_a_passage_is_boxed_where_it_stands(house: House, visit: Visit) -> None:
    page = house.open(visit, "lighthouse.pdf")
    expect(reader(page).get_by_alt_text("Page 1 of lighthouse.pdf")).to_be_visible()
    expect(reader(page).get_by_text("of 3", exact=True)).to_be_visible()
    number = page.get_by_label("Page number")
    number.fill("3")
    number.press("Enter")
    expect(reader(page).get_by_alt_text("Page 3 of lighthouse.pdf")).to_be_in_viewport()
    search(page, "Anna Holm")
    expect(reader(page).locator(".count")).to_have_text("1 of 1")
    expect(boxed(page)).to_be_in_viewport()
    expect(number).to_have_value("2")
    page.get_by_role("button", name="Larger").click()
    expect(reader(page).get_by_text("125 %")).to_be_visible()
    page.get_by_role("button", name="Text", exact=True).click()
    expect(reader(page).locator("mark.now")).to_have_text("Anna Holm")
    expect(reader(page).locator(".beside", has_text="p. 2")).to_be_visible()


def test_a_scanned_page_is_read_again_to_box_the_words(house: House, visit: Visit) -> None:
    page = house.open(visit, "scan.pdf", at="5-14")
    expect(boxed(page)).to_be_visible(timeout=60_000)


def test_words_are_found_in_a_long_text_and_the_place_is_kept(house: House, visit: Visit) -> None:
    page = house.open(visit, "winters.md")
    page.get_by_role("navigation", name="Outline").get_by_role("button", name="Winter 7").click()
    expect(reader(page).get_by_role("heading", name="Winter 7")).to_be_in_viewport()
    expect(page.get_by_role("navigation", name="Outline").locator("[aria-current]")).to_have_text("Winter 7")
    assert reader(page).locator(".piece").count() < 30
    page.wait_for_url("**at=*")
    go(page, "Notes")
    go(page, "Sources")
    expect(reader(page).get_by_role("heading", name="Winter 7")).to_be_in_viewport()
    page.reload()
    expect(reader(page).get_by_role("heading", name="Winter 7")).to_be_in_viewport()
    page.keyboard.press("Alt+Shift+F")
    expect(page.get_by_label("Search inside this source")).to_be_focused()
    page.keyboard.type("on day 399")
    expect(reader(page).locator(".count")).to_have_text("1 of 1")
    expect(reader(page).locator("mark.now")).to_be_in_viewport()
    search(page, "the ice")
    count = reader(page).locator(".count")
    expect(count).to_have_text("281 of 400")
    page.get_by_label("Search inside this source").press("Enter")
    expect(count).to_have_text("282 of 400")
    page.get_by_role("button", name="Previous place").click()
    expect(count).to_have_text("281 of 400")
    search(page, "no such words")
    expect(count).to_have_text("Not found")


def test_an_address_leads_to_the_passage(house: House, visit: Visit) -> None:
    page = house.open(visit, "winters.md", at="20000-20060")
    expect(reader(page).locator("mark.passage").first).to_be_in_viewport()
    page.get_by_role("button", name="‹ All sources").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()


def test_a_table_shows_its_own_rows_and_columns_and_marks_the_cited_cells(house: House, visit: Visit) -> None:
    page = house.open(visit, "ships.csv")
    expect(reader(page).get_by_role("columnheader", name="B", exact=True)).to_be_visible()
    search(page, "Harbour 777")
    expect(reader(page).locator(".cell.now")).to_have_text("Harbour 777")
    expect(reader(page).locator(".cellplace")).to_have_text("A778")
    assert reader(page).locator(".gridrow").count() < 80
    reader(page).get_by_role("gridcell", name="1777").click()
    expect(reader(page).locator(".celltext")).to_have_text("1777")
    reader(page).locator(".gridscroll").press("ArrowDown")
    expect(reader(page).locator(".celltext")).to_have_text("1778")


def test_a_recording_is_played_and_said_not_to_be_transcribed(house: House, visit: Visit) -> None:
    page = house.open(visit, "bell.wav")
    expect(reader(page).locator("audio")).to_have_js_property("duration", 1)
    expect(reader(page).locator(".player")).to_contain_text("Not transcribed (0:01 long): only its tags can be searched")


def test_what_somebody_else_wrote_stays_text(house: House, visit: Visit) -> None:
    page = house.open(visit, "hostile.md")
    expect(reader(page).get_by_text("The ferry leaves at nine.").first).to_be_visible()
    expect(reader(page).locator("img, script")).to_have_count(0)
    assert page.title() == "HALO"


def test_the_guide_asks_and_the_chat_is_told_as_a_place_that_cites(house: House, visit: Visit) -> None:
    page = house.open(visit, "lighthouse.pdf")
    reader(page).get_by_role("button", name="Show where it stands: p. 2").first.click()
    expect(boxed(page)).to_be_visible()
    reader(page).locator(".term").first.click()
    expect(reader(page).locator(".count")).to_contain_text("of")
    reader(page).get_by_role("button", name="Ask in Chat:").first.click()
    expect(chips(page).first).to_be_visible(timeout=60_000)
    go(page, "Sources")
    page.get_by_role("tab", name="Cited in").click()
    reader(page).locator(".mention .quote").first.click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()
    go(page, "Sources")
    page.get_by_role("tab", name="Details").click()
    expect(reader(page).get_by_text("SHA-256 of the original")).to_be_visible()
    with page.expect_download() as download:
        reader(page).get_by_role("link", name="Download original").click()
    assert download.value.suggested_filename == "lighthouse.pdf"


def test_on_a_phone_outline_and_guide_fold_away(house: House, visit: Visit) -> None:
    page = house.open(visit, "lighthouse.pdf", width=390, height=844)
    outline = page.get_by_role("navigation", name="Outline")
    expect(outline).to_be_hidden()
    page.get_by_role("button", name="Outline").click()
    outline.get_by_role("button", name="Page 2").click()
    expect(outline).to_be_hidden()
    expect(page.get_by_label("Page number")).to_have_value("2")
    page.get_by_role("button", name="Guide and details").click()
    expect(reader(page).locator(".said").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(reader(page).locator(".said").first).to_be_hidden()


def test_a_source_whose_original_is_gone_is_read_from_its_text_until_it_is_put_back(house: House, visit: Visit) -> None:
    details = json.loads(next((house.server.data_dir / "sources").rglob(f"{house.ids['scan.pdf']}.json")).read_text(encoding="utf-8"))
    [original] = (house.server.data_dir / "sources" / "originals").rglob(f"*{details['sha256']}*")
    content = original.read_bytes()
    original.unlink()
    page = house.open(visit, "scan.pdf")
    expect(reader(page).get_by_role("status").first).to_contain_text("The original was removed from the data directory")
    expect(reader(page).locator(".pane.text")).to_contain_text("MIND THE ROPES")
    page.get_by_role("tab", name="Details").click()
    expect(reader(page).get_by_role("link", name="Download original")).to_have_count(0)
    page.get_by_role("button", name="Put the original back").click()
    page.get_by_role("dialog").get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": content})
    expect(reader(page).get_by_role("button", name="Pages")).to_be_visible()
    expect(reader(page).get_by_role("link", name="Download original")).to_be_visible()


@pytest.mark.parametrize(("name", "width"), [("lighthouse.pdf", 1440), ("ships.csv", 1440), ("winters.md", 390)])
def test_axe_finds_nothing_grave_in_the_reader(name: str, width: int, house: House, visit: Visit) -> None:
    page = house.open(visit, name, width=width, height=900, color_scheme="dark")
    if width > 1000:
        expect(reader(page).locator(".said").first).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")] == []


def test_both_sentences_of_the_survey_stand_in_its_text(house: House, visit: Visit) -> None:
    page = house.open(visit, "lighthouse.pdf")
    page.get_by_role("button", name="Text", exact=True).click()
    text = reader(page).locator(".pane.text")
    expect(text).to_contain_text(PROVEN)
    expect(text).to_contain_text(ALSO_SAID)
