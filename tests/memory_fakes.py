"""A whole memory store in a dict; `acts` holds what would stand in the audit log."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import RLock
from uuid import uuid4

from halo_app.domain.audit import Act
from halo_app.domain.memory import Indexed, Kind, Sought, State
from halo_app.domain.permissions import Action, refusal
from halo_app.errors import BadInput, NotFound, PermissionDenied

EVERY = Sought()


class DictMemoryStore:
    """Memories and runs in dicts, for as long as the process lives."""

    place = "a dict"

    def __init__(self, clock=lambda: datetime.now(UTC)):
        self.clock, self.lock = clock, RLock()
        self.held, self.written, self.claims, self.versions = {}, {}, {}, {}       # public id -> …; user -> version
        self.unwanted = set()                                                      # (user, text) of what was rejected
        self.news = set()                                                          # public ids of facts that were not compared yet
        self.kept_runs, self.gone, self.acts = {}, [], []
        self.last_id = self.last_run = self.tick = self.forgotten = 0

    def add(self, who, memories):
        owners = list(dict.fromkeys(draft.user_id for draft in memories))
        for owner in owners:
            self._allow(who, Action.WRITE, owner, "memory.store")
        with self.lock:
            for draft in memories:
                if draft.public_id in self.held and self.held[draft.public_id].user_id != draft.user_id:
                    raise BadInput(f"the public id {draft.public_id} cannot be used")
            stored = [self._known(draft) or self._new(draft) for draft in memories]
            self.acts += [Act(who.user_id, "memory.store", owner, "memory", sum(one.user_id == owner for one in stored))
                          for owner in owners]
        return stored

    def get(self, who, user_id, memory_id):
        self._allow(who, Action.READ, user_id, "memory.read", note=True)
        for memory in self.held.values():
            if memory.user_id == user_id and memory_id in (memory.id, memory.public_id):
                return memory
        raise NotFound(f"there is no memory {memory_id}")

    def select(self, who, user_id, where=EVERY, *, limit=None, offset=0):
        self._allow(who, Action.READ, user_id, "memory.read", note=True)
        mine = [memory for memory in list(self.held.values()) if memory.user_id == user_id and is_meant(memory, where, self.clock())]
        return sorted(mine, key=lambda memory: -memory.id)[offset:][:limit]

    def count(self, who, user_id, where=EVERY):
        self._allow(who, Action.READ, user_id, "memory.count", note=True)
        return sum(memory.user_id == user_id and is_meant(memory, where, self.clock()) for memory in list(self.held.values()))

    def change(self, who, user_id, memory_id, change):
        self._allow(who, Action.WRITE, user_id, "memory.edit")
        with self.lock:
            found = [one for one in self.held.values() if one.user_id == user_id and memory_id in (one.id, one.public_id)]
            if not found:
                raise NotFound(f"there is no memory {memory_id}")
            [before] = found
            after = replace(change(before), id=before.id, public_id=before.public_id, user_id=user_id, created_at=before.created_at,
                            updated_at=before.updated_at, reworded_at=before.reworded_at, indexed=before.indexed,
                            failure=before.failure, score=None, match=None)
            reworded = after.text != before.text and after.kind is Kind.FACT
            if after != before:
                after = replace(_found_anew(before, after), updated_at=self.clock())
                if reworded:
                    self._unsettle(before)
                    told = after.valid_from if after.valid_from != before.valid_from else None
                    after = replace(after, reworded_at=told or self.clock(), disputes=())
                self._put(after, keep_claim=after.indexed is not Indexed.PENDING)
                if ((before.state, after.state) == (State.SUGGESTED, State.KEPT) or reworded) and _is_news(after):
                    self.news.add(after.public_id)
            self.acts.append(Act(who.user_id, "memory.edit", user_id, "memory", subject=before.public_id))
        return after

    def together(self, who, user_id, change, *, add=(), beside=(), remove=(), rejected=False):
        self._allow(who, Action.WRITE, user_id, "memory.edit")
        if remove:
            self._allow(who, Action.DELETE, user_id, "memory.delete")
        with self.lock:
            stored = [self._known(draft) or self._new(draft) for draft in add]
            others = [self.held[one] for one in dict.fromkeys(beside) if one in self.held and self.held[one].user_id == user_id]
            if stored:
                self.acts.append(Act(who.user_id, "memory.store", user_id, "memory", len(stored)))
            for wished in change(stored, others):
                before = self.held[wished.public_id]
                if wished != before:
                    after = replace(wished, reworded_at=before.reworded_at, updated_at=self.clock())
                    self._put(_found_anew(before, after), keep_claim=_found_anew(before, after).indexed is not Indexed.PENDING)
                    if (before.state, after.state) == (State.SUGGESTED, State.KEPT) and _is_news(after):
                        self.news.add(after.public_id)
                    self.acts.append(Act(who.user_id, "memory.edit", user_id, "memory", subject=before.public_id))
            if rejected:
                self.unwanted |= {(user_id, self.held[one].text.casefold().rstrip(".!?")) for one in remove if one in self.held}
            if remove:
                self._drop(who, "memory.delete", user_id, lambda one: one.public_id in remove)
            return [self.held[memory.public_id] for memory in (*stored, *others)]

    def rejected(self, who, user_id, texts):
        self._allow(who, Action.READ, user_id, "memory.read", note=True)
        return {text for text in texts if (user_id, text.casefold().rstrip(".!?")) in self.unwanted}

    def forget_rejected(self, who, user_id):
        self._allow(who, Action.DELETE, user_id, "memory.forget rejected", note=True)
        gone = {one for one in self.unwanted if one[0] == user_id}
        self.unwanted -= gone
        return len(gone)

    def remove(self, who, user_id, memory_ids):
        self._allow(who, Action.DELETE, user_id, "memory.delete")
        return self._drop(who, "memory.delete", user_id, lambda one: one.id in memory_ids or one.public_id in memory_ids)

    def clear(self, who, user_id):
        self._allow(who, Action.DELETE, user_id, "memory.clear")
        self.kept_runs = {number: run for number, run in self.kept_runs.items() if run.user_id != user_id}
        self.unwanted = {one for one in self.unwanted if one[0] != user_id}
        return self._drop(who, "memory.clear", user_id, lambda one: True)

    def clear_everyone(self, who):
        self._allow(who, Action.CLEAR_ALL, "", "memory.clear all users")
        users = {one.user_id for one in self.held.values()}
        gone = [self._drop(who, "memory.clear all users", user_id, lambda one: True) for user_id in users]
        self.kept_runs, self.unwanted = {}, set()
        return sum(map(len, gone))

    def version(self, user_id):
        return self.versions.get(user_id, 0)

    def claim(self, worker, limit, *, lease_seconds):
        now = self.clock().timestamp()
        with self.lock:
            free = [memory for memory in self.held.values() if memory.indexed is Indexed.PENDING
                    and self.claims.get(memory.public_id, ("", 0))[1] <= now]
            taken = sorted(free, key=lambda memory: memory.id)[:limit]
            self.claims |= {memory.public_id: (worker, now + lease_seconds) for memory in taken}
        return taken

    def settle(self, worker, ready, failed):
        standing = dict.fromkeys(ready, (Indexed.READY, "")) | {one: (Indexed.FAILED, why) for one, why in failed.items()}
        with self.lock:
            for public_id, (indexed, failure) in standing.items():
                if self.claims.get(public_id, ("", 0))[0] == worker:
                    self._put(replace(self.held[public_id], indexed=indexed, failure=failure))

    def waiting(self):
        return sum(memory.indexed is Indexed.PENDING for memory in list(self.held.values()))

    def failed(self, who, user_id):
        self._allow(who, Action.READ, user_id, "memory.count", note=True)
        return Counter(one.failure for one in self.held.values() if one.user_id == user_id and one.indexed is Indexed.FAILED)

    def retry(self, who, user_id):
        self._allow(who, Action.WRITE, user_id, "memory.retry", note=True)
        return self.again([one.public_id for one in self.held.values() if one.user_id == user_id and one.indexed is Indexed.FAILED])

    def holders(self):
        return list(dict.fromkeys(worker for worker, _ in self.claims.values()))

    def release(self, workers):
        with self.lock:
            freed = [public_id for public_id, (worker, _) in self.claims.items() if worker in workers]
            for public_id in freed:
                del self.claims[public_id]
        return len(freed)

    def removed_since(self, mark):
        return len(self.gone), None if 0 < mark < self.forgotten else [one for one, _ in self.gone[max(mark, self.forgotten):]]

    def forget_removed(self, days):
        border, before = self.clock() - timedelta(days=days), self.forgotten
        self.forgotten = max((at for at, (_, when) in enumerate(self.gone, 1) if when < border), default=before)
        return self.forgotten - before

    def written_since(self, user_id, version):
        mine = [one for one in list(self.held.values()) if one.user_id == user_id and self.written[one.public_id] > version]
        return self.version(user_id), sorted(mine, key=lambda memory: memory.id)

    def standing(self):
        return {public_id: memory.indexed for public_id, memory in self.held.items()}

    def again(self, public_ids=None):
        with self.lock:
            chosen = [one for one in (list(self.held) if public_ids is None else public_ids) if one in self.held]
            for public_id in chosen:
                self._put(replace(self.held[public_id], indexed=Indexed.PENDING, failure=""))
        return len(chosen)

    def uncompared(self, limit, *, pending):
        waiting = [one for one in self.held.values() if one.public_id in self.news and (pending or one.indexed is not Indexed.PENDING)]
        return sorted(waiting, key=lambda memory: memory.id)[:limit]

    def weave(self, beside, weigh):
        with self.lock:
            changed = {}
            for one in sorted(self.news & set(beside), key=lambda one: self.held[one].id):
                new = self.held[one]
                others = [self.held[other] for other in beside[one] if other in self.held and other != one]
                for wished in weigh(new, [other for other in others if other.user_id == new.user_id]):
                    before = self.held[wished.public_id]
                    after = replace(_found_anew(before, wished), updated_at=self.clock())
                    changed[after.public_id] = self._put(after, keep_claim=after.indexed is not Indexed.PENDING)
                self.news.discard(one)
            for owner in sorted({memory.user_id for memory in changed.values()}):
                count = sum(memory.user_id == owner for memory in changed.values())
                self.acts.append(Act(owner, "memory.reconcile", owner, "memory", count))
        return list(changed.values())

    def add_run(self, who, run):
        self._allow(who, Action.WRITE, run.user_id, "run.store", note=True)
        self.last_run = max(self.last_run + 1, run.id)
        self.kept_runs[self.last_run] = replace(run, id=self.last_run, created_at=run.created_at or self.clock())
        return self.kept_runs[self.last_run]

    def runs(self, who, user_id, *, session_id="", limit=None):
        self._allow(who, Action.READ, user_id, "run.read", note=True)
        return [run for _, run in sorted(self.kept_runs.items(), reverse=True)
                if run.user_id == user_id and session_id in ("", run.session_id)][:limit]

    def remove_runs(self, who, user_id, session_id):
        self._allow(who, Action.DELETE, user_id, "run.delete", note=True)
        gone = [number for number, run in self.kept_runs.items() if (run.user_id, run.session_id) == (user_id, session_id)]
        for number in gone:
            del self.kept_runs[number]
        return len(gone)

    def check(self):
        pass

    def close(self):
        pass

    def _allow(self, who, action, owner, name, note=False):
        why_not = refusal(who, action, owner)
        if why_not or note:
            self.acts.append(Act(who.user_id, name, owner, outcome="refused" if why_not else "done", reason=who.reason))
        if why_not:
            raise PermissionDenied(why_not, fix="ask an admin")

    def _known(self, draft):
        if draft.public_id in self.held:
            return self.held[draft.public_id]
        alike = [one for one in self.held.values() if _holds(draft, self.clock()) and _holds(one, self.clock())
                 and (one.user_id, one.model, one.content) == (draft.user_id, draft.model, draft.content)
                 and (one.state is State.KEPT or draft.state is State.SUGGESTED)]
        return min(alike, key=lambda one: (one.state is not State.KEPT, one.id), default=None)

    def _new(self, draft):
        self.last_id = max(self.last_id + 1, draft.id)
        new = self._put(replace(draft, id=self.last_id, public_id=draft.public_id or uuid4().hex,
                                created_at=draft.created_at or self.clock(), indexed=Indexed.PENDING, failure="",
                                score=None, match=None))
        if _is_news(draft) and not draft.id and draft.created_at is None:
            self.news.add(new.public_id)
        return new

    def _put(self, memory, keep_claim=False):
        self._touch(memory.user_id)
        self.held[memory.public_id], self.written[memory.public_id] = memory, self.tick
        if not keep_claim:
            self.claims.pop(memory.public_id, None)
        return memory

    def _unsettle(self, memory):
        for other in [self.held[one] for one in memory.disputes if one in self.held]:
            self._put(replace(other, disputes=tuple(one for one in other.disputes if one != memory.public_id)), keep_claim=True)

    def _touch(self, user_id):
        self.tick += 1
        self.versions[user_id] = self.tick

    def _drop(self, who, name, user_id, chosen):
        with self.lock:
            gone = [one.public_id for one in self.held.values() if one.user_id == user_id and chosen(one)]
            for public_id in gone:
                del self.held[public_id]
                self.claims.pop(public_id, None)
                self.news.discard(public_id)
            self.gone += [(one, self.clock()) for one in gone]
            self._touch(user_id)
            self.acts.append(Act(who.user_id, name, user_id, "memory", len(gone)))
        return gone


def is_meant(memory, where, now):
    """Tell whether a memory is among those that are sought."""
    when, at, content = memory.when, where.as_of or now, memory.content
    session = getattr(content, "session_id", "") or memory.provenance.session_id
    began = memory.valid_from or when
    if where.as_of is not None:
        stands = began <= at and (memory.valid_to is None or at < memory.valid_to)
    else:
        stands = where.superseded or (not memory.superseded_by and (memory.valid_to is None or at < memory.valid_to))
    return all((
        stands, memory.state in where.states, where.ids is None or memory.public_id in where.ids,
        not where.kinds or memory.kind in where.kinds, where.model is None or memory.model in ("", where.model),
        where.since is None or when >= where.since, where.until is None or when < where.until,
        where.expired or memory.expires_at is None or memory.expires_at > at,
        where.pinned is None or memory.pinned == where.pinned, set(where.tags) <= set(memory.tags),
        not where.session_id or session == where.session_id, not where.category or getattr(content, "category", "") == where.category,
        all(word in memory.text.casefold() for word in where.words.casefold().split()),
    ))


def _found_anew(before, after):
    told = [(one.content, one.model, one.tags, one.when) for one in (before, after)]
    return after if told[0] == told[1] else replace(after, indexed=Indexed.PENDING, failure="")


def _holds(memory, now):
    return (not memory.superseded_by and (memory.valid_to is None or memory.valid_to > now)
            and (memory.expires_at is None or memory.expires_at > now))


def _is_news(memory):
    return memory.kind is Kind.FACT and memory.state is State.KEPT and not memory.superseded_by and memory.valid_to is None
