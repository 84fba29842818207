"""Let a language model give a chat its name, behind the answer; a name given by hand is never touched."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from halo_app.domain.conversation import Conversation, Role
from halo_app.domain.ledger import Sending
from halo_app.domain.prompting import spoken
from halo_app.domain.titling import read_title, title_of
from halo_app.errors import ModelUnavailable, NotFound
from halo_app.plugins import Prompt, Provider
from halo_app.ports import Clock, Ledger, Records
from halo_app.services.background import Background

SYSTEM = ("Give the conversation that begins with this question a name of two to six words, in the language of the question. "
          "Write the name alone: no quotation marks, no full stop, no explanation.")
QUESTION_CHARS = 1000
TOKENS = 64
_log = logging.getLogger(__name__)


class NamingService:
    """Only the first question goes to the model; to one outside this machine it is noted first, like every sending."""

    def __init__(self, records: Records[Conversation], provider: Callable[[], Provider | None], ledger: Ledger, clock: Clock) -> None:
        self._records, self._provider, self._ledger, self._clock = records, provider, ledger, clock
        self._waiting: deque[str] = deque()
        self._background = Background("halo-naming", self._turn)

    def soon(self, session_id: str) -> None:
        """Name the chat when there is time; when the model fails, the chat keeps the name that it has."""
        self._waiting.append(session_id)
        self._background.wake()

    def wait(self, seconds: float) -> bool:
        """Wait until every chat has its name, at most so long."""
        return self._background.wait(seconds)

    def close(self) -> None:
        self._background.close(1.0)

    def _turn(self) -> bool:
        if not self._waiting:
            return False
        session_id = self._waiting.popleft()
        try:
            self._name(session_id)
        except (NotFound, ModelUnavailable) as error:
            _log.info("a chat keeps its name: %s", error.message)
        return bool(self._waiting)

    def _name(self, session_id: str) -> None:
        provider, chat = self._provider(), self._records.get(session_id)
        question = _first_question(chat)
        if provider is None or not _is_named_by_itself(chat):
            return
        if not provider.is_local:
            self._ledger.note(Sending(self._clock(), chat.user_id, provider.place, provider.name, chat.id))
        prompt = Prompt(SYSTEM, (("user", question[:QUESTION_CHARS]),), TOKENS)
        name = read_title("".join(spoken(provider.stream(prompt))))
        if name:
            self._records.change(session_id, lambda now: replace(now, title=name) if _is_named_by_itself(now) else now)


def _first_question(chat: Conversation) -> str:
    return next((message.content for message in chat.messages if message.role is Role.USER), "")


def _is_named_by_itself(chat: Conversation) -> bool:
    question = _first_question(chat)
    return question != "" and chat.title == title_of(question)
