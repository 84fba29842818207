"""Notes as a person writes them: saved while typing, through kills and two windows, cited, linked, found, and taken along."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from halo_app.bootstrap import App
from halo_app.settings import read_settings
from tests.browser.serving import Server
from tests.unit.test_note_transfer import png

Visit = Callable[..., Page]
MANY = 400
AWAY = r"Failed to load resource|WebSocket|ERR_CONNECTION"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose sample notebook holds many notes, and one that cannot be read."""
    data_dir = tmp_path_factory.mktemp("notes") / "data"
    app = App(read_settings({"data_dir": data_dir}, environ={"HALO_AGENT_DB": ""}))
    app.first_start()
    app.ingest.wait(60)
    sample = app.notebooks.sample()
    assert sample
    first, now = app.notes.create(sample.id, "Note 000", "words of 000", tags=["new"]), app.clock()
    app.records("notes").put_all([
        replace(first, id=f"{number:032x}", title=f"Note {number:03}", text=f"words of {number:03}",
                updated_at=now - timedelta(hours=number), tags=("old",) if number % 2 else ("new",)) for number in range(1, MANY)])
    app.close()
    (data_dir / "notes" / f"{'b' * 32}.json").write_text("{cut", encoding="utf-8")
    server = Server(data_dir, {"HALO_AGENT_DB": ""}).start()
    yield server
    server.stop()


def text(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Text")


def title(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Title")


def state(page: Page) -> Locator:
    return page.locator(".desk .state")


def rows(page: Page) -> Locator:
    return page.locator(".notes .note")


def begun(page: Page, house: Server, name: str) -> None:
    """Begin a note of this name on the Notes page."""
    page.goto(f"{house.home}notes")
    page.get_by_role("button", name="New note").click()
    expect(title(page)).to_be_focused()
    title(page).fill(name)
    title(page).press("Enter")
    expect(text(page)).to_be_focused()


def saved(page: Page) -> None:
    expect(state(page)).to_contain_text(re.compile("^Saved"))


def menu(page: Page, name: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name=name, exact=True).click()
    page.keyboard.press("Escape")


def test_what_is_typed_is_saved_by_itself_and_survives_a_reload_and_a_kill(house: Server, visit: Visit) -> None:
    page = visit(house.link, expected=AWAY)
    begun(page, house, "Cellar")
    page.keyboard.type("The pump stands\n- in the cellar\nbeside the stairs")
    expect(page.locator(".reading li")).to_have_text(["in the cellar", "beside the stairs"])
    saved(page)
    expect(rows(page).filter(has_text="Cellar")).to_contain_text("The pump stands")
    page.keyboard.type(" and more")                                  # not saved yet when the page is loaded again
    page.reload()
    expect(text(page)).to_have_value("The pump stands\n- in the cellar\n- beside the stairs and more")
    house.kill()
    text(page).press("Control+End")
    page.keyboard.type(", typed while HALO was away")
    expect(page.get_by_text("What you typed is here")).to_be_attached()
    house.start()
    expect(state(page)).to_contain_text(re.compile("^Saved"), timeout=60_000)
    page.goto(page.url)
    expect(text(page)).to_have_value(re.compile("typed while HALO was away$"))


def test_two_windows_never_write_over_each_other(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    begun(page, house, "Two windows")
    page.keyboard.type("begun")
    saved(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(text(other)).to_have_value("begun")
    text(other).press("Control+End")
    other.keyboard.type(" there")
    saved(other)
    page.bring_to_front()
    text(page).evaluate("(area) => { area.value = 'begun here'; area.dispatchEvent(new InputEvent('input', { bubbles: true })); }")
    expect(page.locator(".trouble [role=alert]")).to_contain_text("changed in another window")
    expect(page.locator(".differ ins")).to_contain_text("here")
    page.get_by_role("button", name="Keep mine").click()
    saved(page)
    other.reload()
    expect(text(other)).to_have_value("begun here")
    menu(page, "Earlier versions")
    page.get_by_role("combobox", name="Version").click()
    page.get_by_role("option", name=re.compile("written in another window")).click()
    expect(page.locator(".diff del")).to_contain_text("there")
    page.get_by_role("button", name="Bring it back").click()
    expect(text(page)).to_have_value("begun there")


def test_a_source_is_cited_from_the_text_and_notes_lead_to_each_other(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    begun(page, house, "Factor")
    page.keyboard.type("/")
    expect(page.get_by_role("combobox", name="Search the ticked sources")).to_be_focused()
    page.keyboard.type("seasonal performance factor")
    expect(page.locator(".found li").first).to_contain_text("factor")
    page.keyboard.press("Enter")
    chip = page.locator(".reading .chip")
    expect(chip).to_have_count(1)
    chip.click()
    expect(page.locator(".evidence .badge.yes")).to_be_visible()
    page.get_by_role("button", name="Close the evidence").click()
    text(page).press("Control+End")
    page.keyboard.type("See [[")
    page.keyboard.type("Note 007")
    expect(page.locator(".found .title")).to_have_text(["Note 007"])
    page.keyboard.press("Enter")
    page.locator(".reading .to-note").click()
    expect(title(page)).to_have_value("Note 007")
    expect(page.locator(".st-key-note-linked")).to_contain_text("Factor")
    title(page).fill("Renamed")
    title(page).press("Enter")
    saved(page)
    page.locator(".st-key-note-linked").get_by_role("button", name="Factor").click()
    expect(text(page)).to_have_value(re.compile(re.escape("See [[Renamed]]")))


def test_notes_are_found_among_many_chosen_deleted_and_brought_back(house: Server, visit: Visit) -> None:
    page = visit(house.link)
    page.goto(f"{house.home}notes")
    expect(page.get_by_text("could not be read and was set aside")).to_be_visible()
    page.get_by_label("Order of the notes").select_option("title")
    expect(rows(page).filter(has_text="Note 001")).to_be_visible()
    assert rows(page).count() < MANY / 2
    page.locator(".rows").evaluate("(list) => { list.scrollTop = list.scrollHeight; }")
    expect(rows(page).filter(has_text="Note 399")).to_be_visible()
    page.get_by_label("Search notes").fill("words 12")
    expect(page.locator(".notes .count")).to_have_text("14 found")
    page.get_by_label("Show only").select_option("tag:old")
    expect(page.locator(".notes .count")).to_have_text("5 found")
    page.get_by_role("button", name="Choose", exact=True).click()
    page.get_by_role("button", name="Choose all that are listed").click()
    expect(page.locator(".st-key-bulk-head")).to_contain_text("5 notes chosen")
    page.get_by_role("button", name="Delete the chosen").click()
    expect(page.locator(".notes .count")).to_have_text("No note matches. Try fewer words.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".notes .count")).to_have_text("5 found")


def test_files_come_in_and_notes_go_out(house: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(house.link, accept_downloads=True)
    begun(page, house, "With a picture")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach a file").click()
    chooser.value.set_files([{"name": "plan a.png", "mimeType": "image/png", "buffer": png()}])
    expect(page.locator(".reading img")).to_be_visible()
    assert page.locator(".reading img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1
    saved(page)
    page.reload()
    page.get_by_role("button", name="More", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Markdown", exact=True).click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert sorted(archive.namelist()) == ["With a picture.md", "attachments/plan a.png"]
    page.keyboard.press("Escape")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("Vault/Brought.md", "---\ntags: [vault]\naliases: [B]\n---\nBack to [[Cellar]].")
    page.get_by_role("button", name="Import and export").click()
    vault = {"name": "vault.zip", "mimeType": "application/zip", "buffer": held.getvalue()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files([vault])
    page.get_by_role("button", name="Bring them in").click()
    expect(page.locator(".st-key-brought")).to_contain_text("properties that notes do not have: aliases")
    page.keyboard.press("Escape")
    expect(rows(page).first).to_contain_text("Brought")
