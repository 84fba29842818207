"""A file of 40 MB on the page: sent, read with progress, stopped half-way, tried again, and nothing half left behind."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.serving import Server
from tests.browser.walking import ask, card, chips, go, own_notebook, verified

Visit = Callable[..., Page]
BYTES = 40_000_000
ANSWERED = "Harbour 17 lies 119 metres from the lighthouse."


def make_big_pdf(path: Path, pages: int) -> Path:
    """Write a PDF of 40 MB: pages of text, and a large attachment of noise."""
    from fpdf import FPDF

    document = FPDF()
    document.set_font("helvetica", size=11)
    for number in range(pages):
        document.add_page()
        story = f"In winter {number} the boats are drawn up on the shore, and the nets are mended in the sheds behind the quay. " * 20
        document.multi_cell(0, 6, f"Harbour {number} lies {number * 7} metres from the lighthouse.\n\n{story}", align="L")
    document.embed_file(bytes=os.urandom(BYTES), basename="noise.bin", compress=False)
    document.output(str(path))
    assert path.stat().st_size > BYTES
    return path


def choose(page: Page, path: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(str(path))


def kept(server: Server) -> list[str]:
    """Return the large files in the data directory."""
    return [path.name for path in server.data_dir.rglob("*") if path.is_file() and path.stat().st_size > BYTES / 4]


def recorded(server: Server) -> list[str]:
    """Return the names of the sources that are recorded."""
    return [json.loads(path.read_text(encoding="utf-8"))["name"] for path in (server.data_dir / "sources").glob("*.json")]


def test_a_file_of_40_mb_is_sent_and_read_with_progress(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link)
    own_notebook(page)
    choose(page, make_big_pdf(tmp_path / "harbours.pdf", pages=100))
    arriving = card(page, "harbours.pdf")
    expect(arriving.get_by_test_id("stProgress")).to_be_visible(timeout=60_000)
    expect(arriving).to_contain_text("Understanding")
    expect(arriving.get_by_role("button", name="Open")).to_be_visible(timeout=120_000)
    expect(arriving).to_contain_text("40 MB · 100 pages")
    go(page, "Chat")
    ask(page, "How far is harbour 17 from the lighthouse?")
    expect(page.locator(".said").first).to_contain_text(ANSWERED)
    expect(chips(page).first).to_contain_text("p. 18")


def test_a_file_that_is_stopped_while_it_is_sent_leaves_nothing(server: Server, visit: Visit, tmp_path: Path) -> None:
    page = visit(server.link, expected="upload - CanceledError")
    own_notebook(page)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    slowly = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 1_000_000}
    wire.send("Network.emulateNetworkConditions", slowly)
    choose(page, make_big_pdf(tmp_path / "harbours.pdf", pages=1))
    sending = page.get_by_test_id("stFileChip")
    expect(sending).to_contain_text("harbours.pdf")
    expect(sending.get_by_test_id("stFileChipIconSpinner")).to_be_visible()
    sending.get_by_role("button").click()
    expect(sending).to_have_count(0)
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    expect(card(page, "harbours.pdf")).to_have_count(0)
    assert kept(server) == []


def test_a_file_that_is_cancelled_half_read_leaves_nothing_half_and_can_be_tried_again(
    server: Server, visit: Visit, tmp_path: Path
) -> None:
    page = visit(server.link)
    own_notebook(page)
    choose(page, make_big_pdf(tmp_path / "harbours.pdf", pages=300))
    file = card(page, "harbours.pdf")
    expect(file.get_by_test_id("stProgress")).to_be_visible(timeout=60_000)
    file.get_by_role("button", name="Cancel").click()
    expect(file).to_contain_text("Cancelled")
    expect(file.get_by_test_id("stProgress")).to_have_count(0)
    go(page, "Chat")
    ask(page, "How far is harbour 17 from the lighthouse?")
    expect(verified(page)).to_have_count(0)
    expect(chips(page)).to_have_count(0)
    assert "harbours.pdf" not in recorded(server)

    go(page, "Sources")
    file.get_by_role("button", name="Retry").click()
    expect(file.get_by_test_id("stProgress")).to_be_visible(timeout=60_000)
    file.get_by_role("button", name="Cancel").click()
    expect(file).to_contain_text("Cancelled")
    file.get_by_role("button", name="Dismiss").click()
    expect(file).to_have_count(0)
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    assert kept(server) == []

    choose(page, tmp_path / "harbours.pdf")
    expect(file.get_by_role("button", name="Open")).to_be_visible(timeout=180_000)
    assert "harbours.pdf" in recorded(server)
