"""Notebooks and notes: made, found, renamed, deleted with all that stands on them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from halo_app.domain.conversation import Citation, Conversation, Message, Role, Sentence, Verdict
from halo_app.domain.source import Source
from halo_app.errors import BadInput, NotFound
from halo_app.services.notebooks import NotebookService
from halo_app.services.notes import NoteService
from tests.fakes import DictRecords, TickingClock

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Shelf:
    """A notebook service and the stores around it."""

    def __init__(self, user="ana", records=None):
        self.records = records or DictRecords()
        self.sources, self.chats = DictRecords(), DictRecords()
        self.notebooks = NotebookService(self.records, self.sources, {"chats": self.chats}, self.forget_sources, user, TickingClock())

    def forget_sources(self, source_ids):
        for source_id in source_ids:
            self.sources.remove(source_id)


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def notes():
    return NoteService(DictRecords(), "ana", TickingClock())


def test_the_default_notebook_is_made_once_even_by_two(shelf):
    assert shelf.notebooks.default() == shelf.notebooks.default() == Shelf(records=shelf.records).notebooks.default()
    assert [notebook.name for notebook in shelf.notebooks.all()] == ["Notebook"]


def test_each_user_has_a_default_of_their_own(shelf):
    assert Shelf("ben", shelf.records).notebooks.default().id != shelf.notebooks.default().id


def test_the_sample_is_never_the_default(shelf):
    sample = shelf.notebooks.create("Sample", is_sample=True)
    assert shelf.notebooks.sample() == sample
    assert shelf.notebooks.default().id != sample.id


def test_the_oldest_notebook_is_meant_when_the_first_was_deleted(shelf):
    first = shelf.notebooks.default()
    second = shelf.notebooks.create("Second")
    shelf.notebooks.create("Third")
    shelf.notebooks.delete(first.id)
    assert shelf.notebooks.default() == second


def test_a_notebook_is_found_by_id_and_by_name_in_any_capitals(shelf):
    made = shelf.notebooks.create("Heat pumps")
    assert shelf.notebooks.find(made.id) == shelf.notebooks.find(" heat PUMPS") == made
    with pytest.raises(NotFound) as error:
        shelf.notebooks.find("nowhere")
    assert "Heat pumps" in error.value.fix


@pytest.mark.parametrize("name", ["", "  ", "heat pumps"])
def test_empty_and_taken_names_are_refused(shelf, name):
    shelf.notebooks.create("Heat pumps")
    other = shelf.notebooks.create("Other")
    with pytest.raises(BadInput):
        shelf.notebooks.create(name)
    with pytest.raises(BadInput):
        shelf.notebooks.rename(other.id, name)


def test_a_notebook_keeps_its_own_name_in_other_capitals(shelf):
    made = shelf.notebooks.create("heat pumps")
    assert shelf.notebooks.rename(made.id, "Heat Pumps").name == "Heat Pumps"


def test_deleting_a_notebook_deletes_what_stands_on_it_and_nothing_else(shelf):
    gone, kept = shelf.notebooks.create("Gone"), shelf.notebooks.create("Kept")
    for place in (gone, kept):
        shelf.sources.put(Source(f"s{place.id}", place.id, "ana", "a", "txt", "h", 1, NOW, 1, 1, "t"))
        shelf.chats.put(Conversation(f"c{place.id}", "Chat", place.id, "ana", NOW, NOW))
    shelf.notebooks.delete(gone.id)
    assert list(shelf.sources.held) == [f"s{kept.id}"]
    assert list(shelf.chats.held) == [f"c{kept.id}"]
    assert shelf.notebooks.all() == [kept]


def test_another_users_notebook_is_not_found(shelf):
    theirs = Shelf("ben", shelf.records).notebooks.create("Private")
    for act in (shelf.notebooks.get, shelf.notebooks.delete, shelf.notebooks.find, lambda i: shelf.notebooks.rename(i, "Mine")):
        with pytest.raises(NotFound):
            act(theirs.id)


def test_a_note_is_written_changed_deleted_and_restored(notes):
    first = notes.create("n", " A  title ", "Text")
    assert first.title == "A title"
    changed = notes.edit(first.id, text="Other")
    assert (changed.title, changed.text) == ("A title", "Other")
    assert changed.updated_at > first.updated_at
    gone = notes.delete(first.id)
    assert notes.of("n") == []
    notes.restore(gone)
    assert notes.of("n") == [gone]


def test_notes_need_titles_and_stand_on_their_notebook(notes):
    with pytest.raises(BadInput):
        notes.create("n", " ", "Text")
    older, newer = notes.create("n", "One", ""), notes.create("n", "Two", "")
    notes.create("other", "Three", "")
    assert notes.of("n") == [newer, older]
    notes.edit(older.id, title="First")
    assert [note.title for note in notes.of("n")] == ["First", "Two"]
    with pytest.raises(BadInput):
        notes.edit(older.id, title="")


def test_an_answer_is_saved_with_each_citation_once(notes):
    cited = Citation("s", "cats.md", "p. 1", "Cats sleep.", 0, 11)
    answer = Message(Role.ASSISTANT, "From cats.md:\n\nCats sleep.", NOW,
                     (Sentence("Cats sleep.", Verdict.VERIFIED, (cited,)), Sentence("Again.", Verdict.PARTIAL, (cited,))))
    note = notes.save_answer(answer, "Do cats sleep?", "n")
    assert (note.title, note.text, note.citations) == ("Do cats sleep?", answer.content, (cited,))


def test_quotes_from_narrow_pages_flow_in_a_note(notes):
    quote = "Cats sleep\nsixteen hours\na day."
    sentence = Sentence(quote, Verdict.VERIFIED, (Citation("s", "cats.pdf", "p. 1", quote, 0, len(quote)),))
    answer = Message(Role.ASSISTANT, f"From cats.pdf (p. 1):\n\n{quote}", NOW, (sentence,))
    assert notes.save_answer(answer, "Do cats sleep?", "n").text == "From cats.pdf (p. 1):\n\nCats sleep sixteen hours a day."


def test_another_users_note_is_not_found(notes):
    theirs = NoteService(notes.records, "ben", TickingClock()).create("n", "Private", "")
    for act in (notes.get, notes.delete, lambda note_id: notes.edit(note_id, text="Mine")):
        with pytest.raises(NotFound):
            act(theirs.id)
