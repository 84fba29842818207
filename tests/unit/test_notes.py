"""Notes: written without losing anything, found among thousands, linked, brought together and taken apart."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from halo_app.domain.differing import Fate, differences
from halo_app.domain.front_matter import parted, written
from halo_app.domain.note import Note, NoteHistory
from halo_app.domain.note_text import first_line, links_in, marks_in, parts, relinked
from halo_app.errors import BadInput, ChangedMeanwhile, EmptyFile, NotFound
from halo_app.exports.prose_tree import tree_of, words_of
from halo_app.services.note_files import NoteFiles
from halo_app.services.note_history import MOST_VERSIONS, NoteHistories
from halo_app.services.note_moves import NoteMoves
from halo_app.services.note_shelf import NoteShelf, Sought
from halo_app.services.note_templates import NoteTemplates
from halo_app.services.notes import NoteService
from halo_app.settings import PACKAGE
from halo_app.storage.codecs import NOTE_HISTORIES, NOTES
from halo_app.storage.json_files import JsonRecords
from tests.fakes import DictRecords, PlainOriginals


class HandClock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def later(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


class House:
    """Everything that notes need, in memory but for the files."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.records, self.acts = HandClock(), DictRecords(), []
        self.files = NoteFiles(PlainOriginals(folder), self.records, "ana")
        self.notes = NoteService(self.records, "ana", self.clock, self.acts.append, NoteHistories(DictRecords()), self.files)
        self.shelf = NoteShelf(self.records, DictRecords(), "ana")
        self.moves = NoteMoves(self.notes)

    def typed(self, note: Note, text: str, title: str | None = None) -> Note:
        return self.notes.save(note.id, title or note.title, text, note.revision)

    def texts(self, note: Note) -> list[str]:
        return [one.text for one in self.notes.histories.of(note.id)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "files").mkdir()
    return House(tmp_path / "files")


def test_what_is_typed_is_kept_and_a_stretch_of_writing_is_one_entry_and_one_version(house):
    note = house.notes.create("n", "Pumps", "")
    for text in ("H", "He", "Heat"):
        note = house.typed(note, text)
    assert house.notes.get(note.id).text == "Heat"
    house.clock.later(6)
    note = house.typed(note, "Heat pumps")
    note = house.typed(note, "Heat pumps pay")
    assert house.texts(note) == ["Heat"]
    assert [act.action for act in house.acts] == ["note.create", "note.edit", "note.edit"]


def test_saving_the_same_again_changes_nothing(house):
    note = house.typed(house.notes.create("n", "Pumps", ""), "Heat")
    assert house.typed(note, "Heat") == note


def test_a_note_changed_elsewhere_is_never_written_over(house):
    note = house.notes.create("n", "Pumps", "first")
    here = there = note
    there = house.typed(there, "written there")
    with pytest.raises(ChangedMeanwhile):
        house.typed(here, "written here")
    assert house.notes.get(note.id).text == "written there"
    assert house.notes.save(note.id, "Pumps", "written there", here.revision) == there      # the same words are no conflict


def test_a_text_that_vanishes_at_once_is_a_version_at_once(house):
    note = house.typed(house.notes.create("n", "Pumps", ""), "long " * 200)
    note = house.typed(note, "")
    assert house.texts(note) == ["long " * 200]


def test_what_a_note_began_with_is_kept(house):
    note = house.typed(house.notes.create("n", "Answer", "As answered."), "Mine now.")
    assert house.texts(note) == ["As answered."]


def test_an_earlier_version_comes_back_and_what_was_there_becomes_one(house):
    note = house.typed(house.notes.create("n", "Old name", "one"), "two", "New name")
    [first] = house.notes.histories.of(note.id)
    back = house.notes.return_to(note.id, first.saved_at)
    assert (back.title, back.text) == ("Old name", "one")
    assert house.texts(note) == ["two", "one"]
    assert back.revision > note.revision
    with pytest.raises(NotFound):
        house.notes.return_to(note.id, house.clock())


def test_versions_are_bounded(house):
    note = house.notes.create("n", "Pumps", "0")
    for number in range(MOST_VERSIONS + 5):
        house.clock.later(6)
        note = house.typed(note, str(number + 1))
    kept = house.texts(note)
    assert len(kept) == MOST_VERSIONS
    assert kept[0] == str(MOST_VERSIONS + 4)


def test_a_deleted_note_comes_back_with_its_versions_and_files(house):
    note = house.typed(house.notes.create("n", "Pumps", "one"), "two")
    house.files.attach(note.id, "plan.png", b"picture")
    gone = house.notes.delete(note.id)
    assert house.files.originals.all() == [] and house.texts(note) == []
    house.notes.restore(gone)
    assert house.texts(note) == ["one"]
    assert house.files.path(note.id, "plan.png").read_bytes() == b"picture"


def test_forgetting_lets_go_of_what_deleted_notes_held(house):
    note = house.notes.create("n", "Pumps", "one")
    house.files.attach(note.id, "plan.png", b"picture")
    gone = house.notes.delete(note.id)
    house.notes.forget()
    house.notes.restore(gone)
    with pytest.raises(NotFound):
        house.files.path(note.id, "plan.png")


def test_files_are_kept_once_under_names_of_their_own(house):
    one, two = house.notes.create("n", "One", ""), house.notes.create("n", "Two", "")
    assert house.files.attach(one.id, "../plan.png", b"a").name == "plan.png"
    assert house.files.attach(one.id, "plan.png", b"b").name == "plan 2.png"
    assert house.files.attach(one.id, "other.png", b"a").name == "plan.png"
    house.files.attach(two.id, "same.png", b"a")
    house.notes.delete(one.id)
    assert [house.files.path(two.id, "same.png").read_bytes()] == [b"a"] and len(house.files.originals.all()) == 1
    house.files.detach(two.id, "same.png")
    assert house.files.originals.all() == []
    with pytest.raises(EmptyFile):
        house.files.attach(two.id, "empty.png", b"")


def test_only_files_that_no_note_holds_are_swept(house):
    note = house.notes.create("n", "One", "")
    house.files.attach(note.id, "held.png", b"held")
    (house.files.originals.folder / ("0" * 64)).write_bytes(b"left by a killed process")
    assert house.files.sweep() == 1
    assert house.files.path(note.id, "held.png").exists()


def test_links_follow_a_note_to_its_new_title(house):
    target = house.notes.create("n", "Heat pumps", "")
    other = house.notes.create("n", "Plan", "See [[heat  PUMPS]] and [[Heat pumps|those]], not `[[Heat pumps]]`.")
    house.typed(target, "", "Pumps in old houses")
    text = house.notes.get(other.id).text
    assert text == "See [[Pumps in old houses]] and [[Pumps in old houses|those]], not `[[Heat pumps]]`."
    assert [note.id for note in house.shelf.leading_to(house.notes.get(target.id))] == [other.id]


def test_links_stay_when_another_note_has_the_old_title(house):
    target = house.notes.create("n", "Plan", "")
    house.notes.create("n", "plan", "")
    other = house.notes.create("n", "Other", "[[Plan]]")
    house.typed(target, "", "New plan")
    assert house.notes.get(other.id).text == "[[Plan]]"


def test_notes_are_found_by_words_tag_and_folder_pinned_first(house):
    old = house.notes.create("n", "Radiators", "The café measured 55 °C.", tags=["Heat", "#heat"], folder=" Study / Visits ")
    new = house.notes.create("n", "Pumps", "Nothing about radiators here", folder="Study")
    house.notes.create("other", "Radiators", "of another notebook")
    found = lambda **sought: [line.note.title for line in house.shelf.listing("n", Sought(**sought)).window]  # noqa: E731
    assert found() == ["Pumps", "Radiators"]
    assert found(words="RADIATORS") == ["Radiators", "Pumps"]          # the title counts more
    assert found(words="cafe 55") == ["Radiators"]
    assert found(tag="heat") == ["Radiators"] == found(folder="Study/Visits")
    assert found(folder="Study") == ["Pumps", "Radiators"]
    assert found(sort="title") == ["Pumps", "Radiators"]
    undo = house.moves.arrange([old.id], pinned=True, tag="later")
    assert found() == ["Radiators", "Pumps"]
    listing = house.shelf.listing("n", Sought())
    assert dict(listing.tags) == {"Heat": 1, "later": 1}
    assert dict(listing.folders) == {"Study": 2, "Study/Visits": 1}
    undo()
    assert house.notes.get(old.id) == old and found()[0] == new.title


def test_the_list_is_a_window_and_tells_the_line_that_was_sought(house):
    for number in range(120):
        house.notes.create("n", f"Note {number:03}", f"# Head\n\nfirst line {number}\n\nlast word{number}")
    listing = house.shelf.listing("n", Sought(sort="title"), first=50, count=10)
    assert [line.note.title for line in listing.window] == [f"Note {number:03}" for number in range(50, 60)]
    assert (listing.total, listing.everything) == (120, 120)
    [line] = house.shelf.listing("n", Sought("word77")).window
    assert line.line == "last word77"


def test_titles_are_offered_by_their_beginning_first(house):
    for title in ("Old radiators", "Radiators", "Pumps"):
        house.notes.create("n", title, "")
    assert house.shelf.titles("n", "rad") == ["Radiators", "Old radiators"]


def test_a_part_becomes_a_note_of_its_own_and_comes_back(house):
    text = "Intro\n\n## Radiators\n\nwords [^1]\n\n### Detail\n\nmore\n\n## Pumps\n\nend\n"
    note = house.notes.create("n", "Study", text, tags=["x"])
    part = next(one for one in parts(text) if one.title == "Radiators")
    moved = house.moves.split(note.id, part.start)
    assert house.notes.get(note.id).text == "Intro\n\n[[Radiators]]\n\n## Pumps\n\nend\n"
    assert (moved.note.title, moved.note.text, moved.note.tags) == ("Radiators", "words [^1]\n\n### Detail\n\nmore", ("x",))
    moved.undo()
    assert [one.text for one in house.notes.of("n")] == [text]
    with pytest.raises(BadInput):
        house.moves.split(note.id, 3)


def test_notes_are_brought_together_with_their_citations_and_files(house):
    from halo_app.domain.note import Mark
    mark = Mark("s1", "a.pdf", "p. 1", "One.", 0, 4)
    first = house.notes.create("n", "First", "a [^1]", cited={"1": mark}, tags=["x"])
    second = house.notes.create("n", "Second", "b [^1] ![p](plan.png)", cited={"1": Mark("s2", "b.pdf", "", "Two.", 0, 4)}, tags=["y"])
    house.files.attach(first.id, "plan.png", b"one")
    house.files.attach(second.id, "plan.png", b"two")
    moved = house.moves.merge([first.id, second.id])
    assert moved.note.text == "a [^1]\n\n## Second\n\nb [^2] ![p](plan%202.png)\n"
    assert [moved.note.cited[name].source_id for name in ("1", "2")] == ["s1", "s2"]
    assert house.files.path(first.id, "plan 2.png").read_bytes() == b"two"
    assert moved.note.tags == ("x", "y") and [one.id for one in house.notes.of("n")] == [first.id]
    moved.undo()
    assert {one.text for one in house.notes.of("n")} == {"a [^1]", "b [^1] ![p](plan.png)"}
    with pytest.raises(BadInput):
        house.moves.merge([first.id, first.id])


def test_a_copy_takes_along_what_it_cites(house):
    note = house.notes.create("n", "One", "text", tags=["x"], folder="F")
    copy = house.moves.duplicate(note.id)
    assert (copy.title, copy.text, copy.tags, copy.folder) == ("One (copy)", "text", ("x",), "F") and copy.id != note.id


def test_notes_written_before_there_were_tags_still_read(tmp_path):
    records = JsonRecords(tmp_path / "notes", NOTES)
    (tmp_path / "notes").mkdir()
    old = {"schema": 1, "id": "a" * 32, "notebook_id": "n", "user_id": "ana", "title": "Old", "text": "words",
           "created_at": "2025-01-01T09:00:00+00:00", "updated_at": "2025-01-02T09:00:00+00:00", "citations": [], "of_the_future": 3}
    (tmp_path / "notes" / f"{'a' * 32}.json").write_text(json.dumps(old), encoding="utf-8")
    histories = NoteHistories(JsonRecords(tmp_path / "notes" / "history", NOTE_HISTORIES))
    service = NoteService(records, "ana", HandClock(), histories=histories)
    [note] = service.of("n")
    assert (note.tags, note.cited, note.revision) == ((), {}, 0)
    service.save(note.id, "Old", "new words", 0)
    stored = json.loads((tmp_path / "notes" / f"{'a' * 32}.json").read_text(encoding="utf-8"))
    assert stored["text"] == "new words" and stored["of_the_future"] == 3
    history = json.loads((tmp_path / "notes" / "history" / f"{'a' * 32}.json").read_text(encoding="utf-8"))
    assert NOTE_HISTORIES.decode(history) == NoteHistory("a" * 32, "n", "ana", tuple(reversed(service.histories.of(note.id))))


def test_a_damaged_note_is_set_aside_and_the_others_are_listed(tmp_path):
    records = JsonRecords(tmp_path / "notes", NOTES)
    service = NoteService(records, "ana", HandClock())
    whole = service.create("n", "Whole", "")
    (tmp_path / "notes" / f"{'b' * 32}.json").write_text("{cut", encoding="utf-8")
    shelf = NoteShelf(records, DictRecords(), "ana")
    assert [line.note.id for line in shelf.listing("n", Sought()).window] == [whole.id]
    [damage] = shelf.damaged()
    assert "damaged" in damage.moved_to


@pytest.mark.parametrize(("text", "line"), [
    ("", ""), ("# Title\n\nwords", "Title"), ("\n\n- [ ] **bold** task [^1]", "bold task"), ("> quoted", "quoted"),
    ("```\ncode\n```\nafter", "after"), ("![plan](plan.png)\n[[Other]] note", "plan"), ("---\n***\nx", "x"),
])
def test_the_first_line_says_something_without_signs(text, line):
    assert first_line(text) == line


def test_marks_and_links_are_read_outside_code_and_own_footnotes():
    text = "a [^1] [^own] [^1] `[[no]]` [[Yes|shown]] [[Part#Head]]\n\n[^own]: mine\n\n~~~\n[[no]]\n~~~\n"
    assert marks_in(text) == ("1",)
    assert links_in(text) == ("Yes", "Part")
    assert relinked(text, "yes", "New") == text.replace("[[Yes|", "[[New|")


@pytest.mark.parametrize(("old", "new"), [
    ("", "a\n"), ("one two three\n", "one 2 three\n"), ("a\nb\nc\n", "a\nc\nd\n"), ("same", "same")])
def test_differences_lead_from_the_old_text_to_the_new(old, new):
    found = differences(old, new)
    assert "".join(one.text for one in found if one.fate is not Fate.ADDED) == old
    assert "".join(one.text for one in found if one.fate is not Fate.REMOVED) == new


def test_properties_of_other_programs_are_read_and_written():
    fields, text = parted('---\ntags: [a, "b c"]\naliases:\n  - One\n  - Two\ntitle: "A: b" \nempty:\n---\n\n# Body')
    assert fields == {"tags": ["a", "b c"], "aliases": ["One", "Two"], "title": "A: b", "empty": ""}
    assert text == "# Body"
    assert parted(written({"title": 'A: "b"', "tags": ["x", "y: z"], "folder": ""}) + "Body") == (
        {"title": 'A: "b"', "tags": ["x", "y: z"]}, "Body")
    assert parted("no\n---\nproperties") == ({}, "no\n---\nproperties")


def test_templates_are_found_in_folders_and_the_readers_own_come_last(tmp_path):
    (tmp_path / "decision.md").write_text("Mine on {date}", encoding="utf-8")
    (tmp_path / "broken.md").write_bytes(b"\xff\xfe")
    templates = NoteTemplates([PACKAGE / "templates", tmp_path])
    assert [one.label for one in templates.all()] == ["Decision", "Meeting", "Paper review"]
    day = datetime(2026, 3, 1, tzinfo=UTC)
    assert templates.named("decision").text_on(day) == "Mine on 1 March 2026"
    meeting = templates.named("meeting")
    assert meeting.title_on(day) == "Meeting on 1 March 2026" and meeting.tags == ("meeting",) and "- [ ]" in meeting.text
    with pytest.raises(NotFound):
        templates.named("nothing")


def test_a_text_becomes_a_tree_with_everything_in_it():
    tree = tree_of("# A *b*\n\n> q [^1]\n\n1. x\n   - [x] done\n\n|a|b|\n|-|:-:|\n|1|`2`|\n\n"
                   "![p](x.png) [[N|s]] [l](http://x) <b>\n\n[^f]: foot\n  more\n")
    kinds = [block["k"] for block in tree.blocks]
    assert kinds == ["h", "quote", "list", "table", "p"]
    head, quote, numbered, table, last = tree.blocks
    assert words_of(head["c"]) == "A b" and quote["b"][0]["c"][-1] == {"k": "cite", "v": "1"}
    assert numbered["ordered"] and numbered["items"][0]["b"][1]["items"][0]["done"] is True
    assert table["align"] == ["", "center"] and table["rows"][0][1] == [{"k": "code", "v": "2"}]
    assert [node["k"] for node in last["c"]] == ["img", "text", "note", "text", "a", "text"]
    assert words_of(last["c"]) == "p s l <b>"
    assert words_of(tree.feet["f"][0]["c"]) == "foot\nmore"


def test_links_that_run_are_no_links():
    [block] = tree_of("[x](javascript:alert(1))").blocks
    assert block["c"] == [{"k": "text", "v": "[x](javascript:alert(1))"}]
