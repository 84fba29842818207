"""Take the pictures of the pages: `python -m tests.browser.gallery [FOLDER]`, docs/screens when no folder is named.

Without a folder only the few that the README shows are kept; with one, every page in light and dark at three widths.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.serving import ROOT, Server
from tests.browser.walking import ask, card, chips, go, own_notebook, panel, suggested, upload

SCREENS = ROOT / "docs" / "screens"
SIZES = {"wide": (1440, 860), "tablet": (820, 1100), "phone": (390, 844)}
QUESTION = "Does a heat pump pay off without underfloor heating?"
STUDY = (
    "3.2 Flow temperatures",
    "All systems were logged at one-minute intervals over two heating periods. Radiators were replaced in eleven houses before the "
    "measurement began. A heat pump pays off without underfloor heating in most of the houses that were measured. Of the 58 houses "
    "with radiators only, 51 stayed below a flow temperature of 55 °C on the coldest day. The remaining seven share two properties: "
    "uninsulated outer walls, and radiators of the type 11, which the installers had judged sufficient.",
    "The distribution of the flow temperatures is shown in figure 8. The median lies at 47 °C, the upper quartile at 52 °C. No "
    "relation to the year of construction was found once the state of the windows was taken into account.",
    "The seasonal performance factor of the heat pumps was 3.4 on average, against 3.9 with underfloor heating. Houses with a second "
    "heat source were left out of this comparison, because the share of each source could not be measured apart.",
)
OFFER = "The offer by Meyer assumes 24,000 kWh of heat per year. Type 33 radiators lower the flow temperature by 6 K."


def main(folder: Path | None) -> None:
    """Walk through a fresh HALO and take a picture of every page on the way."""
    target = folder or SCREENS
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        server = Server(Path(home) / "data").start()
        try:
            _furnish(_visit(browser, server.link), Path(home), failing=folder is not None)
            for scheme in ("light", "dark"):
                for size in SIZES if folder else ("wide",):
                    for name, page in _pages(browser, server.link, size, scheme):
                        if folder or name in {"chat", "sources"}:
                            _keep(page, target / f"{name}-{scheme}{'' if size == 'wide' else '-' + size}.png")
        finally:
            server.stop()
            browser.close()


def _study(home: Path) -> Path:
    from fpdf import FPDF

    document = FPDF(format=(148, 210))
    document.set_margin(18)
    document.set_font("times", size=12)
    document.add_page()
    for paragraph in STUDY:
        document.multi_cell(0, 6.5, paragraph, align="L", new_x="LMARGIN", new_y="NEXT")
        document.ln(4)
    path = home / "Field study 2024.pdf"
    document.output(str(path))
    return path


def _keep(page: Page, path: Path) -> None:
    from PIL import Image

    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(200, dither=Image.Dither.NONE).save(path, optimize=True)      # a third of the size, no visible difference


def _visit(browser: Browser, link: str, size: str = "wide", scheme: str = "light") -> Page:
    width, height = SIZES[size]
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    page.goto(link)
    expect(page.locator(".prose .title").first).to_be_visible()
    return page


def _furnish(page: Page, home: Path, *, failing: bool) -> None:
    """Put in a document, a file that fails, a chat, a note and an output, beside the sample's."""
    suggested(page).first.click()
    expect(chips(page).first).to_be_visible()
    page.get_by_role("button", name="New chat").click()
    own_notebook(page)
    broken = home / "scan.pdf"
    broken.write_bytes(b"%PDF-1.7\nthis is no document\n")
    offer = home / "Offer Meyer.txt"
    offer.write_text(OFFER, encoding="utf-8")
    upload(page, _study(home), offer)
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(str(broken))
    expect(card(page, "scan.pdf").locator(".fault")).to_be_visible()
    if not failing:
        page.get_by_role("button", name="Dismiss").click()
        expect(card(page, "scan.pdf")).to_have_count(0)
    go(page, "Chat")
    ask(page, QUESTION)
    page.get_by_role("button", name="Save to note").first.click()
    expect(page.get_by_text("Saved as a note")).to_be_visible()
    page.context.close()


def _pages(browser: Browser, link: str, size: str, scheme: str) -> Iterator[tuple[str, Page]]:
    page = _visit(browser, link, size, scheme)
    yield "empty", page
    for name in ("Sources", "Notes", "Studio", "Account"):
        go(page, name)
        expect(page.locator(".stMain h1").first).to_have_text(name)
        expect(page.locator("[class*='st-key-card-'] .prose").first).to_be_visible()
        yield name.lower(), page
    page.context.close()
    page = _visit(browser, link, size, scheme)
    if size == "phone":
        page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".shelf .chat").first.click()
    chips(page).first.click()
    expect(panel(page).locator(".picture img")).to_be_visible()
    yield "chat", page
    page.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
