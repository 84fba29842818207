"""A real HALO in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"HALO is open at (\S+)")


@dataclass
class Server:
    """One running HALO on a data directory of its own."""

    data_dir: Path
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    link: str = ""

    def start(self) -> Server:
        """Start on a free port and wait for the line with the link."""
        environ = {**os.environ, "HALO_DATA_DIR": str(self.data_dir), "PYTHONPATH": str(ROOT), **self.environ}
        command = [sys.executable, "-m", "halo_app.ui.server", "--port", "0", "--no-browser"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        assert self.process.stdout
        for line in self.process.stdout:
            said.append(line)
            if found := LINK.search(line):
                self.link = found[1]
                return self
        raise AssertionError(f"the server ended before it was open: {''.join(said)}")

    def stop(self) -> None:
        """Stop as Ctrl+C does, and wait."""
        if self.process:
            self.process.terminate()
            self.process.communicate(timeout=30)
            self.process = None
