"""Make outputs in the background, one after another, while the reader reads on: told step by step, stopped at the next one."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Condition
from typing import Any, cast
from uuid import uuid4

from halo_app.domain.artifact import Artifact
from halo_app.domain.events import Step
from halo_app.errors import Cancelled, HaloError
from halo_app.services.background import Background

Work = Callable[[], Iterator[Artifact | Step]]
KEPT = 50                      # makings that are over and still remembered
_log = logging.getLogger(__name__)


class Phase(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        return self in (Phase.DONE, Phase.FAILED, Phase.CANCELLED)


@dataclass(frozen=True, slots=True)
class Making:
    """An output on its way: what is done now (`step`, the `steps`-th), what came of it, or what went wrong and what to do."""

    id: str
    notebook_id: str
    title: str
    phase: Phase = Phase.WAITING
    step: str = ""
    steps: int = 0
    artifact_id: str = ""
    detail: str = ""
    fix: str = ""


class Workshop:
    """Makings of this process, by notebook. What was not done when the process ends is not taken up again: nothing was promised."""

    def __init__(self) -> None:
        self._guard = Condition()
        self._queue: deque[str] = deque()
        self._work: dict[str, Work] = {}
        self._makings: dict[str, Making] = {}
        self._behind = Background("halo-studio", self._turn)

    def start(self, notebook_id: str, title: str, work: Work) -> Making:
        """Put the making of an output in the queue and return it as it waits."""
        making = Making(uuid4().hex, notebook_id, title)
        with self._guard:
            self._makings[making.id] = making
            self._work[making.id] = work
            self._queue.append(making.id)
            for old in [one.id for one in self._makings.values() if one.phase.over][:-KEPT]:
                del self._makings[old]
        self._behind.wake()
        return making

    def now(self, making_id: str) -> Making | None:
        """Return the making as far as it is, None when it is forgotten."""
        return self._makings.get(making_id)

    def of(self, notebook_id: str) -> list[Making]:
        """Return the notebook's makings that are not done: on their way, failed or cancelled, in the order they were started."""
        with self._guard:
            return [one for one in self._makings.values() if one.notebook_id == notebook_id and one.phase is not Phase.DONE]

    def cancel(self, making_id: str) -> None:
        """Stop it at its next step; one that waits never begins. What it was to replace stays."""
        self._turn_into(making_id, Phase.CANCELLED)

    def dismiss(self, making_id: str) -> None:
        """Forget one that is over."""
        with self._guard:
            if (making := self._makings.get(making_id)) and making.phase.over:
                del self._makings[making_id]

    def again(self, making_id: str) -> Making | None:
        """Put one that failed or was cancelled in the queue again; None when it is forgotten."""
        with self._guard:
            making, work = self._makings.get(making_id), self._work.get(making_id)
        if making is None or work is None or not making.phase.over:
            return making
        self.dismiss(making_id)
        return self.start(making.notebook_id, making.title, work)

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is on its way, at most so long."""
        return self._behind.wait(seconds)

    def wait_for(self, making_id: str, seconds: float) -> Making | None:
        """Wait until this one is over, at most so long, and return it as far as it is."""
        with self._guard:
            self._guard.wait_for(lambda: (one := self._makings.get(making_id)) is None or one.phase.over, seconds)
            return self._makings.get(making_id)

    def close(self) -> None:
        """Stop at the next step."""
        self._behind.close()

    def _turn(self) -> bool:
        with self._guard:
            if not self._queue:
                return False
            making_id = self._queue.popleft()
            work = self._work[making_id]
        try:
            self._run(making_id, work)
        except Cancelled as error:
            self._turn_into(making_id, Phase.CANCELLED, error)
        except HaloError as error:
            self._turn_into(making_id, Phase.FAILED, error)
        except Exception as error:  # noqa: BLE001  it is told to the reader, and the next one is made
            _log.error("an output could not be made (%s)", type(error).__name__, exc_info=error)
            self._turn_into(making_id, Phase.FAILED, HaloError("something unexpected happened", fix="try again; the details are "
                "in halo.log"))
        return bool(self._queue)

    def _run(self, making_id: str, work: Work) -> None:
        if not self._goes_on(making_id):
            return
        with closing(cast(Any, work())) as events:
            for event in events:
                if isinstance(event, Artifact):
                    self._change(making_id, phase=Phase.DONE, artifact_id=event.id)
                    self._work.pop(making_id, None)
                    return
                if not self._goes_on(making_id, event.text):
                    return

    def _goes_on(self, making_id: str, step: str = "") -> bool:
        """Note the step; False when it was cancelled or the house is closing."""
        with self._guard:
            making = self._makings.get(making_id)
            if making is None or making.phase.over or self._behind.closing:
                return False
            self._makings[making_id] = replace(making, phase=Phase.RUNNING, step=step, steps=making.steps + bool(step))
            return True

    def _turn_into(self, making_id: str, phase: Phase, error: HaloError | None = None) -> None:
        with self._guard:
            making = self._makings.get(making_id)
            if making is not None and not making.phase.over:
                told = error or HaloError("")
                self._makings[making_id] = replace(making, phase=phase, detail=told.message, fix=told.fix)
                self._guard.notify_all()

    def _change(self, making_id: str, **values: Any) -> None:
        with self._guard:
            if making := self._makings.get(making_id):
                self._makings[making_id] = replace(making, **values)
                self._guard.notify_all()
