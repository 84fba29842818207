"""Put a question, show the answer as it comes, and keep what the reader wants to keep."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import streamlit as st

from halo_app.domain.branching import forked, stepped
from halo_app.domain.conversation import Answer, Attached, Conversation, Message, Role
from halo_app.domain.events import Delta, Done, Event, Step
from halo_app.errors import HaloError
from halo_app.services.chat import message_of
from halo_app.ui import address, faults, state, state_turns
from halo_app.ui.components import attaching, intakes, thread_live
from halo_app.ui.components.thread import Choices
from halo_app.ui.words import many

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_FOR_NOTICING = 0.5
STOPPED = "This was stopped before there was an answer."
THE_SAME = "The sources that count say the same as before, so the answer stays as it is."


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked in this run; `at` is the place of the turn that gets another version, None at the end of the chat."""

    text: str
    at: int | None = None
    attached: tuple[Attached, ...] = ()


def shown_before(question: Question | None, chat: Conversation) -> tuple[Message, ...]:
    """Return the turns that stand above the one being asked now: it is drawn with its answer, below them."""
    messages = chat.messages
    if question is None:
        return messages
    if question.at is not None and question.at < len(messages):
        return messages[:question.at - 1] if messages[question.at].role is Role.ASSISTANT else messages[:question.at]
    return messages[:-1] if messages and messages[-1].role is Role.USER else messages


def answer(question: Question) -> None:
    """Ask, draw what comes, and redraw the page with the kept turn. A failure stays in words under the question."""
    state.close_evidence()
    state_turns.drop_waiting()
    notebook_id, private = state.notebook().id, state.incognito()
    with st.container(key="live"):
        show = thread_live.start(question.text, [one.name for one in question.attached])
        try:
            chat_id = _opened(question, notebook_id, private)
            state_turns.fail(state_turns.Failed(chat_id, question.text, STOPPED))      # holds until there is an answer
            _wait_for_the_first(notebook_id, show)
            _follow(_events(question, notebook_id, private), question, private, show)
        except HaloError as error:
            state_turns.fail(state_turns.Failed(state.session_id() or "", question.text, faults.worded(error)))
            show.fail(faults.worded(error), question.text, question.at)
            return
    state_turns.drop_failed()
    state.again()


def _opened(question: Question, notebook_id: str, private: Conversation | None) -> str:
    """Open the chat that the question belongs to, a new one when none is open, and return its id."""
    if private:
        state.open_incognito(_privately_asked(private, question))
        return private.id
    chat_id = state.session_id() or state.app().chat.new(notebook_id).id
    state.open_conversation(chat_id)
    address.tell()
    return chat_id


def _events(question: Question, notebook_id: str, private: Conversation | None) -> Iterable[Event]:
    chat, scope = state.app().chat, state.scope(state.app().sources.of(notebook_id))
    if private:
        return chat.ask(question.text, scope, None, False, replace(private, messages=shown_before(question, private)))
    return chat.ask(question.text, scope, state.session_id(), at=question.at)


def _follow(coming: Iterable[Event], question: Question, private: Conversation | None, show: thread_live.Live) -> None:
    with closing(coming) as events:      # type: ignore[type-var]  # Stop ends the model's work too
        for event in events:
            match event:
                case Step(text):
                    show.step(text)
                case Delta(text):
                    show.add(text)
                case Done(given):
                    _answered(private, question, given)
                    return


def _privately_asked(private: Conversation, question: Question) -> Conversation:
    """Return the chat that is stored nowhere with the question in it; an answer that is given again stays until it comes."""
    messages = private.messages
    if question.at is not None and messages[question.at].role is Role.ASSISTANT:
        return private
    if question.at is None and messages and messages[-1].role is Role.USER:        # asked again after a failure
        messages = messages[:-1]
    at = len(messages) if question.at is None else question.at
    return replace(private, messages=forked(messages, at, (Message(Role.USER, question.text, datetime.now(UTC)),)))


def _answered(private: Conversation | None, question: Question, answer: Answer) -> None:
    """Keep the answer of an incognito chat in this window; give what is noticed of another a moment to be shown with it."""
    memory = state.app().chat_memory
    chat = state.conversation()
    if private and chat:
        at = question.at if question.at is not None and chat.messages[-1].role is Role.ASSISTANT else len(chat.messages)
        said = message_of(answer, datetime.now(UTC))
        state.open_incognito(replace(chat, messages=forked(chat.messages, at, (said,))))
    elif chat and question.at is not None and question.at < len(chat.messages) and not chat.messages[question.at].others:
        st.toast(THE_SAME)
    if memory and not private:
        memory.observing.wait(SECONDS_FOR_NOTICING)


def _wait_for_the_first(notebook_id: str, show: thread_live.Live) -> None:
    """Let the sample, or the first document of a notebook, be read before it is searched, and say so."""
    ingest, sources = state.app().ingest, state.app().sources
    while left := intakes.moving(intakes.now(notebook_id)):
        if sources.of(notebook_id) and not state.notebook().is_sample:
            return
        show.step(f"Reading {many(left, 'document')} first…")
        if ingest.wait(SECONDS_BETWEEN_LOOKS):
            return  # what is left belongs to another process


@faults.caught
def save(turn: int) -> None:
    """Save an answer as a note, with the citations it rests on."""
    chat = state.conversation()
    if chat is None:
        return
    asked = next((message.content for message in reversed(chat.messages[:turn]) if message.role is Role.USER), chat.title)
    note = state.app().notes.save_answer(chat.messages[turn], asked, chat.notebook_id)
    st.toast(f"Saved as a note with {many(len(note.citations), 'citation')}.")


@faults.caught
def retry(turn: int) -> None:
    """Ask a question without an answer once more."""
    if chat := state.conversation():
        state.ask_next(chat.messages[turn].content)


@faults.caught
def again(turn: int) -> None:
    """Have a question answered again; the answer that is there stays beside the new one."""
    if (chat := state.conversation()) and turn and chat.messages[turn - 1].role is Role.USER:
        state_turns.ask_at(chat.messages[turn - 1].content, turn)


@faults.caught
def edit(turn: int, text: str) -> None:
    """Ask a question in other words; what followed the old ones stays beside it."""
    chat = state.conversation()
    if chat is None:
        return
    if text.strip() != chat.messages[turn].content:
        state_turns.ask_at(text.strip(), turn)
    elif turn + 1 < len(chat.messages):
        again(turn + 1)
    else:
        retry(turn)


@faults.caught
def step(turn: int, by: int) -> None:
    """Show another version of a turn."""
    chat = state.conversation()
    state.close_evidence()
    if chat and state.incognito():
        state.open_incognito(replace(chat, messages=stepped(chat.messages, turn, by)))
    elif chat:
        state.app().chat.step(chat.id, turn, by)


@faults.caught
def pin(turn: int, pinned: bool) -> None:
    """Keep an answer at hand, or no longer."""
    if (chat := state.conversation()) and not state.incognito():
        state.app().chat.pin(chat.id, turn, pinned)


def next_question(typed: object) -> Question | None:
    """Return what is asked in this run: what was typed, what a click asked for, or what has waited for its files."""
    text, place = str(getattr(typed, "text", typed) or ""), state_turns.next_place()
    if files := getattr(typed, "files", None):
        attaching.begin(text, files)
    elif text.strip():
        return Question(text)
    asked = state.next_question()
    if asked:
        return Question(asked, place)
    chat = state.conversation() if state_turns.waits() else None
    ready = attaching.ready(chat) if chat else ""
    return Question(ready, attached=chat.messages[-1].attached) if chat and ready else None


def choices(remember: Callable[[int], None] | None, *, private: bool) -> Choices:
    """Return what can be done with the turns of the open chat; what would store something is left out when nothing is stored."""
    if private:
        return Choices(again=again, edit=edit, version=step, retry=retry)
    return Choices(save, remember, again, edit, step, pin, retry)
