"""Erased means that no byte is left: every store is decoded before, to see that the reading works, and afterwards."""

from __future__ import annotations

import pytest

from halo_app.domain.chunk import Scope
from halo_app.domain.erasure import Target
from tests.erasing_helpers import ADMIN, ME, NEIGHBOUR, all_words, decoded, left_of, move_in, words
from tests.index_helpers import MODEL, entry, lance, vector
from tests.workers import small_app


@pytest.fixture
def house(tmp_path):
    """A data directory of two people; what they said."""
    data_dir = tmp_path / "data"
    said = {}
    for number, user_id in enumerate((ME, NEIGHBOUR)):
        app = small_app(data_dir, user_id)
        app.first_start(serving=False)
        said[user_id] = move_in(app, user_id, 10_000 * (number + 1))
        app.close()
    return data_dir, said


def test_a_person_is_erased_from_every_store_and_the_neighbour_stays_as_they_were(house):
    data_dir, said = house
    before = decoded(data_dir)
    for user_id in (ME, NEIGHBOUR):
        for text in said[user_id].values():
            assert left_of(text, before) == all_words(text), "the reading itself must work"
    app = small_app(data_dir)
    app.first_start(serving=False)
    theirs = {store.name: [*store.lines(NEIGHBOUR)] for store in app.stores.exported}
    receipt = app.erasing.person(ADMIN, ME)
    app.close()
    after = decoded(data_dir)
    assert {name: left_of(text, after) for name, text in said[ME].items()} == dict.fromkeys(said[ME], 0)
    assert all(left_of(text, after) == all_words(text) for text in said[NEIGHBOUR].values())
    assert {store.name: [*store.lines(NEIGHBOUR)] for store in app.stores.exported} == theirs
    assert sum(receipt.residues.values()) == 0 and receipt.removed["sources"] == 2 and receipt.before["source index"] > 0
    assert not (data_dir / "erasure.todo").exists()


def test_an_erased_source_goes_with_what_was_taken_from_it_and_own_words_stay(house):
    data_dir, said = house
    app = small_app(data_dir)
    app.first_start(serving=False)
    source = app.sources.of(app.notebooks.all()[0].id)[-1]
    receipt = app.erasing.source(ADMIN, ME, source.id)
    app.close()
    after = decoded(data_dir)
    assert left_of(said[ME]["source 0"], after) == 0
    assert source.name not in after
    for name in ("question", "note", "cited note", "other answer", "source 1"):
        assert left_of(said[ME][name], after) > 0, name
    assert sum(receipt.residues.values()) == 0
    app = small_app(data_dir)
    app.first_start(serving=False)
    [chat] = app.chat.sessions()
    assert "[erased]" in chat.messages[1].content and chat.messages[1].citations == ()
    assert [damage for kind in ("chats", "notes", "outputs", "sources") for damage in app.records(kind).damaged()] == []
    assert source.id not in app.index.held()
    app.close()


def test_every_file_of_a_used_house_belongs_to_a_store(house):
    data_dir, _ = house
    app = small_app(data_dir)
    app.first_start(serving=False)
    (data_dir / "chat_history" / "stray.sqlite").touch()
    assert app.stores.strangers(data_dir) == ["chat_history/stray.sqlite"]
    assert Target.person(ME).is_person
    app.close()


def test_rows_erased_from_an_index_with_word_index_are_in_none_of_its_files(tmp_path):
    index = lance(tmp_path, exact=20)
    texts = {user: [words(seed + at, 12) for at in range(60)] for user, seed in (("ana", 0), ("ben", 1000))}
    for user, said in texts.items():
        for at, text in enumerate(said):
            index.put_all([entry(text, source=f"{user}{at}", user=user, vectors=[vector(at, 1)])], model_id=MODEL)
    mine, theirs = " ".join(texts["ana"]), " ".join(texts["ben"])
    assert left_of(mine, decoded(tmp_path)) == all_words(mine)
    rows = index.rows(Scope("ben"))[0]
    assert index.erase(Scope("ana")) == 60
    after = decoded(tmp_path)
    assert (left_of(mine, after), left_of(theirs, after)) == (0, all_words(theirs))
    assert index.rows(Scope("ben"))[0] == rows
    assert [hit.chunk for hit in index.matching([texts["ben"][3].split()[0]], where=Scope("ben"), limit=1)] == [
        row for row in rows if row.source_id == "ben3"]
    assert index.erase(Scope("ana")) == 0


@pytest.mark.parametrize("exact", [50_000, 100], ids=["without a word index", "with one"])
def test_one_row_among_many_in_one_file_leaves_that_file(tmp_path, exact):
    index = lance(tmp_path, exact=exact)
    said = {f"s{at}": words(at, 12) for at in range(400)}
    index.put_all([entry(text, source=source, vectors=[vector(1)]) for source, text in said.items()], model_id=MODEL)
    assert left_of(said["s200"], decoded(tmp_path)) == 12
    before = index.rows(Scope("ana"))[0]
    index.erase(Scope("ana", None, frozenset(["s200"])))
    assert left_of(said["s200"], decoded(tmp_path)) == 0
    assert index.rows(Scope("ana"))[0] == [row for row in before if row.source_id != "s200"]
    index.remove("s300")
    assert left_of(said["s300"], decoded(tmp_path)) == 12, "Lance by itself leaves it"
    index.purge()
    assert left_of(said["s300"], decoded(tmp_path)) == (0 if exact > 400 else 12)
