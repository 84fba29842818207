"""The files waiting to be taken in, worked off by one background thread; their records survive a restart."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from threading import Lock

from halo_app.domain.source import Intake, Stage
from halo_app.errors import HaloError, NotFound
from halo_app.ports import Attendance, Records
from halo_app.services.background import Background

Run = Callable[[Iterator[Intake], Callable[[Intake], bool]], Iterator[Intake]]
_log = logging.getLogger(__name__)


class IntakeQueue:
    """`run` takes intakes and yields them at every stage. The records tell the truth, this object how far things are."""

    def __init__(self, records: Records[Intake], attendance: Attendance, run: Run) -> None:
        self._records, self._run = records, run
        self._guard = Lock()
        self._queue: deque[Intake] = deque()
        self._live: dict[str, Intake] = {}
        self._cancelled: set[str] = set()
        self._behind = Background("halo-intake", self._turn, during=attendance.working)

    def add(self, intakes: Sequence[Intake]) -> None:
        """Put recorded intakes in the queue."""
        if not intakes or self._behind.closing:
            return
        with self._guard:
            self._queue.extend(intakes)
            self._live.update((intake.id, intake) for intake in intakes)
            self._cancelled.difference_update(intake.id for intake in intakes)
        self._behind.wake()

    def now(self, intake: Intake) -> Intake:
        """Return the intake as far as it is now."""
        return self._live.get(intake.id, intake)

    def cancel(self, intake_id: str) -> None:
        """Stop it at its next step; one that still waits is stopped at once."""
        with self._guard:
            self._cancelled.add(intake_id)
            waits = any(intake.id == intake_id for intake in self._queue)
            self._queue = deque(intake for intake in self._queue if intake.id != intake_id)
            if waits:
                self._live.pop(intake_id, None)
        if waits or intake_id not in self._live:
            self._records.change(intake_id, lambda old: old if old.stage.over else replace(old, stage=Stage.CANCELLED))

    def wait(self, seconds: float) -> bool:
        """Wait until the queue is empty and the thread rests, at most so long."""
        return self._behind.wait(seconds)

    def close(self) -> None:
        """Stop at the next step; what is not done stays recorded."""
        self._behind.close()

    def _turn(self) -> bool:
        for intake in self._run(self._taken(), self._is_cancelled):
            self._note(intake)
        return bool(self._queue)

    def _taken(self) -> Iterator[Intake]:
        while not self._behind.closing:
            with self._guard:
                if not self._queue:
                    return
                intake = self._queue.popleft()
            yield intake

    def _is_cancelled(self, intake: Intake) -> bool:
        if self._behind.closing or intake.id in self._cancelled:
            return True
        try:
            return self._records.get(intake.id).stage is Stage.CANCELLED        # by another process
        except NotFound:                                                       # its notebook was deleted
            return True

    def _note(self, intake: Intake) -> None:
        """Show the new state; the end of it is written down before it is shown."""
        if not intake.stage.over:
            self._live[intake.id] = intake
            return
        try:
            if intake.stage in (Stage.READY, Stage.DUPLICATE):
                self._records.remove(intake.id)
            elif intake.stage is Stage.FAILED or intake.id in self._cancelled:
                self._records.change(intake.id, lambda old: intake)
        except NotFound:
            pass
        except HaloError as error:
            _log.error("the end of an intake could not be noted: %s", error.message)
        self._live.pop(intake.id, None)
