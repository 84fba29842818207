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
