"""Make the guides of new sources in the background, once nothing is being read in, so that the first look at one is instant."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from halo_app.errors import HaloError

_GRACE_SECONDS = 20.0
_PAUSE_SECONDS = 0.5
_log = logging.getLogger(__name__)


class GuidesAhead:
    """`make` makes one source's guide; `is_quiet` waits at most so many seconds and tells whether reading has ended."""

    def __init__(self, make: Callable[[str], object], is_quiet: Callable[[float], bool]) -> None:
        self._make, self._is_quiet = make, is_quiet
        self._moved = Condition()
        self._queue: deque[str] = deque()
        self._thread: Thread | None = None
        self._closing = False

    def soon(self, source_id: str) -> None:
        """Put a source in the queue; the thread is started when it rests."""
        with self._moved:
            if self._closing:
                return
            self._queue.append(source_id)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="halo-guides", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until every guide is made, at most so long."""
        with self._moved:
            return self._moved.wait_for(lambda: self._thread is None, seconds)

    def close(self) -> None:
        """Stop after the guide at hand; the others are made when they are asked for."""
        with self._moved:
            self._closing = True
            self._queue.clear()
            thread = self._thread
        if thread is not None:
            thread.join(_GRACE_SECONDS)

    def _work(self) -> None:
        while (source_id := self._next()) is not None:
            while not self._is_quiet(_PAUSE_SECONDS) and not self._closing:
                pass
            try:
                if not self._closing:
                    self._make(source_id)
            except HaloError as error:               # deleted or damaged meanwhile: whoever asks for it is told
                _log.info("a guide was not made ahead: %s", type(error).__name__)

    def _next(self) -> str | None:
        with self._moved:
            if self._queue:
                return self._queue.popleft()
            self._thread = None
            self._moved.notify_all()
            return None
