"""Suggest facts from what the user says in chats: with consent only, where it is not switched off, behind the answer."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from halo_app.domain.memory import Fact, Memory, Origin, Provenance, State
from halo_app.domain.observing import observe
from halo_app.domain.user import Principal
from halo_app.errors import HaloError
from halo_app.ports import Clock
from halo_app.services.background import Background
from halo_app.services.reconciling import Kept, ReconcilingService

WAITING = 200                   # turns; when more wait, the oldest are left out
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """What the user said, where, and what they had before them (`sources`: texts that an echo would repeat)."""

    user_id: str
    text: str
    session_id: str = ""
    turn_id: str = ""
    notebook_id: str = ""
    agent: str = ""
    model: str = ""
    said_at: datetime | None = None
    sources: tuple[str, ...] = ()


class Consent(Protocol):
    """Whether the user agreed."""

    def is_given(self) -> bool: ...


class Reads(Protocol):
    """Finds facts about the speaker in a turn: the rules, or a language model in their place."""

    def __call__(self, turn: str, *, turn_id: str = "", sources: Sequence[str] = ()) -> list[Fact]: ...


class ObservingService:
    """`is_on` tells whether a notebook is observed. A failure is kept in `problem`, in words, until the next success."""

    def __init__(
        self, keeping: ReconcilingService, consent: Consent, who: Principal, clock: Clock, *,
        is_on: Callable[[str], bool] = lambda notebook_id: True, reads: Reads = observe, ephemeral_days: int = 30,
    ) -> None:
        self._keeping, self._consent, self._who, self._clock = keeping, consent, who, clock
        self._is_on, self._reads, self._ephemeral_days = is_on, reads, ephemeral_days
        self._waiting: deque[Turn] = deque(maxlen=WAITING)
        self._background = Background("observing", self._turn)
        self.problem = ""

    def may_observe(self, notebook_id: str = "") -> bool:
        """Tell whether anything is taken from a chat in this notebook: there is consent and it is not switched off."""
        return self._consent.is_given() and self._is_on(notebook_id)

    def is_telling(self, text: str) -> bool:
        """Tell whether a turn says something that would be suggested; nothing is kept."""
        return bool(self._reads(text))

    def observe(self, turn: Turn) -> None:
        """Look at a turn soon, behind whoever calls; what may not be observed is let go at once."""
        if self.may_observe(turn.notebook_id):
            self._waiting.append(turn)
            self._background.wake()

    def look(self, turn: Turn) -> list[Kept]:
        """Look at a turn now and return what became of each fact in it. Raises PermissionDenied, StoreUnavailable."""
        if not self.may_observe(turn.notebook_id):
            return []
        facts = self._reads(turn.text, turn_id=turn.turn_id, sources=turn.sources)
        unwanted = self._keeping.rejected(self._who, turn.user_id, [fact.content for fact in facts])
        return [self._keeping.keep(self._who, self._draft(turn, fact)) for fact in facts if fact.content not in unwanted]

    def wait(self, seconds: float) -> bool:
        """Wait until nothing waits, at most so long; False when something still does."""
        return self._background.wait(seconds)

    def close(self) -> None:
        self._background.close()

    def _turn(self) -> bool:
        try:
            turn = self._waiting.popleft()
        except IndexError:
            return False
        try:
            self.look(turn)
            self.problem = ""
        except HaloError as error:                  # the answer stands; what was said is not noted
            self.problem = error.message
            log.warning("a turn was not observed: %s", error.message)
        return bool(self._waiting)

    def _draft(self, turn: Turn, fact: Fact) -> Memory:
        where = Provenance(Origin.OBSERVED, turn.session_id, turn.turn_id, turn.notebook_id, turn.agent)
        said_at = turn.said_at or self._clock()
        expires = said_at + timedelta(days=self._ephemeral_days) if fact.ephemeral else None
        confidence = replace(fact, confidence=min(max(fact.confidence, 0.0), 1.0))
        return Memory(confidence, user_id=turn.user_id, model=turn.model, state=State.SUGGESTED, provenance=where,
                      occurred_at=said_at, expires_at=expires)
