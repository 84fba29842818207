"""A language model in the browser: words as they come, verdicts beside them, a failure in words, and Stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Server
from tests.browser.walking import ask, chips, go, make_pdf, own_notebook, panel, upload, verified
from tests.model_server import ModelServer, chunk, saying, serving

QUESTION = "How many storms did the keeper Anna Holm record?"
ANSWER = ("Anna Holm recorded 212 storms ", "in nineteen years [1]. ", "The tower was painted green in 1950 [1].")


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with serving(ModelServer(saying(*ANSWER))) as told:
        yield told


@pytest.fixture
def page(servers: Callable[..., Server], visit: Callable[..., Page], model: ModelServer, tmp_path: Path) -> Page:
    server = servers("data", HALO_LLM__BASE_URL=model.url, HALO_LLM__MODEL="m")
    opened = visit(server.link)
    own_notebook(opened)
    upload(opened, make_pdf(tmp_path / "mine"))
    go(opened, "Chat")
    return opened


def test_a_models_answer_comes_with_verdicts_and_proof(page: Page) -> None:
    expect(page.get_by_text("Local model")).to_be_visible()
    ask(page, QUESTION)
    expect(page.locator(".said").first).to_contain_text("Anna Holm recorded 212 storms in nineteen years.")
    expect(verified(page).first).to_be_visible()
    expect(page.locator(".verdict.unsupported").first).to_be_visible()
    chips(page).first.click()
    expect(panel(page).get_by_text("quote found verbatim")).to_be_visible()


def test_a_failing_model_is_told_in_words_and_the_sources_answer(page: Page, model: ModelServer) -> None:
    model.events = [chunk("Half an answer that breaks")]
    ask(page, QUESTION)
    expect(page.locator(".thread").get_by_text("broke off before its end")).to_be_visible()
    expect(page.locator(".said").first).to_contain_text("recorded 212 storms")
    expect(page.get_by_text("Half an answer")).to_have_count(0)


def test_stop_ends_the_models_work_and_keeps_nothing_half_said(page: Page, model: ModelServer) -> None:
    model.events, model.hang = [chunk("Anna Holm recorded")], True
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(QUESTION)
    box.press("Enter")
    expect(page.get_by_text("Anna Holm recorded", exact=True)).to_be_visible()
    page.get_by_role("button", name="Stop script").click()
    assert model.left.wait(30)
    model.events, model.hang = saying(*ANSWER), False
    page.reload()
    expect(page.get_by_text("Anna Holm recorded", exact=True)).to_have_count(0)
