"""Several changes to one user's memories that belong together: all of them in one transaction, or none. And what was rejected."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from halo_app.domain.audit import Act
from halo_app.domain.memory import Memory, State
from halo_app.domain.permissions import Action
from halo_app.domain.user import Principal
from halo_app.storage.memory_queries import batches, of_user
from halo_app.storage.memory_rows import memory_of, to_column
from halo_app.storage.sql_arrivals import Arrivals, is_news
from halo_app.storage.sql_outbox import SqlOutbox
from halo_app.storage.sql_tables import rejected_suggestions, removed_memories
from halo_app.storage.sql_tables import user_memories as table
from halo_app.storage.sql_weaving import rewritten, write_over

if TYPE_CHECKING:
    from sqlalchemy import Connection

Change = Callable[[Sequence[Memory], Sequence[Memory]], Sequence[Memory]]


@dataclass(frozen=True, slots=True)
class _Whose:
    """In whose name, and to whose memories, something is done."""

    who: Principal
    owner: str

    def act(self, verb: str, subject: str = "", count: int = 1) -> Act:
        reason = self.who.reason if self.who.user_id != self.owner else ""
        return Act(self.who.user_id, f"memory.{verb}", self.owner, "memory", count, reason=reason, subject=subject)


class SqlTogether(SqlOutbox):
    """The part of the memory store in which one decision changes several memories."""

    def together(self, who: Principal, user_id: str, change: Change, *, add: Sequence[Memory] = (), beside: Sequence[str] = (),
                 remove: Sequence[str] = (), rejected: bool = False) -> list[Memory]:
        """Store drafts, change them and others (`beside`), and remove yet others (public ids), all or nothing.

        `change` is given what was stored, known ones in the place of their drafts, and the others that are there, and returns
        what is to be written over them. What is removed because it was `rejected` is not suggested again. Returns what was
        stored and then the others, as they are now.
        """
        whose = _Whose(who, user_id)
        self._allow(who, Action.WRITE, user_id, whose.act("edit"))
        if remove:
            self._allow(who, Action.DELETE, user_id, whose.act("delete"))
        acts: list[Act] = []
        with self._writing(acts) as connection:
            self._adopt_in(connection)
            tick = self._tick(connection)
            stored = self._stored(connection, add, tick)
            others = self._found(connection, user_id, beside)
            before = {memory.public_id: memory for memory in (*stored, *others)}
            now = dict(before)
            for wished in change(stored, others):
                now[wished.public_id] = rewritten(before[wished.public_id], wished, self._clock())
            changed = [memory for one, memory in now.items() if memory != before[one]]
            for memory in changed:
                self._write_changed(connection, before[memory.public_id], memory, tick)
            gone = self._removed(connection, user_id, remove, rejected=rejected)
            self._touch(connection, [user_id], tick)
            acts += [whose.act("store", stored[0].public_id if len(stored) == 1 else "", len(stored))] if stored else []
            acts += [whose.act("edit", memory.public_id) for memory in changed]
            acts += [whose.act("delete", gone[0] if len(gone) == 1 else "", len(gone))] if gone else []
        if gone or any(memory.content != before[memory.public_id].content for memory in changed):
            self._database.forget_deleted()
        return [now[memory.public_id] for memory in (*stored, *others)]

    def rejected(self, who: Principal, user_id: str, texts: Sequence[str]) -> set[str]:
        """Return which of these texts the user did not want when they were suggested."""
        act = _Whose(who, user_id).act("read")
        self._allow(who, Action.READ, user_id, act)
        marks = {text: mark_of(user_id, text) for text in texts}
        mine = select(rejected_suggestions.c.content_hash).where(rejected_suggestions.c.user_id == user_id)
        with self._reading(who, act) as connection:
            known = {mark for some in batches(list(marks.values()))
                     for mark in connection.execute(mine.where(rejected_suggestions.c.content_hash.in_(some))).scalars()}
        return {text for text, mark in marks.items() if mark in known}

    def forget_rejected(self, who: Principal, user_id: str) -> int:
        """Let go of what the user rejected, and return how many suggestions those were."""
        act = _Whose(who, user_id).act("forget rejected")
        self._allow(who, Action.DELETE, user_id, act)
        acts: list[Act] = []
        with self._writing(acts) as connection:
            count = connection.execute(delete(rejected_suggestions).where(rejected_suggestions.c.user_id == user_id)).rowcount
            acts.append(replace(act, count=count))
        if count:
            self._database.forget_deleted()
        return int(count)

    def _stored(self, connection: Connection, drafts: Sequence[Memory], tick: int) -> list[Memory]:
        arrivals = Arrivals(drafts, self._clock())
        arrivals.sort(connection)
        if arrivals.owners:
            arrivals.insert(connection, tick)
        return arrivals.results

    @staticmethod
    def _found(connection: Connection, user_id: str, public_ids: Sequence[str]) -> list[Memory]:
        """Return those of the user's memories that are there, and hold their rows."""
        rows = {}
        for some in batches(list(dict.fromkeys(public_ids))):
            query = select(table).where(of_user(user_id), table.c.public_id.in_(some)).order_by(table.c.id)
            rows.update({row.public_id: row for row in connection.execute(query.with_for_update())})
        return [memory_of(rows[one]) for one in dict.fromkeys(public_ids) if one in rows]

    @staticmethod
    def _write_changed(connection: Connection, before: Memory, after: Memory, tick: int, *, reworded: bool = False) -> None:
        """Write a memory over its row; a fact that counts only now, or was given other words by hand, is to be compared."""
        write_over(connection, after, tick)
        if reworded or (before.state is State.SUGGESTED and after.state is State.KEPT):
            connection.execute(update(table).where(table.c.id == before.id).values(compared=not is_news(after)))

    def _removed(self, connection: Connection, user_id: str, public_ids: Sequence[str], *, rejected: bool) -> list[str]:
        gone = self._found(connection, user_id, public_ids)
        if not gone:
            return []
        at = to_column(self._clock())
        for some in batches([memory.id for memory in gone]):
            connection.execute(delete(table).where(table.c.id.in_(some)))
        connection.execute(insert(removed_memories), [{"public_id": memory.public_id, "removed_at": at} for memory in gone])
        for mark in {mark_of(user_id, memory.text) for memory in gone} if rejected else ():
            same = (rejected_suggestions.c.user_id == user_id) & (rejected_suggestions.c.content_hash == mark)
            connection.execute(delete(rejected_suggestions).where(same))
            connection.execute(insert(rejected_suggestions).values(user_id=user_id, content_hash=mark, rejected_at=at))
        return [memory.public_id for memory in gone]


def mark_of(user_id: str, text: str) -> str:
    """Return what stands for a suggestion that its user rejected: the same for the same words, whatever their case and space."""
    words = " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".!?")
    return hashlib.sha256(f"rejected\n{user_id}\n{words}".encode()).hexdigest()
