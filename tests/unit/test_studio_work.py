"""Outputs are made behind the reader's back, stopped, changed, compared, worded by a model, and erased with their source."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest

from halo_app.domain.artifact import Artifact, Item, Layout, Section
from halo_app.domain.chunk import Scope
from halo_app.domain.comparing import Change
from halo_app.domain.conversation import Citation, Sentence, Verdict
from halo_app.domain.erasure import Subject, Target
from halo_app.domain.events import Step
from halo_app.domain.redacting import redacted
from halo_app.errors import BadInput, ModelUnavailable, NotFound, StoreUnavailable
from halo_app.llm.scripted import Scripted
from halo_app.services.rewording import Reworder
from halo_app.services.workshop import Phase, Workshop
from halo_app.storage.codecs import OUTPUTS
from tests.answers_helpers import WordVectors, clock
from tests.studio_helpers import full_house, part, sentences

ALL = Scope("me", "n")
OLD = {"schema": 1, "id": "a" * 32, "template": "summary", "title": "Summary", "notebook_id": "n", "user_id": "me",
       "created_at": "2026-01-31T09:00:00.000000+00:00", "source_hashes": {"s": "abc"}, "options": {"*": ""},
       "sections": [{"title": "lamp.md", "sentences": [{"text": "A lamp.", "verdict": "verified", "citations": [
           {"source_id": "s", "source": "lamp.md", "locator": "p. 1", "quote": "A lamp.", "start": 0, "end": 7}]}]}]}


@pytest.fixture
def house():
    return full_house()


@pytest.fixture
def workshop():
    made = Workshop()
    yield made
    made.close()


def test_an_output_of_an_older_version_still_reads_and_is_written_with_its_layout():
    artifact = OUTPUTS.decode(OLD)
    assert artifact.sections[0].layout is Layout.PROSE
    assert artifact.present.made_at == artifact.created_at
    again = OUTPUTS.decode(json.loads(json.dumps(OUTPUTS.encode(artifact))))
    assert again == artifact


def test_every_layout_survives_being_written_and_read(house):
    for name in ("quiz", "minutes", "conflicts", "mind-map", "timeline", "presentation"):
        artifact = house.make(name)
        assert OUTPUTS.decode(json.loads(json.dumps(OUTPUTS.encode(artifact)))) == artifact


def test_an_output_names_its_real_sources_with_their_versions(house):
    artifact = house.make("report")
    assert [used.name for used in artifact.sources] == ["survey.md", "letter.txt", "minutes.txt", "mills.tsv"]
    assert {used.source_id: used.text_sha256 for used in artifact.sources} == dict(artifact.source_hashes)


def test_a_source_that_cannot_be_read_is_left_out_and_named(house):
    gone = next(source for source in house.sources.kept.values() if source.name == "letter.txt")
    house.texts.remove(gone.id)
    artifact = house.make("summary")
    assert "Left out, because the text cannot be read: letter.txt." in artifact.remark
    assert "letter.txt" not in [section.title for section in artifact.sections]


@pytest.mark.parametrize(("change", "fewer"), [("shorter", True), ("longer", False)])
def test_shorter_and_longer_change_the_output_and_keep_what_it_said(house, change, fewer):
    before = house.make("report")
    *_, after = house.studio.changed(before.id, change)
    said = len(sentences(before.sections)), len(sentences(after.sections))
    assert said[1] < said[0] if fewer else said[1] > said[0]
    assert after.id == before.id and after.change == change
    assert after.versions[0].sections == before.sections


def test_it_gets_no_longer_than_long(house):
    artifact = house.make("report", {"length": "long"})
    with pytest.raises(BadInput):
        house.studio.changed(artifact.id, "longer")
    with pytest.raises(BadInput):
        house.studio.changed(artifact.id, "louder")


def test_dates_are_added_and_taken_away_again(house):
    artifact = house.make("report")
    *_, with_dates = house.studio.changed(artifact.id, "dates")
    assert part(with_dates, "Dates").items[0].label == "1820"
    *_, without = house.studio.changed(artifact.id, "dates")
    assert "Dates" not in [section.title for section in without.sections]


def test_a_focus_leaves_only_what_is_about_it(house):
    artifact = house.make("summary")
    *_, focused = house.studio.changed(artifact.id, "focus", "  weir ")
    assert focused.options["focus"] == "weir" and focused.change == "focus: weir"
    assert 0 < len(sentences(focused.sections)) < len(sentences(artifact.sections))


def test_versions_are_compared_line_by_line_and_brought_back(house):
    before = house.make("report")
    *_, after = house.studio.changed(before.id, "shorter")
    lines = house.studio.compare(after.id, 1)
    said_before = {line.text for line in lines if line.change is not Change.ADDED}
    assert said_before >= set(sentences(before.sections[:1]))
    assert any(line.change is Change.GONE for line in lines)
    back = house.studio.bring_back(after.id, 1)
    assert back.sections == before.sections and back.options == before.options
    assert len(back.versions) == 2 and back.versions[0].sections == after.sections
    with pytest.raises(NotFound):
        house.studio.bring_back(after.id, 9)


def test_only_the_latest_versions_are_kept(house):
    artifact = house.make("brief")
    for _ in range(25):
        house.studio.refresh(artifact.id)
    assert len(house.studio.get(artifact.id).versions) == 20


def test_outputs_are_named_pinned_and_copied(house):
    first, second = house.make("report"), house.make("brief")
    assert [one.id for one in house.studio.of("n")] == [second.id, first.id]
    house.studio.pin(first.id, True)
    assert [one.id for one in house.studio.of("n")] == [first.id, second.id]
    assert house.studio.rename(first.id, "  Mills  and bridge ").title == "Mills and bridge"
    with pytest.raises(BadInput):
        house.studio.rename(first.id, "  ")
    copy = house.studio.duplicate(first.id)
    assert copy.id != first.id and copy.sections == first.sections and copy.title == "Mills and bridge (copy)"


def test_the_wishes_of_the_last_output_of_its_kind_are_remembered_for_the_notebook(house):
    assert house.studio.last_options("report", "n") == {}
    house.make("report", {"focus": "weir", "length": "short"})
    assert house.studio.last_options("report", "n") == {"focus": "weir", "length": "short"}
    assert house.studio.last_options("brief", "n") == house.studio.last_options("report", "other") == {}


@pytest.mark.parametrize("options", [{"length": "endless"}, {"language": "xx"}, {"tone": "angry"}])
def test_a_wish_that_there_is_not_is_refused_before_anything_is_read(house, options):
    with pytest.raises(BadInput):
        house.make("report", options)
    assert house.studio.of("n") == []


# --- behind the reader's back ------------------------------------------------------------------------------------

def test_an_output_is_made_in_the_background_and_told_step_by_step(house, workshop):
    making = workshop.start("n", "Report", lambda: house.studio.make("report", ALL))
    done = workshop.wait_for(making.id, 30)
    assert done.phase is Phase.DONE and done.steps >= 5
    assert house.studio.get(done.artifact_id).template == "report"
    assert workshop.of("n") == []


def test_a_making_is_stopped_at_its_next_step_and_keeps_nothing(workshop):
    reached, go_on, kept = Event(), Event(), []

    def work():
        yield Step("one")
        reached.set()
        go_on.wait(30)
        yield Step("two")
        kept.append("made")
        yield Step("three")

    making = workshop.start("n", "Slow", work)
    assert reached.wait(30)
    workshop.cancel(making.id)
    go_on.set()
    assert workshop.wait(30)
    assert workshop.now(making.id).phase is Phase.CANCELLED
    assert kept == []
    workshop.dismiss(making.id)
    assert workshop.of("n") == []


def test_a_making_that_waits_never_begins_when_it_is_cancelled(workshop):
    go_on, begun = Event(), []

    def slow():
        yield Step("one")
        go_on.wait(30)

    def other():
        begun.append("other")
        yield Step("one")

    workshop.start("n", "Slow", slow)
    second = workshop.start("n", "Other", other)
    workshop.cancel(second.id)
    go_on.set()
    assert workshop.wait(30)
    assert begun == []


def test_a_failure_is_told_in_words_and_can_be_tried_again(workshop):
    faults = [StoreUnavailable("the disk is full", fix="free some space"), RuntimeError("secret detail")]

    def work():
        yield Step("one")
        if faults:
            raise faults.pop(0)

    making = workshop.start("n", "Report", work)
    assert workshop.wait(30)
    failed = workshop.now(making.id)
    assert (failed.phase, failed.detail, failed.fix) == (Phase.FAILED, "the disk is full", "free some space")
    again = workshop.again(making.id)
    assert workshop.wait(30)
    assert "secret" not in workshop.now(again.id).detail
    assert workshop.now(making.id) is None


# --- with a language model ---------------------------------------------------------------------------------------

class Notes:
    def __init__(self):
        self.sent = []

    def note(self, sending):
        self.sent.append(sending)


class Failing:
    name, place, is_local = "broken", "nowhere", True

    def stream(self, prompt):
        raise ModelUnavailable("it is asleep", fix="wake it")
        yield ""

    def models(self):
        return []


def worded(provider, template="report", options=None):
    notes = Notes()
    house = full_house(reworder=Reworder(provider, notes, WordVectors(), clock(), "me", 4000, 500))
    return house.make(template, options), notes


def test_a_models_sentences_stay_only_where_the_quotes_say_them():
    says = Scripted(["The bridge was finished in 1876 [1]. The king opened it with a golden key [2]."])
    artifact, _ = worded(says, "summary", {"focus": "bridge"})
    assert sentences([part(artifact, "letter.txt")])[0] == "The bridge was finished in 1876."
    assert "The Sorn bridge was finished in 1874." in sentences([part(artifact, "survey.md")])
    assert not any("golden key" in text for text in sentences(artifact.sections))
    assert artifact.writer == says.name
    for section in artifact.sections:
        for sentence in section.said:
            assert sentence.citations and sentence.verdict is Verdict.VERIFIED


def test_a_model_that_fails_leaves_the_quotes_and_is_told():
    artifact, _ = worded(Failing())
    assert "it is asleep" in artifact.remark
    assert artifact.writer == ""
    assert all(sentence.text == sentence.citations[0].quote for section in artifact.sections for sentence in section.said)


def test_what_goes_to_a_model_elsewhere_is_noted_before():
    artifact, notes = worded(Scripted(["NOT IN THE SOURCES"], place="models.example:443", is_local=False))
    assert artifact.writer == ""
    assert notes.sent and all(sending.place == "models.example:443" and sending.spans for sending in notes.sent)


# --- erasing -----------------------------------------------------------------------------------------------------

def test_what_an_output_took_from_an_erased_source_goes_with_its_labels_versions_and_names():
    quote = "Ada Brandt drew the lamp in 1931."
    said = Sentence(quote, Verdict.VERIFIED, (Citation("s" * 32, "lamp.md", "p. 1", quote, 0, len(quote)),))
    section = Section("Ada Brandt", layout=Layout.PAIRS, items=(Item("Who is Ada Brandt?", (said,)),))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    artifact = Artifact("a" * 32, "faq", "FAQ", "n", "me", now, (section,), {"s" * 32: "abc"})
    artifact = replace(artifact, versions=(artifact.present,))
    target = Target(Subject.SOURCE, "me", "s" * 32, "lamp.md", ("s" * 32,))
    left = json.dumps(redacted(json.loads(json.dumps(OUTPUTS.encode(artifact))), target, lambda text: text))
    assert "Brandt" not in left and "1931" not in left and "s" * 32 not in left
    assert isinstance(OUTPUTS.decode(json.loads(left)), Artifact)


