"""The walks a person takes, in a real browser, with no request leaving the machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Server
from tests.browser.walking import (
    ALSO_SAID,
    LONG_DIGITS,
    ask,
    card,
    chips,
    go,
    make_pdf,
    own_notebook,
    panel,
    suggested,
    upload,
    verified,
)

Visit = Callable[..., Page]


def test_a_newcomer_reaches_a_verified_answer_with_its_proof_in_two_clicks(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    suggested(page).first.click()
    expect(verified(page).first).to_be_visible(timeout=60_000)
    chips(page).first.click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()
    expect(panel(page).locator("mark, .picture img").first).to_be_visible()


def test_a_pdf_is_uploaded_asked_proved_noted_and_found_again_after_a_restart(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link)
    own_notebook(page)
    upload(page, make_pdf(tmp_path / "mine"))
    go(page, "Chat")
    ask(page, "How many storms did the keeper Anna Holm record?")
    expect(page.locator(".said").first).to_contain_text("212 storms")
    chips(page).first.click()
    expect(panel(page).locator(".where").first).to_have_text("Page 2 of 3")
    expect(panel(page).locator(".picture img")).to_be_visible()
    expect(panel(page).get_by_text(LONG_DIGITS)).to_be_visible()
    page.get_by_role("button", name="Save to note").first.click()
    expect(page.get_by_text("Saved as a note with")).to_be_visible()
    go(page, "Notes")
    expect(page.locator(".notes .title", has_text="How many storms did the keeper Anna Holm record?")).to_be_visible()

    page.close()
    server.stop()
    server.start()
    page = visit(server.link)
    page.locator(".shelf .chat").first.click()
    expect(page.locator(".said").first).to_contain_text(ALSO_SAID)
    chips(page).first.click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()


def test_the_page_picture_has_the_quoted_words_boxed(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link)
    own_notebook(page)
    upload(page, make_pdf(tmp_path / "mine"))
    go(page, "Chat")
    ask(page, "When was the lighthouse at Cape Verin first lit?")
    chips(page).first.click()
    picture = panel(page).locator(".picture img")
    expect(picture).to_be_visible()
    marked = picture.evaluate(
        """async (image) => {
            await image.decode();
            const canvas = document.createElement("canvas");
            canvas.width = image.naturalWidth; canvas.height = image.naturalHeight;
            const brush = canvas.getContext("2d"); brush.drawImage(image, 0, 0);
            const { data } = brush.getImageData(0, 0, canvas.width, canvas.height);
            let yellow = 0;
            for (let at = 0; at < data.length; at += 4) if (data[at] > 240 && data[at + 2] > 130 && data[at + 2] < 180) yellow++;
            return yellow;
        }"""
    )
    assert marked > 500


def test_two_notebooks_on_two_ports_stay_apart_in_one_browser(
    servers: Callable[..., Server], visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    one, two = servers("one"), servers("two")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    first, second = visit(one.link, context=context), visit(two.link, context=context)
    own_notebook(first)
    upload(first, make_pdf(tmp_path / "mine"))
    own_notebook(second)
    expect(second.get_by_text("Nothing here yet")).to_be_visible()
    first.reload()
    expect(first.get_by_test_id("stSidebarNav")).to_be_visible()
    go(first, "Sources")
    expect(card(first, "lighthouse.pdf")).to_be_visible()
    context.close()


def test_a_sentence_is_checked_with_the_keyboard_alone(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    first_question = suggested(page).first
    expect(first_question).to_be_visible()
    first_question.focus()
    page.keyboard.press("Enter")
    expect(chips(page).first).to_be_visible(timeout=60_000)
    chips(page).first.focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_visible()
    first = panel(page).locator(".count")
    if first.count():
        expect(first).to_contain_text("1 /")
        page.keyboard.press("ArrowRight")
        expect(first).to_contain_text("2 /")
    panel(page).get_by_role("button", name="Close the evidence").focus()
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)


def test_on_a_phone_the_evidence_is_a_sheet_and_nothing_scrolls_sideways(server: Server, visit: Visit) -> None:
    page = visit(server.link, width=390, height=844, reduced_motion="reduce")
    suggested(page).first.click()
    chips(page).first.click(timeout=60_000)
    expect(panel(page)).to_be_visible()
    sheet = page.locator(".st-key-evidence").bounding_box()
    assert sheet and sheet["x"] == 0 and sheet["width"] == 390 and sheet["y"] + sheet["height"] <= 845
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_file_that_cannot_be_read_says_why_and_the_others_are_ready(server: Server, visit: Visit, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nthis is no document\n")
    page = visit(server.link)
    own_notebook(page)
    good = make_pdf(tmp_path / "mine")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files([str(broken), str(good)])
    expect(card(page, "lighthouse.pdf").get_by_role("button", name="Open")).to_be_visible()
    failed = card(page, "broken.pdf")
    expect(failed.locator(".fault")).to_be_visible()
    expect(failed.get_by_role("button", name="Retry")).to_be_visible()
    failed.get_by_role("button", name="Dismiss").click()
    expect(failed).to_have_count(0)


def test_a_deleted_chat_comes_back_with_undo(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    suggested(page).first.click()
    expect(page.locator(".shelf .chat")).to_have_count(1, timeout=60_000)
    expect(page.locator(".thread .turn .actions").last).to_be_visible()
    page.locator(".st-key-head").get_by_test_id("stPopoverButton").first.click()
    page.get_by_role("button", name="Delete this chat").click()
    expect(page.locator(".shelf .chat")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".shelf .chat")).to_have_count(1)


def test_an_unticked_source_is_not_read(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link)
    own_notebook(page)
    upload(page, make_pdf(tmp_path / "mine"))
    go(page, "Chat")
    tick = page.locator(".tick", has_text="lighthouse.pdf")
    tick.click()
    expect(tick).to_have_attribute("aria-checked", "false")
    ask(page, "How many storms did the keeper Anna Holm record?")
    expect(page.locator(".said")).to_have_count(0)
    expect(chips(page)).to_have_count(0)


def test_a_summary_of_all_sources_is_made_and_its_sentences_open_their_proof(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    go(page, "Studio")
    page.get_by_role("button", name="Make").first.click()
    expect(page.get_by_role("button", name="Refresh")).to_be_visible(timeout=60_000)
    chips(page).first.click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()
    panel(page).get_by_role("button", name="Show in context").click()
    expect(page.locator(".st-key-reader mark").first).to_be_visible()


def test_every_page_opens_in_the_dark_without_a_complaint(server: Server, visit: Visit) -> None:
    page = visit(server.link, color_scheme="dark")
    for name in ("Sources", "Notes", "Studio", "Account", "Chat"):
        go(page, name)
        expect(page.locator(".stMain h1").first).to_be_visible()
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert background == "rgb(21, 20, 18)"


def test_without_the_search_model_a_banner_says_so_and_words_still_find_the_answer(
    servers: Callable[..., Server], visit: Visit, tmp_path: Path
) -> None:
    server = servers(EMBEDDING_MODEL_PATH=str(tmp_path / "nowhere"))
    page = visit(server.link)
    expect(page.get_by_text("Search goes by words for now")).to_be_visible()
    suggested(page).first.click()
    expect(verified(page).first).to_be_visible(timeout=60_000)


def test_deleting_a_source_asks_first_and_then_it_is_gone(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    go(page, "Sources")
    gone = card(page, "measurements.csv")
    gone.locator("summary").click()
    gone.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(gone).to_have_count(0)
    expect(card(page, "field-study.md")).to_have_count(1)      # not beside its own card of being read


def test_a_folder_is_uploaded_with_what_lies_deeper(server: Server, visit: Visit, tmp_path: Path) -> None:
    deep = tmp_path / "papers" / "old"
    deep.mkdir(parents=True)
    (tmp_path / "papers" / "north.txt").write_text("The harbour of Sund freezes in January.", encoding="utf-8")
    (deep / "south.md").write_text("# South\n\nThe harbour of Mira never freezes.", encoding="utf-8")
    page = visit(server.link)
    own_notebook(page)
    page.get_by_role("tab", name="Folder").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").nth(1).set_input_files(str(tmp_path / "papers"))
    for name in ("north.txt", "south.md"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    go(page, "Chat")
    ask(page, "Which harbour never freezes?")
    expect(verified(page).first).to_be_visible()


def test_a_file_that_failed_is_tried_again_and_dismissed(server: Server, visit: Visit, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 cut")
    page = visit(server.link)
    own_notebook(page)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(str(broken))
    again = card(page, "broken.pdf").get_by_role("button", name="Retry")
    expect(again).to_be_visible()
    again.click()
    expect(card(page, "broken.pdf").get_by_role("button", name="Retry")).to_be_visible()
    card(page, "broken.pdf").get_by_role("button", name="Dismiss").click()
    expect(card(page, "broken.pdf")).to_have_count(0)


def test_pasted_text_can_be_asked_about(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    own_notebook(page)
    page.get_by_role("tab", name="Text").click()
    page.get_by_label("Title").fill("Ferry")
    page.get_by_role("textbox", name="Text").fill("The last ferry to Sund leaves the quay at 21:40 on weekdays.")
    page.get_by_role("button", name="Add this text").click()
    expect(card(page, "Ferry.txt").get_by_role("button", name="Open")).to_be_visible()
    go(page, "Chat")
    ask(page, "When does the last ferry to Sund leave?")
    expect(page.locator(".said").first).to_contain_text("21:40")


def test_the_address_of_a_page_opens_it_and_its_files_and_pictures_come_from_the_right_place(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    page = visit(server.link)
    own_notebook(page)
    page.goto(server.link.replace("/?", "/sources?"))
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    expect(page).to_have_url(server.link.partition("?")[0] + "sources")
    upload(page, make_pdf(tmp_path / "mine"))
    go(page, "Chat")
    ask(page, "When was the lighthouse at Cape Verin first lit?")
    chips(page).first.click()
    expect(panel(page).locator(".picture img")).to_be_visible()
    page.goto(server.link.partition("?")[0] + "chat")
    expect(page).to_have_url(server.link.partition("?")[0])


def test_the_sample_is_asked_while_it_is_still_being_read(server: Server, visit: Visit) -> None:
    page = visit(server.link)
    suggested(page).nth(1).click()
    expect(verified(page).first).to_be_visible(timeout=60_000)
    expect(page.locator(".tick[role=checkbox]")).to_have_count(3)


def test_a_model_that_does_not_answer_is_named_and_the_sources_answer_instead(servers: Callable[..., Server], visit: Visit) -> None:
    server = servers(HALO_LLM__BASE_URL="http://127.0.0.1:9/v1", HALO_LLM__MODEL="nobody")
    page = visit(server.link)
    expect(page.locator(".state").first).to_have_text("● Local model")
    suggested(page).first.click()
    expect(page.locator(".failure")).to_be_visible(timeout=60_000)
    expect(verified(page).first).to_be_visible()
    expect(page.get_by_role("button", name="Ask the model again")).to_be_visible()
