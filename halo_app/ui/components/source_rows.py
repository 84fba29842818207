"""What a row or a card of the list says of a source, and what the list as a whole is given to draw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from halo_app.domain.listing import Known, Standing, Wish, kinds, window
from halo_app.domain.source import Source
from halo_app.domain.tagging import tags_in
from halo_app.ui.components import source_words
from halo_app.ui.words import counting, day, many, size

PLAYED = frozenset({"mp3", "wav", "m4a", "ogg"})
STANDINGS = {
    Standing.COUNTS: "Count when you ask", Standing.LEFT_OUT: "Left out when you ask", Standing.CITED: "Cited",
    Standing.UNCITED: "Never cited", Standing.REMARKS: "With remarks", Standing.MISSING: "Original missing",
}


def view(sources: Sequence[Source], found: Sequence[Source], wish: Wish, known: Known, chosen: Collection[str]) -> dict[str, Any]:
    """Return what the list draws: the filters with what they can be, one page of rows, and the words above them."""
    shown, page, pages = window(found, wish.page)
    return {
        "wish": {"words": wish.words, "kind": wish.kind, "standing": wish.standing, "tag": wish.tag,
                 "order": wish.order.value, "descending": wish.descending},
        "kinds": [{"value": kind, "words": f"{kind.upper()} ({count:,})"} for kind, count in kinds(sources).items()],
        "standings": [{"value": standing.value, "words": words} for standing, words in STANDINGS.items()],
        "tags": [{"value": tag, "words": f"{tag} ({count:,})"} for tag, count in tags_in(one.tags for one in sources).items()],
        "rows": [row(source, known) for source in shown],
        "chosen": [source.id for source in shown if source.id in chosen],
        "chosenCount": len(chosen), "matching": len(found), "page": page, "pages": pages, "filtered": wish.filters,
        "summary": summary(sources, found, wish, known),
        "range": f"{page * 50 + 1:,}–{page * 50 + len(shown):,} of {len(found):,}" if found else "",
    }


def row(source: Source, known: Known) -> dict[str, Any]:
    """Return one source as the list draws it, all of it words."""
    cited = known.cited.get(source.id, 0)
    return {
        "id": source.id, "name": source.name, "on": source.id in known.ticked, "tags": list(source.tags),
        "facts": " · ".join(part for part in (source_words.facts(source), f"cited {many(cited, 'time')}" if cited else "") if part),
        "remarks": source_words.remarks(source), "missing": source.missing, "plays": source.type in PLAYED and not source.missing,
        "cells": {"kind": source.type.upper(), "pages": f"{source.pages:,}" if source.pages else "", "size": size(source.size_bytes),
                  "added": day(source.created_at), "cited": f"{cited:,}" if cited else ""},
    }


def summary(sources: Sequence[Source], found: Sequence[Source], wish: Wish, known: Known) -> str:
    """Return how many sources there are, how much they take, and how many of them count."""
    words = counting(len(known.ticked), len(sources))
    stored = size(sum(source.size_bytes for source in sources))
    if wish.filters:
        return f"{len(found):,} of {many(len(sources), 'source')} match · {size(sum(one.size_bytes for one in found))} of {stored}"
    return f"{words[:1].upper()}{words[1:]} when you ask · {stored} stored"


def names(sources: Mapping[str, Source], source_ids: Sequence[str]) -> str:
    """Return the sources in a few words: the name of one, else how many."""
    there = [sources[source_id] for source_id in source_ids if source_id in sources]
    return f"“{there[0].name}”" if len(there) == 1 else many(len(there), "source")
