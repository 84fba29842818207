"""Sources go to another notebook, are deleted and brought back, renamed and tagged, on real parts without a model."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from halo_app.bootstrap import build_app
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Citation, Message, Role, Sentence, Verdict
from halo_app.domain.source import Stage
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.errors import BadInput, NotFound
from halo_app.services.acting import unheard
from halo_app.services.bundling import zipped
from halo_app.services.ingest import Upload
from halo_app.settings import Settings
from tests.fakes import HereReader

TEXT = "The lighthouse at Cape Verin was first lit in 1871. Its keeper recorded many storms."


@pytest.fixture
def app(tmp_path):
    """A whole application on a fresh data directory; a quick stand-in embeds."""
    made = build_app(Settings(data_dir=tmp_path / "data"))
    made.__dict__.update(embedder=HashedEmbedder(384), splitter=WordSplitter(), reader=HereReader(), acts=unheard)
    made.first_start(serving=False)
    yield made
    made.close()


@pytest.fixture
def shelf(app):
    return app.notebooks.create("Law")


@pytest.fixture
def other(app):
    return app.notebooks.create("History")


def add(app, notebook, name="light.txt", text=TEXT):
    *_, last = app.ingest.add([Upload.from_text(name, text)], notebook.id)
    return app.sources.get(last.source_id)


def found(app, notebook, words="Who recorded storms?"):
    return [passage.chunk.source_id for passage in app.retrieval.find(words, Scope(app.user_id, notebook.id))]


def cited(app, notebook, source):
    """Keep a chat that cites the source."""
    chat = app.chat.new(notebook.id)
    citation = Citation(source.id, source.name, "", TEXT[:20], 0, 20)
    said = Message(Role.ASSISTANT, "It was lit.", chat.created_at, (Sentence("It was lit.", Verdict.VERIFIED, (citation,)),))
    app.chat.restore(replace(chat, title="When?", messages=(Message(Role.USER, "When?", chat.created_at), said)))
    return citation


def test_a_moved_source_is_found_in_the_other_notebook_and_in_no_more(app, shelf, other):
    source = add(app, shelf)
    [moved] = app.moving.move([source.id], other.id).went
    assert [one.id for one in app.sources.of(other.id)] == [moved.id]
    assert app.sources.of(shelf.id) == []
    assert found(app, shelf) == []
    assert found(app, other) == [moved.id]
    assert set(app.index.held()) == set(app.texts.all()) == {moved.id}
    assert app.sources.original(moved.id).read_text() == TEXT


def test_a_citation_made_before_the_move_still_opens_its_passage(app, shelf, other):
    source = add(app, shelf)
    citation = cited(app, shelf, source)
    app.moving.move([source.id], other.id)
    assert app.sources.get(citation.source_id).notebook_id == other.id
    assert app.sources.excerpt(citation.source_id, citation.start, citation.end)[1] == citation.quote


def test_a_source_moved_there_and_back_is_what_it_was(app, shelf, other):
    source = add(app, shelf)
    [away] = app.moving.move([source.id], other.id).went
    [back] = app.moving.move([away.id], shelf.id).went
    assert back.id == source.id
    assert source.id not in back.earlier
    assert app.sources.get(away.id).id == source.id


def test_a_file_added_again_where_it_was_moved_from_is_a_source_there_again(app, shelf, other):
    source = add(app, shelf)
    app.moving.move([source.id], other.id)
    again = add(app, shelf)
    assert again.notebook_id == shelf.id
    assert len(app.sources.of(other.id)) == 1


def test_what_the_other_notebook_has_already_stays_where_it_is(app, shelf, other):
    source, there = add(app, shelf), add(app, other)
    carried = app.moving.move([source.id], other.id)
    assert (carried.went, carried.stayed) == ((), (source,))
    assert [one.id for one in app.sources.of(other.id)] == [there.id]
    assert app.sources.of(shelf.id) == [source]


def test_a_copy_is_a_source_of_its_own(app, shelf, other):
    source = add(app, shelf)
    [copy] = app.moving.copy([source.id], other.id).went
    app.sources.delete(source.id)
    assert found(app, shelf) == []
    assert found(app, other) == [copy.id]
    assert app.sources.original(copy.id).read_text() == TEXT
    with pytest.raises(NotFound):                       # a copy does not answer for the one it was made of
        app.sources.get(source.id)


def test_another_users_notebook_takes_nothing(app, shelf):
    source = add(app, shelf)
    app.records("notebooks").put(replace(shelf, id="f" * 32, user_id="ben", name="Ben's"))
    with pytest.raises(NotFound):
        app.moving.move([source.id], "f" * 32)
    assert app.sources.of(shelf.id) == [source]


def test_words_of_another_notebook_filter_nothing_here(app, shelf, other):
    here, there = add(app, shelf, "harbour.txt", "The harbour of Sund freezes in winter."), add(app, other)
    assert app.retrieval.holding("keepers recorded", Scope(app.user_id, other.id)) == {there.id}
    assert app.retrieval.holding("keepers recorded", Scope(app.user_id, shelf.id)) == set()
    assert app.retrieval.holding("freezing harbours", Scope(app.user_id, shelf.id)) == {here.id}
    assert app.retrieval.holding("freezing lighthouse", Scope(app.user_id, shelf.id)) == set()


def test_deleted_sources_come_back_with_everything_they_had(app, shelf):
    sources = [add(app, shelf), add(app, shelf, "harbour.txt", "The harbour of Sund freezes in winter.")]
    app.sources.tag([sources[0].id], add=["north"])
    gone = app.removing.remove([source.id for source in sources])
    assert app.sources.of(shelf.id) == []
    assert app.originals.all() == []
    assert found(app, shelf) == []
    assert gone.restore() == 2
    assert app.sources.of(shelf.id)[-1].tags == ("north",)
    assert found(app, shelf)[0] == sources[0].id
    assert app.sources.original(sources[0].id).read_text() == TEXT
    assert app.sources.parsed(sources[0].id).text == TEXT
    assert not app.reindexing.is_needed()


def test_what_was_added_again_meanwhile_is_left_as_it_is(app, shelf):
    source = add(app, shelf)
    gone = app.removing.remove([source.id])
    again = add(app, shelf)
    assert gone.restore() == 0
    assert app.sources.of(shelf.id) == [again]


def test_nothing_comes_back_into_a_notebook_that_is_gone(app, shelf):
    gone = app.removing.remove([add(app, shelf).id])
    app.notebooks.delete(shelf.id)
    with pytest.raises(NotFound):
        gone.restore()
    assert app.records("sources").everyone() == []


def test_what_is_too_large_to_be_held_goes_at_once(app, shelf):
    small = replace(app.removing, most_bytes=10)
    assert small.remove([add(app, shelf).id]).restore is None
    assert app.originals.all() == []


def test_a_file_without_a_name_leaves_nothing_in_the_data_directory(app, shelf):
    gone = app.removing.remove([add(app, shelf).id])
    assert gone.restore is not None
    assert app.stores.strangers(app.data_dir) == []


def test_a_renamed_source_remembers_its_file(app, shelf):
    source = add(app, shelf)
    renamed = app.sources.rename(source.id, "The lighthouse")
    assert (renamed.name, renamed.file) == ("The lighthouse", "light.txt")
    assert app.sources.rename(source.id, "light.txt").file_name == ""


def test_tags_are_written_renamed_and_removed_in_one_notebook(app, shelf, other):
    here, there = add(app, shelf), add(app, other)
    app.sources.tag([here.id, there.id], add=["North", "storms"])
    app.sources.rename_tag(shelf.id, "north", "Norway")
    app.sources.remove_tag(shelf.id, "STORMS")
    app.records("sources").forget()
    assert app.sources.get(here.id).tags == ("Norway",)
    assert app.sources.get(there.id).tags == ("North", "storms")
    with pytest.raises(BadInput):
        app.sources.tag([here.id], add=[" "])


def test_a_zip_holds_every_original_under_a_name_of_its_own(app, shelf):
    sources = [add(app, shelf), add(app, shelf, "light.txt", "Another lighthouse."), add(app, shelf, "gone.txt", "A third one.")]
    app.originals.remove(sources[2].sha256)
    packed = b"".join(zipped(app.sources, app.sources.of(shelf.id)))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["gone.txt.txt", "light (2).txt", "light.txt"]
        assert archive.read("gone.txt.txt") == b"A third one."


def test_a_duplicated_notebook_cites_its_own_copies(app, shelf):
    source = add(app, shelf)
    citation = cited(app, shelf, source)
    app.notes.create(shelf.id, "Lit", "In 1871.", (citation,))
    made = app.duplicating.duplicate(shelf.id, "Law 2", chats=True, notes=True)
    [copy] = app.sources.of(made.id)
    [chat] = app.chat.sessions(made.id)
    assert app.chat.get(chat.id).messages[1].sentences[0].citations[0].source_id == copy.id
    assert app.notes.of(made.id)[0].citations[0].source_id == copy.id
    assert app.notes.of(shelf.id)[0].citations == (citation,)
    assert app.chat.sessions(app.duplicating.duplicate(shelf.id, "Law 3").id) == []


def test_an_archived_notebook_is_put_away_whole_and_brought_back(app, shelf, other):
    source = add(app, shelf)
    app.notebooks.archive(shelf.id)
    assert shelf.id not in {one.id for one in app.notebooks.in_use()}
    assert app.notebooks.default().id != shelf.id
    assert app.notebooks.counts()[shelf.id] == 1
    app.notebooks.archive(shelf.id, away=False)
    assert app.sources.of(shelf.id) == [source]
    assert shelf.id in {one.id for one in app.notebooks.in_use()}


def test_erasing_a_moved_source_takes_its_words_out_of_older_answers(app, shelf, other):
    source = add(app, shelf)
    cited(app, shelf, source)
    [moved] = app.moving.move([source.id], other.id).went
    app.erasing.source(app.principal, app.user_id, moved.id)
    [chat] = app.chat.sessions(shelf.id)
    assert TEXT[:20] not in str(app.chat.get(chat.id))


def test_a_file_that_failed_keeps_its_reason(app, shelf):
    *_, last = app.ingest.add([Upload.from_bytes("cut.pdf", b"%PDF-1.7 cut")], shelf.id)
    assert last.stage is Stage.FAILED
    assert last.detail
