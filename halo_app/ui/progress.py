"""How far the reading of a notebook's documents is, in the few words that tell whether anything moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from halo_app.domain.source import Intake

ADDRESS = "/files/reading"


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
