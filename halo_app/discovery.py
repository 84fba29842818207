"""Collect the one offer that each plug-in module of a room makes; two offers of one name are an error."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


def offers(room: ModuleType, attribute: str) -> dict[str, Any]:
    """Return module name -> its `attribute` (PARSER, PROVIDER, TEMPLATE, EXPORTER), in name order.

    Modules of `room` without the attribute offer nothing. Adding a plug-in is adding a file.
    """
    found: dict[str, Any] = {}
    for info in sorted(iter_modules(room.__path__), key=lambda info: info.name):
        module = import_module(f"{room.__name__}.{info.name}")
        if hasattr(module, attribute):
            found[info.name] = getattr(module, attribute)
    return found


def by_name(offered: dict[str, Any]) -> dict[str, Any]:
    """Return offer name -> offer; raises ValueError naming both modules when two share a name."""
    named: dict[str, Any] = {}
    homes: dict[str, str] = {}
    for module, offer in offered.items():
        if offer.name in named:
            raise ValueError(f"{module!r} and {homes[offer.name]!r} both offer {offer.name!r}: rename one of them")
        named[offer.name], homes[offer.name] = offer, module
    return named
