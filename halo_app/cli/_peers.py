"""Other programs that `halo bench` measures beside HALO when they are installed, each in a process of its own, offline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PEER_PYTHON = "HALO_PEER_PYTHON"       # a Python that has the peers, when this one has not
_PATIENCE_SECONDS = 900.0
_LONGEST_REASON = 200
_OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "PIP_NO_INDEX": "1", "MEM0_TELEMETRY": "False"}


def ask_peer(package: str, script: str, given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the script beside this file answers to `given`, or None when the package is not installed.

    A peer that fails, answers nonsense or takes more than 15 minutes gives {"failed": one line that says why}.
    """
    python = sys.executable if find_spec(package) else os.environ.get(PEER_PYTHON)
    if not python:
        return None
    command = [python, str(Path(__file__).with_name(script))]
    try:
        done = subprocess.run(command, check=False, input=json.dumps(given), capture_output=True, text=True,  # noqa: S603
                              timeout=_PATIENCE_SECONDS, env={**os.environ, **_OFFLINE})
        if done.returncode:
            return _failed(done.stderr.strip() or f"it ended with status {done.returncode}")
        found: dict[str, Any] | None = json.loads((done.stdout.strip() or "nothing").splitlines()[-1])
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return _failed(f"{type(error).__name__}: {error}")
    return found


def _failed(reason: str) -> dict[str, Any]:
    return {"failed": reason.splitlines()[-1][:_LONGEST_REASON]}
