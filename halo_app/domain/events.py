"""What happens while an answer or an output is made."""

from __future__ import annotations

from dataclasses import dataclass

from halo_app.domain.conversation import Answer


@dataclass(frozen=True, slots=True)
class Step:
    """A line about what is being done now."""

    text: str


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the answer's text, in order."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer; it is stored already when this comes."""

    answer: Answer
    session_id: str


Event = Step | Delta | Done
