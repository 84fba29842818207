"""What the script of the thread draws: a message as plain data, its citations numbered in reading order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation, Message, Role, Sentence
from halo_app.ui import state
from halo_app.ui.words import many, shortened

QUOTE_SHOWN = 320


def cited(message: Message) -> tuple[Citation, ...]:
    """Return the distinct citations of a message in reading order: the sentences' own, then the nearest passages."""
    own = [citation for sentence in message.sentences for citation in sentence.citations]
    return tuple(dict.fromkeys([*own, *message.citations]))


def owner(key: str, place: int) -> str:
    """Return the name by which the evidence panel knows whose citations it shows."""
    return f"{key}/{place}"


def sections(parts: Sequence[Section], whole: Message, key: str) -> list[dict[str, Any]]:
    """Return one turn per section of an output; `whole` holds all its sentences, so that the numbers go through."""
    numbers, opened = numbers_of(whole), opened_at(key, 0)
    return [
        {
            "role": "assistant",
            "title": part.title,
            "lead": "",
            "nearest": [],
            "failure": "",
            "still": True,
            "sentences": _sentences(replace(whole, sentences=part.sentences), numbers, opened),
        }
        for part in parts
    ]


def turn(message: Message, key: str, place: int) -> dict[str, Any]:
    """Return what the script draws for one message."""
    if message.role is not Role.ASSISTANT:
        return {"role": "user", "text": message.content}
    numbers, opened = numbers_of(message), opened_at(key, place)
    own = {citation for sentence in message.sentences for citation in sentence.citations}
    return {
        "role": "assistant",
        "lead": _lead(message),
        "sentences": _sentences(message, numbers, opened),
        "nearest": [_cite(citation, numbers, opened) for citation in dict.fromkeys(message.citations) if citation not in own],
        "listed": "The nearest passages" if message.abstained else "",
        "failure": message.failure,
        "facts": _facts(message),
    }


def numbers_of(message: Message) -> dict[Citation, int]:
    return {citation: number for number, citation in enumerate(cited(message))}


def opened_at(key: str, place: int) -> int | None:
    shown = state.evidence()
    return shown.place if shown and shown.owner == owner(key, place) else None


def _sentences(message: Message, numbers: Mapping[Citation, int], opened: int | None) -> list[dict[str, Any]]:
    drawn, until = [], 0
    for sentence in message.sentences:
        start = message.content.find(sentence.text, until)
        between = message.content[until:start] if start >= 0 else ""
        quoted = _is_quote(sentence)
        drawn.append(
            {
                "text": sentence.text,
                "verdict": sentence.verdict.value,
                "reason": sentence.reason,
                "quoted": quoted,
                "breaks": quoted or "\n" in between,
                "cites": [_cite(citation, numbers, opened) for citation in sentence.citations],
            }
        )
        until = start + len(sentence.text) if start >= 0 else until
    return drawn


def _cite(citation: Citation, numbers: Mapping[Citation, int], opened: int | None) -> dict[str, Any]:
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


def _is_quote(sentence: Sentence) -> bool:
    flat = " ".join(sentence.text.split())
    return any(" ".join(citation.quote.split()) == flat for citation in sentence.citations)


def _lead(message: Message) -> str:
    """Return the line above the sentences; a sentence that a model wrote at the very start is none."""
    first, _, more = message.content.strip().partition("\n\n")
    if not message.sentences:
        return message.content
    starts = any(first.lstrip('“"*').startswith(sentence.text[:40]) for sentence in message.sentences)
    return "" if starts or not more else first


def _facts(message: Message) -> str:
    seconds, sources = message.trace.get("seconds"), {citation.source_id for citation in cited(message)}
    count = sum(1 for sentence in message.sentences if sentence.citations)
    parts = [
        f"{seconds:.2f} s" if isinstance(seconds, int | float) else "",
        many(count, "sentence with proof", "sentences with proof"),
        many(len(sources), "source", "sources") if sources else "",
    ]
    return " · ".join(part for part in parts if part)
