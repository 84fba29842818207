"""Work that goes on behind the one who asked for it, in one thread that rests when nothing waits and never dies of an error."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from threading import Condition, Thread, current_thread

from halo_app.errors import HaloError

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 60.0
_GRACE_SECONDS = 20.0
_log = logging.getLogger(__name__)


class Background:
    """`turn` does one piece of the work that waits and tells whether more does; it is called until none does.

    A turn that raises is worded to the log and tried again after a pause, which doubles from half a second to a minute
    and ends early at a wake; so what failed for good must be put aside by the turn itself. `during` is entered at the
    wake and left when the thread goes to rest. What waits is kept by the caller, safe between threads.
    """

    def __init__(self, name: str, turn: Callable[[], bool], *,
                 during: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        self._name, self._turn, self._during = name, turn, during
        self._moved = Condition()
        self._thread: Thread | None = None
        self._woken = False
        self._closing = False

    @property
    def closing(self) -> bool:
        """Tell whether it was closed: a long turn looks here and stops."""
        return self._closing

    def wake(self) -> None:
        """Tell that something waits; the thread is started when it rests. Nothing happens after `close`."""
        with self._moved:
            if self._closing:
                return
            self._woken = True
            self._moved.notify_all()
            if self._thread is None:
                held = ExitStack()
                held.enter_context(self._during())
                thread = Thread(target=self._work, args=(held,), name=self._name, daemon=True)
                thread.start()
                self._thread = thread

    def wait(self, seconds: float) -> bool:
        """Wait until nothing waits and the thread rests, at most so long; False when it is still at work."""
        with self._moved:
            return self._moved.wait_for(lambda: self._thread is None, seconds)

    def close(self, seconds: float = _GRACE_SECONDS) -> None:
        """Stop after the turn at hand, waiting for it at most so long; it is not woken again."""
        with self._moved:
            self._closing = True
            self._moved.notify_all()
            thread = self._thread
        if thread is not None and thread is not current_thread():
            thread.join(seconds)

    def _work(self, held: ExitStack) -> None:
        failed, more = 0, True
        while self._goes_on(more, held):
            try:
                more, failed = self._turn(), 0
            except HaloError as error:
                failed, more = failed + 1, True
                _log.warning("%s: %s", self._name, error.message)
            except Exception as error:  # noqa: BLE001  the next turn may be a better one
                failed, more = failed + 1, True
                _log.error("%s: something unexpected happened (%s)", self._name, type(error).__name__, exc_info=error)
            if failed:
                self._pause(min(FIRST_PAUSE_SECONDS * 2 ** (failed - 1), LONGEST_PAUSE_SECONDS))

    def _goes_on(self, more: bool, held: ExitStack) -> bool:
        with self._moved:
            if not self._closing and (more or self._woken):
                self._woken = False
                return True
            try:
                held.close()
            except Exception as error:  # noqa: BLE001  whoever waits is told of the rest all the same
                _log.error("%s: the end of the work could not be noted (%s)", self._name, type(error).__name__, exc_info=error)
            self._thread = None
            self._moved.notify_all()
            return False

    def _pause(self, seconds: float) -> None:
        with self._moved:
            self._moved.wait_for(lambda: self._closing or self._woken, seconds)
