"""What pages are drawn with: small components that put every dynamic text into the page as text, never as markup."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parent


def asset(name: str) -> str:
    """Return the constant script or style of a component."""
    return (_HERE / name).read_text(encoding="utf-8")
