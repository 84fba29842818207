"""Chats are found by every word in their titles and in what was said, whatever the capitals and accents, and stand under their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.seeking import folded, pieces, sought
from halo_app.domain.shelving import shelf_of
from halo_app.services.chat_search import ChatSearch, FoundChat

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def chat(title: str, *said: str, days: int = 0) -> Conversation:
    when = NOON - timedelta(days=days)
    roles = (Role.USER, Role.ASSISTANT)
    return Conversation(title, title, "n", "me", when, when, tuple(Message(roles[at % 2], one, when) for at, one in enumerate(said)))


HEAT = chat("Heat pumps", "Does a heat pump pay off?", "Of the 58 houses, 51 stayed below 55 °C on the coldest day.")
CAFES = chat("Cafés in Graz", "Where is the Straße of the bakers?", "The dough rests for twelve hours.", days=1)
DOUGH = chat("Dough", "How long?", "Twelve hours, on the coldest day longer.", days=2)


def search(*chats: Conversation) -> ChatSearch:
    return ChatSearch(lambda notebook_id: list(chats))


def titles(found: list[FoundChat]) -> list[str]:
    return [one.chat.title for one in found]


def test_a_chat_is_found_by_words_of_its_title_and_of_its_messages_together() -> None:
    every = search(HEAT, CAFES, DOUGH)
    assert titles(every.find("coldest")) == ["Heat pumps", "Dough"]
    assert titles(every.find("twelve dough")) == ["Cafés in Graz", "Dough"]
    assert titles(every.find("heat twelve")) == []
    assert every.find("  ") == []


def test_a_short_word_is_meant_to_begin_one_and_a_longer_one_may_stand_inside() -> None:
    every = search(chat("Systems"), chat("Wärmepumpe"), chat("Temperatures"))
    assert titles(every.find("tem")) == ["Temperatures"]
    assert titles(every.find("pumpe")) == ["Wärmepumpe"]


def test_what_names_the_words_in_its_title_comes_first() -> None:
    assert titles(search(CAFES, DOUGH).find("dough")) == ["Dough", "Cafés in Graz"]


def test_capitals_and_accents_do_not_matter_and_the_words_are_shown_as_they_stand() -> None:
    [found] = search(HEAT, CAFES).find("CAFES")
    assert [(piece.text, piece.found) for piece in found.title] == [("Cafés", True), (" in Graz", False)]
    assert found.said == ()


def test_the_message_that_holds_the_words_is_shown_around_them() -> None:
    [found] = search(HEAT).find("coldest day")
    assert [piece.text for piece in found.said if piece.found] == ["coldest", "day"]
    assert "".join(piece.text for piece in found.said).startswith("…")


def test_a_chat_that_changed_is_read_again_and_one_that_is_gone_is_not_found() -> None:
    chats = [HEAT]
    seeker = ChatSearch(lambda notebook_id: chats)
    assert seeker.find("radiator") == []
    chats[:] = [replace(HEAT, title="Radiators")]
    assert titles(seeker.find("radiator")) == ["Radiators"]
    chats.clear()
    assert seeker.find("radiator") == []
    assert seeker._kept == {}
    chats.append(HEAT)
    seeker.find("heat")
    seeker.forget()
    assert seeker._kept == {}


def test_only_so_many_are_given() -> None:
    assert len(search(*(chat(f"Heat {number}") for number in range(30))).find("heat", limit=12)) == 12


def test_folding_keeps_every_place() -> None:
    for text in ("Straße ǅ Ångström ﬁ İstanbul", "日本語 🙂 ñ", "plain"):
        assert len(folded(text)) == len(text)
    assert sought("Éa éa  b") == ("ea", "b")


def test_an_excerpt_begins_and_ends_at_words() -> None:
    text = "alpha " * 30 + "needle " + "omega " * 60
    shown = "".join(piece.text for piece in pieces(text, ("needle",)))
    assert shown.startswith("…alpha") and shown.endswith("omega…")
    assert pieces(text, ("nothing",)) == ()


def test_days_then_months_name_the_shelves() -> None:
    ages = {0: "Today", 1: "Yesterday", 2: "Last 7 days", 7: "Last 7 days", 8: "March", 20: "February", 80: "December 2025",
            400: "February 2025"}
    assert {days: shelf_of(NOON - timedelta(days=days), NOON) for days in ages} == ages
    assert shelf_of(NOON + timedelta(hours=30), NOON) == "Today"        # a clock that was set back
