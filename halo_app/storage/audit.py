"""The audit log in a SQL database: append-only, sealed entry by entry, with its key and its ends apart from the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any, Protocol

from halo_app.domain.audit import Act, AuditEntry, Inspection
from halo_app.domain.auditing import Ends, Mark, Row, inspect, opening, seal
from halo_app.domain.permissions import Action, refusal
from halo_app.domain.user import Principal
from halo_app.errors import Damaged, PermissionDenied, StoreUnavailable
from halo_app.storage.audit_keys import AuditKeys

if TYPE_CHECKING:
    from sqlalchemy import Connection

REASON_CHARS = 300
RELAXED = "halo_relaxed"            # the execution option of a transaction whose commit does not wait for the disk
_LOG_DIGITS = 16
_PLAIN = re.compile(r"[\w./:+#~ -]{0,80}")
_ID = re.compile(r"[\w./:+#~-]{0,80}")
_NO_KEY = Inspection(False, 0, "the head of the audit log is missing from the keys folder", 1)


class Transactions(Protocol):
    """What is needed of the database."""

    def transaction(self, *, writing: bool = False, relaxed: bool = False) -> AbstractContextManager[Connection]: ...

    def forget_deleted(self, wait_ms: int = 1000) -> bool: ...


def log_name(place: str, data_dir: Path) -> str:
    """Return what to call the log in the database at `place`; it stays when the data directory moves with its database."""
    return str(Path(place).relative_to(data_dir)) if Path(place).is_relative_to(data_dir) else place


class AuditTrail:
    """The log of one data directory in one database; `name` tells the databases of a data directory apart.

    An entry is part of the transaction that it tells of, and costs no wait for the disk of its own. Its place in the chain
    is decided inside that transaction, so processes that append together cannot fork it. The head (number and seal of the
    newest entry) is written right after the commit, without waiting for the disk either; it is made durable by `close`.

    Whoever can write the whole database, and has neither key nor head, can change nothing that `inspect` does not notice,
    but for this: entries that are committed and that the head does not tell of yet can be cut off unnoticed, newest first.
    Those are the entries of the moment between a commit and the write that follows it (and what a process committed that was
    killed in that moment); those of relaxed transactions, until the next durable entry, inspection or `close`; and, when the
    power failed, those since the head was last made durable. What follows a cut is noticed once the head tells of it.
    Whenever the head is written it moves forward over entries whose seals are right and never past one whose seal is wrong.
    """

    def __init__(self, database: Transactions, keys: AuditKeys, name: str, clock: Callable[[], datetime]) -> None:
        self._database, self._keys, self._name, self._clock = database, keys, name, clock
        self._made = False
        self._here = local()             # what the transaction of this thread appended
        self._lags = False               # entries of relaxed transactions await the head

    def append(self, connection: Connection, acts: Sequence[Act]) -> None:
        """Add entries inside the caller's transaction, which must hold the write lock; call `committed` after it."""
        from halo_app.storage import audit_table as table
        if not acts:
            return
        if not self._made:
            table.make(connection)
        before = at = self._newest(connection)
        rows = []
        for act in acts:
            row = self._row(at.number + 1, act)
            at = Mark(at.number + 1, seal(self._seal_key, at.seal, row))
            rows.append({**dict(zip(_COLUMNS, row, strict=True)), "log": self._log, "seal": at.seal})
        connection.execute(table.ADD, rows if len(rows) > 1 else rows[0])
        self._here.appended = (before, at, bool(connection.get_execution_options().get(RELAXED)))

    def committed(self) -> None:
        """Move the head to what this thread's transaction appended. Never raises: a head that lags is no loss of entries."""
        appended: tuple[Mark, Mark, bool] | None = self._here.__dict__.pop("appended", None)
        if appended is None:
            return
        self._made = True
        before, at, relaxed = appended
        self._lags = relaxed
        if relaxed:                      # a power cut may take it back: the head must not tell of what is not durable
            return
        try:
            self._keys.advance(self._log, lambda ends: self._forward(ends, before, at))
        except (StoreUnavailable, Damaged):
            return

    def note(self, act: Act) -> None:
        """Write an act down, durable on return."""
        self.note_all([act])

    def note_all(self, acts: Sequence[Act]) -> None:
        """Write acts down in one transaction, durable on return."""
        with self._database.transaction(writing=True) as connection:
            self.append(connection, acts)
        self.committed()

    def entries(self, who: Principal, *, user_id: str | None = None, limit: int | None = None, offset: int = 0) -> list[AuditEntry]:
        """Return entries, newest first: those that a person did or that touched what is theirs, or all with None (for admins).

        Raises PermissionDenied, which is written down.
        """
        from sqlalchemy import or_, select

        from halo_app.storage.audit_table import audit_log as table
        self._allow(who, user_id or "")
        query = select(table).where(table.c.log == self._log, table.c.number > self._first()).order_by(table.c.number.desc())
        if user_id is not None:
            person = self._keys.pseudonym(user_id)
            if not person:
                return []
            query = query.where(or_(table.c.actor == person, table.c.owner == person))
        with self._reading() as connection:
            return [_entry(row) for row in connection.execute(query.limit(limit).offset(offset)).mappings()]

    def count(self, before: datetime | None = None) -> int:
        """Return how many entries there are, or how many of them are older than a time."""
        from sqlalchemy import func, select

        from halo_app.storage.audit_table import audit_log as table
        query = select(func.count()).select_from(table).where(table.c.log == self._log, table.c.number > self._first())
        with self._reading() as connection:
            return int(connection.execute(query if before is None else query.where(table.c.at < _stamp(before))).scalar_one())

    def pseudonym(self, user_id: str) -> str:
        """Return what stands for a person in the entries, "" when nothing does."""
        return self._keys.pseudonym(user_id)

    def inspect(self) -> Inspection:
        """Check every seal, the numbers and the ends; whatever cannot be read is a finding, too."""
        while True:
            try:
                ends = self._keys.ends(self._log)
                with self._reading() as connection:
                    rows = self._rows(connection, ends.first.number if ends else 0)
                    if ends is None:
                        return _NO_KEY if next(rows, None) else Inspection(True, 0)
                    found, reached = inspect(self._seal_key, ends, rows)
                if found.ok or self._keys.ends(self._log) == ends:     # else old entries were removed by rule meanwhile
                    break
            except (StoreUnavailable, Damaged) as error:
                return Inspection(False, 0, error.message, 1)
        if found.ok and self._database.forget_deleted():         # from here on all of it is durable
            self._keys.advance(self._log, lambda now: Ends(now.first, max(now.last, reached, key=_number)), durable=True)
        return found

    def forget(self, user_id: str) -> None:
        """Destroy the key of a person's pseudonyms: nobody can tell any more which entries are theirs; the chain stays whole.

        What they or others do afterwards under that id stands under another pseudonym.
        """
        self._keys.forget(user_id)

    def prune(self, before: datetime) -> int:
        """Remove the entries older than a time, from the oldest on, and return how many. Raises Damaged when one is unsound.

        The place up to which they were removed is kept with the head, so nobody else can pass a removal off as this one.
        """
        from sqlalchemy import delete, func, select

        from halo_app.storage import audit_table as table
        log = table.audit_log
        with self._database.transaction(writing=True) as connection:
            table.make(connection)
            ends, mine = self._keys.ends(self._log), log.c.log == self._log
            old = select(func.max(log.c.number)).where(mine, log.c.at < _stamp(before))
            until = connection.execute(old).scalar()
            if ends is None or until is None or until <= ends.first.number:
                return 0
            found, reached = inspect(self._seal_key, Ends(ends.first, ends.first), self._rows(connection, ends.first.number, until))
            if not found.ok:
                raise Damaged(f"the audit log is not sound: {found.problem}", fix="run: halo audit verify")
            self._keys.advance(self._log, lambda now: Ends(reached, max(now.last, reached, key=_number)), durable=True)
            with table.unguarded(connection):
                connection.execute(delete(log).where(mine, log.c.number <= reached.number))
        return found.entries

    def close(self) -> None:
        """Move the head to the newest entry and make it durable; a head that cannot be written lags."""
        if not self._made:
            return
        try:
            if self._lags:
                self._catch_up()
            self._keys.advance(self._log, lambda ends: None, durable=True)
        except (StoreUnavailable, Damaged):
            return

    def _catch_up(self) -> None:
        with self._reading() as connection:
            newest = self._newest(connection)
        if self._database.forget_deleted():
            self._keys.advance(self._log, lambda ends: self._forward(ends, Mark(0, ""), newest))
            self._lags = False

    @property
    def _seal_key(self) -> bytes:
        return self._keys.key("seal")

    @property
    def _log(self) -> str:
        return self._keys.key(f"log {self._name}").hex()[:_LOG_DIGITS]

    def _row(self, number: int, act: Act) -> Row:
        at = _stamp(self._clock())
        actor = self._keys.pseudonym(act.actor_id, make=True)
        owner = actor if act.user_id == act.actor_id else self._keys.pseudonym(act.user_id, make=True)
        what = act.what if _PLAIN.fullmatch(act.what) else ""
        subject = act.subject if _ID.fullmatch(act.subject) else ""
        reason = " ".join(act.reason.split())[:REASON_CHARS]
        return (number, at, actor, owner, act.action, what, act.count, act.outcome, reason, subject)

    def _newest(self, connection: Connection) -> Mark:
        """Return the newest entry, or the place where an empty log begins; the ends are made with the first entry."""
        from halo_app.storage.audit_table import NEWEST
        row = connection.execute(NEWEST, {"chain": self._log}).first()
        if row is not None:
            return Mark(int(row.number), str(row.seal))
        ends = self._keys.ends(self._log)
        if ends is None:
            ends = Ends(opening(self._seal_key), opening(self._seal_key))
            self._keys.begin(self._log, ends.first)
        return ends.first

    def _forward(self, ends: Ends, before: Mark, at: Mark) -> Ends | None:
        if at.number <= ends.last.number:
            return None
        if before == ends.last:
            return Ends(ends.first, at)
        with self._reading() as connection:      # another process is between its commit and its head, or one died there
            found, reached = inspect(self._seal_key, Ends(ends.last, ends.last), self._rows(connection, ends.last.number))
        return Ends(ends.first, reached) if found.ok else None

    def _rows(self, connection: Connection, after: int, until: int | None = None) -> Iterator[tuple[Row, Any]]:
        from sqlalchemy import select

        from halo_app.storage.audit_table import audit_log as table
        query = select(*(table.c[name] for name in (*_COLUMNS, "seal"))).where(table.c.log == self._log, table.c.number > after)
        if until is not None:
            query = query.where(table.c.number <= until)
        for row in connection.execution_options(yield_per=1000).execute(query.order_by(table.c.number)):
            yield tuple(row[:-1]), row[-1]

    def _first(self) -> int:
        ends = self._keys.ends(self._log)
        return ends.first.number if ends else 0

    def _reading(self) -> AbstractContextManager[Connection]:
        if not self._made:
            with self._database.transaction(writing=True) as connection:
                from halo_app.storage.audit_table import make
                make(connection)
            self._made = True
        return self._database.transaction()

    def _allow(self, who: Principal, user_id: str) -> None:
        why_not = refusal(who, Action.READ_AUDIT, user_id)
        if why_not:
            self.note(Act(who.user_id, "audit.read", user_id, outcome="refused"))
            raise PermissionDenied(why_not, fix="ask an admin")
        if user_id != who.user_id:
            self.note(Act(who.user_id, "audit.read", user_id, what="" if user_id else "all", reason=who.reason))


_COLUMNS = ("number", "at", "actor", "owner", "action", "what", "count", "outcome", "reason", "subject")


def _number(mark: Mark) -> int:
    return mark.number


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def _entry(row: Any) -> AuditEntry:
    try:
        at = datetime.fromisoformat(row["at"])
    except (ValueError, TypeError):
        raise Damaged(f"entry {row['number']} of the audit log was changed", fix="run: halo audit verify") from None
    return AuditEntry(row["number"], at, row["actor"], row["owner"], row["action"], row["what"],
                      row["count"], row["outcome"], row["reason"], row["subject"], row["seal"])
