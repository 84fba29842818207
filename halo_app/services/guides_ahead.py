"""Make the guides of new sources in the background, once nothing is being read in, so that the first look at one is instant."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable

from halo_app.errors import HaloError
from halo_app.services.background import Background

_PAUSE_SECONDS = 0.5
_log = logging.getLogger(__name__)


class GuidesAhead:
    """`make` makes one source's guide; `is_quiet` waits at most so many seconds and tells whether reading has ended."""

    def __init__(self, make: Callable[[str], object], is_quiet: Callable[[float], bool]) -> None:
        self._make, self._is_quiet = make, is_quiet
        self._queue: deque[str] = deque()
        self._behind = Background("halo-guides", self._turn)

    def soon(self, source_id: str) -> None:
        """Put a source in the queue."""
        self._queue.append(source_id)
        self._behind.wake()

    def wait(self, seconds: float) -> bool:
        """Wait until every guide is made, at most so long."""
        return self._behind.wait(seconds)

    def close(self) -> None:
        """Stop after the guide at hand; the others are made when they are asked for."""
        self._behind.close()

    def _turn(self) -> bool:
        if not self._is_quiet(_PAUSE_SECONDS):
            return True
        if self._queue:
            try:
                self._make(self._queue.popleft())
            except HaloError as error:               # deleted or damaged meanwhile: whoever asks for it is told
                _log.info("a guide was not made ahead: %s", type(error).__name__)
        return bool(self._queue)
