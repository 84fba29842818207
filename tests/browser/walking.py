"""What people do on the pages, as short verbs for the walks."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PROVEN = "The lighthouse at Cape Verin was first lit on 4 March 1871 and stands 41 metres above the sea."
PHONE_PX = 768
ALSO_SAID = "Its keeper, Anna Holm, recorded 212 storms in nineteen years."


def make_pdf(folder: Path, name: str = "lighthouse.pdf") -> Path:
    """Write a PDF of three pages; what is asked about stands on page 2."""
    from fpdf import FPDF

    document = FPDF()
    document.set_font("helvetica", size=13)
    pages = (
        "Coastal lights of the north\n\nThis survey describes harbours, beacons and the people who kept them through the winter.",
        f"Cape Verin\n\n{PROVEN} {ALSO_SAID} The tower is built of granite from the quarry at Sund.",
        "Harbours\n\nThe harbour of Sund freezes in most years between January and the middle of March.",
    )
    for text in pages:
        document.add_page()
        document.multi_cell(0, 8, text)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    document.output(str(path))
    return path


def make_text(path: Path, *, passages: int) -> Path:
    """Write a text of so many paragraphs, each long enough to be a passage of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n\n".join(_harbour(number) for number in range(passages)), encoding="utf-8")
    return path


def _harbour(number: int) -> str:
    quay = f"The quay of harbour {number} is {number % 90} metres long, and ships of every size land there in a wind from the north. "
    return f"Harbour {number} lies {number * 7} metres from the lighthouse and was built by the guild of masons. {quay}" + (
        "In winter the ice closes it for some weeks, the boats are drawn up on the shore, and the nets are mended in the sheds. " * 6
    )


def settled(page: Page) -> None:
    """Wait until the server is there and the page is drawn."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=60_000)
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=60_000)


def title(page: Page) -> Locator:
    """Return the name of the open chat, on top of it."""
    return page.locator(".st-key-head .title")


def go(page: Page, name: str) -> None:
    """Open a page through the navigation."""
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True)
    if (page.viewport_size or {"width": PHONE_PX})["width"] < PHONE_PX:
        page.get_by_test_id("stExpandSidebarButton").click()
    link.click()
    expect(link).to_have_attribute("aria-current", "page")


def own_notebook(page: Page) -> None:
    """Leave the sample notebook for the reader's own; the page for adding documents opens."""
    page.get_by_role("button", name="Use my own documents").click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()


def upload(page: Page, *paths: Path) -> None:
    """Add files on the Sources page and wait until each stands in the list."""
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files([str(path) for path in paths])
    for path in paths:
        expect(card(page, path.name).get_by_role("button", name="Open")).to_be_visible()


def card(page: Page, name: str) -> Locator:
    """Return the card of a source, or of a file on its way in."""
    return page.locator("[class*='st-key-card-'], .sources article").filter(has=page.get_by_role("heading", name=name, exact=True))


def ask(page: Page, question: str) -> None:
    """Ask on the Chat page and wait for an answer with a verdict or with the nearest passages."""
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".thread .turn .actions").last).to_be_visible()
    expect(page.locator(".thread .question").last).to_have_text(question)


def chips(page: Page) -> Locator:
    return page.locator(".thread .chip")


def panel(page: Page) -> Locator:
    return page.locator(".evidence")


def verified(page: Page) -> Locator:
    return page.locator(".verdict.verified")


LONG_DIGITS = re.compile(r"chars [\d,]+–[\d,]+")


def suggested(page: Page) -> Locator:
    """Return the buttons of the suggested questions."""
    return page.locator("[class*='st-key-suggested-'] button")
