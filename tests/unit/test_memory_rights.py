"""Every method of the memory store with two tenants and every role: nothing leaks, what is refused is written down."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from halo_app.domain.memory import AgentRun, Fact, Sought, State
from halo_app.domain.permissions import Action, Ruling, ruling
from halo_app.domain.user import Principal, UserModel, UserRole
from halo_app.errors import BadInput, NotFound, PermissionDenied
from halo_app.memory_ports import MemoryStore
from halo_app.storage.sql_users import SqlUsers
from tests.memory_fakes import DictMemoryStore
from tests.store_helpers import ANA, BEN, NOW, ROOT, HandClock, fact, open_all

TENANTS = {"ana": ANA, "ben": BEN}
EVERYTHING = Sought(states=tuple(State), superseded=True, expired=True)
SECRETS = {"ana": "anas secret", "ben": "bens secret"}

def pinned(memory):
    return replace(memory, pinned=True)


#: method -> (what it is, how it is called with principal, owner and an id)
CALLS = {
    "add": (Action.WRITE, lambda store, who, owner, one: store.add(who, [fact("new", user=owner)])),
    "get": (Action.READ, lambda store, who, owner, one: store.get(who, owner, one)),
    "select": (Action.READ, lambda store, who, owner, one: store.select(who, owner, EVERYTHING)),
    "count": (Action.READ, lambda store, who, owner, one: store.count(who, owner, EVERYTHING)),
    "change": (Action.WRITE, lambda store, who, owner, one: store.change(who, owner, one, pinned)),
    "together": (Action.WRITE, lambda store, who, owner, one: store.together(
        who, owner, lambda added, others: [pinned(memory) for memory in (*added, *others)], add=[fact("new", user=owner)],
        beside=[one if isinstance(one, str) else ""])),
    "rejected": (Action.READ, lambda store, who, owner, one: store.rejected(who, owner, ["anas secret", "bens secret"])),
    "forget_rejected": (Action.DELETE, lambda store, who, owner, one: store.forget_rejected(who, owner)),
    "remove": (Action.DELETE, lambda store, who, owner, one: store.remove(who, owner, [one])),
    "clear": (Action.DELETE, lambda store, who, owner, one: store.clear(who, owner)),
    "clear_everyone": (Action.CLEAR_ALL, lambda store, who, owner, one: store.clear_everyone(who)),
    "failed": (Action.READ, lambda store, who, owner, one: store.failed(who, owner)),
    "retry": (Action.WRITE, lambda store, who, owner, one: store.retry(who, owner)),
    "add_run": (Action.WRITE, lambda store, who, owner, one: store.add_run(who, AgentRun("s", "halo", {"asked": "new"}, owner))),
    "runs": (Action.READ, lambda store, who, owner, one: store.runs(who, owner)),
    "remove_runs": (Action.DELETE, lambda store, who, owner, one: store.remove_runs(who, owner, "s")),
}
#: what the engine itself works with, for everyone: it is given to nobody
INSIDE = {"version", "claim", "settle", "waiting", "holders", "release", "removed_since", "forget_removed", "written_since",
          "standing", "again", "uncompared", "weave", "check", "close"}


def principals():
    """Each role as a tenant, as a stranger, as one who was granted a tenant, with a reason and without."""
    return some.builds(Principal, some.sampled_from(["ana", "ben", "carl"]), some.sampled_from(UserRole),
                       some.frozensets(some.sampled_from(["ana", "ben"])), some.sampled_from(["", "asked to help"]))


@pytest.fixture(params=["dict", "sqlite"])
def world(request, tmp_path):
    clock = HandClock()
    if request.param == "dict":
        store = DictMemoryStore(clock)
        yield store, lambda: [(act.action, act.outcome) for act in store.acts]
        return
    database, trail, store = open_all(tmp_path, clock)
    yield store, lambda: [(entry.action, entry.outcome) for entry in reversed(trail.entries(ROOT))]
    database.close()


def fill(store):
    """Give each tenant a memory and a run that holds their secret; return the memories by owner."""
    held = {}
    for owner, who in TENANTS.items():
        store.clear(who, owner)
        [held[owner]] = store.add(who, [fact(SECRETS[owner], user=owner)])
        store.add_run(who, AgentRun("s", "halo", {"asked": SECRETS[owner]}, owner))
    return held


def seen_by(store, who, owner):
    return [one.text for one in store.select(who, owner, EVERYTHING)], [run.run_data for run in store.runs(who, owner)]


def test_every_method_is_either_guarded_or_the_engines_own():
    methods = {name for name in vars(MemoryStore) if not name.startswith("_")} - {"place"}
    assert methods == set(CALLS) | INSIDE


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(who=principals(), owner=some.sampled_from(["ana", "ben"]), method=some.sampled_from(sorted(CALLS)),
       aim=some.sampled_from(["own number", "own name", "other number", "other name"]))
def test_nothing_leaks(world, who, owner, method, aim):
    store, _ = world
    held = fill(store)
    other = "ben" if owner == "ana" else "ana"
    target = held[owner if aim.startswith("own") else other]
    action, call = CALLS[method]
    meant = "" if action is Action.CLEAR_ALL else owner
    before = {name: seen_by(store, TENANTS[name], name) for name in TENANTS}
    try:
        result = repr(call(store, who, owner, target.id if aim.endswith("number") else target.public_id))
        assert ruling(who, action, meant) is Ruling.ALLOWED
    except PermissionDenied as error:
        assert ruling(who, action, meant) is not Ruling.ALLOWED
        result = error.message + error.fix
        assert {name: seen_by(store, TENANTS[name], name) for name in TENANTS} == before
        assert SECRETS[owner] not in result
    except NotFound as error:
        result = error.message
        assert aim.startswith("other")
    assert SECRETS[other] not in result
    if action is not Action.CLEAR_ALL:
        assert seen_by(store, TENANTS[other], other) == before[other]


@pytest.mark.parametrize("method", sorted(CALLS))
def test_what_is_refused_and_what_is_done_is_written_down(world, method):
    store, acts = world
    held = fill(store)
    _, call = CALLS[method]
    begun = len(acts())
    with pytest.raises(PermissionDenied):
        call(store, Principal("carl"), "ana", held["ana"].id)
    refused = acts()[begun:]
    assert [outcome for _, outcome in refused if _ != "audit.read"] == ["refused"]
    done_from = len(acts())
    call(store, ROOT, "ana", held["ana"].id)
    assert (refused[-1][0] if refused[-1][0] != "audit.read" else refused[0][0], "done") in acts()[done_from:]


def test_an_admin_reads_anothers_content_only_with_a_reason_and_it_is_kept(tmp_path):
    database, trail, store = open_all(tmp_path, HandClock())
    fill(store)
    with pytest.raises(PermissionDenied, match="say why"):
        store.select(Principal("root", UserRole.ADMIN), "ana")
    store.select(replace(ROOT, reason="ana asked me to look"), "ana")
    reasons = [(entry.action, entry.reason) for entry in trail.entries(ROOT) if entry.reason == "ana asked me to look"]
    assert reasons == [("memory.read", "ana asked me to look")]
    assert trail.inspect().ok
    database.close()


def test_the_audit_log_holds_no_content(tmp_path):
    database, trail, store = open_all(tmp_path, HandClock())
    held = fill(store)
    store.change(ANA, "ana", held["ana"].id, lambda memory: replace(memory, content=Fact("anas secret, told again")))
    store.remove(ANA, "ana", [held["ana"].id])
    assert "secret" not in repr(trail.entries(ROOT))
    assert "ana" not in {entry.actor for entry in trail.entries(ROOT)}
    database.close()


# accounts

@pytest.fixture
def users(tmp_path):
    database, trail, store = open_all(tmp_path, HandClock())
    yield SqlUsers(database, trail, HandClock()), store
    database.close()


def account(user_id, username="", email="", role=UserRole.USER, **fields):
    return UserModel(user_id, username or user_id, email, role, NOW, **fields)


def test_accounts_are_made_changed_and_removed_by_an_admin(users):
    accounts, _ = users
    made = accounts.create(ROOT, account("u1", "Ana", "ana@halo.example", grants=("u2",)))
    assert accounts.get(ROOT, "u1") == made
    changed = accounts.change(ROOT, "u1", lambda user: replace(user, role=UserRole.SERVICE, id="u9"))
    assert (changed.id, changed.role) == ("u1", UserRole.SERVICE)
    assert accounts.principal("u1", reason="why") == Principal("u1", UserRole.SERVICE, frozenset({"u2"}), "why")
    accounts.remove(ROOT, "u1")
    assert accounts.all(ROOT) == []
    with pytest.raises(NotFound):
        accounts.get(ROOT, "u1")


@pytest.mark.parametrize(("second", "field"), [
    (account("u1", "Other"), "id"), (account("u2", "STRASSE"), "username"), (account("u2", "Straße"), "username"),
    (account("u2", "ｓtrasse"), "username"), (account("u2", "Other", "ANA@halo.example"), "email")])
def test_names_and_addresses_are_unique_however_they_are_written(users, second, field):
    accounts, _ = users
    accounts.create(ROOT, account("u1", "straße", "ana@halo.example"))
    with pytest.raises(BadInput, match=f"^{field}="):
        accounts.create(ROOT, second)
    accounts.create(ROOT, account("u3", "Third"))
    if field != "id":
        with pytest.raises(BadInput, match=f"^{field}="):
            accounts.change(ROOT, "u3", lambda user: replace(user, username=second.username, email=second.email))


def test_people_see_their_own_account_and_no_other_and_give_themselves_nothing(users):
    accounts, _ = users
    for user_id in ("ana", "ben"):
        accounts.create(ROOT, account(user_id))
    assert accounts.get(ANA, "ana").username == "ana"
    for refused in (lambda: accounts.get(ANA, "ben"), lambda: accounts.all(ANA), lambda: accounts.create(ANA, account("x")),
                    lambda: accounts.change(ANA, "ana", lambda user: replace(user, role=UserRole.ADMIN)),
                    lambda: accounts.remove(ANA, "ben")):
        with pytest.raises(PermissionDenied):
            refused()
    accounts.remove(ANA, "ana")


def test_who_is_disabled_acts_no_more(users):
    accounts, _ = users
    accounts.create(ROOT, account("ana", disabled=True))
    with pytest.raises(PermissionDenied, match="disabled"):
        accounts.principal("ana")


def test_an_unseen_id_acts_as_a_user_and_has_an_account_from_its_first_write_on(users):
    accounts, store = users
    accounts.create(ROOT, account("u1", "ANA"))
    assert accounts.principal("ana") == ANA
    store.add(ANA, [fact("likes tea")])
    store.add_run(BEN, AgentRun("s", "halo", {}, "ben"))
    names = {user.id: user.username for user in accounts.all(ROOT)}
    assert names["ben"] == "ben"
    assert names["ana"].startswith("ana ")        # the name itself is another's
    assert accounts.get(ROOT, "ana").role is UserRole.USER
