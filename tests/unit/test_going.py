"""The palette finds everything with a name by a few letters: what fits best first, what was used last before the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from halo_app.domain.fitting import fit, marked
from halo_app.domain.seeking import sought
from halo_app.services.going import GoingService
from halo_app.ui import going
from halo_app.ui.components import palette
from tests.fakes import DictRecords

NOW = datetime(2026, 3, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Record:
    id: str
    title: str
    notebook_id: str = "n1"
    user_id: str = "me"
    days: int = 0

    @property
    def name(self) -> str:
        return self.title

    @property
    def created_at(self) -> datetime:
        return NOW - timedelta(days=self.days)


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def shelves() -> dict[str, DictRecords]:
    made = {kind: DictRecords() for kind in ("notebook", "chat", "source", "note", "output")}
    made["notebook"].put_all([Record("n1", "House"), Record("n2", "Garden")])
    made["chat"].put_all([Record("c1", "Heat pumps in old houses", days=3), Record("c2", "Which subsidies apply?", days=1)])
    made["source"].put_all([Record("s1", "Field study 2024.pdf"), Record("s2", "Heat of the earth.pdf", "n2")])
    made["note"].put_all([Record("t1", "Questions for the installer"), Record("t2", "Theirs", user_id="other")])
    return made


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def finder(shelves: dict[str, DictRecords], seconds: Seconds) -> GoingService:
    return GoingService(shelves, "me", seconds)


def ids(found: list[Any]) -> list[str]:
    return [thing.id for thing in found]


@pytest.mark.parametrize(("typed", "best"), [
    ("heat", "c1"), ("subs", "c2"), ("study field", "s1"), ("fldstd", "s1"), ("INSTALLÉR", "t1"), ("gard", "n2"), ("hpioh", "c1")])
def test_a_few_letters_find_a_name(finder: GoingService, typed: str, best: str) -> None:
    assert ids(finder.find(typed, "n1"))[0] == best


def test_what_fits_no_word_or_belongs_to_another_person_is_not_found(finder: GoingService) -> None:
    assert finder.find("volcano") == []
    assert finder.find("theirs") == []
    assert finder.find("heat volcano") == []


def test_of_two_that_fit_as_well_the_open_notebook_comes_first_and_what_was_used_before_both(finder: GoingService) -> None:
    assert ids(finder.find("heat", "n2")) == ["s2", "c1"]
    finder.note("chat", "c1")
    assert ids(finder.find("heat", "n2")) == ["c1", "s2"]
    finder.forget()
    assert finder.used() == []


def test_without_words_what_was_used_last_stands_first_then_what_changed_last(finder: GoingService) -> None:
    finder.note("source", "s1")
    finder.note("note", "t1")
    assert ids(finder.find("", "n1"))[:2] == ["t1", "s1"]
    assert len(finder.find("", limit=3)) == 3


def test_names_are_read_again_when_they_are_old(finder: GoingService, shelves: dict[str, DictRecords], seconds: Seconds) -> None:
    assert finder.find("lamp") == []
    shelves["note"].put(Record("t3", "Lamp"))
    assert finder.find("lamp") == []
    seconds.now = 3.0
    assert ids(finder.find("lamp")) == ["t3"]


def test_whole_words_fit_better_than_beginnings_and_those_better_than_letters() -> None:
    names = ["heat", "heat pump", "the heat", "heater", "cheat", "hot eat"]
    scores = [fit(("heat",), name) for name in names]
    assert scores[0] == scores[1] > scores[2] > scores[3] - 0.5 > scores[4] > scores[5] > 0
    assert fit(("heat",), "h e very far away from here a t") == 0
    assert fit((), "anything") == 0


def test_what_fits_is_shown_apart_and_nothing_is_lost() -> None:
    for typed, name in (("étude", "Etude für Hämmer"), ("fs", "Field study"), ("x", "none"), ("ou", "House house")):
        pieces = marked(sought(typed), name)
        assert "".join(piece.text for piece in pieces) == name
    assert [piece.text for piece in marked(sought("fstu"), "Field study") if piece.found] == ["F", "stu"]
    assert [piece.text for piece in marked(("pump",), "Heat pumps") if piece.found] == ["pump"]


def app(finder: GoingService) -> Any:
    return SimpleNamespace(going=finder, notebooks=SimpleNamespace(all=lambda: [Record("n1", "House"), Record("n2", "Garden")]))


def test_pages_and_actions_are_found_with_everything_else_and_words_can_be_asked_as_they_are(finder: GoingService) -> None:
    rows = going.found(app(finder), "new note", "n1")
    assert (rows[0]["kind"], rows[0]["id"]) == ("action", "new-note")
    assert [row["id"] for row in rows if row["text"] == "new note"] == ["ask", "search-memory", "search-chats"]
    assert going.found(app(finder), "settings", "n1")[0]["id"] == "account"
    [chat, *_] = going.found(app(finder), "heat pumps", "n2")
    assert (chat["label"], chat["where"]) == ("Chat", "House")


def test_before_anything_is_typed_there_are_recent_things_pages_and_actions(finder: GoingService) -> None:
    finder.note("action", "new-note")
    rows = going.found(app(finder), "", "n1")
    assert rows[0]["id"] == "new-note"
    assert {"page", "action", "chat"} <= {row["kind"] for row in rows}
    assert len({(row["kind"], row["id"]) for row in rows}) == len(rows)


def test_every_action_that_is_offered_is_there() -> None:
    offered = {one.id for one in going.FIXED if one.kind == "action"} | {going.ASK.id}
    assert offered - {"shortcuts"} == set(palette.ACTIONS)        # the list of shortcuts is opened by the script itself
