"""The sockets of the memory engine: where memories, users, models and the audit log are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from halo_app.domain.audit import Act, AuditEntry, Inspection
from halo_app.domain.memory import AgentRun, Indexed, Memory, Sought
from halo_app.domain.registry import RegisteredModel
from halo_app.domain.user import Principal, UserModel

Weigh = Callable[[Memory, Sequence[Memory]], Sequence[Memory]]      # a new fact and others of its owner -> what changes


Together = Callable[[Sequence[Memory], Sequence[Memory]], Sequence[Memory]]     # what was stored, and others -> what changes


class MemoryStore(Protocol):
    """Memories and agent runs in a database, for everyone. No method that touches a user's things works without a principal.

    Each call is one transaction together with its entry in the audit log, durable on return. What `domain.permissions`
    refuses raises PermissionDenied and is written into the log, too. Where the owner is not the principal, unknown and
    foreign ids raise the same NotFound. Raises StoreUnavailable, in words, for whatever the database cannot do.
    """

    place: str                           # as people may see it: a path, or an address without its password

    def add(self, who: Principal, memories: Sequence[Memory]) -> list[Memory]:
        """Store drafts of one or more owners (`memory.user_id`), all or none, and return them with ids and times.

        A draft whose owner, model and content hash are those of a kept memory returns that memory: storing is idempotent.
        A draft that brings a `public_id` or times (from an export) keeps them, an `id` when that number was never given.
        An unseen owner becomes a User.
        """

    def get(self, who: Principal, user_id: str, memory_id: int | str) -> Memory:
        """Return a memory by number or public id, whatever its state. Raises NotFound."""

    def select(self, who: Principal, user_id: str, where: Sought = ..., *, limit: int | None = None, offset: int = 0) -> list[Memory]:
        """Return the user's memories, newest first (by id)."""

    def count(self, who: Principal, user_id: str, where: Sought = ...) -> int: ...

    def change(self, who: Principal, user_id: str, memory_id: int | str, change: Callable[[Memory], Memory]) -> Memory:
        """Read, change and write in one transaction; a changed text is PENDING again. Raises NotFound.

        A fact that is given other words (`reworded_at`) waits to be compared with the others again, and disputes none of them.
        """

    def together(self, who: Principal, user_id: str, change: Together, *, add: Sequence[Memory] = ..., beside: Sequence[str] = ...,
                 remove: Sequence[str] = ..., rejected: bool = ...) -> list[Memory]:
        """Store drafts, change them and others (`beside`), and remove yet others (public ids), all or nothing.

        `change` is given what was stored, known ones in the place of their drafts, and the others that are there, and returns
        what is to be written over them. What is removed because it was `rejected` is not suggested again. Returns what was
        stored and then the others, as they are now.
        """

    def rejected(self, who: Principal, user_id: str, texts: Sequence[str]) -> set[str]:
        """Return which of these texts the user did not want when they were suggested."""

    def forget_rejected(self, who: Principal, user_id: str) -> int:
        """Let go of what the user rejected, and return how many suggestions those were."""

    def remove(self, who: Principal, user_id: str, memory_ids: Sequence[int | str]) -> list[str]:
        """Delete for good (row, log of the database, free pages) and return the public ids of what there was."""

    def clear(self, who: Principal, user_id: str) -> list[str]:
        """Delete all memories, agent runs and rejections of the user for good and return the public ids of the memories."""

    def clear_everyone(self, who: Principal) -> int:
        """Delete the memories and runs of all users for good and return how many memories there were."""

    def version(self, user_id: str) -> int:
        """A number that rises with every write to the user's memories by any process."""

    # the outbox: memories that are stored and not yet found by meaning; the engine itself works here, for everyone

    def claim(self, worker: str, limit: int, *, lease_seconds: float) -> list[Memory]:
        """Take up to `limit` PENDING memories that nobody else holds; a lease runs out when its worker died."""

    def settle(self, worker: str, ready: Sequence[str], failed: dict[str, str]) -> None:
        """Mark claimed memories (public ids) READY, or FAILED with the reason; what changed since the claim stays PENDING."""

    def waiting(self) -> int:
        """Return how many memories are PENDING."""

    def failed(self, who: Principal, user_id: str) -> dict[str, int]:
        """Return why memories of the user are FAILED, in words, and how many for each reason."""

    def retry(self, who: Principal, user_id: str) -> int:
        """Make the user's FAILED memories PENDING again and return how many."""

    def holders(self) -> list[str]:
        """Return the workers that hold PENDING memories by now."""

    def release(self, workers: Sequence[str]) -> int:
        """Free what these workers hold, because they died, and return how many memories that were."""

    def removed_since(self, mark: int) -> tuple[int, list[str] | None]:
        """Return (newest mark, public ids) of what was deleted after a mark, so that an index can follow.

        None for the ids when that is not remembered any more: then the index is held against the store. From 0 on (nothing was
        followed yet) it is whatever is remembered.
        """

    def forget_removed(self, days: float) -> int:
        """Let go of which memories were deleted longer ago than that, and return how many those are."""

    def written_since(self, user_id: str, version: int) -> tuple[int, list[Memory]]:
        """Return (newest version, the user's memories, whatever their state, that were written after a version) by id.

        0 returns all of them. Writing is: adding, changing, settling; so what is kept in memory follows at little cost.
        """

    def standing(self) -> dict[str, Indexed]:
        """Return everyone's memories by public id and how far each can be found, so that an index can be checked against them."""

    def again(self, public_ids: Sequence[str] | None = None) -> int:
        """Make these memories of anyone (None: all) PENDING and claimed by nobody, and return how many."""

    # facts that are held against what was known before them; the engine itself works here, for everyone

    def uncompared(self, limit: int, *, pending: bool) -> list[Memory]:
        """Return kept facts of anyone that were not held against the others yet, oldest first; PENDING ones only if asked for.

        Waiting are facts that were added without an id or times of their own, that were given other words by hand, and suggested
        ones that were accepted.
        """

    def weave(self, beside: Mapping[str, Sequence[str]], weigh: Weigh) -> list[Memory]:
        """Hold facts (public ids) against others of their owner, write what `weigh` says changes, and mark them as compared.

        One transaction for all, with what earlier ones changed before the eyes of later ones; a fact that is gone or was compared
        meanwhile is left out. `weigh` may be asked several times. Returns what was changed.
        """

    # agent runs

    def add_run(self, who: Principal, run: AgentRun) -> AgentRun: ...

    def runs(self, who: Principal, user_id: str, *, session_id: str = "", limit: int | None = None) -> list[AgentRun]:
        """Return the user's runs, newest first."""

    def remove_runs(self, who: Principal, user_id: str, session_id: str) -> int: ...

    def check(self) -> None:
        """Open the database for writing, its schema up to date. Raises StoreUnavailable."""

    def close(self) -> None: ...


class Users(Protocol):
    """User accounts; names and e-mails are unique, compared without case in Unicode normal form."""

    def create(self, who: Principal, user: UserModel) -> UserModel:
        """Raises PermissionDenied, BadInput naming the field that is taken."""

    def get(self, who: Principal, user_id: str) -> UserModel: ...

    def all(self, who: Principal) -> list[UserModel]: ...

    def change(self, who: Principal, user_id: str, change: Callable[[UserModel], UserModel]) -> UserModel: ...

    def remove(self, who: Principal, user_id: str) -> None: ...

    def act_as(self, who: Principal, user_id: str, *, reason: str = "") -> Principal:
        """Return as whom this user acts, when `who` may act as them. Raises PermissionDenied."""

    def principal(self, user_id: str, *, reason: str = "") -> Principal:
        """Return as whom this user acts; an unseen id acts as a User. Raises PermissionDenied when disabled."""


class Models(Protocol):
    """The registry of models; `domain.registry.KNOWN` come registered."""

    def register(self, who: Principal, model: RegisteredModel) -> RegisteredModel: ...

    def get(self, name: str) -> RegisteredModel: ...

    def all(self) -> list[RegisteredModel]: ...

    def remove(self, who: Principal, name: str) -> None: ...


class AuditLog(Protocol):
    """Acts, append-only and chained; its key and its head lie apart from the database."""

    def note(self, act: Act) -> None:
        """Write an act down, durable on return."""

    def entries(self, who: Principal, *, user_id: str | None = None, limit: int | None = None, offset: int = 0) -> list[AuditEntry]:
        """Return entries newest first: of one user (as actor or owner), or of all (READ_AUDIT on "" is for admins)."""

    def pseudonym(self, user_id: str) -> str:
        """Return what stands for a person in the entries, "" when nothing does."""

    def inspect(self) -> Inspection:
        """Check every seal, the numbers and the head."""

    def forget(self, user_id: str) -> None:
        """Destroy the key of a person's pseudonyms: nobody can tell any more which entries are theirs."""


class LanguageTeller(Protocol):
    """Tells the language of a text without asking anybody."""

    def detect(self, text: str) -> tuple[str, float]:
        """Return the likeliest ISO 639-1 code and how sure it is, 0 to 1; ("", 0.0) when there is nothing to tell it by."""
