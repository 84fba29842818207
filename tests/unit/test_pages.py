"""Every page empty, full and failing: words for the reader, never a traceback."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from halo_app.domain.chunk import Scope
from halo_app.domain.ledger import Sending, SentSpan
from halo_app.domain.listing import Wish
from halo_app.domain.source import Intake, Stage
from halo_app.errors import ModelUnavailable, StoreUnavailable
from halo_app.settings import CHECKOUT
from halo_app.ui import running
from tests import ui_fakes

PAGES = ("chat", "sources", "notes", "studio", "account")
FULL_DISK = StoreUnavailable("the disk is full: 0 bytes are left in the data directory", fix="free some space and try again")


class Broken:
    """A service of which every verb raises the same error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*args: Any, **kwargs: Any) -> Any:
            raise self._error

        return fail


@pytest.fixture
def use() -> Iterator[Callable[[ui_fakes.FakeApp], ui_fakes.FakeApp]]:
    def put(app: ui_fakes.FakeApp) -> ui_fakes.FakeApp:
        running.use(app)  # type: ignore[arg-type]
        return app

    yield put
    running._apps.clear()


def page(name: str, **state: Any) -> AppTest:
    assert CHECKOUT is not None
    test = AppTest.from_file(str(CHECKOUT / "pages" / f"{name}.py"), default_timeout=30)
    for key, value in state.items():
        test.session_state[key] = value
    return test.run()


def words(test: AppTest) -> str:
    """Return everything the page says, what our own components were given included."""
    return "\n".join(_said(element) for element in test.main.children.values() if element) + _side(test)


def _side(test: AppTest) -> str:
    return "".join(_said(element) for element in test.sidebar.children.values())


def _said(element: Any) -> str:
    below = "".join(_said(child) for child in getattr(element, "children", {}).values())
    proto = getattr(element, "proto", None)
    if data := getattr(proto, "json", ""):
        return below + "\n".join(_strings(json.loads(data)))
    return below + str(getattr(proto, "body", "") or getattr(proto, "label", ""))


def _strings(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict | list):
        for branch in tree.values() if isinstance(tree, dict) else tree:
            yield from _strings(branch)
    elif isinstance(tree, str):
        yield tree


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_page_says_what_it_is_for(name: str, use: Callable[..., Any]) -> None:
    use(ui_fakes.empty_app())
    test = page(name)
    assert not test.exception
    assert not test.error


@pytest.mark.parametrize("name", PAGES)
def test_a_full_page_draws_without_a_fault(name: str, use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    test = page(name, session="c7")
    assert not test.exception
    assert not test.error


@pytest.mark.parametrize("name", PAGES)
def test_a_full_disk_is_told_in_words_with_what_to_do(name: str, use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    for service in ("sources", "notes", "note_shelf", "studio", "account", "chat", "ingest"):
        setattr(app, service, Broken(FULL_DISK))
    test = page(name)
    assert not test.exception
    assert any("The disk is full" in html.unescape(error.value) for error in test.error)
    assert any("Free some space and try again" in html.unescape(error.value) for error in test.error)


@pytest.mark.parametrize("name", PAGES)
def test_an_unexpected_failure_names_the_log_and_shows_no_traceback(name: str, use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    for service in ("sources", "notes", "note_shelf", "studio", "chat", "ingest"):
        setattr(app, service, Broken(RuntimeError("secret detail")))
    app.room = Broken(RuntimeError("secret detail"))
    test = page(name, **({"section": "Storage"} if name == "account" else {}))
    said = " ".join(html.unescape(error.value) for error in test.error)
    assert not test.exception
    assert "halo.log" in said
    assert "secret detail" not in said and "Traceback" not in words(test)


def test_asking_shows_the_answer_and_keeps_the_chat(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    test = page("chat", session=None)
    test.chat_input[0].set_value("What is the factor?").run()
    assert not test.exception
    assert "verified" in words(test)
    assert app.chat.sessions()[0].title == "What is the factor?"


def test_a_suggested_question_is_asked_with_one_click(use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    test = page("chat", session=None)
    test.button(key="suggested-0").click().run()
    assert "stayed below a flow temperature" in words(test)


def test_an_abstention_says_so_and_lists_the_nearest_passages(use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    said = words(page("chat", session="c9"))
    assert "Your sources do not say this." in said
    assert "The nearest passages" in said


def test_a_failing_model_leaves_words_under_the_question_and_the_question_kept(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    app.chat.ask = Broken(ModelUnavailable("the model did not answer", fix="try again")).ask
    test = page("chat", session=None)
    test.chat_input[0].set_value("What is the factor?").run()
    assert not test.exception
    assert any("The model did not answer" in html.unescape(error.value) for error in test.error)
    assert test.button(key="ask-again")


def test_a_deleted_note_comes_back_with_undo(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    [note] = app.notes.of("n0")
    test = page("notes", note=note.id)
    test.button(key=f"delete-open-{note.id}").click().run()
    assert app.notes.of("n0") == []
    offered = test.session_state["undo"]
    offered.restore()
    assert app.notes.of("n0") == [note]


def test_a_new_note_is_open_at_once_and_one_of_a_template_begins_with_its_words(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.empty_app())
    test = page("notes")
    assert "No notes yet" in words(test)
    test.button(key="new-note").click().run()
    [note] = app.notes.of("n0")
    assert test.session_state["note"] == note.id
    test.button(key="template-decision").click().run()
    assert not test.exception and not test.error
    made = app.notes.get(test.session_state["note"])
    assert "## The choices" in made.text and made.tags == ("decision",)


def test_memory_that_is_disabled_is_told_in_the_words_people_know_with_the_command(use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    test = page("account", section="Memory")
    assert "Memory backend disabled" in words(test)
    assert any('export HALO_AGENT_DB="sqlite:///data/memory.db"' in code.value for code in test.code)


def test_an_output_whose_sources_changed_says_so(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    app.studio.stale = True
    assert "The sources changed since" in words(page("studio"))
    assert "The sources changed since this was made" in words(page("studio", output="o1"))


def test_making_an_output_opens_it(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    test = page("studio", **{"studio-template": "summary"})
    test.button(key="make-summary").click().run()
    assert len(app.studio.of("n0")) == 2
    assert "Refresh" in words(test)


def test_a_file_that_failed_stands_with_its_reason_and_can_be_retried(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.busy_app())
    test = page("sources")
    assert "needs a password" in words(test)
    assert "Understanding · 34 of 120" in words(test)
    test.button(key="Retry-i2").click().run()
    assert app.ingest.get("i2").detail == ""


def test_a_source_whose_original_is_gone_offers_to_take_it_back(use: Callable[..., Any]) -> None:
    use(ui_fakes.busy_app())
    said = words(page("sources"))
    assert "The original was removed" in said
    assert "Pages 3, 4 without text" in said


def test_the_list_says_what_is_stored_and_how_often_a_source_is_cited(use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    said = words(page("sources"))
    assert "All 5 sources count when you ask · 6.2 MB stored" in said
    assert "cited 3 times" in said


@pytest.mark.parametrize(("wish", "shown"), [
    (Wish("offer"), "1 of 5 sources match · 1.2 MB of 6.2 MB"), (Wish(kind="pdf"), "2 of 5 sources match"),
    (Wish("nothing of the kind"), "0 of 5 sources match")])
def test_the_list_says_how_much_matches(use: Callable[..., Any], wish: Wish, shown: str) -> None:
    use(ui_fakes.full_app())
    assert shown in words(page("sources", **{"sources-wish": ("n0", wish)}))


def test_a_wish_of_another_notebook_hides_nothing_here(use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    assert "All 5 sources count" in words(page("sources", **{"sources-wish": ("n9", Wish("nothing of the kind"))}))


def test_the_reader_opens_at_the_passage(use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    said = words(page("sources", reading=("s1", ui_fakes.RADIATORS.start, ui_fakes.RADIATORS.end)))
    assert f"{ui_fakes.RADIATORS.start}-{ui_fakes.RADIATORS.end}" in said
    assert "Field study 2024.pdf" in said


def test_unticking_a_source_takes_it_out_of_what_is_read(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    asked: list[Scope] = []
    ask = app.chat.ask
    app.chat.ask = lambda question, scope, *rest, **more: asked.append(scope) or ask(question, scope, *rest, **more)  # type: ignore[func-returns-value]
    test = page("chat", session=None, unticked=frozenset({"s1"}))
    test.chat_input[0].set_value("What is the factor?").run()
    assert asked[0].source_ids == {"s2", "s3", "s4", "s5"}


def test_text_of_a_source_never_becomes_markup(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    app.sources.put(replace(app.sources.get("s2"), name="![x](https://example.org/x.png).pdf"))
    for name in PAGES:
        test = page(name)
        assert not any("![x](" in markdown.value for markdown in test.markdown)
        assert not any("![x](" in box.label for box in test.checkbox)


def test_the_account_page_lists_what_went_to_a_model_outside(use: Callable[[ui_fakes.FakeApp], ui_fakes.FakeApp]) -> None:
    app = use(ui_fakes.full_app())
    app.account.configured, app.account.local = True, False
    assert "Nothing was sent yet" in words(page("account", section="Models"))
    spans = (SentSpan("s1", 0, 9), SentSpan("s1", 20, 30), SentSpan("gone", 0, 9))
    app.account.sendings = [Sending(ui_fakes.NOW, "local-user", "api.example.com", "wise-1", "c1", spans, 1)]
    said = words(page("account", section="Models"))
    assert "wise-1 at api.example.com" in said
    assert "Field study 2024.pdf (2 passages), another source (1 passage)" in said


@pytest.mark.parametrize(("configured", "local", "shown"), [
    (False, True, "● Without model"), (True, True, "● Local model"), (True, False, "▲ Cloud model: passages are sent there")])
def test_the_line_at_the_foot_says_where_passages_go(
    use: Callable[[ui_fakes.FakeApp], ui_fakes.FakeApp], configured: bool, local: bool, shown: str
) -> None:
    app = use(ui_fakes.full_app())
    app.account.configured, app.account.local = configured, local
    test = AppTest.from_function(_foot, default_timeout=30).run()
    assert not test.exception
    assert shown in words(test)


def _foot() -> None:
    from halo_app.ui import frame
    from halo_app.ui.components import prose

    prose.draw(frame._state_lines(), key="state-line")


def test_a_long_line_of_waiting_documents_is_folded_and_can_be_cancelled_at_once(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    for number in range(36):
        app.ingest.put(Intake(f"w{number}", "n0", ui_fakes.USER, f"Letter {number}.txt", Stage.WAITING, ui_fakes.NOW))
    test = page("sources")
    assert "34 more documents wait to be read." in words(test)
    test.button("cancel-waiting").click().run()
    stages = [intake.stage for intake in app.ingest.intakes("n0")]
    assert stages.count(Stage.CANCELLED) == 34


def test_several_files_that_failed_are_dismissed_at_once(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    for number in range(3):
        failed = Intake(f"f{number}", "n0", ui_fakes.USER, f"Scan {number}.pdf", Stage.FAILED, ui_fakes.NOW, detail="it is cut off")
        app.ingest.put(failed)
    test = page("sources")
    assert "3 files could not be read." in words(test)
    test.button("failed-Dismiss all").click().run()
    assert app.ingest.intakes("n0") == []


def test_the_sample_offers_its_questions_before_it_is_read(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.empty_app())
    app.notebooks.put(replace(app.notebooks.get("n0"), is_sample=True))
    app.samples = SimpleNamespace(questions=lambda: ["How high is the lighthouse?"])
    app.ingest.put(Intake("i0", "n0", ui_fakes.USER, "Lighthouse.md", Stage.READING, ui_fakes.NOW))
    test = page("chat")
    assert [button.label for button in test.button if "lighthouse" in button.label]
    assert "Reading 1 document." in words(test)


def test_a_question_waits_for_the_first_document(use: Callable[..., Any]) -> None:
    app = use(ui_fakes.full_app())
    app.notebooks.put(replace(app.notebooks.get("n0"), is_sample=True))
    app.samples = SimpleNamespace(questions=list)
    app.ingest.put(Intake("i0", "n0", ui_fakes.USER, "Lighthouse.md", Stage.READING, ui_fakes.NOW))
    waited: list[float] = []
    app.ingest.wait = lambda seconds: waited.append(seconds) or app.ingest.records.clear()
    test = page("chat")
    test.chat_input[0].set_value("How high is the lighthouse?").run()
    assert len(waited) == 1
    assert "Of the 58 houses" in words(test)
