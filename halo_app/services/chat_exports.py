"""Write a chat as a file to take along: every question a heading, every citation a footnote with source, place and quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Conversation, Message, Role, Sentence, Verdict
from halo_app.domain.shortening import shortened
from halo_app.errors import BadInput
from halo_app.plugins import Exporter
from halo_app.services.acting import Acts, audited, unheard

HEADING_CHARS = 160
NEAREST = "The nearest passages:"
NO_ANSWER = "This question has no answer yet."


@dataclass(frozen=True)
class ChatExports:
    """`find` gives one of the user's chats; `exporters` are the output formats, by suffix."""

    find: Callable[[str], Conversation]
    exporters: Mapping[str, Exporter]
    user_id: str
    acts: Acts = unheard

    def formats(self) -> list[str]:
        return sorted(self.exporters)

    @audited("chat.export")
    def export(self, session_id: str, suffix: str) -> tuple[bytes, str, str]:
        """Return the chat's bytes in that format, the media type and a file name. Raises NotFound, BadInput for an unknown format."""
        if suffix not in self.exporters:
            raise BadInput(f"cannot write .{suffix}", fix=f"choose one of {', '.join(self.formats())}")
        chat, exporter = self.find(session_id), self.exporters[suffix]
        name = " ".join(re.sub(r"[^\w-]+", " ", chat.title).split())[:80] or "chat"
        return exporter.write(chat.title, sections_of(chat)), exporter.media_type, f"{name}.{suffix}"


def sections_of(chat: Conversation) -> list[Section]:
    """Return a section per question; one without an answer says so."""
    sections: list[Section] = []
    for place, message in enumerate(chat.messages):
        if message.role is Role.USER:
            following = chat.messages[place + 1] if place + 1 < len(chat.messages) else None
            answered = following is not None and following.role is Role.ASSISTANT
            said = _answer(following) if answered and following else (_plain(NO_ANSWER),)
            heading = shortened(message.content, HEADING_CHARS)
            whole = (_plain(message.content),) if heading.endswith("…") else ()
            sections.append(Section(heading, (*whole, *said)))
    return sections


def _answer(message: Message) -> tuple[Sentence, ...]:
    failed = (_plain(f"The language model gave no answer. {message.failure}"),) if message.failure else ()
    if message.sentences:
        return (*failed, *map(_judged, message.sentences))
    nearest = tuple(Sentence(f"“{one.quote}”", Verdict.VERIFIED, (one,)) for one in message.citations)
    return (*failed, _plain(message.content), *((_plain(NEAREST), *nearest) if nearest else ()))


def _judged(sentence: Sentence) -> Sentence:
    """Return the sentence with its verdict in words, unless it is verified."""
    if sentence.verdict is Verdict.VERIFIED:
        return sentence
    why = f": {sentence.reason}" if sentence.reason else ""
    return replace(sentence, text=f"{sentence.text} ({sentence.verdict}{why})")


def _plain(text: str) -> Sentence:
    return Sentence(text, Verdict.VERIFIED)
