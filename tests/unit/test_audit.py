"""The audit log: chained, append-only, cheap to add to, and without a word of content."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from halo_app.domain.audit import Act
from halo_app.domain.user import Principal, UserRole
from halo_app.errors import Damaged, PermissionDenied
from halo_app.storage.audit import AuditTrail
from tests.audit_helpers import ADMIN, Attacker, Days, copy_of, fill, open_trail


@pytest.fixture
def trail(data_dir: Path) -> AuditTrail:
    return open_trail(data_dir)


def rest(trail: AuditTrail) -> None:
    """Close the log and its database, so that the file is whole by itself."""
    trail.close()
    trail._database.close()      # type: ignore[attr-defined]


def test_entries_are_numbered_from_one_and_told_newest_first(trail: AuditTrail) -> None:
    trail.note(Act("anna", "note.create", "anna", "note"))
    trail.note(Act("anna", "note.delete", "anna", "note", 2, "failed"))
    newest, oldest = trail.entries(ADMIN)[-2:]
    assert (oldest.number, oldest.action, oldest.count, oldest.outcome) == (1, "note.create", 1, "done")
    assert (newest.number, newest.action, newest.count, newest.outcome) == (2, "note.delete", 2, "failed")
    assert trail.inspect().ok


def test_an_empty_log_is_sound(trail: AuditTrail) -> None:
    assert trail.inspect().ok
    assert trail.inspect().entries == 0


@pytest.mark.parametrize("way", ["edit", "swap", "remove", "truncate"])
def test_whoever_writes_the_whole_database_without_key_and_head_is_found_out(tmp_path: Path, way: str) -> None:
    chance = random.Random(way)
    house = tmp_path / "data"
    trail = open_trail(house)
    fill(trail, 40, chance)
    rest(trail)
    unseen = []
    for round_ in range(50):
        copy = copy_of(house, tmp_path / f"{round_}")
        done = Attacker(copy / "audit.db", chance).strike(way)
        attacked = open_trail(copy)
        if attacked.inspect().ok:
            unseen.append(done)
        rest(attacked)
    assert not unseen


def test_what_was_cut_off_stays_noticed_when_new_entries_follow(data_dir: Path) -> None:
    trail = open_trail(data_dir)
    fill(trail, 5, random.Random(1))
    rest(trail)
    Attacker(data_dir / "audit.db", random.Random(2)).strike("truncate")
    again = open_trail(data_dir)
    fill(again, 20, random.Random(3))
    assert not again.inspect().ok
    assert "not the one that was written" in again.inspect().problem or "changed, moved or removed" in again.inspect().problem


def test_a_forged_entry_at_the_end_is_found_out(data_dir: Path) -> None:
    trail = open_trail(data_dir)
    fill(trail, 3, random.Random(1))
    rest(trail)
    with sqlite3.connect(data_dir / "audit.db") as connection:
        connection.execute("INSERT INTO audit_log SELECT log, 4, at, actor, owner, action, what, count, outcome, reason, subject, "
                           "seal FROM audit_log WHERE number = 3")
    connection.close()
    found = open_trail(data_dir).inspect()
    assert (found.ok, found.at_number, found.entries) == (False, 4, 3)


def test_an_older_copy_of_the_whole_database_put_back_is_found_out(data_dir: Path) -> None:
    trail = open_trail(data_dir)
    fill(trail, 3, random.Random(1))
    rest(trail)
    old = (data_dir / "audit.db").read_bytes()
    again = open_trail(data_dir)
    fill(again, 1, random.Random(2))
    rest(again)
    (data_dir / "audit.db").write_bytes(old)
    assert open_trail(data_dir).inspect().problem == "the entries from 4 to 4 were cut off"


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"])
def test_the_table_itself_refuses_changes(data_dir: Path, statement: str) -> None:
    trail = open_trail(data_dir)
    fill(trail, 2, random.Random(1))
    rest(trail)
    connection = sqlite3.connect(data_dir / "audit.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_a_transaction_that_is_undone_leaves_no_entry_and_no_head(trail: AuditTrail) -> None:
    trail.note(Act("anna", "note.create", "anna"))
    with pytest.raises(KeyError), trail._database.transaction(writing=True) as connection:
        trail.append(connection, [Act("anna", "memory.store", "anna")])
        raise KeyError
    trail.note(Act("anna", "note.edit", "anna"))
    assert trail.inspect().ok
    assert trail.inspect().entries == 2


def test_a_process_killed_between_commit_and_head_raises_no_false_alarm(data_dir: Path) -> None:
    killed = open_trail(data_dir)
    killed.note(Act("anna", "note.create", "anna"))
    with killed._database.transaction(writing=True) as connection:
        killed.append(connection, [Act("anna", "memory.store", "anna")])
    later = open_trail(data_dir)
    later.note(Act("anna", "memory.clear", "anna"))
    assert later.inspect().ok
    assert later.inspect().entries == 3
    assert later._keys.ends(later._log).last.number == 3      # type: ignore[union-attr]


def test_the_head_tells_of_entries_that_a_power_cut_may_take_back_only_once_they_are_durable(data_dir: Path) -> None:
    trail = open_trail(data_dir)
    trail.note(Act("anna", "memory.store", "anna"))
    head = lambda: trail._keys.ends(trail._log).last.number      # type: ignore[union-attr]  # noqa: E731
    with trail._database.transaction(writing=True, relaxed=True) as connection:
        trail.append(connection, [Act("anna", "memory.search", "anna")])
    trail.committed()
    assert head() == 1
    trail.close()
    assert head() == 2
    with trail._database.transaction(writing=True, relaxed=True) as connection:
        trail.append(connection, [Act("anna", "memory.search", "anna")])
    trail.committed()
    trail.note(Act("anna", "memory.store", "anna"))
    assert head() == 4


def append_many(folder: str, number: int) -> None:
    fill(open_trail(Path(folder)), number, random.Random(number))


def test_two_processes_that_append_at_once_make_one_chain(data_dir: Path) -> None:
    start = multiprocessing.get_context("spawn")
    workers = [start.Process(target=append_many, args=(str(data_dir), number)) for number in (60, 61)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    found = open_trail(data_dir).inspect()
    assert found.ok, found.problem
    assert found.entries == 121


def test_people_stand_under_pseudonyms_and_texts_nowhere(data_dir: Path) -> None:
    trail = open_trail(data_dir)
    trail.note(Act("anna@example.org", "memory.store", "bela", what="a secret, told in «confidence»", subject="not an id at all!"))
    [entry] = trail.entries(ADMIN, limit=1, offset=1)
    assert (entry.what, entry.subject) == ("", "")
    rest(trail)
    everything = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert b"memory.store" in everything
    assert not [word for word in (b"anna", b"bela", b"secret", b"not an id") if word in everything]


def test_the_same_person_has_one_pseudonym_as_actor_and_owner(trail: AuditTrail) -> None:
    trail.note(Act("anna", "memory.store", "anna"))
    trail.note(Act("bela", "memory.read", "anna", reason="asked by her"))
    trail.note(Act("bela", "memory.store", "bela"))
    mine = trail.entries(Principal("anna"), user_id="anna")
    assert [entry.action for entry in mine] == ["memory.read", "memory.store"]
    assert mine[0].reason == "asked by her"


def test_a_person_who_was_forgotten_is_nobody_and_the_chain_is_whole(trail: AuditTrail) -> None:
    trail.note(Act("anna", "memory.store", "anna"))
    trail.note(Act("bela", "memory.store", "bela"))
    before = trail.pseudonym("anna")
    trail.forget("anna")
    assert trail.entries(Principal("anna"), user_id="anna") == []
    assert trail.inspect().ok
    trail.note(Act("anna", "memory.store", "anna"))
    assert trail.pseudonym("anna") not in ("", before)


def test_key_and_head_lie_apart_and_are_their_owners_only(data_dir: Path) -> None:
    trail = open_trail(data_dir)
    trail.note(Act("anna", "memory.store", "anna"))
    keys = data_dir / "keys"
    files = [path for path in keys.rglob("*") if path.is_file()]
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (keys, keys / "people")} == {0o700}


def test_a_user_reads_their_own_entries_and_a_refused_look_is_written_down(trail: AuditTrail) -> None:
    trail.note(Act("anna", "memory.store", "anna"))
    assert len(trail.entries(Principal("anna"), user_id="anna")) == 1
    for wanted in ("anna", None):
        with pytest.raises(PermissionDenied):
            trail.entries(Principal("bela", UserRole.USER), user_id=wanted)
    with pytest.raises(PermissionDenied):
        trail.entries(Principal("robot", UserRole.SERVICE), user_id="robot")
    seen = trail.entries(ADMIN)
    assert [entry.outcome for entry in seen if entry.action == "audit.read"] == ["done", "refused", "refused", "refused"]


def test_old_entries_go_by_rule_and_the_rest_is_still_whole(data_dir: Path) -> None:
    clock = Days()
    trail = open_trail(data_dir, clock)
    fill(trail, 5, random.Random(1))
    clock.pass_by(days=100)
    fill(trail, 4, random.Random(2))
    border = datetime(2026, 2, 1, tzinfo=UTC)
    assert trail.count(border) == 5
    assert trail.prune(border) == 5
    assert trail.prune(border) == 0
    assert (trail.inspect().ok, trail.inspect().entries, trail.count()) == (True, 4, 4)
    fill(trail, 2, random.Random(3))
    assert [entry.number for entry in trail.entries(ADMIN)][-1] == 6
    rest(trail)
    connection = sqlite3.connect(data_dir / "audit.db")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("DELETE FROM audit_log")
    connection.close()


def test_a_removal_passed_off_as_one_by_rule_is_found_out(data_dir: Path) -> None:
    clock = Days()
    trail = open_trail(data_dir, clock)
    fill(trail, 5, random.Random(1))
    clock.pass_by(days=100)
    trail.prune(datetime(2026, 1, 1, 0, 0, 4, tzinfo=UTC))
    rest(trail)
    connection = sqlite3.connect(data_dir / "audit.db", isolation_level=None)
    connection.execute("DROP TRIGGER audit_log_no_delete")
    connection.execute("DELETE FROM audit_log WHERE number = (SELECT min(number) FROM audit_log)")
    connection.close()
    assert not open_trail(data_dir).inspect().ok


def test_unsound_entries_are_never_removed_by_rule(data_dir: Path) -> None:
    trail = open_trail(data_dir)
    fill(trail, 5, random.Random(1))
    rest(trail)
    Attacker(data_dir / "audit.db", random.Random(4)).strike("swap")
    with pytest.raises(Damaged, match="not sound"):
        open_trail(data_dir).prune(datetime(2030, 1, 1, tzinfo=UTC))


def test_two_data_directories_that_share_a_database_have_a_chain_each(tmp_path: Path, data_dir: Path) -> None:
    one = open_trail(data_dir)
    fill(one, 3, random.Random(1))
    other = open_trail(tmp_path / "other")
    other._database = one._database
    fill(other, 2, random.Random(1))
    fill(one, 1, random.Random(1))
    assert (one.inspect().ok, one.inspect().entries) == (True, 4)
    assert (other.inspect().ok, other.inspect().entries) == (True, 2)


@pytest.mark.parametrize("content", [b"", b"[1]", b"x" * 512])
def test_a_damaged_head_is_a_finding_and_entries_are_added_all_the_same(data_dir: Path, content: bytes) -> None:
    trail = open_trail(data_dir)
    fill(trail, 2, random.Random(1))
    [head] = (data_dir / "keys").glob("*.head")
    head.write_bytes(content)
    assert not trail.inspect().ok
    fill(trail, 1, random.Random(1))
    head.unlink()
    assert not trail.inspect().ok
