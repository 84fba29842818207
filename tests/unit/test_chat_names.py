"""A chat is named after what its first question is about; a model may find a better name, a name given by hand stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.domain.ledger import Sending
from halo_app.domain.titling import TITLE_CHARS, read_title, title_of
from halo_app.errors import ModelUnavailable
from halo_app.plugins import Prompt
from halo_app.services.naming import NamingService
from tests.fakes import DictRecords, TickingClock

QUESTION = "Could you please tell me, based on my sources, how much heat a house of 1962 needs?"


@pytest.mark.parametrize(("question", "title"), [
    ("Which subsidies apply?", "Which subsidies apply?"),
    ("What was the seasonal performance factor of the heat pumps?", "Seasonal performance factor of the heat pumps"),
    ("Could you please tell me, based on my sources, which radiators lower the flow temperature and by how much they do it?",
     "Which radiators lower the flow temperature"),
    ("I have a house from 1962. It has 12 radiators. Which pump fits?", "Which pump fits?"),
    ("What is 3.5 times the U.S. average?\nIt is for a talk.", "What is 3.5 times the U.S. average?"),
    ("Was ist der Unterschied zwischen Wärmepumpe und Gasheizung im Altbau?",
     "Unterschied zwischen Wärmepumpe und Gasheizung im Altbau"),
    ("Bitte sag mir, was die Wärmepumpe kostet", "Was die Wärmepumpe kostet"),
    ("so what?", "So what?"), ("please", "Please"), ("  \n ", ""),
])
def test_a_question_gives_a_short_name(question: str, title: str) -> None:
    assert title_of(question) == title


def test_a_name_fits_on_a_line_whatever_the_question() -> None:
    for question in ("word " * 90, "x" * 500, "a, b. " * 80, "¿" * 300):
        assert 0 < len(title_of(question)) <= TITLE_CHARS


@pytest.mark.parametrize(("written", "name"), [
    ('"Heat in old houses."\n', "Heat in old houses"), ("Title: heat demand", "Heat demand"),
    ("**Heat demand**\nBecause …", "Heat demand"),
    ("", ""), ("\n \n", ""), ("word " * 12, ""), ("x" * 90, ""),
])
def test_what_a_model_writes_is_a_name_or_nothing(written: str, name: str) -> None:
    assert read_title(written) == name


class Model:
    name, place = "a model", "127.0.0.1:1"

    def __init__(self, says: str | Exception, is_local: bool = True) -> None:
        self.says, self.is_local = says, is_local
        self.asked: list[Prompt] = []

    def stream(self, prompt: Prompt) -> Iterator[str]:
        self.asked.append(prompt)
        if isinstance(self.says, Exception):
            raise self.says
        yield from self.says

    def models(self) -> list[str]:
        return []


class Sent(list[Sending]):
    note = list.append

    def all(self, user_id: str) -> list[Sending]:
        return self


def named(model: Model | None, title: str = title_of(QUESTION), sent: Sent | None = None) -> str:
    records, clock = DictRecords(), TickingClock()
    records.put(Conversation("c", title, "n", "me", clock(), clock(), (Message(Role.USER, QUESTION, clock()),)))
    naming = NamingService(records, lambda: model, sent if sent is not None else Sent(), clock)
    naming.soon("c")
    assert naming.wait(5)
    naming.close()
    return str(records.get("c").title)


def test_a_model_names_a_chat_from_its_first_question_alone() -> None:
    model = Model("<think>hm</think>Heat demand of a house of 1962.")
    assert named(model) == "Heat demand of a house of 1962"
    assert [prompt.turns for prompt in model.asked] == [(("user", QUESTION),)]


def test_a_name_given_by_hand_stays_and_the_model_is_not_asked() -> None:
    model = Model("Heat demand")
    assert named(model, "My house") == "My house"
    assert model.asked == []


def test_a_model_that_fails_or_rambles_changes_nothing() -> None:
    for says in (ModelUnavailable("it gave no answer"), "", "word " * 40):
        assert named(Model(says)) == title_of(QUESTION)
    assert named(None) == title_of(QUESTION)


def test_what_goes_outside_for_a_name_is_noted_before_it_goes() -> None:
    sent = Sent()
    named(Model(ModelUnavailable("away"), is_local=False), sent=sent)
    [noted] = sent
    assert (noted.session_id, noted.spans, noted.place) == ("c", (), "127.0.0.1:1")
    named(Model("Heat", is_local=True), sent=sent)
    assert len(sent) == 1


def test_a_chat_that_was_deleted_meanwhile_stays_deleted() -> None:
    records = DictRecords()
    naming = NamingService(records, lambda: Model("Heat"), Sent(), TickingClock())
    naming.soon("gone")
    assert naming.wait(5)
    assert records.held == {}
