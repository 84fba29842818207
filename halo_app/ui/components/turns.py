"""What the script of the thread draws: a message as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from halo_app.domain.branching import versions
from halo_app.domain.conversation import Citation, Message, Role, Sentence
from halo_app.ui.components import meter
from halo_app.ui.components.cites import cite, numbers_of, opened_at
from halo_app.ui.components.verdicts import explained


def turn(message: Message, key: str, place: int) -> dict[str, Any]:
    """Return what the script draws for one message."""
    version = {"place": message.version + 1, "total": versions(message)}
    if message.role is not Role.ASSISTANT:
        return {"role": "user", "text": message.content, "version": version}
    numbers, opened = numbers_of(message), opened_at(key, place)
    own = {citation for sentence in message.sentences for citation in sentence.citations}
    return {
        "role": "assistant",
        "version": version,
        "pinned": message.pinned,
        "lead": _lead(message),
        "sentences": _sentences(message, numbers, opened),
        "nearest": [cite(citation, numbers, opened) for citation in dict.fromkeys(message.citations) if citation not in own],
        "listed": "The nearest passages" if message.abstained else "",
        "failure": message.failure,
        "facts": meter.line(message),
        "meter": meter.rows(message),
        "remembered": [{"text": one.text, "why": one.why} for one in message.remembered],
        "memory": str(message.trace.get("memory", "")),
    }


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
                "why": explained(sentence, quoted=quoted),
                "quoted": quoted,
                "breaks": quoted or "\n" in between,
                "cites": [cite(citation, numbers, opened) for citation in sentence.citations],
            }
        )
        until = start + len(sentence.text) if start >= 0 else until
    return drawn


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
