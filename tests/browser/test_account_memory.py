"""The memory on the Account page as a person uses it: add, seek, open, edit, decide, sort out, erase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from playwright.sync_api import expect

from halo_app.bootstrap import App
from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.memory import Covers, Fact, Image, Memory, Provenance, State, Summary
from tests.browser.accounts import Visit, account, choose, facts, fill, press, remember, rest, row, rows


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


def test_what_may_contradict_is_decided_on_the_open_memory(house, visit: Visit) -> None:
    tea, coffee, cat, dog = (uuid4().hex for _ in range(4))
    page = account(visit, house(lambda app: remember(
        app, Memory(Fact("Drinks tea"), public_id=tea, disputes=(coffee,)),
        Memory(Fact("Drinks coffee"), public_id=coffee, disputes=(tea,)),
        Memory(Fact("Has a cat"), public_id=cat, disputes=(dog,)), Memory(Fact("Has a dog"), public_id=dog, disputes=(cat,)),
        Memory(Fact("Owns a boat"), state=State.SUGGESTED), Memory(Fact("Owns a car"), state=State.SUGGESTED))), "Memory")
    row(page, "Has a cat").locator(".open").click()
    press(page, "Both stay")
    expect(page.get_by_role("button", name="Both stay")).to_have_count(0)
    press(page, "‹ All memories")
    expect(row(page, "Has a dog")).not_to_contain_text("may contradict")
    row(page, "Drinks tea").locator(".open").click()
    press(page, "Keep the other")
    expect(page.locator(".st-key-serif-memory")).to_contain_text("No longer holds")
    press(page, "‹ All memories")
    expect(row(page, "Drinks tea")).to_have_count(0)
    choose(page, "Show", "Everything")
    row(page, "Owns a boat").locator(".open").click()
    press(page, "Keep", ".st-key-memory-card-actions")
    expect(page.get_by_role("button", name="Keep", exact=True)).to_have_count(0)
    press(page, "‹ All memories")
    choose(page, "Show", "Everything")
    row(page, "Owns a car").locator(".open").click()
    press(page, "Dismiss", ".st-key-memory-card-actions")
    expect(page.get_by_text("This memory is gone")).to_be_visible()
    press(page, "‹ All memories")
    expect(row(page, "Owns a boat")).to_have_count(1)
    expect(row(page, "Owns a car")).to_have_count(0)


def test_a_memory_goes_with_what_was_made_from_it_and_what_failed_is_tried_again(house, visit: Visit) -> None:
    said = uuid4().hex

    def furnish(app: App) -> None:
        remember(app, Memory(Fact("Sails a yawl named Quillon"), public_id=said),
                 Memory(Summary("The yawl is named Quillon.", Covers.CONTEXT, (said,))), *facts("Keeps bees"))
        assert app.memory
        app.memory.kept.add(app.principal, [replace(facts("Keeps hens")[0], user_id=app.user_id)])
        [waiting] = app.memory.kept.claim("walk", 1, lease_seconds=60)
        app.memory.kept.settle("walk", [], {waiting.public_id: "the search model could not be loaded"})

    page = account(visit, house(furnish), "Memory")
    failed = page.locator(".st-key-failed-memories")
    expect(failed).to_contain_text("1 memory is found by words only: the search model could not be loaded.")
    press(page, "Try again")
    expect(failed).to_have_count(0)
    row(page, "Sails a yawl").locator(".open").click()
    press(page, "Delete")
    press(page, "Delete with everything made from it")
    expect(page.get_by_test_id("stToast").filter(has_text="0 left. Receipt")).to_be_visible()
    expect(rows(page)).to_have_count(2)
    expect(page.locator(".entries")).not_to_contain_text("Quillon")
