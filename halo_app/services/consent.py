"""Ask once before anything is observed; what was answered is kept, exported, and can be withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from halo_app.domain.consent import REMEMBERING, ConsentRecord, Decision, Purpose, Standing, standing
from halo_app.errors import BadInput, NotFound
from halo_app.ports import Clock, Records
from halo_app.services.acting import Acts, audited, unheard


@dataclass(frozen=True)
class ConsentService:
    """The consent of one user to one purpose; `of` gives that of another user. `withdrawn` is told whose consent ended."""

    records: Records[ConsentRecord]
    user_id: str
    clock: Clock
    acts: Acts = unheard
    purpose: Purpose = REMEMBERING
    withdrawn: Callable[[str], object] = lambda user_id: None

    def of(self, user_id: str) -> ConsentService:
        return replace(self, user_id=user_id)

    def state(self) -> Standing:
        """Return how the user stands to the purpose; NOT_ASKED means: ask before anything is observed."""
        return standing(self.history(), self.purpose)

    def is_given(self) -> bool:
        return self.state() is Standing.GIVEN

    @audited("consent.give")
    def give(self, version: int | None = None) -> Decision:
        """Note that the user agrees. Raises BadInput when the words they saw (`version`) are not those that hold now."""
        if version not in (None, self.purpose.version):
            raise BadInput("the words have changed since they were shown", fix="read them again")
        return self._note(Standing.GIVEN)

    @audited("consent.refuse")
    def refuse(self) -> Decision:
        """Note that the user does not agree; they are not asked again."""
        return self._note(Standing.REFUSED)

    @audited("consent.withdraw")
    def withdraw(self) -> Decision:
        """Note that the user agrees no longer: from now on nothing is observed. Raises BadInput when nothing was given."""
        if not self.is_given():
            raise BadInput("there is no consent to withdraw", fix="nothing is observed now")
        decision = self._note(Standing.WITHDRAWN)
        self.withdrawn(self.user_id)
        return decision

    def history(self) -> tuple[Decision, ...]:
        """Return every answer of the user, oldest first."""
        try:
            return self.records.get(self._id).decisions
        except NotFound:
            return ()

    def _note(self, answer: Standing) -> Decision:
        decision = Decision(self.purpose.name, self.purpose.version, answer, self.clock())
        try:
            self.records.change(self._id, lambda record: replace(
                record, decisions=(*record.decisions, decision), updated_at=decision.at))
        except NotFound:
            self.records.put(ConsentRecord(self._id, self.user_id, (decision,), decision.at))
        return decision

    @property
    def _id(self) -> str:
        return hashlib.sha256(f"consent\n{self.user_id}".encode()).hexdigest()[:32]     # one record per user
