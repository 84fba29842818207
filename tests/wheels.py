"""Build the wheel and install it beside the locked packages, in an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from tests import offline

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".stamps", "data", "tests", "dist", "__pycache__", ".*_cache", ".hypothesis")


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it, and the folder to start from, which has nothing of the checkout."""

    wheel: Path
    bin: Path
    elsewhere: Path

    @property
    def environ(self) -> dict[str, str]:
        """The surroundings of a stranger: nothing of ours is set."""
        ours = ("HALO_", "EMBEDDING_", "PYTHON", "VIRTUAL_ENV")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "HALO_DATA_DIR": str(self.elsewhere / "data")}

    def halo(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.bin / "halo"), *arguments]
        return subprocess.run(command, cwd=self.elsewhere, env=self.environ, capture_output=True, text=True, timeout=120)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen([str(self.bin / "halo"), "run", *arguments], cwd=self.elsewhere, env=self.environ, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def install(folder: Path) -> Installed:
    """Build from a copy of the checkout and install with --no-index --no-deps; the locked packages are seen through a .pth file."""
    copy, elsewhere, env = folder / "copy", folder / "elsewhere", folder / "env"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    (copy / ".git").mkdir()            # so that no .gitignore of a folder above counts
    elsewhere.mkdir()
    _run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")], copy)
    [wheel] = (folder / "dist").glob("*.whl")
    _run([sys.executable, "-m", "venv", str(env)], folder)
    scripts = env / ("Scripts" if os.name == "nt" else "bin")
    pip = [str(scripts / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--no-index", "--no-deps", str(wheel)]
    _run(pip, folder)
    found = _run([str(scripts / "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder)
    (Path(found.strip()) / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
    shutil.copy(offline.HOOK / "sitecustomize.py", found.strip())
    return Installed(wheel, scripts, elsewhere)


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
