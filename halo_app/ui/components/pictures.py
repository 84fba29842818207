"""The picture of a cited page with the quoted words boxed, for sources that have pages."""

from __future__ import annotations

from dataclasses import dataclass

from halo_app.domain.conversation import Citation
from halo_app.domain.source import Source


@dataclass(frozen=True, slots=True)
class Picture:
    """A data address of the image, and how far down the first box stands (0 to 1)."""

    address: str
    focus: float


def of(source: Source, citation: Citation) -> Picture | None:
    """Return the page picture, or None when the source has no pages to show."""
    return None
