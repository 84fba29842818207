"""What a chat does with the memory: recalls before the answer is shown, writes the run down after it, and keeps what is asked."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from halo_app.domain.branching import branch_of
from halo_app.domain.confidential import may_hold_secret, without_secrets
from halo_app.domain.conversation import Answer, Conversation, Recalled
from halo_app.domain.memory import AgentRun, Fact, Kind, Memory, Origin, Provenance, Sought, State
from halo_app.domain.observing import category, observe
from halo_app.domain.user import Principal
from halo_app.domain.wording import stem
from halo_app.errors import BadInput, HaloError
from halo_app.memory_ports import MemoryStore
from halo_app.ports import Clock
from halo_app.services.observing import ObservingService, Turn
from halo_app.services.reconciling import Kept, ReconcilingService

SHOWN = 3                       # recalled memories under an answer
BROUGHT_BACK = 20               # deleted chats whose runs can come back with them
MOST_CHARS = 2000               # of what is remembered from a message by hand
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A turn that is over: what was asked in which chat, and what was answered. `place` is the question's in the chat.

    `branch` tells apart what stands at the same place in other versions of the chat.
    """

    session_id: str
    notebook_id: str
    place: int
    question: str
    answer: Answer
    branch: str = ""

    @property
    def turn_id(self) -> str:
        return turn_name(self.session_id, self.place, self.branch)


def turn_of(chat: Conversation, place: int) -> Told:
    """Return a turn of a chat that is over: the question at that place with the answer after it."""
    replied = chat.messages[place + 1] if place + 1 < len(chat.messages) else None
    answer = Answer(replied.content, replied.abstained, replied.sentences, replied.citations) if replied else Answer("", True)
    return Told(chat.id, chat.notebook_id, place, chat.messages[place].content, answer, branch_of(chat.messages[:place + 2]))


class Recall(Protocol):
    """Search over memories that nobody asked for."""

    def unasked(self, who: Principal, user_id: str, query: str, *, limit: int, where: Sought) -> list[Memory]: ...


@dataclass(frozen=True)
class ChatMemory:
    """The memory of one user as chats use it. What fails is told in words beside an answer that stands."""

    store: MemoryStore
    search: Recall
    keeping: ReconcilingService
    observing: ObservingService
    who: Principal
    clock: Clock
    agent: Callable[[], str] = lambda: "HALO"
    forgotten: dict[str, list[AgentRun]] = field(default_factory=dict)      # by chat, oldest first

    def recall(self, question: str, session_id: str = "") -> tuple[Recalled, ...]:
        """Return what is known that bears on the question, best first; nothing that this chat itself has just said."""
        found = self.search.unasked(self.who, self.who.user_id, question, limit=2 * SHOWN, where=Sought(kinds=_RECALLED, model=""))
        others = [memory for memory in found if memory.provenance.session_id != session_id or not session_id]
        return tuple(Recalled(memory.public_id, _text_of(memory), why(question, memory), memory.score or 0.0)
                     for memory in others[:SHOWN])

    def note(self, told: Told) -> str:
        """Write the run of a turn down and have the turn observed; returns what went wrong, in words, "" when nothing did."""
        data = {
            "question": without_secrets(told.question), "answer": told.answer.text, "turn_id": told.turn_id,
            "notebook_id": told.notebook_id, "mode": str(told.answer.trace.get("mode", "")), "abstained": told.answer.abstained,
            "remembered": [one.memory_id for one in told.answer.remembered]}
        try:
            name = self.agent()
            self.store.add_run(self.who, AgentRun(told.session_id, name, data, self.who.user_id, created_at=self.clock()))
            self.observing.observe(self.turn(told, name))
        except HaloError as error:
            log.warning("a run could not be written down: %s", error.message)
            return error.message
        return ""

    def turn(self, told: Told, agent: str = "") -> Turn:
        """Return the turn as it is observed: what the answer shows of the sources would be an echo."""
        answer = told.answer
        cited = [citation.quote for sentence in answer.sentences for citation in sentence.citations]
        shown = tuple(dict.fromkeys([*cited, *(citation.quote for citation in answer.nearest)]))
        return Turn(self.who.user_id, told.question, told.session_id, told.turn_id, told.notebook_id, agent, said_at=self.clock(),
                    sources=shown)

    def remember(self, text: str, *, session_id: str = "", place: int = 0, notebook_id: str = "", by_user: bool = True) -> Kept:
        """Keep a message because the user asks for it: its facts when it tells some, else its words. Needs no consent.

        Raises BadInput for an empty or very long text and for one that holds a secret, StoreUnavailable.
        """
        said = " ".join(text.split())
        if not said or len(said) > MOST_CHARS:
            raise BadInput(f"a memory has 1 to {MOST_CHARS} characters", fix="remember a shorter part, or save it as a note")
        if may_hold_secret(said):
            raise BadInput("this looks like a password, key or card number, and HALO does not remember those",
                           fix="keep it in a password manager")
        turn_id = turn_name(session_id, place)
        where = Provenance(Origin.EXPLICIT, session_id, turn_id, notebook_id, "" if by_user else self.agent())
        told = observe(said, turn_id=turn_id) if by_user else []
        facts = told or [Fact(said, category(said), 1.0, (turn_id,))]
        kept = [self.keeping.keep(self.who, Memory(fact, user_id=self.who.user_id, provenance=where, occurred_at=self.clock()))
                for fact in facts]
        return kept[0]

    def suggested(self, session_id: str) -> list[Memory]:
        """Return what was suggested from this chat and waits for the user's word, oldest first."""
        waiting = self.store.select(self.who, self.who.user_id, Sought(states=(State.SUGGESTED,)))
        return [one for one in reversed(waiting) if session_id in {where.session_id for where in (one.provenance, *one.merged)}]

    def accept(self, memory_id: int | str) -> Kept:
        """Keep a suggestion. Raises NotFound."""
        return self.keeping.accept(self.who, self.store.get(self.who, self.who.user_id, memory_id))

    def reject(self, memory_id: int | str) -> None:
        """Delete a suggestion for good; what is kept stays."""
        self.keeping.reject(self.who, self.store.get(self.who, self.who.user_id, memory_id))

    def forget(self, session_id: str) -> None:
        """Delete the runs of a chat that is deleted; those of the last few chats can be brought back as long as this process lives."""
        runs = self.store.runs(self.who, self.who.user_id, session_id=session_id)
        self.store.remove_runs(self.who, self.who.user_id, session_id)
        self.forgotten[session_id] = list(reversed(runs))
        while len(self.forgotten) > BROUGHT_BACK:
            self.forgotten.pop(next(iter(self.forgotten)), None)

    def bring_back(self, session_id: str) -> None:
        """Write down again the runs of a chat that is restored, as they were."""
        runs = self.forgotten.get(session_id, [])
        while runs:
            self.store.add_run(self.who, runs[0])
            runs.pop(0)
        self.forgotten.pop(session_id, None)


_RECALLED = (Kind.FACT, Kind.SUMMARY, Kind.TRANSCRIPTION, Kind.CONVERSATION)
_WORD = re.compile(r"[^\W\d_]{4,}|\d+")
_COMMON = frozenset(stem(word) for word in """
    user users what when where which about have does with from that this your their mine""".split())


def turn_name(session_id: str, place: int, branch: str = "") -> str:
    """Return the name of a chat's message, by its place from 0: it stands in provenance and leads back to the turn."""
    return f"{session_id}:{place}{'@' if branch else ''}{branch}" if session_id else ""


def why(question: str, memory: Memory) -> str:
    """Say why a memory came up: the words that it shares with the question, or its meaning."""
    said = memory.match.text if memory.match else memory.text
    shared = _shared(question, said)
    quoted = [f"“{word}”" for word in shared[:3]]
    mentions = f"it mentions {' and '.join(filter(None, [', '.join(quoted[:-1]), quoted[-1]]))}" if quoted else ""
    return mentions or "it is close in meaning to your question"


def _shared(question: str, said: str) -> Sequence[str]:
    asked = {stem(word.lower()) for word in _WORD.findall(question)} - _COMMON
    return list(dict.fromkeys(word for word in _WORD.findall(said) if stem(word.lower()) in asked))


def _text_of(memory: Memory) -> str:
    return memory.match.text if memory.match and memory.kind is not Kind.FACT else memory.text
