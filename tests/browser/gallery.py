"""Take the pictures of the pages: `python -m tests.browser.gallery [FOLDER]`, docs/screens when no folder is named.

Without a folder only the few that the README shows are kept; with one, every page and its states in light and dark at three widths.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, SWITCHES
from tests.browser.serving import ROOT, Server
from tests.browser.walking import PHONE_PX, ask, card, chips, go, own_notebook, panel, settled, suggested, upload

SCREENS = ROOT / "docs" / "screens"
SIZES = {"wide": (1440, 860), "tablet": (820, 1100), "phone": (390, 844)}
SIZES_WIDE = {"width": SIZES["wide"][0]}
STILL_MS = 500
README = {"chat": "", "sources": ""}              # the pictures that are kept in the repository
DATABASE = "sqlite:///{data_dir}/memory.db"
SECTIONS = {"memory": "Memory", "models": "Models", "privacy": "Privacy", "audit": "Audit", "installation": "This%20installation",
            "appearance": "Appearance", "storage": "Storage", "log": "Log", "keyboard": "Keyboard", "danger": "Danger%20zone"}
FACTS = ("Heats with radiators of type 33", "Prefers figures per year and not per month", "Lives in a house of 1962")
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
    """Walk through a fresh HALO and take a picture of every page, and of every state of it, on the way."""
    target = folder or SCREENS
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        server = Server(Path(home) / "data", {"HALO_AGENT_DB": DATABASE}).start()
        try:
            places = _furnish(_visit(browser, server.link), Path(home), failing=folder is not None)
            for scheme in ("light", "dark"):
                for size in SIZES if folder else ("wide",):
                    page = _visit(browser, server.link, size, scheme)
                    for name, address in places.items() if folder else README.items():
                        _show(page, places.get(name, address))
                        OPENED.get(name, _nothing)(page)
                        _keep(page, target / f"{name}-{scheme}{'' if size == 'wide' else '-' + size}.png")
                    page.context.close()
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

    page.wait_for_timeout(STILL_MS)
    settled(page)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)      # parts of the page that the browser has still to fetch
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(200, dither=Image.Dither.NONE).save(path, optimize=True)      # a third of the size, no visible difference


def _show(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".stMain h1, .stMain .title").first).to_be_visible()
    page.wait_for_timeout(STILL_MS)
    settled(page)


def _nothing(page: Page) -> None:
    """Most pictures show a page as it opens."""


def _proof(page: Page) -> None:
    chips(page).first.click()
    expect(panel(page).locator(".picture img, mark").first).to_be_visible()
    if (page.viewport_size or SIZES_WIDE)["width"] > PHONE_PX:
        page.evaluate("document.getElementById('stMain').scrollTop = 0")     # a chat opens at its end


def _navigation(page: Page) -> None:
    if (page.viewport_size or SIZES_WIDE)["width"] < PHONE_PX:
        page.get_by_test_id("stExpandSidebarButton").click()
        page.wait_for_timeout(STILL_MS)
    _menu(page).click()


def _menu(page: Page) -> Locator:
    return page.locator(".st-key-notebooks").get_by_test_id("stMenuButton").get_by_role("button")


def _text(page: Page) -> None:
    page.get_by_role("tab", name="Text").click()


def _overview(page: Page) -> None:
    page.get_by_text("Overview", exact=True).click()
    page.locator(".st-key-overview-view").get_by_role("radio", name="By meaning").click()
    expect(page.locator(".bars .field").first).to_be_visible()


def _memory(page: Page) -> None:
    page.locator(".entries .open").first.click()
    page.get_by_text("Edit", exact=True).click()


def _checks(page: Page) -> None:
    page.get_by_role("button", name="Check now").click()
    expect(page.locator(".yes").first).to_be_visible()


OPENED: dict[str, Callable[[Page], None]] = {
    "chat": _proof, "output": _proof, "menu": _navigation, "paste": _text, "health": _checks,
    "overview": _overview, "memory": _memory,
}


def _visit(browser: Browser, link: str, size: str = "wide", scheme: str = "light") -> Page:
    width, height = SIZES[size]
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce").new_page()  # type: ignore[arg-type]
    page.goto(link)
    expect(page.locator(".stMain h1, .stMain .title").first).to_be_visible()
    return page


def _furnish(page: Page, home: Path, *, failing: bool) -> dict[str, str]:
    """Put in a document, a file that fails, a chat, a note and an output, beside the sample's; return name -> address to show."""
    base = page.url.partition("?")[0]
    suggested(page).first.click()
    expect(chips(page).first).to_be_visible()
    sample = page.url
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
    reader = _opened(page, card(page, "Field study 2024.pdf").get_by_role("button", name="Open"), "source")
    go(page, "Chat")
    ask(page, QUESTION)
    page.get_by_role("button", name="Save to note").first.click()
    expect(page.get_by_text("Saved as a note")).to_be_visible()
    chat = page.url
    page.get_by_role("button", name="New chat").click()
    ask(page, "Who won the football match?")
    unanswered = page.url
    go(page, "Notes")
    note = _opened(page, page.locator(".notes .note").first, "note")
    go(page, "Studio")
    output = _opened(page, page.get_by_role("button", name="Make").first, "output")
    settled(page)
    _menu(page).click()
    page.get_by_role("menuitem", name="New notebook…").click()
    page.get_by_role("textbox", name="Name").fill("Nothing yet")
    page.get_by_role("button", name="Create").click()
    chooser = page.get_by_role("combobox", name="Notebook")
    expect(chooser).to_have_value("Nothing yet")      # the newest opens by itself: the other has to be named
    settled(page)
    chooser.click()
    page.get_by_role("option", name=re.compile(r"^Notebook · \d")).click()
    expect(page).to_have_url(re.compile("notebook="))
    full = page.url.partition("?")[2]
    _remember(page, base)
    page.context.close()
    own = {name: f"{base}{name}?{full}" for name in ("sources", "notes", "studio", "account")}
    empty = {f"{name}-empty": f"{base}{name}" for name in ("sources", "notes", "studio")}
    account = {f"account-{name}": f"{base}account?section={section}" for name, section in SECTIONS.items()}
    return {
        "empty": f"{base}?{full}", "chat": chat, "chat-sample": sample, "unanswered": unanswered, "chat-empty": base,
        "menu": f"{base}?{full}",
        **own, **empty,
        "paste": own["sources"], "reader": reader, "note": note, "output": output,
        **account, "health": account["account-installation"],
        "overview": account["account-memory"], "memory": account["account-memory"],
        "unknown": f"{base}?chat={'0' * 32}",
    }


def _remember(page: Page, base: str) -> None:
    page.goto(f"{base}account?section=Memory")
    for fact in FACTS:
        settled(page)
        page.get_by_role("button", name="Add a memory").click()
        page.get_by_label("What is to be remembered").fill(fact)
        page.get_by_role("button", name="Remember", exact=True).click()
        expect(page.locator(".entries tbody tr").filter(has_text=fact)).to_be_visible()
        page.wait_for_timeout(STILL_MS)


def _opened(page: Page, button: Locator, kind: str) -> str:
    """Press the button that opens something, and return the address of it."""
    button.click()
    expect(page).to_have_url(re.compile(rf"{kind}=[0-9a-f]{{32}}"))
    return page.url


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
