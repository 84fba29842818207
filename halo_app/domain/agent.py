"""An agent's configuration: `agents/halo.json` is the default one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """`num_history_runs` earlier turns are given to the agent with each question."""

    id: str
    user_id: str
    name: str
    instructions: str
    created_at: datetime
    num_history_runs: int = 3


def default_agent(user_id: str, now: datetime, num_history_runs: int) -> AgentConfig:
    """Return the agent that is there from the first start."""
    words = "Answer from the reader's sources only, and cite every sentence."
    return AgentConfig("halo", user_id, "HALO", words, now, num_history_runs)
