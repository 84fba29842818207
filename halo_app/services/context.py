"""Fit the evidence for a question, and the turns before it, into what a language model may be given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from halo_app.domain.budgeting import Count
from halo_app.domain.chunk import Passage
from halo_app.domain.prompting import Excerpt, count_tokens, fit
from halo_app.domain.reading import around
from halo_app.domain.source import Parsed
from halo_app.domain.verifying import Evidence
from halo_app.plugins import Prompt
from halo_app.ports import Texts
from halo_app.services.answering import Asked


@dataclass(frozen=True, slots=True)
class Context:
    """What is sent: the prompt, and the passages in it in the order of their numbers; `trace` tells what was left out."""

    prompt: Prompt
    passages: tuple[Evidence, ...]
    trace: Mapping[str, Any]


@dataclass(frozen=True)
class ContextService:
    """Builds prompts of at most `max_context_tokens` by `count`; the answer may have `max_tokens` besides."""

    texts: Texts
    max_context_tokens: int
    max_tokens: int
    count: Count = count_tokens

    def build(self, asked: Asked, found: Sequence[Passage]) -> Context:
        """Return what to send; `passages` is empty when not even a piece of the first passage has room."""
        whole = [self._whole(passage) for passage in found]
        excerpts = [Excerpt(one.source, _label(passage), one.text) for one, passage in zip(whole, found, strict=True)]
        fitted = fit(asked.question, excerpts, asked.turns, budget=self.max_context_tokens, meant=asked.resolved, pinned=asked.pinned,
                     count=self.count)
        given = [whole[place] for place in fitted.given]
        sent = tuple(Evidence(one.source_id, one.source, one.text[:length], one.start, one.locate)
                     for one, length in zip(given, fitted.lengths, strict=True))
        dropped = {"passages": fitted.dropped_passages, "turns": fitted.dropped_turns, "pinned": fitted.dropped_pinned,
                   "cut": list(fitted.cut)}
        pinned = len(asked.pinned) - fitted.dropped_pinned
        trace = {"passages": len(sent), "sources": len({one.source_id for one in sent}), "context_tokens": fitted.tokens,
                 "room": self.max_context_tokens, "turns": (len(fitted.turns) - 1) // 2 - pinned,
                 **({"pinned": pinned} if pinned else {}), "dropped": {name: what for name, what in dropped.items() if what}}
        return Context(Prompt(fitted.system, fitted.turns, self.max_tokens), sent, trace)

    def _whole(self, passage: Passage) -> Evidence:
        """Return the passage with the sentences at its edges whole."""
        chunk = passage.chunk
        parsed = self.texts.get(chunk.source_id)
        spans = [span for span in around(parsed, chunk) if span.end > chunk.start]
        start, end = (spans[0].start, spans[-1].end) if spans else (chunk.start, chunk.end)
        return Evidence(chunk.source_id, passage.source, parsed.text[start:end], start, partial(_locate, parsed))


def _locate(parsed: Parsed, start: int, end: int) -> str:
    place = parsed.locate(start, end)
    return place.label if place else ""


def _label(passage: Passage) -> str:
    return passage.locator.label if passage.locator else ""
