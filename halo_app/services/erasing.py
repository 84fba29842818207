"""Erase a person, a source or a memory from every store, prove it by reading every store back, and leave a signed receipt.

The order is what makes it safe to kill: a to-do is written before anything goes, each step may be repeated, and the to-do
is removed last; the next start takes it up.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from halo_app.domain.audit import Act
from halo_app.domain.erasure import Receipt, Subject, Target, Whose
from halo_app.domain.permissions import Action, refusal
from halo_app.domain.redacting import ERASED
from halo_app.domain.shingling import Shingler
from halo_app.domain.user import Principal
from halo_app.errors import Damaged, NotFound, PermissionDenied, StoreUnavailable
from halo_app.memory_ports import AuditLog
from halo_app.ports import Attendance, Clock, PersonalStore
from halo_app.services.stores import Stores

PROBES = 20_000               # hashes that are looked for afterwards
ROUNDS = 3                    # what a running process put back meanwhile is erased again


class ErasureBook(Protocol):
    """What an erasure writes down while it runs and after it."""

    def make_room(self) -> None: ...

    def begin(self, target: Target, notes: dict[str, Any]) -> None: ...

    def unfinished(self) -> tuple[Target, dict[str, Any]] | None: ...

    def end(self) -> None: ...

    def sign(self, receipt: Receipt) -> Receipt: ...

    def receipts(self) -> Any: ...

    def is_genuine(self, receipt: Receipt) -> bool: ...

    def pseudonym(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class _Found:
    """What decoding the stores found: texts of the target per store, and what tells it from everything else."""

    texts: Mapping[str, int]
    own: set[int]                  # runs of words that only the target has


@dataclass(frozen=True)
class ErasingService:
    """Erases on behalf of a principal. `exclusive` is held against other erasures, exports and restores."""

    stores: Stores
    book: ErasureBook
    exclusive: Callable[[], AbstractContextManager[Any]]
    attendance: Attendance
    audit: Callable[[], AuditLog | None]
    clock: Clock
    forget: Callable[[], None] = field(default=lambda: None)             # drops the caches of this process
    settle: Callable[[Target], None] = field(default=lambda target: None)  # ends this process's work on the target

    def person(self, who: Principal, user_id: str) -> Receipt:
        """Erase everything of a user. Raises PermissionDenied, or StoreUnavailable while another process takes files in."""
        return self._begin(who, Target.person(user_id))

    def source(self, who: Principal, user_id: str, source_id: str) -> Receipt:
        """Erase a source with its passages, text, guide and original, and what answers, notes and outputs took from it.

        What the user typed stays, also where they typed the source off. Raises NotFound for another user's source.
        """
        if source_id not in self._ids(Subject.SOURCE, user_id):
            raise NotFound(f"there is no source {source_id!r}", fix="choose one from the list")
        return self._begin(who, Target(Subject.SOURCE, user_id, source_id, ids=(source_id,)))

    def memory(self, who: Principal, user_id: str, public_id: str) -> Receipt:
        """Erase a memory by its public id, with the summaries that cover it and where answers repeat it. Raises NotFound."""
        if public_id not in self._ids(Subject.MEMORY, user_id):
            raise NotFound(f"there is no memory {public_id!r}", fix="choose one from the list")
        return self._begin(who, Target(Subject.MEMORY, user_id, public_id, ids=(public_id,)))

    def resume(self) -> Receipt | None:
        """Finish the erasure that was interrupted, None when there was none."""
        if self.book.unfinished() is None:
            return None
        with self.exclusive():
            return self._finish()

    def again(self, who: Principal, since: datetime) -> int:
        """Erase again what was erased after a time and is here all the same, as after a restore; returns how many erasures."""
        done = 0
        for receipt in [receipt for receipt in self.book.receipts() if receipt.ended_at > since]:
            for user_id in {user_id for store in self.stores.exported for user_id in store.people()}:
                if self.book.pseudonym(user_id) != receipt.person:
                    continue
                if receipt.subject is Subject.PERSON:
                    self.person(who, user_id)
                    done += 1
                for name in self._ids(receipt.subject, user_id):
                    if self.book.pseudonym(name) == receipt.what:
                        self._begin(who, Target(receipt.subject, user_id, name, ids=(name,)))
                        done += 1
        return done

    def receipt(self, user_id: str = "") -> tuple[Receipt, bool]:
        """Return the newest receipt (of a user, when one is named) and whether it is genuine. Raises NotFound."""
        found = [receipt for receipt in self.book.receipts() if not user_id or receipt.person == self.book.pseudonym(user_id)]
        if not found:
            raise NotFound("there is no receipt: nothing was erased yet", fix="halo account erase --yes")
        return found[-1], self.book.is_genuine(found[-1])

    def _ids(self, subject: Subject, user_id: str) -> set[str]:
        """Return the ids of all the user has of a kind."""
        name, key = {Subject.SOURCE: ("sources", "id"), Subject.MEMORY: ("memories", "public_id")}.get(subject, ("", ""))
        return {str(line.get(key)) for store in self.stores.all if store.name == name for line in store.lines(user_id)}

    def _begin(self, who: Principal, target: Target) -> Receipt:
        self._allow(who, target)
        self.book.make_room()                    # even reading a database takes space
        with self.exclusive():
            self._finish()
            self.settle(target)
            if self.attendance.others():
                raise StoreUnavailable("another process takes files in at the moment", fix="wait until it is done, then try again")
            for store in self.stores.all:
                target = store.gather(target)
            notes: dict[str, Any] = {"id": secrets.token_hex(16), "actor": who.user_id, "begun_at": self.clock().isoformat(),
                                     "key": secrets.token_hex(16), "removed": {}}
            found = self._look(target, Shingler(bytes.fromhex(notes["key"])))
            notes |= {"before": dict(found.texts), "probes": sorted(found.own)[:PROBES]}
            self.book.begin(target, notes)
            receipt = self._finish()
        assert receipt is not None
        return receipt

    def _finish(self) -> Receipt | None:
        begun = self.book.unfinished()
        if begun is None:
            return None
        target, notes = begun
        for _ in range(ROUNDS):
            self._erase(target, notes)
            residues = self._residues(target, notes)
            if not any(residues.values()):
                break
        else:
            left = ", ".join(f"{count} in {name}" for name, count in residues.items() if count)
            raise Damaged(f"not everything could be erased: {left}", fix="stop every other HALO process and start HALO again")
        return self._close(target, notes, residues)

    def _erase(self, target: Target, notes: dict[str, Any]) -> None:
        shingler = Shingler(bytes.fromhex(notes["key"]))
        own: set[int] = set(notes["probes"]) if target.is_person else self._look(target, shingler).own | set(notes["probes"])
        for store in self.stores.erased:
            count = store.erase(target, lambda text: shingler.without(text, own, ERASED))
            store.forget()
            if count:
                notes["removed"][store.name] = notes["removed"].get(store.name, 0) + count
                self.book.begin(target, notes)
        self.forget()

    def _close(self, target: Target, notes: dict[str, Any], residues: dict[str, int]) -> Receipt:
        removed = {store.name: int(notes["removed"].get(store.name, 0)) for store in self.stores.erased}
        receipt = self.book.sign(Receipt(
            id=notes["id"], subject=target.subject, person=self.book.pseudonym(target.user_id), what=self.book.pseudonym(target.id),
            begun_at=datetime.fromisoformat(notes["begun_at"]), ended_at=self.clock(), removed=removed, before=notes["before"],
            residues=residues, kept=self.stores.kept() if target.is_person else {}))
        if (audit := self.audit()) is not None:
            actor = "" if target.is_person and notes["actor"] == target.user_id else notes["actor"]
            audit.note(Act(actor or target.user_id, "account.erase", target.user_id, str(target.subject), sum(removed.values()),
                           subject=receipt.id))
            if target.is_person:
                audit.forget(target.user_id)
        self.book.end()
        return receipt

    def _look(self, target: Target, shingler: Shingler) -> _Found:
        """Decode every store, and gather what only the target's texts say."""
        texts: dict[str, int] = {}
        theirs: set[int] = set()
        others: set[int] = set()
        for store, whose, text in self._decoded(target):
            texts.setdefault(store.name, 0)
            if whose is Whose.TARGETS:
                texts[store.name] += 1
                theirs |= shingler.of(text)
            elif whose is Whose.OTHERS:
                others |= shingler.of(text)
        return _Found(texts, theirs - others)

    def _residues(self, target: Target, notes: Mapping[str, Any]) -> dict[str, int]:
        """Decode every store again and count what is still the target's, or says what only the target said."""
        shingler, probes = Shingler(bytes.fromhex(notes["key"])), set(notes["probes"])
        left = {store.name: 0 for store in self.stores.erased}
        for store, whose, text in self._decoded(target):
            scanned = target.is_person or whose is Whose.MADE
            left[store.name] += whose is Whose.TARGETS or (scanned and shingler.finds(text, probes))
        return left

    def _decoded(self, target: Target) -> Iterator[tuple[PersonalStore, Whose, str]]:
        for store in self.stores.erased:
            for whose, text in store.decoded(target):
                yield store, whose, text

    def _allow(self, who: Principal, target: Target) -> None:
        why = refusal(who, Action.ERASE, target.user_id)
        if not why:
            return
        if (audit := self.audit()) is not None:
            audit.note(Act(who.user_id, "account.erase", target.user_id, str(target.subject), 0, "refused", who.reason))
        raise PermissionDenied(why, fix="ask an administrator")
