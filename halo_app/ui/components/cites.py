"""The citations of a message: numbered in reading order, with the place as short as it stays clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from halo_app.domain.conversation import Citation, Message
from halo_app.ui import state
from halo_app.ui.words import shortened

QUOTE_SHOWN = 320


def cited(message: Message) -> tuple[Citation, ...]:
    """Return the distinct citations of a message in reading order: the sentences' own, then the nearest passages."""
    own = [citation for sentence in message.sentences for citation in sentence.citations]
    return tuple(dict.fromkeys([*own, *message.citations]))


def owner(key: str, place: int) -> str:
    """Return the name by which the evidence panel knows whose citations it shows."""
    return f"{key}/{place}"


def numbers_of(message: Message) -> dict[Citation, int]:
    """Return citation -> its number, from 0."""
    return {citation: number for number, citation in enumerate(cited(message))}


def opened_at(key: str, place: int) -> int | None:
    """Return the number of the citation that the evidence panel shows, if it is one of this turn's."""
    shown = state.evidence()
    return shown.place if shown and shown.owner == owner(key, place) else None


def cite(citation: Citation, numbers: Mapping[Citation, int], opened: int | None) -> dict[str, Any]:
    """Return what the script draws for one citation."""
    number = numbers[citation]
    return {
        "n": number,
        "label": f"{number + 1} · {_place(citation)}",
        "source": citation.source,
        "place": citation.locator,
        "quote": shortened(citation.quote, QUOTE_SHOWN),
        "open": number == opened,
    }


def _place(citation: Citation) -> str:
    """Return the place as short as it stays clear: the last part of a path of headings; the source where there are no places."""
    if citation.locator.startswith("“") and " › " in citation.locator:
        return f"“{citation.locator.rpartition(' › ')[2]}"
    return shortened(citation.locator or citation.source, 32)
