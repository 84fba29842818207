"""One memory of each kind with every field set, and sixty values that are refused, each with the field that is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from halo_app.domain.conversation import Role
from halo_app.domain.memory import Conversation, Covers, Fact, Image, Message, Segment, Summary, Transcription

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

EVERY_KIND = (
    Conversation("My First Conversation", [
        Message(Role.USER, "Hello!", speaker="Ana", id="t1", created_at=NOON),
        Message(Role.ASSISTANT, "Hi there! What shall we plan?", id="t2"),
        Message(Role.USER, "A trip to Lund with the sleeper train.\nTwo nights."),
    ], session_id="s-1"),
    Fact("Ana is allergic to peanuts — also to “nut oil” 🥜.", "health", 0.75, ("t1", "t2"), ephemeral=True),
    Image("A red lighthouse in the fog", "RealVisXL_V5.0", {"steps": 30, "cfg": 6.5, "loras": ["fog"], "hires": None}, 1024, 768,
          2**63, "pictures/lighthouse 1.png"),
    Transcription("Good morning. Today we talk about heat pumps.", "en", 0.98, 12.5,
                  (Segment(0, 4.25, "Good morning.", "Ben"), Segment(4.25, 12.5, "Today we talk about heat pumps."))),
    Summary("Ana plans a trip to Lund.", Covers.CONTEXT, ("t1", "t2"), "s-1"),
)

_FACT: dict[str, Any] = {"kind": "fact", "content": "likes tea"}
_TALK: dict[str, Any] = {"kind": "conversation", "title": "A talk"}
_SAID: dict[str, Any] = {"role": "user", "content": "Hello"}
_IMAGE: dict[str, Any] = {"kind": "image", "prompt": "a cat"}
_SPOKEN: dict[str, Any] = {"kind": "transcription", "text": "Good morning."}
_SUMMARY: dict[str, Any] = {"kind": "summary", "text": "Good."}

#: (what is given, the field that the error names)
BAD_MEMORIES: tuple[tuple[Any, str], ...] = (
    ("", "content"),
    ("   \n", "content"),
    ("a bell \x07", "content"),
    ("half a sign \ud800", "content"),
    ("x" * 100_001, "content"),
    (7, "memory"),
    (None, "memory"),
    ([_FACT], "memory"),
    ({}, "kind"),
    ({"kind": "poem", "content": "x"}, "kind"),
    ({"kind": None, "content": "x"}, "kind"),
    ({"kind": "fact"}, "content"),
    (_FACT | {"content": 5}, "content"),
    (_FACT | {"colour": "blue"}, "colour"),
    (_FACT | {"title": "of another kind"}, "title"),
    (_FACT | {"confidence": 1.01}, "confidence"),
    (_FACT | {"confidence": -0.1}, "confidence"),
    (_FACT | {"confidence": "0.5"}, "confidence"),
    (_FACT | {"confidence": True}, "confidence"),
    (_FACT | {"confidence": float("nan")}, "confidence"),
    (_FACT | {"ephemeral": "yes"}, "ephemeral"),
    (_FACT | {"category": "two\nlines"}, "category"),
    (_FACT | {"source_turn_ids": "t1"}, "source_turn_ids"),
    (_FACT | {"source_turn_ids": ["t1", "t1"]}, "source_turn_ids"),
    (_FACT | {"source_turn_ids": ["../t1"]}, "source_turn_ids"),
    (_FACT | {"tags": ["a", "A"]}, "tags"),
    (_FACT | {"tags": [""]}, "tags"),
    (_FACT | {"tags": [" a"]}, "tags"),
    (_FACT | {"tags": [f"t{n}" for n in range(51)]}, "tags"),
    (_FACT | {"tags": ["x" * 101]}, "tags"),
    (_FACT | {"pinned": 1}, "pinned"),
    (_FACT | {"expires_at": "tomorrow"}, "expires_at"),
    (_FACT | {"expires_at": "2026-01-31T18:00:00"}, "expires_at"),
    (_FACT | {"occurred_at": 1_760_000_000}, "occurred_at"),
    (_FACT | {"public_id": "not hexadecimal"}, "public_id"),
    (_FACT | {"private_to": "a\u200bmodel"}, "private_to"),
    (_FACT | {"state": "forgotten"}, "state"),
    (_FACT | {"provenance": {"origin": "heaven"}}, "provenance.origin"),
    (_FACT | {"provenance": {"chat": "s-1"}}, "provenance.chat"),
    ({"kind": "conversation"}, "title"),
    (_TALK | {"title": "  "}, "title"),
    (_TALK | {"title": "A talk\x00"}, "title"),
    (_TALK | {"title": "x" * 501}, "title"),
    (_TALK | {"messages": "Hello"}, "messages"),
    (_TALK | {"messages": [_SAID | {"role": "king"}]}, "messages.0.role"),
    (_TALK | {"messages": [_SAID, {"role": "user"}]}, "messages.1.content"),
    (_TALK | {"messages": [_SAID | {"text": "Hello"}]}, "messages.0.text"),
    (_TALK | {"messages": [_SAID] * 10_001}, "messages"),
    (_IMAGE | {"width": 0}, "width"),
    (_IMAGE | {"height": 7.5}, "height"),
    (_IMAGE | {"seed": "7"}, "seed"),
    (_IMAGE | {"parameters": [1]}, "parameters"),
    (_IMAGE | {"parameters": {"steps": float("inf")}}, "parameters"),
    (_IMAGE | {"parameters": {"when": NOON}}, "parameters"),
    (_IMAGE | {"path": "a\nb"}, "path"),
    (_SPOKEN | {"language": "English"}, "language"),
    (_SPOKEN | {"language_confidence": 2}, "language_confidence"),
    (_SPOKEN | {"duration_seconds": -1}, "duration_seconds"),
    (_SPOKEN | {"segments": [{"start_seconds": 3, "end_seconds": 1, "text": "x"}]}, "segments.0"),
    (_SPOKEN | {"segments": [{"start_seconds": 3, "text": "x"}]}, "segments.0.end_seconds"),
    (_SUMMARY | {"covers": "everything"}, "covers"),
    (_SUMMARY | {"covered_ids": ["a", 5]}, "covered_ids"),
)

BAD_USERS: tuple[tuple[tuple[Any, Any, Any], str], ...] = (
    (("", "ana@example.org", "user"), "username"),
    (("x" * 65, "ana@example.org", "user"), "username"),
    (("Ana ", "ana@example.org", "user"), "username"),
    (("Ana\tB", "ana@example.org", "user"), "username"),
    (("<b>Ana</b>", "ana@example.org", "user"), "username"),
    (("Ana\u202e", "ana@example.org", "user"), "username"),
    ((None, "ana@example.org", "user"), "username"),
    (("Ana", "ana", "user"), "email"),
    (("Ana", "ana@", "user"), "email"),
    (("Ana", "ana@example", "user"), "email"),
    (("Ana", "ana b@example.org", "user"), "email"),
    (("Ana", "ana@example..org", "user"), "email"),
    (("Ana", ".ana@example.org", "user"), "email"),
    (("Ana", "ana@example.org\r\nBcc: ben@example.org", "user"), "email"),
    (("Ana", "x" * 65 + "@example.org", "user"), "email"),
    (("Ana", "ana@example.org", "king"), "role"),
    (("Ana", "ana@example.org", None), "role"),
)

BAD_USER_IDS: tuple[Any, ...] = ("", " ", "ana ", "a/b", "a\\b", "..", "a\x00b", "a\nb", "e\u0301", "\ud800", "x" * 201, 5, None)
BAD_MEMORY_IDS: tuple[Any, ...] = (0, -1, True, 1.5, "", "x", "1 OR 1=1", "0" * 31 + "G", 2**63, None)
