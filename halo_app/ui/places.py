"""Where the pages lie; a further file in the folder is a further page."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from halo_app.settings import CHECKOUT, PACKAGE


def folder() -> Path:
    """Return the folder: beside the package in a checkout, inside it when installed."""
    return CHECKOUT / "pages" if CHECKOUT else PACKAGE / "pages"


def page_names(first: Iterable[str] = ()) -> list[str]:
    """Return the names of the pages that exist: those of `first` in its order, then the others."""
    found = sorted(path.stem for path in folder().glob("*.py"))
    leading = [name for name in first if name in found]
    return [*leading, *(name for name in found if name not in leading)]
