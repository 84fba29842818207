"""Number citations the way every export shows them."""

from __future__ import annotations

from collections.abc import Sequence

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation


def numbered(sections: Sequence[Section]) -> dict[Citation, int]:
    """Return each different citation with its number, from 1, in order of first use."""
    numbers: dict[Citation, int] = {}
    for citation in (one for section in sections for sentence in section.said for one in sentence.citations):
        numbers.setdefault(citation, len(numbers) + 1)
    return numbers
