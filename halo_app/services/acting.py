"""Tell the audit log what services do: one word above each method that counts, and never a word of content."""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import wraps
from inspect import isgeneratorfunction
from threading import Lock
from time import monotonic
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from halo_app.domain.audit import Act
from halo_app.errors import BadInput, HaloError, PermissionDenied

Acts = Callable[[Act], None]
MOST_WAITING = 1000
REST_SECONDS = 30.0
_ID = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger(__name__)
Given = ParamSpec("Given")
Result = TypeVar("Result")
Item = TypeVar("Item")


class Acting(Protocol):
    """A service of one user whose acts are written down."""

    @property
    def user_id(self) -> str: ...

    @property
    def acts(self) -> Acts: ...


Self = TypeVar("Self", bound=Acting)
Method = Callable[Concatenate[Self, Given], Result]


def unheard(act: Act) -> None:
    """Write nothing down; for services that stand alone."""


def audited(action: str) -> Callable[[Method[Self, Given, Result]], Method[Self, Given, Result]]:
    """Write each call of the method down as `action`: done, refused (a HaloError names the caller's mistake) or failed.

    A generator is written down when it is over. The subject is the id of what comes back, or the one that was given.
    """
    def around(method: Method[Self, Given, Result]) -> Method[Self, Given, Result]:
        @wraps(method)
        def told(self: Self, *args: Given.args, **kwargs: Given.kwargs) -> Result:
            with telling(self.acts, _act(self, action, args[0] if args else "")) as came_back:
                came_back.append(result := method(self, *args, **kwargs))
            return result

        @wraps(method)
        def told_at_the_end(self: Self, *args: Given.args, **kwargs: Given.kwargs) -> Result:
            items = cast(Generator[Any], method(self, *args, **kwargs))
            return cast(Result, heard(self, action, items, args[0] if args else ""))

        return cast(Method[Self, Given, Result], told_at_the_end if isgeneratorfunction(method) else told)

    return around


def heard(service: Acting, action: str, items: Generator[Item], given: object = "") -> Generator[Item]:
    """Yield the items; when they are over, write that down as `action`, with the id of the last one."""
    with closing(items), telling(service.acts, _act(service, action, given)) as came_back:
        for item in items:
            came_back[:] = [item]
            yield item


@contextmanager
def telling(acts: Acts, act: Act) -> Iterator[list[Any]]:
    """Write the act down when the block is over, with its outcome; the subject is the id of what is put into the list."""
    came_back: list[Any] = []
    outcome = "failed"
    try:
        yield came_back
        outcome = "done"
    except (PermissionDenied, BadInput):
        outcome = "refused"
        raise
    finally:
        subject = next(filter(None, map(_id, came_back)), "") or act.subject
        acts(replace(act, outcome=outcome, subject=subject))


def _act(service: Acting, action: str, given: object) -> Act:
    return Act(service.user_id, action, service.user_id, subject=_id(given))


def _id(thing: object) -> str:
    found = thing if isinstance(thing, str) else getattr(thing, "id", None) or getattr(thing, "session_id", None)
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


class Recorder:
    """Hands acts to the audit log. When it cannot be written, what was done stands: the acts wait, and the program log says so.

    `write` raises a HaloError when it could not. After a failure nothing is tried for half a minute; at most 1000 acts wait,
    in this process only.
    """

    def __init__(self, write: Callable[[Act], None]) -> None:
        self._write = write
        self._waiting: deque[Act] = deque(maxlen=MOST_WAITING)
        self._alone = Lock()
        self._rest_until = 0.0

    def __call__(self, act: Act) -> None:
        """Write the act down, after those that wait."""
        with self._alone:
            self._waiting.append(act)
            if monotonic() >= self._rest_until:
                self._empty()

    @property
    def waiting(self) -> int:
        """How many acts are not written down yet."""
        return len(self._waiting)

    def _empty(self) -> None:
        try:
            while self._waiting:
                self._write(self._waiting[0])
                self._waiting.popleft()
        except HaloError as error:
            self._rest_until = monotonic() + REST_SECONDS
            _log.warning("%s acts wait for the audit log: %s", len(self._waiting), error.message)
