"""The Account page as a person uses it: every section and every control, by mouse and by keys."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from halo_app.bootstrap import App, build_app
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.memory import Fact, Image, Memory, Provenance, State, Summary
from halo_app.settings import read_settings
from tests.browser.serving import Server
from tests.browser.walking import go, settled

Visit = Callable[..., Page]
TOO_SMALL = """() => [...document.querySelectorAll('.stMain button, .stMain input[type=text], .stMain summary')]
    .filter((one) => one.offsetParent && !one.closest('[data-testid=stElementToolbar]'))
    .map((one) => one.closest('[data-testid=stTextInputRootElement], .stSelectbox, .stNumberInput > div') ?? one)
    .filter((one) => one.getBoundingClientRect().height < 39.5).map((one) => one.outerHTML.slice(0, 90))"""
PAUSE_MS = 250                  # until the page knows of a click
DATABASE = "sqlite:///{data_dir}/memory.db"
SECTIONS = {"You": "Usage", "Memory": "No memories stored yet", "Models": "Models and what they may know", "Privacy": "Erase me",
            "Audit": "Audit trail", "This installation": "On this machine"}


@pytest.fixture
def house(tmp_path: Path, servers: Callable[..., Server]) -> Callable[..., Server]:
    """Start a server on a data directory that `furnish` has filled."""

    def start(furnish: Callable[[App], object] = lambda app: None) -> Server:
        app = build_app(read_settings(environ={"HALO_DATA_DIR": str(tmp_path / "data"), "HALO_AGENT_DB": DATABASE}))
        app.first_start(serving=False)
        furnish(app)
        app.close()
        return servers("data", HALO_AGENT_DB=DATABASE)

    return start


def remember(app: App, *memories: Memory) -> None:
    assert app.memory
    app.memory.kept.add(app.principal, [Memory(**{**_fields(one), "user_id": app.user_id}) for one in memories])
    app.outbox.drain()


def _fields(one: Memory) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def facts(*contents: str) -> list[Memory]:
    return [Memory(Fact(content)) for content in contents]


def account(visit: Visit, server: Server, section: str, **options: object) -> Page:
    """Open a section of the Account page by its address."""
    page = visit(server.link, **options)
    settled(page)
    page.goto(f"{server.home}account?section={section.replace(' ', '%20')}")
    settled(page)
    return page


def section(page: Page, name: str) -> Locator:
    return page.locator(".st-key-section").get_by_role("radio", name=name, exact=True)


def rows(page: Page) -> Locator:
    return page.locator(".entries tbody tr")


def row(page: Page, text: str) -> Locator:
    return rows(page).filter(has_text=text)


def press(page: Page, name: str, within: str = "body") -> None:
    """Press a button by its name, once the page rests, and wait until it rests again."""
    settled(page)
    page.locator(within).get_by_role("button", name=name, exact=True).first.click()
    rest(page)


def rest(page: Page) -> None:
    """Wait until a click was taken up and what it did is drawn."""
    page.wait_for_timeout(PAUSE_MS)
    settled(page)


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(f"{label}$")).first
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    rest(page)


def fill(page: Page, label: str, text: str) -> None:
    box = page.get_by_label(label, exact=True).last
    box.fill(text)
    box.press("Tab")
    rest(page)


def test_each_section_is_reached_by_its_control_and_by_its_address(house, visit: Visit) -> None:
    server = house()
    page = account(visit, server, "You")
    for name, words in SECTIONS.items():
        section(page, name).click()
        expect(page.locator(".stMain")).to_contain_text(words)
        expect(section(page, name)).to_be_checked()
        if name != "You":
            expect(page).to_have_url(re.compile("section=" + name.replace(" ", "(%20|[+])")))
    for name in ("Memory", "This installation"):
        page.goto(f"{server.home}account?section={name.replace(' ', '%20')}")
        expect(page.locator(".stMain")).to_contain_text(SECTIONS[name])


def test_a_memory_of_each_kind_is_added_by_hand(house, visit: Visit) -> None:
    page = account(visit, house(), "Memory")
    filled: Sequence[tuple[str, dict[str, str], str]] = (
        ("fact", {"What is to be remembered": "Rows at dawn", "Category": "sport"}, "Rows at dawn"),
        ("conversation", {"Title": "A talk", "Turns, each on a line of its own": "user: Hello\nassistant: Hi"}, "A talk"),
        ("image", {"Prompt": "A harbour at night", "Width in pixels": "640", "Height in pixels": "480"}, "A harbour at night"),
        ("transcription", {"Text": "00:05 Welcome to the meeting."}, "Welcome to the meeting."),
        ("summary", {"Summary": "They agreed."}, "They agreed."))
    for kind, fields, shown in filled:
        press(page, "Add a memory")
        choose(page, "Kind of memory", kind)
        for label, text in fields.items():
            fill(page, label, text)
        press(page, "Remember")
        expect(row(page, shown)).to_contain_text(kind)
    expect(rows(page)).to_have_count(5)
    row(page, "A harbour at night").locator(".open").click()
    expect(page.locator(".st-key-serif-memory")).to_contain_text("640 × 480 pixels")
    press(page, "‹ All memories")
    press(page, "Add a memory")
    choose(page, "Kind of memory", "conversation")
    fill(page, "Title", "Nobody speaks")
    fill(page, "Turns, each on a line of its own", "Hello")
    press(page, "Remember")
    expect(page.get_by_text("does not say who speaks")).to_be_visible()


def test_memories_are_sought_by_words_by_kind_and_by_how_they_stand(house, visit: Visit) -> None:
    past = datetime.now(UTC) - timedelta(days=1)
    old, new = uuid4().hex, uuid4().hex
    page = account(visit, house(lambda app: remember(
        app, Memory(Fact("Lives in Oslo"), public_id=old, superseded_by=new, valid_to=past),
        Memory(Fact("Lives in Bergen"), public_id=new),
        Memory(Image("A lighthouse at dusk")))), "Memory")
    expect(rows(page)).to_have_count(2)
    fill(page, "Search memories", "Bergen")
    expect(rows(page).first).to_contain_text("Lives in Bergen")
    fill(page, "Search memories", "")
    expect(rows(page)).to_have_count(2)
    choose(page, "Kind", "image")
    expect(rows(page)).to_have_count(1)
    choose(page, "Kind", "summary")
    expect(page.get_by_text("None of the 3 entries fits what is sought.")).to_be_visible()
    press(page, "Show everything")
    expect(rows(page)).to_have_count(3)
    choose(page, "Show", "Also what was superseded")
    expect(row(page, "Lives in Oslo")).to_contain_text("no longer holds")
    expect(rows(page)).to_have_count(3)
    choose(page, "Show", "Also what expired")
    expect(rows(page)).to_have_count(2)
    row(page, "Lives in Bergen").locator(".open").click()
    press(page, "‹ All memories")
    choose(page, "Show", "Everything")
    row(page, "Lives in Oslo").locator(".open").click()
    expect(page.locator("[class*='st-key-related-']").first).to_contain_text("It was superseded by")
    press(page, "Open", "[class*='st-key-related-']")
    expect(page.locator(".st-key-serif-memory")).to_contain_text("Lives in Bergen")


def test_a_memory_is_opened_with_keys_edited_pinned_and_given_an_end(house, visit: Visit) -> None:
    page = account(visit, house(lambda app: remember(app, *facts("Prefers tea", "Prefers trains"))), "Memory")
    rows(page).first.locator("input").focus()
    page.keyboard.press("Tab")
    expect(rows(page).first.locator(".open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-serif-memory")).to_contain_text("Prefers trains")
    press(page, "Pin")
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    page.get_by_text("Edit", exact=True).click()
    fill(page, "Text", "Prefers night trains")
    fill(page, "Tags, separated by commas", "travel, night")
    page.get_by_test_id("stDateInputField").get_by_role("spinbutton").first.focus()
    page.keyboard.type("20300517")
    page.get_by_role("button", name="Save").press("Enter")
    rest(page)
    told = page.locator(".st-key-serif-memory")
    for words in ("Prefers night trains", "#travel", "#night", "expires 17 May 2030", "pinned"):
        expect(told).to_contain_text(words)
    press(page, "‹ All memories")
    expect(row(page, "Prefers night trains")).to_contain_text("17 May 2030")
    row(page, "Prefers night trains").locator(".open").click()
    press(page, "Delete")
    press(page, "Delete for good")
    expect(rows(page)).to_have_count(1)
    row(page, "Prefers tea").locator(".open").click()
    press(page, "Delete")
    press(page, "Delete with everything made from it")
    expect(page.get_by_test_id("stToast").filter(has_text="0 left. Receipt")).to_be_visible()
    expect(page.get_by_text("No memories stored yet")).to_be_visible()


def test_many_memories_are_turned_over_picked_deleted_and_cleared(house, visit: Visit) -> None:
    page = account(visit, house(lambda app: remember(app, *facts(*(f"Number {n} <b>not bold</b>" for n in range(60))))), "Memory")
    expect(rows(page)).to_have_count(50)
    expect(row(page, "Number 59").locator(".open")).to_have_text("Number 59 <b>not bold</b>")
    page.get_by_role("button", name="Older memories").click()
    expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    expect(rows(page)).to_have_count(10)
    page.get_by_role("button", name="Newer memories").click()
    expect(rows(page)).to_have_count(50)
    rows(page).nth(0).locator("input").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Delete selected (1)")).to_be_visible()
    rows(page).nth(1).locator("input").check()
    press(page, "Delete selected (2)")
    expect(page.get_by_text("Delete 2 memories for good?")).to_be_visible()
    press(page, "Delete for good")
    expect(page.get_by_text("58 entries").first).to_be_visible()
    page.get_by_label("Select all on this page").check()
    expect(page.get_by_role("button", name="Delete selected (50)")).to_be_visible()
    press(page, "Delete selected (50)")
    press(page, "Delete for good")
    expect(rows(page)).to_have_count(8)
    press(page, "Clear all")
    clear = page.get_by_role("button", name="Clear all memory")
    expect(clear).to_be_disabled()
    fill(page, "Type “clear” to delete all 8 entries for good", "clear")
    clear.click()
    expect(page.get_by_text("No memories stored yet")).to_be_visible()


def test_suggestions_disputes_and_the_chat_a_memory_comes_from(house, visit: Visit) -> None:
    one, other = uuid4().hex, uuid4().hex

    def furnish(app: App) -> None:
        now, book = datetime.now(UTC), app.notebooks.default()
        chat = app.chat.new(book.id)
        said = Message(Role.USER, "I work at the harbour.", now)
        app.records("chats").put(Conversation(chat.id, "On work", book.id, app.user_id, now, now, (said,)))
        where = Provenance(session_id=chat.id)
        remember(app, Memory(Fact("Works at the harbour"), public_id=one, disputes=(other,), provenance=where),
                 Memory(Fact("Works at the museum"), public_id=other, disputes=(one,)),
                 Memory(Fact("Owns a boat", confidence=0.6), state=State.SUGGESTED), Memory(Fact("Owns a car"), state=State.SUGGESTED))

    page = account(visit, house(furnish), "Memory")
    waiting = page.locator(".st-key-suggestions")
    expect(waiting).to_contain_text("60% sure")
    press(page, "Keep", "[class*='st-key-suggestion-']:has-text('Owns a boat')")
    expect(row(page, "Owns a boat")).to_have_count(1)
    press(page, "Dismiss", ".st-key-suggestions")
    expect(waiting).to_have_count(0)
    expect(row(page, "Works at the museum")).to_contain_text("may contradict")
    row(page, "Works at the museum").locator(".open").click()
    expect(page.locator(".st-key-card-memory")).to_contain_text("It may contradict")
    press(page, "Keep this one")
    press(page, "‹ All memories")
    expect(row(page, "Works at the harbour")).to_have_count(0)
    choose(page, "Show", "Everything")
    row(page, "Works at the harbour").locator(".open").click()
    expect(page.locator(".st-key-serif-memory")).to_contain_text("No longer holds")
    press(page, "Open the chat")
    expect(page.locator(".st-key-head .title")).to_have_text("On work")
    expect(page.locator(".thread .question")).to_have_text("I work at the harbour.")


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


def test_consent_rules_and_everything_of_mine_are_in_my_hands(house, visit: Visit, tmp_path: Path) -> None:
    def furnish(app: App) -> None:
        long_ago = datetime.now(UTC) - timedelta(days=90)
        remember(app, *facts("Keeps bees"), Memory(Fact("Kept a cow"), created_at=long_ago, occurred_at=long_ago))

    page = account(visit, house(furnish), "Privacy", accept_downloads=True)
    card = page.locator(".st-key-card-consent")
    press(page, "Agree")
    expect(card).to_contain_text("You agreed.")
    press(page, "Take it back")
    expect(card).to_contain_text("You took it back.")

    rules = page.locator(".st-key-card-retention")
    expect(rules).to_contain_text("Now nothing would go.")
    fill(page, "Facts", "30")
    expect(rules).to_contain_text("By these days this would go: 1 fact.")
    press(page, "Save the days")
    expect(rules).to_contain_text("Now this would go: 1 fact.")
    press(page, "Delete now")
    press(page, "Delete for good")
    expect(rules).to_contain_text("Now nothing would go.")

    press(page, "Make the file")
    expect(page.locator(".st-key-card-export .yes")).to_contain_text("record")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    download.value.save_as(tmp_path / "mine.zip")
    with zipfile.ZipFile(tmp_path / "mine.zip") as taken:
        assert any("memor" in name for name in taken.namelist())
        assert taken.testzip() is None

    press(page, "Erase everything of mine")
    erase = page.get_by_role("button", name="Erase for good")
    expect(erase).to_be_disabled()
    fill(page, "Type your user ID, local-user, to go on", "local-user")
    erase.click()
    settled(page)
    expect(page.locator(".st-key-card-erase")).to_contain_text("0 left. Receipt", timeout=60_000)
    page.keyboard.press("Escape")
    section(page, "Memory").click()
    expect(page.get_by_text("No memories stored yet")).to_be_visible()
    for name in ("Chat", "Sources", "Notes", "Studio", "Account"):
        go(page, name)
        settled(page)
        expect(page.get_by_test_id("stAlert")).to_have_count(0)


def test_an_administrator_clears_the_memory_of_everybody(house, visit: Visit) -> None:
    def furnish(app: App) -> None:
        assert app.memory
        app.memory.store(app.user_id, "Mine")
        app.memory.store("somebody", "Theirs")

    page = account(visit, house(furnish), "Privacy")
    press(page, "Clear the memory of all users")
    clear = page.get_by_role("button", name="Clear for good")
    expect(clear).to_be_disabled()
    fill(page, "Type “clear everyone” to go on", "clear everyone")
    clear.click()
    expect(page.get_by_test_id("stToast")).to_contain_text("2 memories of all users deleted for good.")


def test_models_usage_audit_and_health_are_shown(house, visit: Visit) -> None:
    page = account(visit, house(lambda app: remember(app, *facts("Keeps bees"))), "You")
    expect(page.locator(".st-key-card-usage")).to_contain_text("1 memory in the last 30 days")
    expect(page.locator(".st-key-card-usage .bars .field")).to_be_visible()
    section(page, "Models").click()
    press(page, "Register a model")
    fill(page, "Name", "Own-7B")
    page.get_by_role("combobox", name=re.compile("Good at")).click()
    page.get_by_role("option", name="text generation").click()
    page.keyboard.press("Escape")
    press(page, "Register")
    expect(page.locator(".st-key-card-registry")).to_contain_text("Own-7B")
    section(page, "Audit").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    press(page, "Check it")
    expect(page.locator(".st-key-card-audit .yes")).to_contain_text("nothing was changed")
    section(page, "This installation").click()
    page.get_by_text("Check this installation", exact=True).click()
    press(page, "Check now")
    expect(page.get_by_text(re.compile("✓ memory: .*can be written"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_every_section_fits_and_is_made_for_fingers(house, visit: Visit, scheme: str) -> None:
    long = "W" * 400
    page = account(visit, house(lambda app: remember(
        app, *facts("Prefers tea", long, "המשתמש גר בחיפה"), Memory(Fact("Owns a boat"), state=State.SUGGESTED))),
        "Memory", width=390, height=844, color_scheme=scheme)
    expect(page.get_by_text("Select all", exact=True)).to_be_visible()
    for name in SECTIONS:
        section(page, name).click()
        settled(page)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert page.evaluate(TOO_SMALL) == [], name
