"""A real HALO in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"HALO is open at (\S+)")


@dataclass
class Server:
    """One running HALO on a data directory of its own."""

    data_dir: Path
    environ: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None
    link: str = ""

    @property
    def home(self) -> str:
        """The address without the token: `http://127.0.0.1:41234/`."""
        return self.link.partition("?")[0]

    def start(self) -> Server:
        """Start on a free port, or on the one it had before, and wait for the line with the link."""
        environ = {**os.environ, "HALO_DATA_DIR": str(self.data_dir), **self.environ}
        port = str(urlsplit(self.link).port) if self.link else "0"
        command = [sys.executable, "-m", "halo_app.ui.server", "--port", port, "--no-browser"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        assert self.process.stdout
        for line in self.process.stdout:
            said.append(line)
            if found := LINK.search(line):
                self.link = found[1]
                return self
        raise AssertionError(f"the server ended before it was open: {''.join(said)}")

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        assert self.process
        self.process.kill()
        self.process.communicate(timeout=30)
        self.process = None

    def stop(self) -> None:
        """Stop as Ctrl+C does, and wait."""
        if self.process:
            self.process.terminate()
            self.process.communicate(timeout=30)
            self.process = None
