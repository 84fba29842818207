"""What went into an answer: what was considered, what was used, what was left out and why, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from halo_app.domain.conversation import Message
from halo_app.ui.components.cites import cited
from halo_app.ui.words import many

Row = tuple[str, str]
_NO_ROOM = "no room was left"
_CUT = {"question": "The question was longer than its share, and its end was cut.",
        "passage": "The first passage was longer than the room there was, and its end was cut."}


def line(message: Message) -> str:
    """Return the quiet line under an answer: time, sentences with proof, sources."""
    seconds, sources = message.trace.get("seconds"), {citation.source_id for citation in cited(message)}
    count = sum(1 for sentence in message.sentences if sentence.citations)
    parts = [
        f"{seconds:.2f} s" if isinstance(seconds, int | float) else "",
        many(count, "sentence with proof", "sentences with proof") if count else "",
        many(len(sources), "source", "sources") if sources else "",
    ]
    return " · ".join(part for part in parts if part)


def rows(message: Message) -> list[Row]:
    """Return (what, in words) for everything that is known of how the answer came about; nothing for an answer without a trace."""
    trace = message.trace
    dropped = trace.get("dropped") if isinstance(trace.get("dropped"), Mapping) else {}
    assert isinstance(dropped, Mapping)
    found = [
        ("Read as", f"“{trace['question']}”" if trace.get("question") else ""),
        ("Passages", _passages(message, dropped)),
        ("Earlier turns", _turns(trace, dropped)),
        ("Pinned answers", _pinned(trace, dropped)),
        ("Memories", _memories(message)),
        ("Room used", _room(trace)),
        ("Cut short", " ".join(_CUT[name] for name in dropped.get("cut", ()) if name in _CUT)),
        ("Not readable", ", ".join(trace.get("unreadable", ()))),
        ("Written by", _written_by(trace, bool(message.failure))),
    ]
    return [(name, words) for name, words in found if words] if trace else []


def _passages(message: Message, dropped: Mapping[str, Any]) -> str:
    trace = message.trace
    considered = _number(trace.get("considered", trace.get("passages")))
    if not considered:
        return "No passage of the ticked sources was close to the question." if trace.get("mode") in ("extractive", "nothing") else ""
    used = len({(one.source_id, one.start) for sentence in message.sentences for one in sentence.citations})
    if trace.get("mode") != "model":
        compared = _number(trace.get("compared"))
        said = f"{considered} considered, {many(used, 'sentence')} quoted" if used else f"{considered} considered, none quoted"
        return f"{said}{f' of {compared} compared' if compared else ''}. The others fit the question less well."
    sent, left_out = _number(trace.get("passages")), _number(dropped.get("passages"))
    out = f" {left_out} left out: {_NO_ROOM}." if left_out else ""
    return f"{considered} considered, {sent} sent to the model, {used} cited.{out}"


def _turns(trace: Mapping[str, Any], dropped: Mapping[str, Any]) -> str:
    sent, left_out = _number(trace.get("turns")), _number(dropped.get("turns"))
    out = f", {left_out} left out: their share of the room was used up" if left_out else ""
    return f"{sent} sent{out}." if sent or left_out else ""


def _pinned(trace: Mapping[str, Any], dropped: Mapping[str, Any]) -> str:
    sent, left_out = _number(trace.get("pinned")), _number(dropped.get("pinned"))
    out = f", {left_out} left out: their share of the room was used up" if left_out else ""
    return f"{sent} sent{out}." if sent or left_out else ""


def _memories(message: Message) -> str:
    count = len(message.remembered)
    return f"{count} shown beside the answer. Memories are never a source, and none was sent." if count else ""


def _room(trace: Mapping[str, Any]) -> str:
    tokens, room = _number(trace.get("context_tokens")), _number(trace.get("room"))
    return f"{tokens:,} of {room:,} tokens, {100 * tokens // room} %." if tokens and room else ""


def _written_by(trace: Mapping[str, Any], failed: bool) -> str:
    if trace.get("mode") == "model":
        return f"{trace.get('model', 'a language model')}, {'on this machine' if trace.get('local') else 'in the cloud'}."
    if trace.get("mode") == "extractive":
        why = ", because the model gave no answer." if failed else "; no model was asked."
        return f"Your sources themselves, word for word{why}"
    return ""


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0
