"""Every control of every page is pressed once, on a wide screen, a tablet and a phone, and each time the page stays whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.controls import Control, controls
from tests.browser.serving import Server
from tests.browser.walking import PHONE_PX, ask, card, go, make_pdf, own_notebook, settled, upload

Visit = Callable[..., Page]
Key = tuple[str, str, str]
PAGES = ("notes", "studio", "sources", "account")
MOST = 300                      # controls of one page; more means that a control makes new ones without end
PAUSE_MS = 200                  # until the page knows of the click
TOUCHED_PX, FINGER_PX = 820, 40    # on screens as narrow as this, controls are at least so high
DRESSED = "getComputedStyle(document.documentElement).getPropertyValue('--halo-border') !== ''"      # our style sheet is there
PATIENCE_MS = 3_000
FAULTS = ("Something unexpected happened", "Traceback", "StreamlitAPIException", "Error:")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (820, 1100), (390, 844)])
def test_every_control_does_its_work_and_breaks_nothing(width: int, height: int, server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link, width=width, height=height, reduced_motion="reduce", accept_downloads=True)
    chat = furnish(page, tmp_path)
    for address in (chat, *(server.home + name for name in PAGES)):
        pressed = press_all(page, address, with_navigation=address.endswith("account"))
        assert len(pressed) > 8, f"{address}: only {pressed}"


def furnish(page: Page, home: Path) -> str:
    """Put in a document, a file that fails, an output, a chat and a note; return the address of the chat."""
    own_notebook(page)
    upload(page, make_pdf(home / "mine"))
    broken = home / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 cut")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(str(broken))
    expect(card(page, "broken.pdf").locator(".fault")).to_be_visible()
    go(page, "Studio")
    page.get_by_role("button", name="Make").first.click()
    expect(page.get_by_role("button", name="Refresh")).to_be_visible()
    go(page, "Chat")
    ask(page, "When was the lighthouse at Cape Verin first lit?")
    page.get_by_role("button", name="Save to note").first.click()
    expect(page.get_by_text("Saved as a note with")).to_be_visible()
    return page.url


def press_all(page: Page, address: str, *, with_navigation: bool) -> list[Key]:
    """Press every control that is on the page or comes up on the way, each kind once; return their names.

    What has just come up is pressed first, before a further click folds it in.
    """
    done: list[Key] = []
    came: dict[Key, int] = {}                        # control -> the step at which it came up
    come(page, address)
    for step in range(MOST):
        seen = _seen(page, with_navigation, done)
        came, afresh = {one.key: came.get(one.key, step) for one in seen}, not came
        if (page.viewport_size or {"width": 0})["width"] <= TOUCHED_PX:
            assert [one for one in seen if one.height < FINGER_PX] == []
        left = [one for one in seen if one.key not in done]
        if left:
            chosen = min(left, key=lambda one: (-came[one.key], one.turn, one.aside))
            if press(page, chosen):
                done.append(chosen.key)
            if urlsplit(page.url).path == urlsplit(address).path:
                continue
        elif afresh:
            return done
        come(page, address)                          # the last click led away, or the way here folded in what holds others
        came = {}
    raise AssertionError(f"the controls of {address} have no end: {done}")


def _seen(page: Page, with_navigation: bool, done: list[Key]) -> list[Control]:
    for pause in (PAUSE_MS, 2 * PAUSE_MS, 0):
        seen = [one for one in controls(page) if with_navigation or not one.aside]
        if any(one.key not in done for one in seen):
            break
        page.wait_for_timeout(pause)                 # what folds out takes its time
    return seen


def come(page: Page, address: str) -> None:
    """Open a page afresh and wait until it is drawn."""
    page.goto(address)
    expect(page.locator(".stMain h1, .stMain .title").first).to_be_visible()
    page.wait_for_function(DRESSED)
    page.wait_for_timeout(2 * PAUSE_MS)
    settled(page)


def press(page: Page, control: Control) -> bool:
    """Press one control, close the window that it opens, and see that the page is whole; False when it was gone already."""
    if control.away:
        page.get_by_test_id("stExpandSidebarButton").click()
    elif not control.aside:
        look_away(page)
    target = page.locator(f"[data-found='{control.place}']")
    try:
        target.click(timeout=PATIENCE_MS)
    except Error:
        for _ in range(2):                           # something that is folded out lies over it, or a list in a window
            page.keyboard.press("Escape")
            page.wait_for_timeout(PAUSE_MS)
            settled(page)
        if not target.is_visible():
            return False
        target.click(timeout=PATIENCE_MS)
    page.wait_for_timeout(PAUSE_MS)
    settled(page)
    assert whole(page), f"after {control}: {page.locator('.stMain').inner_text()}"
    for window in page.context.pages:
        if window is not page:
            window.close()
    return True


def look_away(page: Page) -> None:
    """On a phone the navigation lies over the page: touch the page beside it, and it folds away."""
    size = page.viewport_size or {"width": 0, "height": 0}
    side = page.get_by_test_id("stSidebar")
    for _ in range(3):                               # a menu that is open takes the first touch
        if size["width"] >= PHONE_PX or side.get_attribute("data-collapsed") != "false":
            return
        page.mouse.click(size["width"] - 6, size["height"] / 2)
        page.wait_for_timeout(2 * PAUSE_MS)
    expect(side).to_have_attribute("data-collapsed", "true")


def whole(page: Page) -> bool:
    """Tell whether the page has its look and shows no exception, no traceback and nothing that scrolls sideways."""
    said = page.locator("body").inner_text()
    sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    dressed = page.evaluate(DRESSED)
    return dressed and page.get_by_test_id("stException").count() == 0 and not any(fault in said for fault in FAULTS) and not sideways
