"""Hold conversations about the sources: every question is stored before it is answered, every answer before it is done."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from typing import Protocol
from uuid import uuid4

from halo_app.domain.branching import branch_of, forked, stepped
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Answer, Attached, Conversation, Message, Recalled, Role, Sentence
from halo_app.domain.events import Delta, Done, Event, Step
from halo_app.domain.followup import Turn, resolve
from halo_app.domain.mentions import named_in
from halo_app.domain.source import Source
from halo_app.domain.titling import title_of
from halo_app.errors import BadInput, HaloError, NotFound
from halo_app.ports import Clock, Records
from halo_app.services.acting import Acts, audited, heard, unheard
from halo_app.services.answering import Answerer, Asked, Overview
from halo_app.services.chat_memory import Told

__all__ = ["ChatService", "Delta", "Done", "Event", "Step"]

UNTITLED = "New chat"
QUESTION_CHARS = 8000
NO_SELECTION = "No source is selected, so nothing was read. Tick at least one source and ask again."


class Remembers(Protocol):
    """What chats do with the memory of their user."""

    def recall(self, question: str, session_id: str = "") -> tuple[Recalled, ...]: ...

    def note(self, told: Told) -> str:
        """Write down the run of a turn; returns what went wrong, in words."""

    def forget(self, session_id: str) -> None: ...

    def bring_back(self, session_id: str) -> None: ...


@dataclass(frozen=True)
class ChatService:
    """Chats of one user. `written` gives the language model's way of answering, or None without a model.

    `sources` tells what a scope holds: a question that names one of them by its file's name is answered from it alone.
    `memory` gives what is remembered of the user, or None while memory is disabled. A chat that is not kept neither reads
    nor writes it. `name_soon` is told of a chat whose first question a language model answered.
    """

    records: Records[Conversation]
    extractive: Answerer
    overview: Overview
    clock: Clock
    user_id: str
    written: Callable[[], Answerer | None] = lambda: None
    num_history_runs: int = 3
    sources: Callable[[Scope], Sequence[Source]] = lambda scope: ()
    acts: Acts = unheard
    memory: Callable[[], Remembers | None] = lambda: None
    name_soon: Callable[[str], object] = lambda session_id: None

    def sessions(self, notebook_id: str | None = None) -> list[Conversation]:
        """Return the user's chats, the one used last first."""
        mine = [chat for chat in self.records.all(self.user_id) if notebook_id in (None, chat.notebook_id)]
        return sorted(mine, key=lambda chat: chat.updated_at, reverse=True)

    def get(self, session_id: str) -> Conversation:
        """Raises NotFound for an unknown id and for another user's chat."""
        chat = self.records.get(session_id)
        if chat.user_id != self.user_id:
            raise NotFound(f"no chat {session_id}", fix="open a chat from the list")
        return chat

    @audited("chat.create")
    def new(self, notebook_id: str) -> Conversation:
        now = self.clock()
        chat = Conversation(uuid4().hex, UNTITLED, notebook_id, self.user_id, now, now)
        self.records.put(chat)
        return chat

    @audited("chat.rename")
    def rename(self, session_id: str, title: str) -> Conversation:
        """Raises BadInput when the title is empty."""
        wanted = " ".join(title.split())[:200]
        if not wanted:
            raise BadInput("a chat needs a title", fix="type at least one letter")
        self.get(session_id)
        return self.records.change(session_id, lambda chat: replace(chat, title=wanted))

    @audited("chat.delete")
    def delete(self, session_id: str) -> Conversation:
        """Remove the chat, with the runs that were written down of it, and return it, so that it can be restored."""
        chat = self.get(session_id)
        self.records.remove(session_id)
        if memory := self.memory():
            memory.forget(session_id)
        return chat

    @audited("chat.restore")
    def restore(self, conversation: Conversation) -> None:
        """Put a deleted chat back, with the runs that went with it."""
        self.records.put(conversation)
        if memory := self.memory():
            memory.bring_back(conversation.id)

    def step(self, session_id: str, place: int, by: int) -> Conversation:
        """Show another version of a turn, with all that followed it; nothing is lost. The same chat when there is none."""
        self.get(session_id)
        return self.records.change(session_id, lambda chat: replace(chat, messages=stepped(chat.messages, place, by)))

    def pin(self, session_id: str, place: int, pinned: bool) -> Conversation:
        """Keep an answer at hand, or no longer; a language model is told of it with every question. Raises NotFound."""
        if not 0 <= place < len(self.get(session_id).messages):
            raise NotFound(f"the chat has no turn {place + 1}", fix="open the chat again")
        return self.records.change(session_id, lambda chat: replace(chat, messages=tuple(
            replace(message, pinned=pinned) if at == place else message for at, message in enumerate(chat.messages))))

    def hold(self, question: str, notebook_id: str, session_id: str | None = None, attached: Sequence[Attached] = ()) -> Conversation:
        """Store a question that is asked later, when the files that came with it can be read; asking it answers it there.

        Raises BadInput for an empty question, NotFound for an unknown session.
        """
        words = _checked(question)
        chat = self.get(session_id) if session_id else self.new(notebook_id)
        return self._note_question(chat, Message(Role.USER, words, self.clock(), attached=tuple(attached)), None)

    def ask(
        self, question: str, scope: Scope, session_id: str | None = None, keep: bool = True, earlier: Conversation | None = None,
        *, at: int | None = None, attached: Sequence[Attached] = (),
    ) -> Generator[Event]:
        """Yield what happens while the question is answered inside the scope; `Done` comes last, once.

        With `keep` the question is stored before the work begins and the answer before `Done`; a new chat is made
        when no session is named. A HaloError on the way leaves the question stored without an answer: asking it
        again in that session answers it there. Without it nothing is written anywhere; `earlier` are then the turns that
        a follow-up goes on from. `at` is the place of a turn that gets another version: a question that is worded anew, or
        an answer that is given again; what stood there is kept. Raises BadInput for an empty question, NotFound for an
        unknown session.
        """
        events = self._asked(question, scope, session_id, keep, earlier, at, tuple(attached))
        return heard(self, "chat.ask", events, session_id or "") if keep else events

    def _asked(
        self, question: str, scope: Scope, session_id: str | None, keep: bool, earlier: Conversation | None, at: int | None,
        attached: tuple[Attached, ...],
    ) -> Generator[Event]:
        asked_text = _checked(question)
        began = perf_counter()
        chat = self.get(session_id) if session_id else None if keep else earlier
        answers_again = _is_answer(chat, at)
        before = _before(chat, at)
        turns = self._turns(before, scope)
        if keep and not answers_again:
            chat = self._note_question(chat or self.new(scope.notebook_id or ""), Message(Role.USER, asked_text, self.clock(),
                                                                                          attached=attached), at)
        understood = resolve(asked_text, turns)
        kept_in = chat.id if keep and chat else ""
        asked = self._narrowed(Asked(asked_text, understood.text, scope, turns, understood.own, session_id=kept_in,
                                     pinned=self._pinned(before, scope, turns)))
        answer: Answer | None = None
        with closing(_events(self._answerer(asked), asked)) as events:
            for event in events:
                if isinstance(event, Answer):
                    answer = event
                else:
                    yield event
        if answer is None:
            raise RuntimeError("an answerer ended without an answer")
        answer = replace(answer, trace={**answer.trace, "seconds": round(perf_counter() - began, 3)})
        if keep and chat:
            place = at if answers_again and at is not None else len(chat.messages)
            answer = self._noted(chat, asked, answer, place)
        yield Done(answer, kept_in)

    def answer(self, question: str, scope: Scope, session_id: str | None = None, keep: bool = True) -> tuple[Answer, str]:
        """Return the answer and its session id ("" when nothing was kept)."""
        done = [event for event in self.ask(question, scope, session_id, keep) if isinstance(event, Done)]
        return done[-1].answer, done[-1].session_id

    def _answerer(self, asked: Asked) -> Answerer:
        if asked.scope.source_ids is not None and not asked.scope.source_ids:
            return _NothingSelected()
        if self.overview.takes(asked):
            return self.overview
        return self.written() or self.extractive

    def _narrowed(self, asked: Asked) -> Asked:
        """Return the question inside the sources that it names, without their names; as it is when it names none."""
        sources = self.sources(asked.scope)
        named, rest = named_in(asked.resolved, [source.name for source in sources])
        if not named:
            return asked
        scope = replace(asked.scope, source_ids=frozenset(source.id for source in sources if source.name in named))
        return replace(asked, resolved=rest, scope=scope, own=named_in(asked.own, named)[1], named=tuple(sorted(named)))

    def _turns(self, chat: Conversation | None, scope: Scope) -> tuple[Turn, ...]:
        """Return the last answered questions, oldest first, as they were understood; an answer only when it lies in the scope."""
        if chat is None or self.num_history_runs == 0:
            return ()
        turns: list[Turn] = []
        for asked, replied in zip(chat.messages, chat.messages[1:], strict=False):
            if asked.role is Role.USER and replied.role is Role.ASSISTANT and not replied.failure:
                best = replied.sentences[0].text if replied.sentences and _may_be_read(chat, replied.sentences[0], scope) else ""
                turns.append(Turn(str(replied.trace.get("question") or asked.content), best))
        return tuple(turns[-self.num_history_runs:])

    def _pinned(self, chat: Conversation | None, scope: Scope, turns: Sequence[Turn]) -> tuple[Turn, ...]:
        """Return the pinned answers with their questions, of each what lies in the scope; those among `turns` are told anyway."""
        pairs = zip(chat.messages, chat.messages[1:], strict=False) if chat else ()
        told = {turn.question for turn in turns}
        pinned = []
        for asked, replied in pairs:
            if chat and replied.pinned and replied.role is Role.ASSISTANT:
                said = [sentence.text for sentence in replied.sentences if _may_be_read(chat, sentence, scope)]
                turn = Turn(str(replied.trace.get("question") or asked.content), " ".join(said))
                pinned += [turn] if said and turn.question not in told else []
        return tuple(pinned)

    def _note_question(self, chat: Conversation, question: Message, at: int | None) -> Conversation:
        def with_question(chat: Conversation) -> Conversation:
            last = chat.messages[-1] if chat.messages else None
            if last and last.role is Role.USER and last.content == question.content:     # asked again after a failure
                return chat
            title = title_of(question.content) or UNTITLED if chat.title == UNTITLED and not chat.messages else chat.title
            place = len(chat.messages) if at is None else at
            return replace(chat, title=title, updated_at=question.created_at, messages=forked(chat.messages, place, (question,)))

        return self.records.change(chat.id, with_question)

    def _noted(self, chat: Conversation, asked: Asked, answer: Answer, at: int) -> Answer:
        """Keep the answer, with what is remembered for its question; when memory fails, the answer stands and says so.

        `at` is the place of the answer; one that stands there already and says the same is left as it is.
        """
        if at < len(chat.messages) and _says_the_same(chat.messages[at], answer):
            return answer
        memory = self.memory()
        try:
            recalled = memory.recall(asked.resolved, chat.id) if memory else ()
            answer = replace(answer, remembered=recalled)
        except HaloError as error:
            answer = replace(answer, trace={**answer.trace, "memory": error.message})
        message = message_of(answer, self.clock())
        branch = branch_of(forked(chat.messages, at, (message,)))
        if memory and (problem := memory.note(Told(chat.id, chat.notebook_id, at - 1, asked.question, answer, branch))):
            answer = replace(answer, trace={**answer.trace, "memory": problem})
        self._note_answer(chat.id, answer, at)
        if at == 1 and answer.trace.get("mode") == "model":
            self.name_soon(chat.id)
        return answer

    def _note_answer(self, session_id: str, answer: Answer, at: int) -> None:
        now = self.clock()
        message = message_of(answer, now)
        self.records.change(session_id, lambda chat: replace(
            chat, updated_at=now, messages=forked(chat.messages, min(at, len(chat.messages)), (message,))))


def message_of(answer: Answer, now: datetime) -> Message:
    """Return the turn that an answer makes in a chat."""
    return Message(Role.ASSISTANT, answer.text, now, answer.sentences, answer.nearest, answer.trace,
                   abstained=answer.abstained, failure=answer.failure, remembered=answer.remembered)


def _checked(question: str) -> str:
    words = question.strip()
    if not words or len(words) > QUESTION_CHARS:
        raise BadInput("the question is empty" if not words else f"the question is longer than {QUESTION_CHARS} characters",
                       fix="type a question" if not words else "shorten it, or add the text as a source")
    return words


def _is_answer(chat: Conversation | None, at: int | None) -> bool:
    return chat is not None and at is not None and 0 < at < len(chat.messages) and chat.messages[at].role is Role.ASSISTANT


def _before(chat: Conversation | None, at: int | None) -> Conversation | None:
    """Return the chat as it was before the question that the turn at `at` is, or answers."""
    if chat is None or at is None:
        return chat
    return replace(chat, messages=chat.messages[:at - 1 if _is_answer(chat, at) else at])


def _says_the_same(message: Message, answer: Answer) -> bool:
    return (message.content, message.sentences, message.citations, message.failure) == (
        answer.text, answer.sentences, answer.nearest, answer.failure)


def _events(answerer: Answerer, asked: Asked) -> Generator[Step | Delta | Answer]:
    """Give any answerer's events a `close` that reaches it: who stops listening stops the work."""
    yield from answerer.answer(asked)


def _may_be_read(chat: Conversation, sentence: Sentence, scope: Scope) -> bool:
    """Tell whether what an earlier answer said rests on sources that count now."""
    if scope.notebook_id and chat.notebook_id and scope.notebook_id != chat.notebook_id:
        return False
    return scope.source_ids is None or all(citation.source_id in scope.source_ids for citation in sentence.citations)


class _NothingSelected:
    def answer(self, asked: Asked) -> Iterator[Step | Delta | Answer]:
        yield Delta(NO_SELECTION)
        yield Answer(NO_SELECTION, True, trace={"mode": "nothing", "passages": 0, "sources": 0})
