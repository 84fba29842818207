"""The conversation: questions, answers sentence by sentence with verdicts, and citation chips."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import streamlit as st

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation, Message, Role, Sentence
from halo_app.ui import state
from halo_app.ui.components import asset

_thread = st.components.v2.component(
    "halo.thread",
    html='<div class="thread"></div>',
    css=asset("thread.css"),
    js=asset("thread.js"),
)
QUOTE_SHOWN = 320


def draw(
    messages: Sequence[Message],
    key: str,
    *,
    on_save: Callable[[int], None] | None = None,
    on_retry: Callable[[int], None] | None = None,
) -> None:
    """Draw the turns; a chip opens the evidence panel, `on_save(turn)` and `on_retry(turn)` get the turn's place."""
    turns = [turn(message, key, place) for place, message in enumerate(messages)]
    _mount(turns, [cited(message) for message in messages], key, on_save, on_retry)


def draw_sections(sections: Sequence[Section], key: str) -> None:
    """Draw an output: headings with cited sentences under them, the citations numbered through."""
    whole = Message(Role.ASSISTANT, "", datetime.min, tuple(sentence for section in sections for sentence in section.sentences))
    numbers, opened = _numbers(whole), _opened(key, 0)
    turns = [
        {
            "role": "assistant",
            "title": section.title,
            "lead": "",
            "nearest": [],
            "failure": "",
            "still": True,
            "sentences": _sentences(replace(whole, sentences=section.sentences), numbers, opened),
        }
        for section in sections
    ]
    _mount(turns, [cited(whole)] * len(turns), key, one_owner=True)


def draw_citations(citations: Sequence[Citation], key: str, title: str) -> None:
    """Draw what a note rests on: one quote a line, with its chip."""
    message = Message(Role.ASSISTANT, "", datetime.min, citations=tuple(citations))
    _mount([{**turn(message, key, 0), "listed": title, "still": True}], [cited(message)], key)


def _mount(
    turns: list[dict[str, Any]],
    places: Sequence[tuple[Citation, ...]],
    key: str,
    on_save: Callable[[int], None] | None = None,
    on_retry: Callable[[int], None] | None = None,
    one_owner: bool = False,
) -> None:
    def opened() -> None:
        asked = st.session_state[key].open
        owner = _owner(key, 0 if one_owner else asked["turn"])
        state.show_evidence(state.Evidence(places[asked["turn"]], asked["n"], owner))

    _thread(
        key=key,
        data={"turns": turns},
        on_open_change=opened,
        on_save_change=lambda: on_save(st.session_state[key].save["turn"]) if on_save else None,
        on_retry_change=lambda: on_retry(st.session_state[key].retry["turn"]) if on_retry else None,
    )


def cited(message: Message) -> tuple[Citation, ...]:
    """Return the distinct citations of a message in reading order: the sentences' own, then the nearest passages."""
    own = [citation for sentence in message.sentences for citation in sentence.citations]
    return tuple(dict.fromkeys([*own, *message.citations]))


def turn(message: Message, key: str, place: int) -> dict[str, Any]:
    """Return what the script draws for one message."""
    if message.role is not Role.ASSISTANT:
        return {"role": "user", "text": message.content}
    numbers, opened = _numbers(message), _opened(key, place)
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


def _numbers(message: Message) -> dict[Citation, int]:
    return {citation: number for number, citation in enumerate(cited(message))}


def _opened(key: str, place: int) -> int | None:
    shown = state.evidence()
    return shown.place if shown and shown.owner == _owner(key, place) else None


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
    quote = citation.quote if len(citation.quote) <= QUOTE_SHOWN else f"{citation.quote[:QUOTE_SHOWN].rstrip()} …"
    return {
        "n": number,
        "label": f"{number + 1} · {citation.locator or _short(citation.source)}",
        "source": citation.source,
        "place": citation.locator,
        "quote": " ".join(quote.split()),
        "open": number == opened,
    }


def _is_quote(sentence: Sentence) -> bool:
    flat = " ".join(sentence.text.split())
    return any(" ".join(citation.quote.split()) == flat for citation in sentence.citations)


def _lead(message: Message) -> str:
    if not message.sentences:
        return message.content
    at = min((found for sentence in message.sentences if (found := message.content.find(sentence.text)) >= 0), default=0)
    return message.content[:at].strip().strip('“"').strip()


def _facts(message: Message) -> str:
    seconds, sources = message.trace.get("seconds"), {citation.source_id for citation in cited(message)}
    count = sum(1 for sentence in message.sentences if sentence.citations)
    parts = [
        f"{seconds:.2f} s" if isinstance(seconds, int | float) else "",
        _many(count, "sentence with proof", "sentences with proof"),
        _many(len(sources), "source", "sources") if sources else "",
    ]
    return " · ".join(part for part in parts if part)


def _many(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}" if count else ""


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:22].rstrip()}…"


def _owner(key: str, place: int) -> str:
    return f"{key}/{place}"
