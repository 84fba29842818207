"""The memory engine as a library: `MemoryEngine(Config.default())`, every method also as a coroutine under its name with an `a`.

    with MemoryEngine(Config.default()) as engine:
        engine.store_memory("user-123", Fact("likes tea"))
        [found] = engine.search("user-123", "tea", 10)
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial, update_wrapper
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4
from weakref import WeakKeyDictionary

from halo_app.bootstrap import App, build_app
from halo_app.domain.audit import AuditEntry, Inspection
from halo_app.domain.health import Check
from halo_app.domain.memory import AgentRun, Content, Memory, Sought
from halo_app.domain.registry import RegisteredModel
from halo_app.domain.user import Principal, UserModel, UserRole
from halo_app.errors import BadInput
from halo_app.services.account import disabled
from halo_app.services.memory import Given, MemoryService
from halo_app.services.memory_checks import read_account, read_grants, read_user
from halo_app.services.memory_forms import read_model, read_model_name, read_user_id
from halo_app.settings import Settings

if TYPE_CHECKING:
    from halo_app.services.memory_context import MemoryContext

P = ParamSpec("P")
R = TypeVar("R")
_AT_ONCE = 4                  # threads behind the coroutines: the database writes one after the other anyway
_Memories = list[Memory]


def twin(method: Callable[Concatenate[MemoryEngine, P], R]) -> Callable[Concatenate[MemoryEngine, P], Coroutine[Any, Any, R]]:
    """Return the method as a coroutine that works in the engine's own threads and leaves the event loop free."""
    async def coroutine(self: MemoryEngine, /, *args: P.args, **kwargs: P.kwargs) -> R:
        async with self._turns.of(asyncio.get_running_loop()):
            if self._turns.are_over:
                raise _closed()
            return await asyncio.get_running_loop().run_in_executor(self._threads, partial(method, self, *args, **kwargs))

    update_wrapper(coroutine, method)
    coroutine.__name__ = f"a{method.__name__}"
    coroutine.__doc__ = f"{method.__doc__}\n\nThe same as `{method.__name__}`, to be awaited."
    return coroutine


@cache
def _set_aside() -> None:
    """Keep Python's garbage collector, once in a process, from going through all that was loaded again and again.

    With 190,000 objects each time takes 0.1 s, in which no event loop gets on.
    """
    gc.collect()
    gc.freeze()


def _closed() -> BadInput:
    return BadInput("this memory engine is closed", fix="make a new one: with MemoryEngine(config) as engine: …")


class _Turns:
    """Lets few coroutines of each event loop at the threads: handing over hundreds at once would hold the loop up.

    `are_over` from when the engine begins to close.
    """

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        self.are_over = False

    def of(self, loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
        return self._known.setdefault(loop, asyncio.Semaphore(2 * _AT_ONCE))


class MemoryEngine:
    """The memory of many users and models on one database, acting as the local operator until `as_user` says otherwise.

    Raises BadInput for values that cannot be used, PermissionDenied for what the acting user may not do, NotFound, and
    StoreUnavailable for what the database cannot do; each says what to do. After `close` every method raises BadInput. Safe to
    use from several threads.
    """

    def __init__(self, config: Settings | None = None) -> None:
        self._parts = build_app(config or Settings.default())
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="memory-engine")
        self._turns = _Turns()
        self._acting: MemoryService | None = None
        self._owns = True

    def initialize(self) -> MemoryEngine:
        """Make what is missing, bring the tables up to date, load the models, take up waiting work; returns the engine.

        May be called again. What is loaded here does not hold up an event loop later.

        Raises BadInput while the memory backend is disabled, StoreUnavailable when the database cannot be used.
        """
        self._app.first_start(serving=False)
        self._memory.kept.check()
        self._app.warm_memory()
        _set_aside()
        self._app.outbox.begin()
        return self

    # memories

    def store_memory(self, user_id: str, memory: Given) -> int:
        """Remember a conversation, fact, image, transcription or summary, as its class or as JSON; text alone is a fact.

        Returns its id; durable by then, found by its words at once and by its meaning a moment later.
        """
        return self._memory.store(user_id, memory).id

    def store_memories(self, user_id: str, memories: Sequence[Given]) -> list[int]:
        """Remember several things at once, all or none, and return their ids."""
        return [stored.id for stored in self._memory.store_all(user_id, memories)]

    def remember(self, user_id: str, memory: Given) -> Memory:
        """Remember what a person says: a fact that is known is merged into it, one that contradicts a known one replaces it.

        Both stay visible; in doubt both stay valid and name each other. Returns the memory that holds it now.
        """
        return self._memory.remember(user_id, memory)

    def search(self, user_id: str, query: str, limit: int | None = None, *, where: Sought = Sought()) -> _Memories:  # noqa: B008
        """Return the user's memories that fit best, best first, each with `score` and `match`; SEARCH_TOP_K without a limit."""
        return self._memory.search(user_id, query, limit=limit, where=where)

    def get(self, user_id: str, memory_id: int | str) -> Memory:
        """Return a memory by its id or public id."""
        return self._memory.get(user_id, memory_id)

    def list(self, user_id: str, *, where: Sought = Sought(), limit: int | None = None, offset: int = 0) -> _Memories:  # noqa: B008
        """Return the user's memories, newest first."""
        return self._memory.list(user_id, where, limit=limit, offset=offset)

    def count(self, user_id: str, *, where: Sought = Sought()) -> int:  # noqa: B008  frozen
        """Return how many memories the user has."""
        return self._memory.count(user_id, where)

    def update(self, user_id: str, memory_id: int | str, changes: Mapping[str, Any] | Content | str) -> Memory:
        """Change fields of a memory, or its main text; returns it as it is now."""
        return self._memory.update(user_id, memory_id, changes)

    def delete(self, user_id: str, *memory_ids: int | str) -> int:
        """Delete memories for good; returns how many there were."""
        return self._memory.delete(user_id, memory_ids)

    def clear(self, user_id: str) -> int:
        """Delete everything that is remembered of the user for good; returns how many memories there were."""
        return self._memory.clear(user_id)

    def clear_everyone(self) -> int:
        """Delete the memories of all users for good; returns how many there were."""
        return self._memory.clear_everyone()

    def context(self, user_id: str, query: str = "", *, model: str = "", session_id: str = "", passages: Sequence[str] = (),
                max_tokens: int | None = None) -> MemoryContext:
        """Return what a model is to be told of the user for a question, never above the cap, with what was dropped and why."""
        return self._app.memory_context.build(self._memory.who, read_user_id(user_id), query, model=model, session_id=session_id,
                                              passages=passages, max_tokens=max_tokens)

    def suggested(self, user_id: str) -> _Memories:
        """Return what was suggested and waits for the user's word."""
        return self._memory.suggested(user_id)

    def accept(self, user_id: str, memory_id: int | str) -> Memory:
        """Keep a suggested memory."""
        return self._memory.accept(user_id, memory_id)

    def reject(self, user_id: str, memory_id: int | str) -> None:
        """Delete a suggested memory."""
        self._memory.reject(user_id, memory_id)

    # agent runs

    def add_run(self, user_id: str, session_id: str, agent_name: str, run_data: Mapping[str, Any]) -> AgentRun:
        """Write down one run of an agent; `run_data` is a JSON object."""
        return self._memory.add_run(AgentRun(session_id, agent_name, run_data, user_id))

    def runs(self, user_id: str, *, session_id: str = "", limit: int | None = None) -> Sequence[AgentRun]:
        """Return the user's runs, newest first."""
        return self._memory.runs(user_id, session_id=session_id, limit=limit)

    # users

    def create_user(self, username: str, email: str, role: UserRole | str = UserRole.USER, *, user_id: str = "",
                    grants: Iterable[str] = ()) -> UserModel:
        """Create a user account; `grants` are the users a service may act for. Names and addresses are taken once only."""
        name, address, as_role = read_user(username, email, role)
        made = UserModel(read_user_id(user_id or f"user-{uuid4().hex}"), name, address, as_role, self._app.clock(),
                         read_grants(grants))
        return self._app.users.create(self._memory.who, made)

    def get_user(self, user_id: str) -> UserModel:
        return self._app.users.get(self._memory.who, read_user_id(user_id))

    def users(self) -> Sequence[UserModel]:
        return self._app.users.all(self._memory.who)

    def change_user(self, user_id: str, change: Callable[[UserModel], UserModel]) -> UserModel:
        """Change a user account, as with `lambda user: replace(user, disabled=True)`; what is changed is checked."""
        return self._app.users.change(self._memory.who, read_user_id(user_id), lambda user: read_account(user, change(user)))

    def remove_user(self, user_id: str) -> None:
        """Remove a user account; what is remembered of the user stays until it is cleared or erased."""
        self._app.users.remove(self._memory.who, read_user_id(user_id))

    # models

    def register_model(self, name: str, specialities: Iterable[str], description: str = "") -> RegisteredModel:
        """Register a model that memories can be private to, with what it is good at."""
        return self._app.models.register(self._memory.who, read_model(name, specialities, description))

    def models(self) -> Sequence[RegisteredModel]:
        """Return the registered models by name."""
        return self._app.models.all()

    def remove_model(self, name: str) -> None:
        self._app.models.remove(self._memory.who, read_model_name(name))

    # audit and health

    def audit(self, *, user_id: str | None = None, limit: int | None = None, offset: int = 0) -> Sequence[AuditEntry]:
        """Return the audit log newest first: of one user, or of all."""
        return self._app.audit.entries(self._memory.who, user_id=user_id, limit=limit, offset=offset)

    def verify_audit(self) -> Inspection:
        """Check the whole audit log."""
        return self._app.audit.inspect()

    def health(self) -> Sequence[Check]:
        """Return how each component of the memory is, with the time that it took to answer."""
        return self._app.memory_health()

    def finish(self) -> None:
        """Wait until everything stored is also found by its meaning."""
        self._app.outbox.drain()

    @property
    def who(self) -> Principal:
        """As whom the engine acts."""
        return self._memory.who

    def as_user(self, user_id: str, reason: str = "") -> MemoryEngine:
        """Return the same engine acting as this user; an admin's `reason` says why another's content is read.

        Only admins act as others; the local operator is one. Not to be closed.
        """
        acting = MemoryEngine.__new__(MemoryEngine)
        acting._parts, acting._threads, acting._turns, acting._owns = self._app, self._threads, self._turns, False
        acting._acting = self._memory.as_user(user_id, reason)
        return acting

    def close(self) -> None:
        """Finish the work at hand and close the database; a closed engine is not opened again."""
        if self._owns:
            self._turns.are_over = True
            self._threads.shutdown()              # what was handed over is finished
            self._parts.close()

    def __enter__(self) -> MemoryEngine:
        return self.initialize()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    async def __aenter__(self) -> MemoryEngine:
        return await self.ainitialize()

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """The same as `close`, to be awaited."""
        await asyncio.to_thread(self.close)

    @property
    def _app(self) -> App:
        if self._parts.closed:
            raise _closed()
        return self._parts

    @property
    def _memory(self) -> MemoryService:
        app = self._app
        memory = self._acting or app.memory
        if memory is None:
            raise disabled()
        return memory

    ainitialize = twin(initialize)
    astore_memory = twin(store_memory)
    astore_memories = twin(store_memories)
    aremember = twin(remember)
    asearch = twin(search)
    aget = twin(get)
    alist = twin(list)
    acount = twin(count)
    aupdate = twin(update)
    adelete = twin(delete)
    aclear = twin(clear)
    aclear_everyone = twin(clear_everyone)
    acontext = twin(context)
    asuggested = twin(suggested)
    aaccept = twin(accept)
    areject = twin(reject)
    aadd_run = twin(add_run)
    aruns = twin(runs)
    acreate_user = twin(create_user)
    aget_user = twin(get_user)
    ausers = twin(users)
    achange_user = twin(change_user)
    aremove_user = twin(remove_user)
    aregister_model = twin(register_model)
    amodels = twin(models)
    aremove_model = twin(remove_model)
    aaudit = twin(audit)
    averify_audit = twin(verify_audit)
    ahealth = twin(health)
    afinish = twin(finish)
    aas_user = twin(as_user)
