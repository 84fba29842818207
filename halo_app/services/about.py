"""What HALO is made of: its version, the libraries that it stands on and their licences, read from what is installed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PACKAGE = "halo-notebook"
LICENCE_CHARS = 60
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Library:
    """One library as it is installed here."""

    name: str
    version: str
    licence: str               # in its own words, "not stated" when it says nothing


def libraries(checkout: Path | None) -> list[Library]:
    """Return every library that HALO needs and that is installed, by name; those that they need, too."""
    found: dict[str, Library] = {}
    waiting = list(_roots(checkout))
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            installed = distribution(name)
        except PackageNotFoundError:                   # for another system or another Python
            continue
        found[name] = Library(installed.metadata["Name"], installed.version, licence_of(installed))
        waiting += names(installed.requires or [])
    return sorted(found.values(), key=lambda one: one.name.lower())


def licence_of(installed: Distribution) -> str:
    """Return the licence that a library states: the expression, else the classifiers, else the first line of its text."""
    stated, text = (_first(installed, name) for name in ("License-Expression", "License"))
    classifiers = [one.rpartition(" :: ")[2] for one in installed.metadata.get_all("Classifier", []) if one.startswith(_CLASSIFIER)]
    return stated or ", ".join(classifiers) or (text if len(text) <= LICENCE_CHARS else "") or "not stated"


def _first(installed: Distribution, field: str) -> str:
    found = installed.metadata.get_all(field) or [""]
    return str(found[0]).strip().partition("\n")[0]


def names(requirements: Iterable[str]) -> list[str]:
    """Return the names in requirements, those left out that only an extra asks for."""
    kept = (one for one in requirements if "extra ==" not in one)
    return [re.sub(r"[-_.]+", "-", found[0]).lower() for one in kept if (found := _NAME.match(one))]


def _roots(checkout: Path | None) -> list[str]:
    try:
        return names(distribution(PACKAGE).requires or [])
    except PackageNotFoundError:                       # run from a checkout, which is not installed
        if checkout is None:
            return []
        return names(tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"])
