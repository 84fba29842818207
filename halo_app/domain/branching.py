"""Other ways a chat went on: a turn that was asked or answered again keeps its earlier version with all that followed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from halo_app.domain.conversation import Message

Messages = tuple[Message, ...]


def versions(message: Message) -> int:
    """Return in how many versions there is this turn."""
    return len(message.others) + 1


def forked(messages: Sequence[Message], at: int, new: Sequence[Message]) -> Messages:
    """Return the chat that goes on from place `at` with `new`, its latest version, in view; what stood there is kept."""
    earlier = _ways(messages[at:]) if at < len(messages) else []
    return (*messages[:at], *_in_view([*earlier, tuple(new)], len(earlier)))


def stepped(messages: Sequence[Message], at: int, by: int) -> Messages:
    """Return the chat with the version `by` places on in view at place `at`; the same when there is none."""
    if not 0 <= at < len(messages):
        return tuple(messages)
    ways = _ways(messages[at:])
    wanted = messages[at].version + by
    return (*messages[:at], *_in_view(ways, wanted)) if 0 <= wanted < len(ways) else tuple(messages)


def everything(messages: Sequence[Message]) -> Iterator[Message]:
    """Yield every message of every branch, those in view first."""
    yield from messages
    for message in messages:
        for way in message.others:
            yield from everything(way)


def branch_of(messages: Sequence[Message]) -> str:
    """Return what tells this branch from the others of its chat: `2v1` when its third message is a second version, "" without any."""
    return ".".join(f"{place}v{message.version}" for place, message in enumerate(messages) if message.version)


def _ways(tail: Sequence[Message]) -> list[Messages]:
    """Return all versions of a tail in order, none of them knowing of the others."""
    first = tail[0]
    ways = list(first.others)
    ways.insert(first.version, (replace(first, others=(), version=0), *tail[1:]))
    return ways


def _in_view(ways: list[Messages], place: int) -> Messages:
    first, *rest = ways[place]
    return (replace(first, others=(*ways[:place], *ways[place + 1:]), version=place), *rest)
