"""The Account page on a real application: every kind of memory, every control, every fault in its own words."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from halo_app.bootstrap import App, build_app
from halo_app.domain.consent import Standing
from halo_app.domain.memory import Kind, State
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.errors import StoreUnavailable
from halo_app.settings import read_settings
from halo_app.ui import running, state_account
from tests.fakes import HereReader
from tests.unit.test_pages import page, words

FIVE = (
    {"kind": "fact", "content": "Prefers figures per year", "category": "style", "confidence": 0.8},
    {"kind": "conversation", "title": "First talk", "messages": [{"role": "user", "content": "Hello there"}]},
    {"kind": "image", "prompt": "A lighthouse at dusk", "model": "RealVisXL_V5.0", "width": 640, "height": 480, "seed": 7},
    {"kind": "transcription", "text": "First the budget.", "language": "en",
     "segments": [{"start_seconds": 5, "end_seconds": 9, "text": "First the budget."}]},
    {"kind": "summary", "text": "They spoke of the thesis.", "covered_ids": ["a", "b"]},
)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., App]]:
    made: list[App] = []

    def open_app(**environ: str) -> App:
        app = build_app(read_settings(environ={"HALO_DATA_DIR": str(tmp_path / "data"), **environ}))
        app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter(), reader=HereReader())
        app.first_start(serving=False)
        running.use(app)
        made.append(app)
        return app

    yield open_app
    running._apps.clear()
    for app in made:
        app.close()


def memory_page(**view: object) -> AppTest:
    return page("account", section="Memory", **({state_account._MEMORY: state_account.MemoryView(**view)} if view else {}))  # type: ignore[arg-type]


def said(test: AppTest) -> str:
    return html.unescape(words(test) + " ".join(error.value for error in test.error))


def stored(app: App, *given: object) -> list[int]:
    assert app.memory
    numbers = [app.memory.store(app.user_id, one).id for one in given]  # type: ignore[arg-type]
    app.outbox.drain()
    return numbers


def test_without_memories_the_page_says_what_to_do_first(opened):
    opened()
    assert "No memories stored yet" in said(memory_page())


def test_all_five_kinds_stand_in_the_table_with_their_columns(opened):
    stored(opened(), *FIVE)
    shown = said(memory_page())
    told = ("Prefers figures per year", "First talk", "A lighthouse at dusk", "First the budget.", "They spoke of the thesis.", "80%")
    assert all(one in shown for one in told)
    assert all(str(kind) in shown for kind in Kind)


@pytest.mark.parametrize(("place", "shown"), [
    (0, "Category: style · Sure: 80%"), (1, "user: Hello there"), (2, "Size: 640 × 480 pixels · Seed: 7"),
    (3, "00:00:05 First the budget."), (4, "Stands for 2 turns of a session")])
def test_an_open_memory_shows_all_its_fields(opened, place, shown):
    numbers = stored(opened(), *FIVE)
    test = memory_page(opened=numbers[place])
    assert not test.exception and not test.error
    assert shown in said(test)


def test_a_memory_is_found_by_search_and_by_its_kind(opened):
    stored(opened(), *FIVE)
    assert "A lighthouse at dusk" in said(memory_page(words="lighthouse at dusk"))
    shown = said(memory_page(kind="summary"))
    assert "They spoke of the thesis." in shown and "Prefers figures" not in shown


def test_a_filter_that_fits_nothing_is_told_apart_from_an_empty_memory(opened):
    stored(opened(), FIVE[0])
    test = memory_page(kind="image")
    assert "None of the 1 entry fits" in said(test)
    test.button(key="show-everything").click().run()
    assert "Prefers figures per year" in said(test)


def test_a_memory_is_pinned_edited_and_deleted(opened):
    app = opened()
    [number] = stored(app, FIVE[0])
    test = memory_page(opened=number)
    test.button(key="pin-memory").click().run()
    assert app.memory.get(app.user_id, number).pinned
    test.text_area[0].set_value("Prefers figures per month")
    test.text_input[0].set_value("style, numbers")
    next(button for button in test.button if button.label == "Save").click().run()
    memory = app.memory.get(app.user_id, number)
    assert (memory.text, memory.tags, memory.pinned) == ("Prefers figures per month", ("style", "numbers"), True)
    test.button(key="delete-memory").click().run()
    assert app.memory.count(app.user_id) == 0


def test_selected_memories_are_deleted_after_a_second_word(opened):
    app = opened()
    numbers = stored(app, *FIVE)
    test = memory_page(chosen=frozenset(numbers[:2]))
    assert "Delete 2 memories for good?" in said(test)
    test.button(key="delete-memories").click().run()
    assert {one.id for one in app.memory.list(app.user_id)} == set(numbers[2:])


def test_clearing_all_memory_needs_the_typed_word(opened):
    app = opened()
    stored(app, *FIVE)
    test = memory_page()
    assert test.button(key="clear-memories").disabled
    test.text_input(key="clear-word").set_value("clear").run()
    test.button(key="clear-memories").click().run()
    assert app.memory.count(app.user_id) == 0
    assert "No memories stored yet" in said(test)


def test_a_suggestion_counts_only_when_it_is_kept(opened):
    app = opened()
    first, second = stored(app, {"kind": "fact", "content": "Lives in Leiden", "state": "suggested"},
                           {"kind": "fact", "content": "Owns a boat", "state": "suggested"})
    test = memory_page()
    test.button(key=f"keep-{first}").click().run()
    test.button(key=f"dismiss-{second}").click().run()
    assert [(one.id, one.state) for one in app.memory.list(app.user_id)] == [(first, State.KEPT)]
    assert app.memory.suggested(app.user_id) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_added_by_hand(opened, kind):
    app = opened()
    test = memory_page()
    test.selectbox(key="add-kind").select(kind).run()
    filled = {Kind.FACT: "Rows at dawn", Kind.CONVERSATION: "user: Hello\nassistant: Hi", Kind.IMAGE: "A harbour",
              Kind.TRANSCRIPTION: "00:05 Welcome to the meeting.", Kind.SUMMARY: "They agreed."}[kind]
    test.text_area[0].set_value(filled)
    if kind is Kind.CONVERSATION:
        next(box for box in test.text_input if box.label == "Title").set_value("A talk")
    next(button for button in test.button if button.label == "Remember").click().run()
    assert not test.error
    [memory] = app.memory.list(app.user_id)
    assert memory.kind is kind


def test_a_line_without_a_speaker_is_refused_in_words_and_nothing_is_lost(opened):
    app = opened()
    test = memory_page()
    test.selectbox(key="add-kind").select(Kind.CONVERSATION).run()
    test.text_area[0].set_value("Hello without a speaker")
    next(box for box in test.text_input if box.label == "Title").set_value("A talk")
    next(button for button in test.button if button.label == "Remember").click().run()
    assert "does not say who speaks" in said(test)
    assert test.text_area[0].value == "Hello without a speaker"
    assert app.memory.count(app.user_id) == 0


def test_consent_is_given_and_taken_back(opened):
    app = opened()
    test = page("account", section="Privacy")
    test.button(key="give-consent").click().run()
    assert app.consent.state() is Standing.GIVEN
    test.button(key="withdraw-consent").click().run()
    assert app.consent.state() is Standing.WITHDRAWN
    assert "withdrawn (version 1)" in said(test)


def test_everything_is_made_into_one_file(opened):
    stored(opened(), *FIVE)
    test = page("account", section="Storage")
    test.button(key="make-export").click().run()
    assert "record" in said(test) and not test.error
    assert test.session_state["made-export"][0].startswith(b"PK")


def test_erasing_needs_the_typed_name_and_leaves_a_receipt(opened):
    app = opened()
    stored(app, *FIVE)
    test = page("account", section="Danger zone")
    assert test.button(key="erase-me").disabled
    test.text_input(key="erase-word").set_value(app.user_id).run()
    test.button(key="erase-me").click().run()
    test = page("account", section="Danger zone")
    assert "0 left" in said(test) and not test.error


def test_the_audit_trail_is_shown_and_checked(opened):
    app = opened()
    stored(app, FIVE[0])
    app.memory.count(app.user_id)
    test = page("account", section="Audit")
    assert "memory.count" not in str(test.dataframe[0].value)
    test.checkbox(key="audit-looks").check().run()
    assert "memory.count" in str(test.dataframe[0].value)
    assert "memory.store" in str(test.dataframe[0].value)
    test.button(key="check-audit").click().run()
    assert "nothing was changed" in said(test)


def test_models_show_what_is_private_to_them_and_one_can_be_registered(opened):
    app = opened()
    stored(app, {**FIVE[2], "private_to": "RealVisXL_V5.0"}, FIVE[0])
    test = page("account", section="Models")
    assert "Shared by every model: 1 of 2" in said(test)
    assert "image generation · 1 private memory" in said(test)
    next(box for box in test.text_input if box.label == "Name").set_value("Own-7B")
    test.multiselect[0].select("text generation")
    next(button for button in test.button if button.label == "Register").click().run()
    assert "Own-7B" in [model.name for model in app.models.all()]


def test_usage_is_counted_day_by_day(opened):
    stored(opened(), *FIVE)
    assert "0 questions, 0 sources (0 B), 5 memories in the last 30 days" in said(page("account", section="You"))


def test_the_memory_disabled_is_told_with_the_command(opened):
    opened(HALO_AGENT_DB="")
    test = memory_page()
    assert "Memory backend disabled" in said(test)
    assert any('export HALO_AGENT_DB="sqlite:///data/memory.db"' in code.value for code in test.code)


def test_a_database_that_is_none_is_told_with_its_place(opened, tmp_path):
    place = tmp_path / "broken.db"
    place.write_bytes(b"no database at all, but long enough to be read as one" * 40)
    opened(HALO_AGENT_DB=f"sqlite:///{place}")
    shown = said(memory_page())
    assert "broken.db" in shown and "not a memory database" in shown


def test_a_query_error_is_never_an_empty_table(opened, monkeypatch):
    app = opened()
    stored(app, FIVE[0])
    memory = app.memory

    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable("the memory database did not answer", fix="try again")

    object.__setattr__(memory, "list", fail)
    shown = said(memory_page())
    assert "The memory database did not answer. Try again." in shown
    assert "No memories stored yet" not in shown
