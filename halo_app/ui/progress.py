"""How far the reading of a notebook's documents and the making of its outputs are, in few words that tell whether anything moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from halo_app.domain.source import Intake
from halo_app.services.workshop import Making

ADDRESS = "/files/reading"
MAKING_ADDRESS = "/files/making"


class Progress(TypedDict):
    """`moving`: which documents are on their way; `steps`: how far each is. Ids and numbers only, no names."""

    moving: str
    steps: str


def of(intakes: Sequence[Intake]) -> Progress:
    """Return the progress of these documents."""
    moving = [intake for intake in intakes if not intake.stage.over]
    return {
        "moving": " ".join(intake.id for intake in moving),
        "steps": " ".join(f"{intake.id}:{intake.stage.value}:{intake.done}/{intake.total}" for intake in moving),
    }


def of_makings(makings: Sequence[Making]) -> Progress:
    """Return the progress of these outputs; each step of one counts as moving."""
    steps = " ".join(f"{making.id}:{making.phase.value}:{making.steps}" for making in makings if not making.phase.over)
    return {"moving": steps, "steps": steps}
