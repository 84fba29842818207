"""A conversation as it is lived: asked anew, answered again, pinned, explained, stopped, retried, and with files in the question."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walking import ALSO_SAID, ask, go, make_pdf, own_notebook, settled, upload
from tests.model_server import ModelServer, chunk, saying, serving

Visit = Callable[..., Page]
FIRST, SECOND = "When was the lighthouse at Cape Verin first lit?", "How many storms did the keeper Anna Holm record?"


@pytest.fixture
def page(servers: Callable[..., object], visit: Visit, tmp_path: Path) -> Page:
    opened = visit(servers("data").link)  # type: ignore[attr-defined]
    own_notebook(opened)
    upload(opened, make_pdf(tmp_path / "mine"))
    go(opened, "Chat")
    return opened


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("button", name=name, exact=isinstance(name, str))


def reworded(page: Page, words: str) -> None:
    button(page, "Edit this question").last.click()
    page.get_by_label("The question, to be asked in other words").fill(words)
    button(page, "Ask this").click()
    expect(page.locator(".thread .question").last).to_have_text(words)
    expect(page.locator(".thread .turn .actions").last).to_be_visible()


def test_a_question_is_worded_anew_and_the_older_branch_is_a_step_away(page: Page) -> None:
    ask(page, FIRST)
    button(page, re.compile("with proof")).click()
    expect(page.locator(".meter")).to_contain_text("Your sources themselves, word for word")
    badge = page.locator("button.verdict").first
    badge.click()
    expect(page.locator(".bubble").first).to_be_visible()
    page.keyboard.press("Escape")
    page.mouse.move(0, 0)
    expect(page.locator(".bubble").first).to_be_hidden()
    reworded(page, SECOND)
    expect(page.get_by_text("2 of 2")).to_be_visible()
    expect(page.locator(".said").first).to_contain_text(ALSO_SAID)
    button(page, "Pin this answer").click()
    pinned = page.get_by_role("navigation", name="Pinned answers")
    expect(pinned).to_contain_text(SECOND)
    button(page, "Earlier version").click()
    expect(page.locator(".thread .question")).to_have_text(FIRST)
    expect(pinned).to_be_hidden()
    page.reload()
    expect(page.get_by_text("1 of 2")).to_be_visible()
    button(page, "Later version").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".thread .question")).to_have_text(SECOND)
    expect(pinned).to_contain_text(SECOND)


def test_an_answer_given_again_says_so_when_nothing_changed_and_is_a_version_when_a_source_was_unticked(page: Page) -> None:
    ask(page, FIRST)
    button(page, "Answer again").click()
    expect(page.get_by_text("say the same as before")).to_be_visible()
    page.get_by_role("checkbox", name="lighthouse.pdf").click()
    expect(page.get_by_role("checkbox", name="lighthouse.pdf")).to_have_attribute("aria-checked", "false")
    button(page, "Answer again").click()
    expect(page.get_by_text("2 of 2")).to_be_visible()
    expect(page.locator(".thread")).to_contain_text("No source is selected")
    button(page, "Earlier version").click()
    expect(page.locator(".verdict.verified").first).to_be_visible()
    settled(page)


def test_files_in_a_question_are_read_first_and_one_that_is_refused_loses_neither_question_nor_file(
    servers: Callable[..., object], visit: Visit, tmp_path: Path
) -> None:
    page = visit(servers("data").link, width=1680)  # type: ignore[attr-defined]
    own_notebook(page)
    go(page, "Chat")
    settled(page)
    asked_with(page, FIRST, make_pdf(tmp_path / "mine"))
    expect(page.locator(".said").first).to_contain_text("4 March 1871")
    expect(page.locator(".asked .file")).to_have_text("lighthouse.pdf")
    beside, talk = page.locator(".st-key-counting").bounding_box(), page.locator(".thread").bounding_box()
    assert beside and talk and beside["x"] + beside["width"] <= talk["x"], "the sources that count are a column of their own"
    going_on = page.locator(".st-key-followups button").first
    suggested = going_on.inner_text()
    going_on.click()
    expect(page.locator(".thread .question").last).to_have_text(suggested)
    expect(page.locator(".thread .turn .actions")).to_have_count(2)
    expect(page.locator(".verdict.verified").last).to_be_visible()
    settled(page)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 cut")
    asked_with(page, SECOND, broken)
    expect(page.locator(".st-key-attaching .fault")).to_contain_text("cannot be opened as PDF")
    expect(page.locator(".asked .file.out")).to_have_text("broken.pdf")
    button(page, "Ask without it").click()
    expect(page.locator(".said").last).to_contain_text("212 storms")


def asked_with(page: Page, question: str, file: Path) -> None:
    page.get_by_test_id("stChatInput").locator("input[type=file]").set_input_files(str(file))
    expect(page.get_by_test_id("stChatInput").get_by_text(file.name)).to_be_visible()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    expect(page.get_by_test_id("stChatInputSubmitButton")).to_be_enabled()
    box.press("Enter")
    expect(page.locator(".thread .question").last).to_have_text(question)


def test_a_stopped_question_says_so_and_is_answered_in_its_place(servers: Callable[..., object], visit: Visit, tmp_path: Path) -> None:
    with serving(ModelServer(saying("Anna Holm recorded 212 storms in nineteen years [1].", " The tower was green [1]."))) as model:
        page = visit(servers("data", HALO_LLM__BASE_URL=model.url, HALO_LLM__MODEL="m").link)  # type: ignore[attr-defined]
        own_notebook(page)
        upload(page, make_pdf(tmp_path / "mine"))
        go(page, "Chat")
        settled(page)
        model.hang_before_status = True
        box = page.get_by_test_id("stChatInputTextArea")
        box.fill(SECOND)
        box.press("Enter")
        expect(page.get_by_text("is reading the passages")).to_be_visible()
        button(page, "Stop script").click()
        expect(page.locator(".thread").get_by_text("This was stopped before there was an answer.")).to_be_visible()
        model.hang_before_status = False
        button(page, "Ask again").click()
        expect(page.locator(".verdict.partial")).to_be_visible()
        expect(page.locator(".thread .question")).to_have_count(1)
        expect(page.get_by_text("This was stopped")).to_have_count(0)
        button(page, re.compile("with proof")).click()
        expect(page.locator(".meter")).to_contain_text("sent to the model")
        model.events = [chunk("Half an answer")]
        button(page, "Answer again").click()
        expect(page.get_by_text("2 of 2")).to_be_visible()
        expect(page.locator(".thread").get_by_text("broke off before its end")).to_be_visible()
        model.events = saying("Anna Holm recorded 212 storms in nineteen years [1].")
        button(page, "Ask the model again").click()
        expect(page.get_by_text("3 of 3")).to_be_visible()
        settled(page)
