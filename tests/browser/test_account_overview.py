"""The overview of the memory as a person uses it, with a handful of memories and with ten thousand."""

from __future__ import annotations

import re
from uuid import uuid4

import numpy as np
from playwright.sync_api import Locator, Page, expect

from halo_app.bootstrap import App
from halo_app.domain.memory import Fact, Memory, Summary
from halo_app.ports import Entry
from tests.browser.accounts import Visit, account, facts, press, remember, rest, rows
from tests.browser.walking import settled


def test_the_overview_leads_into_the_memory(house, visit: Visit) -> None:
    old, new = uuid4().hex, uuid4().hex
    page = account(visit, house(lambda app: remember(
        app, *facts("Likes tea", "Likes coffee", "Sails at weekends"), Memory(Summary("They spoke of boats.")),
        Memory(Fact("Lives in Oslo"), public_id=old, superseded_by=new), Memory(Fact("Lives in Bergen"), public_id=new))), "Memory")
    expect(page.locator(".bars")).to_have_count(0)
    page.get_by_text("Overview", exact=True).click()
    expect(page.get_by_text("5 facts · 1 summary")).to_be_visible()
    page.get_by_role("option", name=re.compile("fact 5, summary 1")).click()
    expect(page.get_by_role("button", name=re.compile("Only of"))).to_be_visible()
    page.get_by_role("button", name=re.compile("Only of")).click()
    page.locator(".bars").get_by_role("button", name="summary").click()
    expect(rows(page)).to_have_count(1)
    page.locator(".st-key-overview-view").get_by_role("radio", name="By meaning").click()
    chart = page.locator(".map canvas")
    expect(chart).to_be_visible()
    settled(page)
    chart.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-serif-memory")).to_be_visible()
    press(page, "‹ All memories")
    press_a_mark(page, chart)
    expect(page.locator(".st-key-serif-memory")).to_be_visible()
    press(page, "‹ All memories")
    page.locator(".st-key-overview-view").get_by_role("radio", name="Links").click()
    expect(page.get_by_text("Superseded (1)")).to_be_visible()
    press(page, "Open the other")
    expect(page.locator(".st-key-serif-memory")).to_contain_text("Lives in Bergen")


def press_a_mark(page: Page, chart: Locator) -> None:
    """Click where the chart has the most of a colour of our marks."""
    from io import BytesIO

    import numpy as np
    from PIL import Image as Picture

    pixels = np.asarray(Picture.open(BytesIO(chart.screenshot())).convert("RGB")).astype(int)
    spread = pixels.max(axis=2) - pixels.min(axis=2)
    down, across = np.unravel_index((spread > 60).argmax(), spread.shape)
    chart.click(position={"x": float(across) + 3, "y": float(down) + 4})
    rest(page)


def test_ten_thousand_memories_are_one_canvas_and_one_click_away(house, visit: Visit) -> None:
    page = account(visit, house(ten_thousand), "Memory")
    page.get_by_text("Overview", exact=True).click()
    expect(page.get_by_text("10,000 facts")).to_be_visible()
    page.locator(".st-key-overview-view").get_by_role("radio", name="By meaning").click()
    chart = page.locator(".map canvas")
    expect(chart).to_have_attribute("aria-label", re.compile("Map of 10,000 memories"))
    settled(page)
    page.get_by_role("button", name="Look closer").click()
    page.get_by_role("button", name="See more of the map").click()
    expect(page.get_by_role("button", name="See more of the map")).to_be_disabled()
    press_a_mark(page, chart)
    expect(page.locator(".st-key-serif-memory")).to_contain_text("Fact number")
    press(page, "‹ All memories")
    expect(chart).to_be_visible()


def ten_thousand(app: App) -> None:
    """Store memories with vectors of chance: what is measured is the page, not the model."""
    chance = np.random.default_rng(7)
    assert app.memory
    stored = app.memory.kept.add(app.principal, [Memory(Fact(f"Fact number {n}"), user_id=app.user_id) for n in range(10_000)])
    vectors = chance.normal(size=(len(stored), 384)).astype(np.float32)
    vectors[:5000, 0] += 20
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pieces = [app.cutting.cut(one)[0] for one in stored]
    entries = [Entry(one.public_id, chunks, vectors[n:n + 1]) for n, (one, chunks) in enumerate(zip(stored, pieces, strict=True))]
    app.memory_index.put_all(entries, model_id=app.embedder.model_id)
    waiting = app.memory.kept.claim("walk", 10_000, lease_seconds=600)
    app.memory.kept.settle("walk", [one.public_id for one in waiting], {})
