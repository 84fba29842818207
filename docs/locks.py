"""Check that the lock files agree with pyproject.toml, hold no addresses, and agree with each other."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def complaints(root: Path = ROOT) -> list[str]:
    """Return what is wrong, one line each; empty when all is well."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    app, team, test = (root / name for name in ("requirements.lock", "requirements-team.lock", "requirements-test.lock"))
    wanted = [*project["project"]["dependencies"], *groups["model"]]
    for_team = [*wanted, *project["project"]["optional-dependencies"]["team"]]
    return [
        *_file(app, wanted),
        *_file(team, for_team),
        *_file(test, [*for_team, *groups["test"], *groups["check"]]),
        *_differing(app, team),
        *_differing(team, test),
    ]


def _differing(less: Path, more: Path) -> list[str]:
    return [f"{more.name}: {name} differs from {less.name}" for name, pins in _pins(less).items() if _pins(more).get(name) != pins]


def _file(path: Path, wanted: list[str]) -> list[str]:
    pins, text = _pins(path), path.read_text()
    found = [f"{path.name}: {line}" for text_ in wanted if (line := _unmet(Requirement(text_), pins))]
    if "://" in text:
        found.append(f"{path.name}: holds an address")
    blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)
    bare = [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]
    return found + [f"{path.name}: {pin} has no hash" for pin in bare]


def _unmet(requirement: Requirement, pins: dict[str, set[str]]) -> str:
    versions = pins.get(canonicalize_name(requirement.name), set())
    if not versions:
        return f"{requirement} is missing"
    unfit = [version for version in sorted(versions) if not requirement.specifier.contains(version, prereleases=True)]
    return f"{requirement} is locked at {', '.join(unfit)}" if unfit else ""


def _pins(path: Path) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for name, version in PIN.findall(path.read_text()):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    return pins


if __name__ == "__main__":
    lines = complaints()
    sys.stderr.write("".join(f"{line}\n" for line in lines) + ("run ./run.sh lock\n" if lines else ""))
    sys.exit(bool(lines))
