"""Citations in notes: word for word, inside the ticked sources, and held against sources that change or go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from halo_app.bootstrap import App
from halo_app.domain.source import Parsed
from halo_app.errors import BadInput, NotFound
from halo_app.services.note_citing import NoteCiting, State
from halo_app.services.note_sources import Step
from halo_app.services.uploads import Upload
from halo_app.ui import note_routes
from tests.audit_helpers import Days
from tests.fakes import HereReader
from tests.unit.test_retention import open_app

STUDY = ("Field study\n\nOf the 58 houses with radiators only, 51 stayed below a flow temperature of 55 °C. "
         "The seasonal performance factor was 3.4 on average.")
QUOTE = "The seasonal performance factor was 3.4 on average."


@pytest.fixture
def app(data_dir: Path) -> Iterator[App]:
    opened = open_app(data_dir, Days(), "")
    opened.__dict__["reader"] = HereReader()
    yield opened
    opened.close()


@pytest.fixture
def shelf(app: App) -> str:
    return app.notebooks.create("House").id


@pytest.fixture
def study(app: App, shelf: str) -> str:
    return taken_in(app, shelf, "Field study.txt", STUDY)


@pytest.fixture
def client(app: App) -> TestClient:
    return TestClient(Starlette(routes=note_routes.routes(lambda: app)), raise_server_exceptions=True)


def taken_in(app: App, shelf: str, name: str, text: str) -> str:
    [*_, intake] = app.ingest.add([Upload.from_bytes(name, text.encode())], shelf)
    assert intake.source_id
    return intake.source_id


def changed(app: App, source_id: str, text: str) -> None:
    """Let the source say something else, as a page that was fetched again does."""
    app.texts.put(source_id, Parsed(text))
    app.records("sources").change(source_id, lambda old: replace(old, text_sha256=sha256(text.encode()).hexdigest()))


def cited(app: App, shelf: str, source_id: str) -> str:
    note = app.notes.create(shelf, "Factor", "")
    start = app.texts.get(source_id).text.index(QUOTE)
    name, _ = app.note_citing.cite(note.id, source_id, start, start + len(QUOTE))
    app.notes.edit(note.id, text=f"> {QUOTE} [^{name}]\n")
    return note.id


def standing(app: App, note_id: str):
    [one] = app.note_citing.standings(app.notes.get(note_id)).values()
    return one


def test_passages_are_found_inside_the_sources_that_count(app, shelf, study):
    other = taken_in(app, shelf, "Other.txt", "The seasonal performance factor of the neighbours was 4.1 on average.")
    note = app.notes.create(shelf, "Factor", "")
    found = app.note_citing.find(note.id, "seasonal performance factor", [study])
    assert found[0].quote == QUOTE and {one.source_id for one in found} == {study}
    assert {one.source_id for one in app.note_citing.find(note.id, "seasonal performance factor")} == {study, other}
    assert app.note_citing.find(note.id, "factor", []) == [] == app.note_citing.find(note.id, "  ")


def test_the_same_passage_keeps_its_name_and_the_next_gets_another(app, shelf, study):
    note = app.notes.create(shelf, "Factor", "")
    names = [app.note_citing.cite(note.id, study, *span)[0] for span in ((0, 11), (0, 11), (13, 30))]
    assert names == ["1", "1", "2"]
    with pytest.raises(BadInput):
        app.note_citing.cite(note.id, study, 5, 100_000)
    elsewhere = app.notes.create(app.notebooks.create("Else").id, "Factor", "")
    with pytest.raises(NotFound):
        app.note_citing.cite(elsewhere.id, study, 0, 11)


def test_a_citation_stands_as_long_as_its_source_does(app, shelf, study):
    note_id = cited(app, shelf, study)
    assert standing(app, note_id).state is State.TRUE
    changed(app, study, f"{STUDY} And one sentence more.")
    assert standing(app, note_id).state is State.TRUE


def test_a_quote_that_moved_is_renewed_to_its_new_place(app, shelf, study):
    note_id = cited(app, shelf, study)
    changed(app, study, f"A new beginning.\n\n{STUDY}")
    assert standing(app, note_id).state is State.MOVED
    note = app.note_citing.renew(note_id, "1")
    mark = note.cited["1"]
    assert standing(app, note_id).state is State.TRUE
    assert app.texts.get(study).text[mark.start:mark.end] == QUOTE and note.text == f"> {QUOTE} [^1]\n"


def test_a_quote_whose_source_says_something_else_is_told_with_what_changed_and_renewed(app, shelf, study):
    note_id = cited(app, shelf, study)
    new = "The seasonal performance factor was 3.7 on average."
    changed(app, study, STUDY.replace(QUOTE, new))
    one = standing(app, note_id)
    assert one.state is State.CHANGED and one.now.quote == new
    assert [(str(part.fate), part.text) for part in one.changes if part.fate != "same"] == [("removed", "4"), ("added", "7")]
    assert app.note_shelf._is_stale(app.notes.get(note_id))
    note = app.note_citing.renew(note_id, "1")
    assert note.text == f"> {new} [^1]\n" and note.cited["1"].quote == new and standing(app, note_id).state is State.TRUE
    assert app.notes.histories.of(note_id)[0].text == f"> {QUOTE} [^1]\n"


def test_a_quote_can_be_kept_until_its_source_changes_again(app, shelf, study):
    note_id = cited(app, shelf, study)
    changed(app, study, "Nothing of it any more.")
    assert standing(app, note_id).state is State.CHANGED and standing(app, note_id).now is None
    with pytest.raises(BadInput):
        app.note_citing.renew(note_id, "1")
    app.note_citing.keep(note_id, "1")
    assert standing(app, note_id).state is State.KEPT
    changed(app, study, "Yet another text.")
    assert standing(app, note_id).state is State.CHANGED


def test_a_quote_of_a_source_that_went_is_told_and_kept(app, shelf, study):
    note_id = cited(app, shelf, study)
    app.records("sources").remove(study)
    assert standing(app, note_id).state is State.GONE
    app.note_citing.keep(note_id, "1")
    assert standing(app, note_id).state is State.KEPT and not app.note_shelf._is_stale(app.notes.get(note_id))


def test_a_passage_becomes_a_note_with_its_citation(app, shelf, study):
    [found, *_] = app.note_citing.find(app.notes.create(shelf, "x", "").id, "seasonal performance factor")
    note = app.note_citing.excerpt(found, shelf)
    assert (note.title, note.text) == ("Field study.txt", f"> {QUOTE} [^1]\n") and standing(app, note.id).state is State.TRUE


def test_a_note_becomes_a_source_and_is_told_when_it_fell_behind(app, shelf, study):
    note_id = cited(app, shelf, study)
    assert app.note_sources.step(app.notes.get(note_id)) is Step.NONE
    app.note_sources.make(note_id)
    app.ingest.wait(20)
    assert app.note_sources.step(app.notes.get(note_id)) is Step.CURRENT
    [source] = [one for one in app.sources.of(shelf) if one.id != study]
    text = app.sources.parsed(source.id).text
    assert source.name == "Factor.md" and QUOTE in text and "Field study.txt" in text and "[^" not in text
    with pytest.raises(BadInput):
        app.note_sources.make(note_id)
    app.notes.edit(note_id, text="Something new.")
    assert app.note_sources.step(app.notes.get(note_id)) is Step.BEHIND
    app.note_sources.make(note_id)
    app.ingest.wait(20)
    names = sorted(one.name for one in app.sources.of(shelf) if one.id != study)
    assert len(names) == 2 and names[0].startswith("Factor (as of ") and names[1] == "Factor.md"
    assert app.note_sources.step(app.notes.get(note_id)) is Step.CURRENT


def test_a_citing_service_of_another_user_finds_nothing(app, shelf, study):
    note_id = cited(app, shelf, study)
    theirs = NoteCiting(replace(app.notes, user_id="ben"), app.records("sources"), app.texts, lambda: app.evidence, "ben", app.clock)
    with pytest.raises(NotFound):
        theirs.keep(note_id, "1")


def test_the_page_saves_and_is_told_of_another_window(app, shelf, client):
    note = app.notes.create(shelf, "Plan", "")
    address = f"/files/note/{note.id}"
    said = client.post(f"{address}/save", json={"title": " ", "text": "# Head\n\nwords", "base": 0}).json()
    assert (said["revision"], said["title"], said["line"]) == (1, "Untitled", "Head") and said["blocks"][0]["k"] == "h"
    there = client.post(f"{address}/save", json={"title": "Plan", "text": "other", "base": 0}).json()
    assert there["elsewhere"] and there["text"] == "# Head\n\nwords" and ["added", "other"] in there["changes"]
    assert client.get(f"{address}/head").json() == {"revision": 1}
    client.post(f"{address}/aside", json={"title": "Plan", "text": "other"})
    assert app.notes.histories.of(note.id)[0].text == "other" and app.notes.get(note.id).text == "# Head\n\nwords"
    client.post(f"{address}/both", json={"title": "Plan", "text": "other"})
    assert sorted(one.text for one in app.notes.of(shelf)) == ["# Head\n\nwords", "other"]


def test_the_page_cites_links_and_attaches(app, shelf, study, client):
    note = app.notes.create(shelf, "Plan", "")
    address = f"/files/note/{note.id}"
    [found, *_] = client.post(f"{address}/passages", json={"words": "performance factor", "sources": [study]}).json()["found"]
    assert client.post(f"{address}/cite", json=found).json() == {"name": "1", "markdown": f"> {QUOTE} [^1]\n\n"}
    app.notes.create(shelf, "Plan B", "")
    assert client.post(f"{address}/titles", json={"words": "plan"}).json()["found"] == [{"title": "Plan B", "about": ""}]
    kept = client.post(f"{address}/attach?name=a%20b.txt", content=b"words").json()
    answer = client.get(f"{address}/file/a%20b.txt")
    assert kept["name"] == "a b.txt" and answer.content == b"words" and "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("path", "body", "status"), [
    ("save", b"[]", 400), ("save", b"{}", 400),
    ("cite", b'{"source_id": "x", "start": 0, "end": 1}', 404), ("attach?name=x", b"", 400),
])
def test_the_page_is_told_in_words_what_is_refused(app, shelf, client, path, body, status):
    note = app.notes.create(shelf, "Plan", "")
    answer = client.post(f"/files/note/{note.id}/{path}", content=body)
    assert answer.status_code == status and answer.json()["message"] and answer.json()["fix"]
    assert client.get(f"/files/note/{'0' * 32}").status_code == 404
    assert client.get(f"/files/note/{note.id}/file/none.png").status_code == 404
