"""Thousands of rows of two people in one house: what is erased is gone from every file, also when it is killed in the middle."""

from __future__ import annotations

import json
import random
import shutil
import time

import pytest

from halo_app.domain.conversation import Role
from halo_app.domain.memory import AgentRun, Conversation, Fact, Memory, Message, Origin, Provenance, State, Summary
from halo_app.domain.user import Principal, UserRole
from halo_app.errors import BadInput, NotFound, PermissionDenied
from tests import workers
from tests.erasing_helpers import ADMIN, ME, NEIGHBOUR, all_words, decoded, left_of, move_in, words
from tests.workers import remembering_app

ROWS = 2000
UNWANTED = "Likes long meetings on Mondays."
ROUNDS = [3, pytest.param(30, marks=pytest.mark.full)]


def opened(data_dir, user_id=None):
    app = remembering_app(data_dir, user_id)
    app.first_start(serving=False)
    return app


@pytest.fixture(scope="module")
def great_house(tmp_path_factory):
    """(data directory of two people with 2,000 memories each, what each of them said)"""
    data_dir = tmp_path_factory.mktemp("great") / "data"
    said = {}
    for number, user_id in enumerate((ME, NEIGHBOUR)):
        app = opened(data_dir, user_id)
        seed = 1_000_000 * (number + 1)
        said[user_id] = move_in(app, user_id, seed)
        facts = [Fact(words(seed + 10_000 + at, 9)) for at in range(ROWS)]
        turns = [Message(Role.USER, words(seed + 60_002, 12)), Message(Role.ASSISTANT, words(seed + 60_003, 12))]
        talk = Conversation(words(seed + 60_001, 3), turns)
        app.memory.store_all(user_id, [*facts, talk])
        app.memory_store.add_run(ADMIN, AgentRun("session", "HALO", {"question": words(seed + 60_004, 9)}, user_id))
        app.memory.reject(user_id, app.memory.store(user_id, Memory(Fact(UNWANTED), state=State.SUGGESTED)).id)
        said[user_id] |= {"memories": " ".join(fact.content for fact in facts), "talk": talk.messages[0].content,
                          "run": words(seed + 60_004, 9)}
        app.outbox.drain()
        app.close()
    return data_dir, said


@pytest.fixture
def house(great_house, tmp_path):
    shutil.copytree(great_house[0], tmp_path / "data")
    return tmp_path / "data", great_house[1]


def of_neighbour(app):
    """Everything of the neighbour: rows, files byte for byte, passages and what their memories are found by."""
    stores = app.stores.exported
    rows = {store.name: [json.dumps(line, sort_keys=True, default=str) for line in store.lines(NEIGHBOUR)] for store in stores}
    files = {store.name: [(name, place.read_bytes()) for name, place in store.files(NEIGHBOUR)] for store in stores}
    from halo_app.domain.chunk import Scope
    found = {name: sorted(chunk.id for chunk in index.rows(Scope(NEIGHBOUR))[0])
             for name, index in (("sources", app.index), ("memories", app.memory_index))}
    return rows, files, found


def test_a_person_with_thousands_of_memories_is_erased_and_the_neighbour_is_the_same_row_for_row(house):
    data_dir, said = house
    before = decoded(data_dir)
    for user_id in (ME, NEIGHBOUR):
        assert {name: left_of(text, before) for name, text in said[user_id].items()} == {
            name: all_words(text) for name, text in said[user_id].items()}, "the reading itself must work"
    app = opened(data_dir)
    theirs = of_neighbour(app)
    pseudonym = app.audit.pseudonym(ME)
    receipt = app.erasing.person(ADMIN, ME)
    assert of_neighbour(app) == theirs
    assert app.audit.pseudonym(ME) == "" != pseudonym
    assert app.audit.inspect().ok
    app.close()
    after = decoded(data_dir)
    assert {name: left_of(text, after) for name, text in said[ME].items()} == dict.fromkeys(said[ME], 0)
    assert {name: left_of(text, after) for name, text in said[NEIGHBOUR].items()} == {
        name: all_words(text) for name, text in said[NEIGHBOUR].items()}
    assert receipt.removed["memories"] == ROWS + 1 and receipt.before["memory index"] >= ROWS
    assert set(receipt.residues.values()) == {0} and receipt.kept["audit"]


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_killed_erasure_is_finished_at_the_next_start(great_house, tmp_path, rounds):
    longest, interrupted = 2.0, 0
    while interrupted < rounds:
        data_dir = tmp_path / "data"
        shutil.copytree(great_house[0], data_dir)
        app = opened(data_dir)
        theirs = of_neighbour(app)
        app.close()
        process, pipe = workers.start(workers.erase, data_dir)
        assert pipe.recv() == "begin"
        while not (data_dir / "erasure.todo").exists() and not pipe.poll(0.002):
            pass
        time.sleep(random.uniform(0, longest))
        process.kill()
        process.join()
        if workers.reports(pipe):                # it was done before: aim earlier
            longest *= 0.8
        else:
            interrupted += 1
        pipe.close()
        app = opened(data_dir)
        assert not (data_dir / "erasure.todo").exists()
        receipt, genuine = app.erasing.receipt(ME)
        assert genuine and set(receipt.residues.values()) == {0}
        assert of_neighbour(app) == theirs
        app.close()
        after = decoded(data_dir)
        assert {name: left_of(text, after) for name, text in great_house[1][ME].items()} == dict.fromkeys(great_house[1][ME], 0)
        shutil.rmtree(data_dir)


def test_a_deleted_memory_and_cleared_memories_leave_nothing_in_any_file(house):
    data_dir, said = house
    app = opened(data_dir)
    some = app.memory.list(ME, limit=40)
    gone = " ".join(memory.text for memory in some)
    assert left_of(gone, decoded(data_dir)) > 200
    app.memory.delete(ME, [memory.id for memory in some])
    app.outbox.drain()
    assert left_of(gone, decoded(data_dir)) == 0
    app.memory.clear(ME)
    app.outbox.drain()
    after = decoded(data_dir)
    assert left_of(said[ME]["memories"], after) == 0 and left_of(said[ME]["talk"], after) == 0
    assert left_of(said[NEIGHBOUR]["memories"], after) == all_words(said[NEIGHBOUR]["memories"])
    app.close()


def test_an_erased_memory_goes_with_its_summary_and_where_answers_repeat_it(house):
    data_dir, said = house
    app = opened(data_dir)
    fact = app.memory.store(ME, words(77, 12))
    summary = app.memory.store(ME, Summary(f"In short, {fact.text}", covered_ids=(fact.public_id,)))
    run = {"remembered": [{"id": fact.public_id, "text": fact.text}], "answer": f"You said {fact.text}."}
    app.memory_store.add_run(ADMIN, AgentRun("s", "HALO", run, ME))
    app.outbox.drain()
    receipt = app.erasing.memory(ADMIN, ME, fact.public_id)
    app.outbox.drain()
    app.close()
    after = decoded(data_dir)
    assert left_of(fact.text, after) == 0
    assert left_of(said[ME]["memories"], after) == all_words(said[ME]["memories"])
    assert receipt.removed["memories"] == 2 and receipt.removed["agent runs"] == 1
    assert summary.public_id


def test_an_erased_source_takes_what_memories_took_from_it_and_leaves_typed_ones(house):
    data_dir, said = house
    app = opened(data_dir)
    source = app.sources.of(app.notebooks.all()[0].id)[-1]
    quote = " ".join(app.sources.parsed(source.id).text.split()[:12])
    app.memory.store(ME, Memory(Fact(f"{words(88, 4)} {quote}"), provenance=Provenance(Origin.OBSERVED, "session")))
    app.outbox.drain()
    app.erasing.source(ADMIN, ME, source.id)
    assert [memory.text for memory in app.memory.list(ME, limit=1)] == [f"{words(88, 4)} [erased]"]
    app.outbox.drain()
    app.close()
    after = decoded(data_dir)
    assert left_of(said[ME]["source 0"], after) == 0 and left_of(said[ME]["source 1"], after) > 0


def test_an_account_with_memories_moves_to_an_empty_house_and_is_found_there(house, tmp_path):
    data_dir, _ = house
    app = opened(data_dir)
    taken = app.exporting.export(ADMIN, ME, tmp_path / "mine.zip")
    assert taken.lines["memories"] == ROWS + 1 and taken.lines["agent runs"] == 1
    assert taken.lines["rejected suggestions"] == 1
    other = opened(tmp_path / "other")
    list(other.exporting.take(ADMIN, tmp_path / "mine.zip"))
    for store in app.stores.exported:
        assert sorted(map(str, store.lines(ME))) == sorted(map(str, other.stores[store.name].lines(ME))), store.name
    some = app.memory.list(ME, limit=1)[0]
    assert other.memory.search(ME, some.text, limit=1)[0].public_id == some.public_id
    assert other.reconciling.rejected(ADMIN, ME, [UNWANTED]) == {UNWANTED}
    assert other.stores.strangers(other.data_dir) == []
    other.close()
    app.close()


def test_what_a_person_rejected_is_erased_with_them_and_with_nobody_else(house):
    app = opened(house[0])
    receipt = app.erasing.person(ADMIN, ME)
    assert receipt.removed["rejected suggestions"] == 1
    assert app.reconciling.rejected(ADMIN, ME, [UNWANTED]) == set()
    assert app.reconciling.rejected(ADMIN, NEIGHBOUR, [UNWANTED]) == {UNWANTED}
    app.close()


def test_memories_are_not_dropped_where_memory_is_disabled(house, tmp_path):
    app = opened(house[0])
    app.exporting.export(ADMIN, ME, tmp_path / "mine.zip")
    app.close()
    without = workers.small_app(tmp_path / "other")
    without.first_start(serving=False)
    with pytest.raises(BadInput, match="no place here for agent runs, memories"):
        list(without.exporting.take(ADMIN, tmp_path / "mine.zip"))
    without.close()


def test_a_backup_brings_memories_back_also_into_an_open_database(house, tmp_path):
    data_dir, _ = house
    app = opened(data_dir)
    count = app.memory.count(ME)
    app.backups.backup(ADMIN, tmp_path / "kept.zip")
    app.memory.clear(ME)
    assert app.memory.count(ME) == 0
    app.backups.restore(ADMIN, tmp_path / "kept.zip")
    assert app.memory.count(ME) == count
    assert app.audit.inspect().ok
    app.close()


def test_every_table_and_every_file_belongs_to_a_store(house, tmp_path):
    data_dir, _ = house
    use_everything(data_dir, tmp_path)
    app = opened(data_dir)
    with app.database.transaction() as connection:
        tables = [name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert app.stores.unknown_tables(tables) == []
    assert app.stores.unknown_tables([*tables, "diary"]) == ["diary"]
    assert app.stores.strangers(data_dir) == []
    (data_dir / "diary.json").touch()
    (data_dir / "chat_history" / "diary.sqlite").touch()
    assert app.stores.strangers(data_dir) == ["chat_history/diary.sqlite", "diary.json"]
    for store in app.stores.all:
        assert store.kept or store in app.stores.erased, store.name
        assert store.derived or store.schema(), store.name
    app.close()


def test_a_used_house_is_empty_of_its_person_after_erasing_everything(house, tmp_path):
    data_dir, said = house
    use_everything(data_dir, tmp_path)
    app = opened(data_dir)
    app.erasing.person(ADMIN, ME)
    app.close()
    left = decoded(data_dir)
    assert {name: left_of(text, left) for name, text in said[ME].items()} == dict.fromkeys(said[ME], 0)
    assert "sk-very-secret" not in left and "a cut record" not in left


def use_everything(data_dir, tmp_path):
    """Do what leaves files behind: settings, consent, a written output, a failed file, a damaged record, a log, copies."""
    from halo_app.cli.frame import run
    from halo_app.services.ingest import Upload
    from halo_app.ui.launch import launch_of

    launch_of(data_dir)
    (data_dir / "config.json").write_text(json.dumps({"llm": {"api_key": "sk-very-secret"}, "chat": {"log_timings": True}}))
    app = opened(data_dir)
    app.consent.give()
    app.retention.change({"chat_days": 900})
    notebook = app.notebooks.all()[0]
    app.ingest.start([Upload.from_bytes("broken.pdf", b"%PDF-1.4 cut")], notebook.id)
    app.ingest.wait(30)
    (data_dir / "notes" / f"{'c' * 32}.json").write_text('{"user_id": "local-user", "title": "a cut record')
    app.notes.of(notebook.id)
    output = app.studio.of(notebook.id)[0]
    (data_dir / "outputs" / f"{output.id}.md").write_bytes(app.studio.export(output.id, "md")[0])
    app.exporting.export(ADMIN, ME, tmp_path / "mine.zip")
    app.backups.backup(ADMIN, tmp_path / "kept.zip")
    app.close()
    assert run(["doctor", "--json", "--data-dir", str(data_dir)]) in (0, 1)


def test_nobody_erases_or_exports_another_person_without_leave(house, tmp_path):
    app = opened(house[0])
    stranger = Principal("stranger", UserRole.USER)
    with pytest.raises(PermissionDenied):
        app.erasing.person(stranger, ME)
    with pytest.raises(PermissionDenied):
        app.exporting.export(stranger, ME, tmp_path / "x.zip")
    refused = [entry for entry in app.audit.entries(ADMIN, user_id=ME) if entry.outcome == "refused"]
    assert {entry.action for entry in refused} == {"account.erase", "account.export"}
    app.close()


def test_what_only_repeats_an_erased_memory_goes_with_it_and_nothing_else_does(house):
    app = opened(house[0])
    long = app.memory.store(ME, "The user works as a nurse in Lund")
    short = app.memory.store(ME, "The user works as a nurse")
    old = app.memory.store(ME, "The user lives in Bath")
    app.outbox.drain()
    assert app.memory.get(ME, short.public_id).superseded_by == long.public_id
    app.erasing.memory(ADMIN, ME, long.public_id)
    for gone in (long, short):
        with pytest.raises(NotFound):
            app.memory.get(ME, gone.public_id)
    assert app.memory.get(ME, old.public_id).text == "The user lives in Bath"
    app.close()
